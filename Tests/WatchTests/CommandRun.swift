import Foundation

/// One run of a program to its end, through a shell, so that streams can be closed.
///
/// Made on a thread of its own: the tests beside it share two.
struct CommandRun: Sendable {
    var status: Int32
    var isCrash: Bool
    var output: String
    var words: String

    /// A program that is built beside the test bundle: SwiftPM puts the executables there that a test target depends on.
    /// - Parameters:
    ///   - redirection: as a shell has it, `2>&-`.
    ///   - input: of the standard input.
    ///   - hasReader: false gives the program a pipe that nobody reads.
    init(
        _ arguments: [String], program: String = "feedwatch", redirection: String = "", input: String = "",
        hasReader: Bool = true
    ) async throws {
        let path = Bundle.main.bundleURL.appendingPathComponent(program).path
        self = try await Self.onThread {
            try CommandRun(path, arguments, nil, redirection: redirection, input: input, hasReader: hasReader)
        }
    }

    /// Any program, with this environment alone.
    init(path: String, _ arguments: [String], environment: [String: String]) async throws {
        self = try await Self.onThread {
            try CommandRun(path, arguments, environment, redirection: "2>&1", input: "", hasReader: true)
        }
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> CommandRun) async throws -> CommandRun {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }

    private init(
        _ path: String, _ arguments: [String], _ environment: [String: String]?, redirection: String, input: String,
        hasReader: Bool
    ) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A pipe without a reader is an error to be told of here, not the end by a signal.
        process.arguments = ["-c", "trap '' PIPE; exec \"$0\" \"$@\" \(redirection)", path] + arguments
        if let environment { process.environment = environment }
        let pipes = (input: Pipe(), output: Pipe(), words: Pipe())
        process.standardInput = pipes.input
        process.standardOutput = pipes.output
        process.standardError = pipes.words
        if !hasReader { try pipes.output.fileHandleForReading.close() }
        try process.run()
        try pipes.input.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipes.input.fileHandleForWriting.close()
        output = hasReader ? Self.text(pipes.output) : ""
        words = Self.text(pipes.words)
        process.waitUntilExit()
        status = process.terminationStatus
        isCrash = process.terminationReason == .uncaughtSignal
    }

    private static func text(_ pipe: Pipe) -> String {
        String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
