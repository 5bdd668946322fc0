import Logging
import News
import Storage

/// The long-running process: polls as sources come due, files as entries arrive, issues the digest at its hour.
public actor Daemon {
    private var station: Station
    /// How long a ready entry waits at the desk for an earlier one.
    public static let patience = Duration.seconds(Limits.deskWaitSeconds)

    private let location: ConfigurationLocation
    private let notifier: ServiceNotifier
    private let scheduler: Scheduler
    private let log: Logger
    /// Jobs under way, so that a stop can end them.
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var taskCount = 0
    private var stopping = false

    /// - Parameter station: opened with the desk's patience of a daemon.
    public init(_ station: Station, location: ConfigurationLocation, notifier: ServiceNotifier) {
        self.station = station
        self.location = location
        self.notifier = notifier
        log = station.log
        scheduler = Scheduler(clock: station.clock, width: station.configuration.settings.transfers * 2)
    }

    /// Serves until a stop signal comes, then ends what is under way and closes the state.
    /// - Parameter watchdog: systemd's `WATCHDOG_USEC`, as a duration; nil when nobody watches.
    public func run(signals: AsyncStream<ServiceSignal>, watchdog: Duration?) async throws {
        let pulse = min(watchdog.map { $0 / 4 } ?? .seconds(15), .seconds(15))
        let heart = Heart(interval: watchdog.map { $0 / 2 }) { [notifier] in notifier.send("WATCHDOG=1") }
        try await scheduler.set(station.scheduledJobs())
        await scheduler.set([
            DueJob(kind: .pending, at: station.clock.now()), DueJob(kind: .outbox, at: station.clock.now()),
        ])
        let serving = Task {
            await scheduler.serve(pulse: max(pulse, .seconds(1)), beat: heart.beat) { job in
                Task { await self.start(job) }
            }
        }
        let count = station.enabledSources.count
        log.notice("watching \(count) sources", metadata: ["configuration": "\(station.configuration.hash.prefix(4))"])
        notifier.send("READY=1\nSTATUS=watching \(count) sources")
        for await signal in signals {
            switch signal {
            case .reload: await reload()
            case .stop: break
            }
            if signal == .stop { break }
        }
        notifier.send("STOPPING=1\nSTATUS=stopping")
        stopping = true
        serving.cancel()
        heart.stop()
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
        await station.close()
        log.notice("stopped")
    }

    /// All or nothing: with a faulty configuration the old one goes on.
    private func reload() async {
        notifier.send("RELOADING=1\nMONOTONIC_USEC=\(ServiceNotifier.monotonicMicroseconds)")
        defer { notifier.send("READY=1\nSTATUS=watching \(station.enabledSources.count) sources") }
        do {
            let configuration = try Configuration.load(location)
            let changes = ConfigurationChanges.between(station.configuration, configuration)
            let known = Set(station.enabledSources.map(\.id))
            var next = station
            try next.use(configuration)
            await next.desk.use(AlertDesk(configuration, zone: next.zone))
            station = next
            let jobs = try next.scheduledJobs()
            await scheduler.replacePolls(with: jobs, keeping: Set(next.enabledSources.map(\.id)), known: known)
            log.notice(
                "reloaded: \(next.enabledSources.count) sources",
                metadata: ["configuration": "\(configuration.hash.prefix(4))"])
            for line in changes.lines { log.notice("reloaded: \(line)", metadata: ["stage": "configuration"]) }
        } catch let errors as ConfigurationErrors {
            for fault in errors.faults { log.error("\(fault)", metadata: ["stage": "configuration"]) }
            log.error("the configuration was not reloaded: the old one goes on")
        } catch {
            log.error("the configuration was not reloaded: \(error)")
        }
    }

    private func start(_ job: DueJob) {
        guard !stopping else { return }
        let number = taskCount
        taskCount += 1
        let station = station
        tasks[number] = Task(executorPreference: station.workers) {
            await self.perform(job, station)
            await self.ended(number)
        }
    }

    private func ended(_ number: Int) { tasks[number] = nil }

    nonisolated private func perform(_ job: DueJob, _ station: Station) async {
        let now = station.clock.now()
        do {
            switch job.kind {
            case .poll: try await poll(job.key, station)
            case .digest: try await issue(due: job.at, station)
            case .outbox:
                try await station.courier.deliver()
                let waiting = try station.store.dueJobs().filter { $0.kind == .outbox && $0.at > now }
                await scheduler.set(waiting.isEmpty ? [DueJob(kind: .outbox, at: now + .seconds(60))] : waiting)
            case .desk:
                if try await station.desk.fileComplete() > 0 { try await station.courier.deliver() }
            case .pending:
                _ = try await station.file(try station.store.pendingEntries())
                await scheduler.set([DueJob(kind: .pending, at: station.clock.now() + .seconds(60))])
            }
        } catch is CancellationError {
        } catch {
            log.error("\(error)", metadata: ["stage": "\(job.kind)", "source": "\(job.key)"])
            let retry = DueJob(kind: job.kind, key: job.key, at: now + .seconds(60))
            if job.kind == .poll {
                await scheduler.finished(job.key, next: retry)
            } else {
                await scheduler.set([retry])
            }
        }
    }

    nonisolated private func poll(_ id: SourceID, _ station: Station) async throws {
        guard let source = station.sources[id], source.enabled else {
            return await scheduler.finished(id, next: nil)
        }
        let polled = try await station.pipeline.poll(source)
        await scheduler.finished(id, next: DueJob(kind: .poll, key: id, at: polled.result.nextDue))
        if case .failed(let fault) = polled.result.outcome {
            log.info("\(fault.detail)", metadata: ["source": "\(id)", "stage": "\(fault.stage)"])
        }
        if polled.tally.new + polled.tally.changed > 0 {
            // What waits at the desk for a slower neighbour is looked at again when its patience ends.
            await scheduler.set([DueJob(kind: .desk, at: station.clock.now() + Daemon.patience + .seconds(1))])
            do {
                let alerts = try await station.file(try station.store.pendingEntries(of: id))
                log.info("\(polled.tally.new) new, \(alerts) alerts", metadata: ["source": "\(id)", "stage": "desk"])
            } catch let error as StoreError {
                // The poll itself stands; what is pending is taken up by the next sweep.
                log.error("\(error)", metadata: ["source": "\(id)", "stage": "desk"])
            }
        }
    }

    nonisolated private func issue(due: Timestamp, _ station: Station) async throws {
        _ = try await station.file(try station.store.pendingEntries())
        let issue = try await station.publishDigest(due: due)
        if issue.isNew { log.notice("published \(issue.stem)", metadata: ["stage": "publish"]) }
        await scheduler.set([DueJob(kind: .digest, at: try station.nextDigest())])
    }
}
