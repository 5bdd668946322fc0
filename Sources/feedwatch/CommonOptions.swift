import ArgumentParser
import Foundation
import Glibc
import Logging
import News
import Publish
import Storage
import Watch

/// `--config`: which folder of configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: "The configuration folder; else FEEDWATCH_CONFIG, else /etc/feedwatch, else ./Config.")
    var folder: String?

    init() {}

    init(folder: String) { self.folder = folder }

    var location: ConfigurationLocation {
        ConfigurationLocation.resolve(
            flag: folder, environment: ProcessInfo.processInfo.environment,
            exists: { FileManager.default.fileExists(atPath: $0) })
    }

    /// Reads the configuration; prints every fault and ends with 78 when it has any.
    func load() throws -> Configuration {
        try told { () throws(ConfigurationErrors) in try Configuration.load(location) }
    }

    /// Reads something of the configuration; prints every fault and ends with 78 when it has any.
    func told<Value>(_ read: () throws(ConfigurationErrors) -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            for fault in error.faults { Terminal.complain("\(fault)") }
            throw ExitCode(78)
        }
    }
}

/// `--state`: which folder of state.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: "The state folder; else FEEDWATCH_STATE, else /var/lib/feedwatch where it exists, else ./state.")
    var path: String?

    var folder: StateFolder {
        StateFolder.resolve(
            option: path, environment: ProcessInfo.processInfo.environment,
            exists: { FileManager.default.fileExists(atPath: $0) })
    }

    /// The folder for a command to work on: root works there as its owner, who may have put anything there, also when
    /// nothing is written.
    var owned: StateFolder {
        get throws {
            try Failure.told { try folder.becomeOwner() }
            return folder
        }
    }

    /// The database for reading, also beside a running daemon.
    func openForReading() throws -> Store {
        let file = try owned.database
        try Failure.told { try Membership.judge(file) }
        guard FileManager.default.fileExists(atPath: file) else {
            throw Failure("\(file) does not exist yet – run \"feedwatch once\", or name another --state folder")
        }
        return try Failure.told { try Store(path: file, readOnly: true) }
    }
}

/// `--now`: a clock that stands still.
struct ClockOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The time to work at, 2025-03-30T04:20:00Z, for reproducible runs.", valueName: "time"))
    var now: String?

    func validate() throws {
        if let now, Timestamp(rfc3339: now) == nil {
            throw ValidationError("--now wants a time like 2025-03-30T04:20:00Z, not \"\(now)\"")
        }
    }

    /// How sources that are polled together drift apart: by chance, and with `--now` by a fraction that is each source's own.
    var jitter: (@Sendable (SourceID) -> Double)? { now == nil ? nil : PollSchedule.jitter }

    var clock: WallClock { now.flatMap(Timestamp.init(rfc3339:)).map(WallClock.standing(at:)) ?? .system }
}

/// An error with its exit code, told in one line.
struct Failure: Error, CustomStringConvertible {
    var message: String
    init(_ message: String) { self.message = message }
    var description: String { message }

    /// Runs a command's work: what it throws is said on standard error, and ends it with the code that it stands for.
    static func told<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw exit(for: error) }
    }

    static func told<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw exit(for: error) }
    }

    /// Tells what the log has not told in full: that it is kept; exit code 1.
    static func notWritten(_ undelivered: [Undelivered]) -> ExitCode {
        let what = undelivered.count == 1 ? "1 alert or digest" : "\(undelivered.count) alerts and digests"
        Terminal.say("feedwatch: \(what) could not be written; nothing is lost, the next run tries again")
        return ExitCode(1)
    }

    private static func exit(for error: any Error) -> any Error {
        if error is ExitCode || error is CleanExit { return error }
        Terminal.complain("feedwatch: \(error)")
        return ExitCode(CommandCode.of(error))
    }
}

enum Terminal {
    /// Words go to standard error, data to standard output. What a stranger's server said may stand in them: no control
    /// character of it reaches the terminal.
    static func say(_ text: String) {
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            write(CleanText.piece(line) + "\n")
        }
    }

    /// What ends the command: the same, with the priority of an error where the journal listens.
    static func complain(_ text: String) {
        let priority = JournalLog.isListening ? "<3>" : ""
        for line in text.split(whereSeparator: \.isNewline) { say(priority + line) }
    }

    /// The same without an end of line. Nobody can be told where this fails, so that is no failure.
    static func write(_ text: String) { _ = write(Data(text.utf8), to: STDERR_FILENO) }

    /// Ends the process with 1 when not all could be written: quietly when the reader has gone, else with the reason.
    static func print(_ data: some DataProtocol) {
        let code = write(Data(data), to: STDOUT_FILENO)
        guard code != 0 else { return }
        if code != EPIPE { say("feedwatch: standard output cannot be written: \(String(cString: strerror(code)))") }
        exit(1)
    }

    /// Lines on standard output.
    static func print(line: String) { print(Data((line + "\n").utf8)) }

    /// 0, or the error number of what failed.
    private static func write(_ data: Data, to file: Int32) -> Int32 {
        data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count == 0 ? EIO : errno }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }

    /// Puts something in the place of a standard stream that came closed: else the next file to be opened, perhaps an alert
    /// or the state's lock, would take its number and get the words that are meant for the stream. Writing there still fails.
    static func holdClosedStreams() {
        for file in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(file, F_GETFD) == -1 {
            _ = open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    static var isInteractive: Bool { isatty(2) == 1 }

    /// Words for people, or the value as JSON where there is one.
    static func show(_ lines: @autoclosure () -> [StyledLine], or json: (some Encodable)?, isCut: Bool = true) throws {
        if let json { return print(try PublicJSON.encode(json)) }
        print(Array((isCut ? printing : printing.uncut).text(lines()).utf8))
    }

    /// Cut to the width of a terminal; in colours on one, unless `NO_COLOR` is set or it is a dumb one.
    static var printing: Printing {
        guard isatty(1) == 1 else { return .plain }
        let environment = ProcessInfo.processInfo.environment
        var size = winsize()
        let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Printing(
            width: isKnown ? Int(size.ws_col) : 80,
            hasColours: (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb")
    }

    /// Says errors only.
    static var quietLogger: Logger {
        var logger = logger
        logger.logLevel = .error
        return logger
    }

    static var logger: Logger {
        Logger(label: "feedwatch") { _ in JournalLog(isJournal: JournalLog.isListening) }
    }
}
