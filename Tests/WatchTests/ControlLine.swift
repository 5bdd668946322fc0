import Foundation
import Glibc

@testable import Watch

/// A client of a control socket that may behave badly. Its calls block: make them on a thread (`onThread`).
final class ControlLine: Sendable {
    private let file: CInt

    init(_ path: String) throws {
        guard let file = try UnixSocket.connect(to: path, seconds: 30) else { throw POSIXError(.ECONNREFUSED) }
        self.file = file
    }

    deinit { close(file) }

    /// False when the other end has closed.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool { send(file, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// The next line without its end; nil when the other end has closed.
    func line() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while recv(file, &byte, 1, 0) == 1 {
            if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    func answer() throws -> ControlAnswer? {
        try line().map { try JSONDecoder().decode(ControlAnswer.self, from: Data($0.utf8)) }
    }

    func ask(_ text: String) throws -> ControlAnswer? {
        write(text + "\n")
        return try answer()
    }
}

/// Runs what blocks beside the test's own pool.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
