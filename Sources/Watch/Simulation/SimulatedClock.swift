import Glibc
import News
import Synchronization

/// The world's time in a simulation, and what the machine's clock shows of it. It stands while something is done.
public final class SimulatedClock: Sendable {
    private let time: Mutex<Timestamp>
    private let script: SimulationScript

    public init(_ script: SimulationScript) {
        time = Mutex(script.start)
        self.script = script
    }

    /// What a server's clock shows, too.
    public var world: Timestamp { time.withLock { $0 } }

    public var wall: WallClock {
        WallClock(now: { self.script.shown(at: self.world) }, sleep: { _ in try Task.checkCancellation() })
    }

    func move(to world: Timestamp) { time.withLock { $0 = world } }
}

/// Where a simulation stands, beside its database: written before anything is done at a moment, so that a run that was
/// killed goes on at the same one.
struct SimulationPosition: Sendable {
    let path: String

    /// Nil where none was begun.
    func read() throws(StateError) -> Timestamp? {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return nil }
            throw StateError(code: .failed, detail: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
        guard let time = Timestamp(rfc3339: String(text.prefix { $0 != "\n" })) else {
            throw StateError(code: .failed, detail: "\(path): no time stands in it – give another --state folder")
        }
        return time
    }

    /// One write of one line of the same length: a killed process leaves the old one or the new one.
    func write(_ time: Timestamp) throws(StateError) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        let line = Array("\(time)\n".utf8)
        guard file >= 0, pwrite(file, line, line.count, 0) == line.count else {
            throw StateError(code: .failed, detail: "\(path): \(String(cString: strerror(errno)))")
        }
        close(file)
    }
}
