import Glibc
import News
import Synchronization

/// What is being read at this moment, in a small file that outlives the process: `STATE/parsing`.
///
/// Written with one `pwrite` and no fsync: the kernel keeps what a process wrote, however it dies. A machine that went down
/// with it is no sign against a document, so the file says in which run of the machine it was written.
final class ReadingNotes: Sendable {
    private static let slotBytes = 1024
    private static let slots = 64

    private let file: CInt
    private let used: Mutex<[Bool]>
    /// What the process before this one was reading when it died; empty after an ordinary stop and after a restart of the machine.
    let left: [Suspect]

    private let run: String

    /// Opens the file and learns what is left in it. The state's lock is held.
    /// - Throws: `StateError`.
    init(path: String) throws(StateError) {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        used = Mutex(Array(repeating: false, count: Self.slots))
        guard file >= 0 else {
            throw StateError(code: .failed, detail: "\(path): \(String(cString: strerror(errno)))")
        }
        var bytes = [UInt8](repeating: 0, count: Self.slotBytes * (Self.slots + 1))
        let count = max(0, pread(file, &bytes, bytes.count, 0))
        let lines = stride(from: 0, to: count, by: Self.slotBytes).map { start in
            String(decoding: bytes[start..<min(start + Self.slotBytes, count)].prefix { $0 != 0 }, as: UTF8.self)
        }
        run = Self.machineRun()
        left = lines.first == run ? lines.dropFirst().compactMap(Self.suspect) : []
    }

    /// What was left is known elsewhere.
    func begin() {
        ftruncate(file, 0)
        put(run, slot: 0)
    }

    deinit { close(file) }

    /// Notes what is read for as long as `body` runs. Beyond `slots` at a time it is not noted.
    func during<Value>(_ suspect: Suspect, _ body: () throws -> Value) rethrows -> Value {
        let slot = used.withLock { used in
            let free = used.firstIndex(of: false)
            if let free { used[free] = true }
            return free
        }
        guard let slot else { return try body() }
        put("\(suspect.source)\t\(suspect.key)", slot: slot + 1)
        defer {
            put("", slot: slot + 1)
            used.withLock { $0[slot] = false }
        }
        return try body()
    }

    /// An ordinary stop: nothing that is still being read is to blame.
    func clear() { ftruncate(file, 0) }

    /// The end by Ctrl-C or `kill` is no death, for as long as these signals have their usual meaning.
    func forgiveInterrupts() {
        interruptedFile.store(file, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Only what POSIX allows in a handler (signal-safety(7)).
            let before = signal(number) { number in
                ftruncate(interruptedFile.load(ordering: .sequentiallyConsistent), 0)
                signal(number, SIG_DFL)
                raise(number)
            }
            if unsafeBitCast(before, to: Int.self) != 0 { signal(number, before) }
        }
    }

    /// Nothing hangs on it: on a full disk it is left out.
    private func put(_ text: String, slot: Int) {
        var bytes = Array(text.utf8.prefix(Self.slotBytes - 1))
        bytes.append(0)
        pwrite(file, bytes, bytes.count, off_t(slot * Self.slotBytes))
    }

    private static func suspect(_ line: String) -> Suspect? {
        let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? Suspect(source: String(parts[0]), key: String(parts[1])) : nil
    }

    /// Another one after each start of the machine (random(4), `boot_id`).
    private static func machineRun() -> String {
        guard let file = fopen("/proc/sys/kernel/random/boot_id", "re") else { return "unknown" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)].prefix { $0 > 0x20 }, as: UTF8.self)
    }
}

private let interruptedFile = Atomic<CInt>(-1)
