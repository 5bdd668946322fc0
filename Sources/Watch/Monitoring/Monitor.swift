import Dispatch
import Glibc
import Logging
import News
import Publish
import Storage
import Synchronization

/// Tells once a minute, and soon after a change, how the service is: `status.json` and the figures for Prometheus.
///
/// It works on a thread of its own, so that it can tell of a scheduler that stands still and of workers that hang.
final class Monitor: Sendable {
    private let runtime: RuntimeFolder
    private let clock: WallClock
    private let counters: Counters
    private let log: Logger
    private let started: Timestamp
    private let faults = FaultTeller()
    private let queue = DispatchQueue(label: "monitor")
    /// When the state's files were looked at last, and how large they were.
    private let disk = Mutex<(at: Timestamp, use: DiskUse)?>(nil)
    /// Where figures were written last; a reader would go on reading them there.
    private let metricsPath = Mutex<String>("")

    init(_ station: Station, in runtime: RuntimeFolder) {
        self.runtime = runtime
        clock = station.clock
        counters = station.counters
        log = station.log
        started = station.clock.now()
    }

    /// Writes until the task is cancelled; then takes `status.json` away and leaves figures of a service that is down.
    /// - Parameter onDamage: told when the database is found damaged.
    func run(
        _ heart: Heart, onDamage: @escaping @Sendable (StoreError) -> Void, station: @Sendable () -> Station
    ) async {
        mkdir(runtime.path, 0o750)
        var pace = MonitorPace()
        while !Task.isCancelled {
            let (now, changes) = (clock.now(), counters.now.changes)
            if pace.isDue(at: now, changes: changes) {
                let cost = await ContinuousClock().measure { await write(station(), heart, isUp: true, onDamage) }
                pace.note(writtenAt: now, cost: cost, changes: changes)
            }
            try? await clock.sleep(MonitorPace.pause)
        }
        await write(station(), heart, isUp: false, onDamage)
    }

    private func write(
        _ station: Station, _ heart: Heart, isUp: Bool, _ onDamage: @escaping @Sendable (StoreError) -> Void
    ) async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                let now = clock.now()
                let status = status(of: station, now, onDamage)
                writeStatus(status, heart, isUp: isUp)
                writeMetrics(status, station, heart, now, isUp: isUp)
                continuation.resume()
            }
        }
    }

    private func status(
        of station: Station, _ now: Timestamp, _ onDamage: (StoreError) -> Void
    ) -> Status? {
        do {
            let reading = try station.store.reading(at: now)
            tell(nil, of: "database")
            return .compose(
                reading, station.configuration, zone: station.zone, now: now, isRunning: true,
                most: Limits.statusFilePerKindMax, disk: diskUse(of: station, now),
                setAside: Store.setAside(of: station.state.database))
        } catch {
            if error.code == "damaged" { onDamage(error) } else { tell(error, of: "database") }
            return nil
        }
    }

    /// Sizes of files are looked at every ten minutes, what is free each time.
    private func diskUse(of station: Station, _ now: Timestamp) -> DiskUse {
        disk.withLock { disk in
            if let known = disk, now >= known.at, now - known.at < .seconds(600) {
                return known.use.withSpace(of: station.state)
            }
            let use = DiskUse.measure(station.state)
            disk = (now, use)
            return use
        }
    }

    private func writeStatus(_ status: Status?, _ heart: Heart, isUp: Bool) {
        let file = CurrentFile(path: runtime.statusFile, mode: 0o640)
        guard isUp else { return file.remove() }
        // An old file says, by its age, that the database cannot be read.
        guard let status else { return }
        let beatAge = heart.sinceBeat.map { Int($0.components.seconds) } ?? 0
        write(to: file) {
            try PublicJSON.encode(
                StatusFile(status, service: .init(pid: getpid(), started: started, beatAge: beatAge)))
        }
    }

    private func writeMetrics(_ status: Status?, _ station: Station, _ heart: Heart, _ now: Timestamp, isUp: Bool) {
        let path = station.configuration.settings.metrics
        let old = metricsPath.withLock { old in
            defer { old = path }
            return old
        }
        if !old.isEmpty, old != path { CurrentFile(path: old, mode: 0o644).remove() }
        guard !path.isEmpty else { return }
        let metrics = Metrics(
            isUp: isUp, now: now,
            process: ProcessFigures(
                started: started, sinceBeat: heart.sinceBeat, longestStall: station.fetcher.longestLoopStall,
                receivedBytes: station.fetcher.receivedBytes, residentBytes: ProcessFigures.residentBytes()),
            counts: counters.now, configured: station.configuration.sources.count, status: status)
        // For a collector that is another user: no name of a source or topic is in it.
        write(to: CurrentFile(path: path, mode: 0o644)) { Array(metrics.text.utf8) }
    }

    private func write(to file: CurrentFile, _ text: () throws -> [UInt8]) {
        do {
            try file.replace(with: text())
            tell(nil, of: file.path)
        } catch {
            tell(error, of: file.path)
        }
    }

    /// Tells a fault when it begins and when it is over.
    private func tell(_ error: (any Error)?, of subject: String) {
        if let error {
            if faults.isNews("\(error)", of: subject) { log.error("\(error)", metadata: ["stage": "monitor"]) }
        } else if faults.isRecovery(of: subject) {
            log.notice("\(subject) works again", metadata: ["stage": "monitor"])
        }
    }
}

/// When it is time to write again.
struct MonitorPace: Sendable {
    static let interval = Duration.seconds(60)
    /// Between two looks, and at least between two writings: changes that come together are told together.
    static let pause = Duration.seconds(5)
    /// Of so many parts of the time one at most is spent on telling, however many sources there are.
    static let share = 20
    /// Whoever hears nothing for 5 minutes takes the service for one that hangs.
    static let restMax = Duration.seconds(200)

    private var written: Timestamp?
    private var rest = MonitorPace.pause
    private var told = 0

    /// - Parameter changes: how many there were since the start.
    func isDue(at now: Timestamp, changes: Int) -> Bool {
        guard let written else { return true }
        let passed = now - written
        // Below zero the clock was set back.
        if passed < .zero || passed >= max(MonitorPace.interval, rest) { return true }
        return changes != told && passed >= rest
    }

    mutating func note(writtenAt now: Timestamp, cost: Duration, changes: Int) {
        written = now
        rest = min(max(MonitorPace.pause, cost * MonitorPace.share), MonitorPace.restMax)
        told = changes
    }
}

extension ProcessFigures {
    /// From `/proc/self/statm` (proc(5)): its second number, in pages.
    static func residentBytes() -> Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [UInt8](repeating: 0, count: 256)
        let count = fread(&line, 1, line.count, file)
        let numbers = String(decoding: line[..<count], as: UTF8.self).split(separator: " ")
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return nil }
        return pages * sysconf(CInt(_SC_PAGESIZE))
    }
}
