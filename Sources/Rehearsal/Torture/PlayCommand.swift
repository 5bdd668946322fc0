import ArgumentParser
import Foundation
import Logging
import News
import Synchronization
import Watch

/// A process that makes passes as it is told: a line is the time of one, each is answered when it is over.
///
/// It answers `done WAITING`, WAITING being the parcels that could not be delivered, or `failed WORDS`; and `closed CPU` in
/// microseconds when there are no more lines.
struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "play", shouldDisplay: false)

    @Option var config: String
    @Option var state: String
    /// Microseconds after which it dies, from when the configuration is read.
    @Option var dieAfterCpu: Int?
    @Option var dieAfterWall: Int?
    /// After each pass the database is brought to the disk, as the system does in the hours between two.
    @Flag var settle = false

    func run() async throws {
        let configuration = try Configuration.load(ConfigurationLocation(folder: config))
        let folder = StateFolder(path: state)
        if let dieAfterCpu { Death.comes(after: dieAfterCpu, of: CLOCK_PROCESS_CPUTIME_ID) }
        if let dieAfterWall { Death.comes(after: dieAfterWall, of: CLOCK_MONOTONIC) }
        let before = clock()
        let time = Mutex(Timestamp(seconds: 0))
        var station: Station?
        while let line = readLine(), let now = Timestamp(rfc3339: line) {
            time.withLock { $0 = now }
            do {
                let open =
                    try station
                    ?? Station.open(
                        configuration, state: folder,
                        clock: WallClock(now: { time.withLock { $0 } }, sleep: { _ in try Task.checkCancellation() }),
                        log: Logger(label: "play") { _ in JournalLog(isJournal: false) }, patience: nil,
                        jitter: { _ in 0 })
                station = open
                let summary = try await open.onePass()
                if settle { try Self.settle(folder) }
                say("done \(summary.undelivered.count)")
            } catch {
                say("failed \("\(error)".replacing("\n", with: " "))")
            }
        }
        await station?.close()
        say("closed \(clock() - before)")
    }

    private static func settle(_ folder: StateFolder) throws {
        for path in [folder.database, folder.database + "-wal"] {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { close(file) }
            guard fsync(file) == 0 else { throw Broken("\(path): \(String(cString: strerror(errno)))") }
        }
    }

    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

/// SIGKILL from a timer of the kernel: it comes at any instruction, in any thread.
private enum Death {
    /// - Parameter clock: CPU time of the process, by which a seed reproduces as far as threads do; or time, which also runs
    ///   while the process waits for the disk.
    static func comes(after microseconds: Int, of clock: clockid_t) {
        var event = sigevent()
        event.sigev_notify = CInt(SIGEV_SIGNAL)
        event.sigev_signo = SIGKILL
        var timer: timer_t?
        precondition(timer_create(clock, &event, &timer) == 0)
        let time = timespec(tv_sec: microseconds / 1_000_000, tv_nsec: max(1, microseconds % 1_000_000 * 1000))
        var when = itimerspec(it_interval: timespec(), it_value: time)
        precondition(timer_settime(timer, 0, &when, nil) == 0)
    }
}
