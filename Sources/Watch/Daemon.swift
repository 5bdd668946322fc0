import Logging
import News
import Publish
import Storage
import Synchronization

/// The long-running process: polls as sources come due, files as entries arrive, issues the digest at its hour.
///
/// It is no actor, for the reason that the scheduler is none: signals are obeyed however long the workers' queue is.
public final class Daemon: Sendable {
    private struct State {
        var station: Station
        /// Jobs under way, so that a stop can end them.
        var tasks: [Int: Task<Void, Never>] = [:]
        var taskCount = 0
        var isStopping = false
        /// Answers in a row that could not be kept, by source: the database cannot be written.
        var unkept: [SourceID: Int] = [:]
        /// The database was found damaged: the service ends, and its next start sees to it.
        var damage: StoreError?
        /// Ends the service from within.
        var stop: AsyncStream<ServiceSignal>.Continuation?
        /// The reload that was asked for last; each waits for the one before.
        var reload: Task<ControlAnswer, Never>?
        /// It has not begun: whoever asks for one meanwhile asks for the same.
        var isReloadWaiting = false
    }

    /// How long a ready entry waits at the desk for an earlier one.
    public static let patience = Duration.seconds(Limits.deskWaitSeconds)

    private let state: Mutex<State>
    private let load: @Sendable () throws -> Configuration
    private let runtime: RuntimeFolder
    private let notifier: ServiceNotifier
    let scheduler: Scheduler
    private let monitor: Monitor
    private let faults = FaultTeller()
    let log: Logger

    /// - Parameters:
    ///   - station: opened with the desk's patience of a daemon.
    ///   - runtime: where its control socket is and where it tells how it is; nil is the state's own.
    public convenience init(
        _ station: Station, location: ConfigurationLocation, runtime: RuntimeFolder? = nil, notifier: ServiceNotifier
    ) {
        self.init(station, runtime: runtime, notifier: notifier) { try Configuration.load(location) }
    }

    /// - Parameter load: reads the configuration anew, for a reload.
    init(
        _ station: Station, runtime: RuntimeFolder? = nil, notifier: ServiceNotifier,
        load: @escaping @Sendable () throws -> Configuration
    ) {
        state = Mutex(State(station: station))
        self.load = load
        self.runtime = runtime ?? RuntimeFolder(of: station.state, environment: [:])
        self.notifier = notifier
        log = station.log
        monitor = Monitor(station, in: self.runtime)
        scheduler = Scheduler(clock: station.clock, width: station.configuration.settings.transfers * 2)
    }

    /// Serves until a stop signal comes, then ends what is under way and closes the state.
    /// - Parameter watchdog: systemd's `WATCHDOG_USEC`, as a duration; nil when nobody watches.
    public func run(signals: AsyncStream<ServiceSignal>, watchdog: Duration?) async throws {
        let station = station
        let pulse = min(watchdog.map { $0 / 4 } ?? .seconds(15), .seconds(15))
        let heart = Heart(interval: watchdog.map { $0 / 2 }) { [notifier] in notifier.pet() }
        try await begin()
        let serving = Task {
            await scheduler.serve(pulse: max(pulse, .milliseconds(1)), beat: heart.beat) { self.start($0) }
        }
        let monitoring = Task { await monitor.run(heart, onDamage: endDamaged) { self.station } }
        let control = openControl(at: runtime, lock: station.lock)
        let count = station.enabledSources.count
        log.notice("watching \(count) sources", metadata: ["configuration": "\(station.configuration.hash.prefix(4))"])
        notifier.send("READY=1\nSTATUS=watching \(count) sources")
        for await signal in stoppable(signals) {
            switch signal {
            case .reload: _ = await reload()
            case .stop: break
            }
            if signal == .stop { break }
        }
        notifier.send("STOPPING=1\nSTATUS=stopping")
        await control?.stop()
        serving.cancel()
        heart.stop()
        let tasks = state.withLock { state in
            state.isStopping = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        monitoring.cancel()
        await monitoring.value
        await self.station.close()
        log.notice("stopped")
        if let damage = state.withLock({ $0.damage }) { throw damage }
    }

    /// The signals, and a stop from within.
    private func stoppable(_ signals: AsyncStream<ServiceSignal>) -> AsyncStream<ServiceSignal> {
        let (merged, continuation) = AsyncStream<ServiceSignal>.makeStream()
        let isDamaged = state.withLock { state in
            state.stop = continuation
            return state.damage != nil
        }
        if isDamaged { continuation.yield(.stop) }
        let forwarding = Task {
            for await signal in signals { continuation.yield(signal) }
            continuation.finish()
        }
        continuation.onTermination = { _ in forwarding.cancel() }
        return merged
    }

    /// Nothing more is read from or written to a damaged database: the service ends with an error, the supervisor starts it
    /// again, and that start examines it and sets it aside.
    private func endDamaged(_ error: StoreError) {
        let isFirst = state.withLock { state in
            guard state.damage == nil else { return false }
            state.damage = error
            state.stop?.yield(.stop)
            return true
        }
        guard isFirst else { return }
        Store.suspect(station.state.database)
        log.critical(
            "the database is damaged: \(error.damage ?? "") – the service ends; its next start examines it, and sets it aside if need be",
            metadata: ["stage": "database"])
    }

    var station: Station { state.withLock { $0.station } }

    /// What is due goes on the agenda, and what an earlier process has left is taken up.
    func begin() async throws {
        let station = station
        let jobs = try await station.suspecting { try await Office.shared.run { try station.scheduledJobs() } }
        scheduler.replacePolls(with: jobs, keeping: [], known: [], servers: station.servers)
        sweep(at: station.clock.now())
    }

    private func sweep(at now: Timestamp) {
        scheduler.set([DueJob(kind: .pending, at: now), DueJob(kind: .outbox, at: now), DueJob(kind: .held, at: now)])
    }

    /// What was due by the clock as it was is due by the clock as it is.
    private func clockWasSetBack(_ station: Station) async throws {
        log.warning("the clock was set back: due times are fitted to it", metadata: ["stage": "clock"])
        let moment = scheduler.moment()
        scheduler.set(try await Office.shared.run { try station.scheduledJobs() }, readAfter: moment)
        sweep(at: station.clock.now())
        scheduler.set([.desk, .indicator].map { DueJob(kind: $0, at: station.clock.now()) })
        if try await station.desk.release(all: true) > 0 { try await station.courier.deliver() }
    }

    /// All or nothing: with a faulty configuration the old one goes on. One at a time, whoever asks; all who ask while one is
    /// under way share the next.
    func reload() async -> ControlAnswer {
        let task = state.withLock { state in
            if state.isReloadWaiting, let waiting = state.reload { return waiting }
            let before = state.reload
            let task = Task {
                _ = await before?.value
                self.state.withLock { $0.isReloadWaiting = false }
                return await self.reloadNow()
            }
            state.isReloadWaiting = true
            state.reload = task
            return task
        }
        return await task.value
    }

    private func reloadNow() async -> ControlAnswer {
        notifier.send("RELOADING=1\nMONOTONIC_USEC=\(ServiceNotifier.monotonicMicroseconds)")
        defer { notifier.send("READY=1\nSTATUS=watching \(station.enabledSources.count) sources") }
        do {
            let old = station
            let known = Set(old.enabledSources.map(\.id))
            let moment = scheduler.moment()
            // Everything that can fail comes first, on a thread that may block; then nothing can.
            let (next, jobs, publisher) = try await Office.shared.run { [load] in
                var next = old
                try next.use(load())
                let publisher = try Publisher(next.configuration, root: next.state.path, log: next.log)
                return (next, try next.scheduledJobs(), publisher)
            }
            let configuration = next.configuration
            let orphans = HeldOrphans.words(
                try next.store.heldTopics(), configured: Set(configuration.topics.map(\.id)))
            let changes = ConfigurationChanges.between(old.configuration, configuration).lines + orphans
            next.desk.use(AlertDesk(configuration, zone: next.zone))
            await next.courier.use(publisher, configuration.settings.leaving)
            try await next.dispatcher.use(configuration)
            scheduler.setAtLatest(DueJob(kind: .sending, at: next.clock.now()))
            scheduler.set(
                [.held, .blind, .indicator].map { DueJob(kind: $0, at: next.clock.now()) })
            state.withLock { state in
                state.station = next
                state.unkept = state.unkept.filter { next.sources[$0.key] != nil }
            }
            let overtaken = scheduler.replacePolls(
                with: jobs, readAfter: moment, keeping: Set(next.enabledSources.map(\.id)), known: known,
                servers: next.servers)
            if !overtaken.isEmpty { await fitPolls(of: overtaken, next) }
            log.notice(
                "reloaded: \(next.enabledSources.count) sources",
                metadata: ["configuration": "\(configuration.hash.prefix(4))"])
            for line in changes { log.notice("reloaded: \(line)", metadata: ["stage": "configuration"]) }
            next.counters.noteChange()
            return ControlAnswer(words: changes)
        } catch let errors as ConfigurationErrors {
            for fault in errors.faults { log.error("\(fault)", metadata: ["stage": "configuration"]) }
            let words = "the configuration was not reloaded: the old one goes on"
            log.error("\(words)")
            return ControlAnswer(exit: 78, words: [words] + errors.faults.map { "\($0)" })
        } catch {
            log.error("the configuration was not reloaded: \(error)")
            return ControlAnswer(exit: CommandCode.of(error), words: ["the configuration was not reloaded: \(error)"])
        }
    }

    /// Polls of these sources ended while a reload read the due times: what they have left is fitted to the new configuration.
    private func fitPolls(of sources: Set<SourceID>, _ station: Station) async {
        let moment = scheduler.moment()
        do {
            let jobs = try await Office.shared.run { try station.scheduledJobs() }
            scheduler.set(jobs.filter { $0.kind == .poll && sources.contains($0.key) }, readAfter: moment)
        } catch {
            tell(error, of: "reload")
        }
    }

    /// What the reader has said is learned from at once. A reload that comes meanwhile has read it, too.
    func learn() async {
        let station = station
        let engine = await Task(executorPreference: station.workers) {
            TopicEngine(station.configuration, state: station.state.path)
        }.value
        state.withLock { state in
            guard state.station.configuration.hash == station.configuration.hash else { return }
            state.station.use(engine)
        }
    }

    private func start(_ job: DueJob) {
        state.withLock { state in
            guard !state.isStopping else { return }
            let number = state.taskCount
            state.taskCount += 1
            let station = state.station
            state.tasks[number] = Task(executorPreference: station.workers, priority: .medium) {
                await self.perform(job, station)
                self.ended(number)
            }
        }
    }

    private func ended(_ number: Int) { state.withLock { $0.tasks[number] = nil } }

    /// Does what is due, and puts on the agenda when to go on with it. What fails is told and tried again.
    func perform(_ job: DueJob, _ station: Station) async {
        let now = station.clock.now()
        do {
            switch job.kind {
            case .poll: await poll(job.key, station)
            case .digest: try await issue(job, station)
            case .sending:
                if let next = try await station.dispatcher.send() {
                    scheduler.setAtLatest(DueJob(kind: .sending, at: max(next, now + .seconds(1))))
                }
            case .outbox:
                try await station.courier.deliver()
                try scheduleSendings(station)
                let retry = try station.store.dueTime(of: .outbox) ?? now
                scheduler.set([DueJob(kind: .outbox, at: retry > now ? retry : now + .seconds(60))])
            case .desk: try await lookAfterDesk(station)
            case .clock: try await clockWasSetBack(station)
            case .retention: scheduler.set([try await station.retain()])
            case .reread: try await rereadPages(station)
            case .held, .blind, .indicator, .feed: try await lookAfterAlerts(job.kind, station)
            case .pending:
                // The next sweep does not wait for the pages of this one.
                scheduler.set([DueJob(kind: .pending, at: now + .seconds(60))])
                _ = try await file(try await station.pendingEntries(), station)
            }
            if job.kind != .poll { tellRecovery(of: "\(job.kind)") }
        } catch is CancellationError {
        } catch {
            tell(error, of: "\(job.kind)")
            scheduler.setAtLatest(DueJob(kind: job.kind, at: now + .seconds(60)))
        }
    }

    private func poll(_ id: SourceID, _ station: Station) async {
        guard let source = station.sources[id], source.enabled else { return scheduler.finished(id, next: nil) }
        let now = station.clock.now()
        do {
            // Nobody is asked for what could not be kept.
            if state.withLock({ !$0.unkept.isEmpty }) {
                try station.store.setDue([DueJob(kind: .poll, key: id, at: now)])
            }
            let polled = try await station.pipeline.poll(source)
            state.withLock { $0.unkept[id] = nil }
            tellRecovery(of: "poll")
            station.counters.count(polled.result.outcome.counted, polled.tally)
            let next = try nextPoll(after: polled, of: source, station)
            scheduler.finished(id, next: DueJob(kind: .poll, key: id, at: next))
            if polled.tellChange(to: log) { station.counters.noteChange() }
            try scheduleAlerts(station)
            if polled.tally.new + polled.tally.changed > 0 { await fileNews(of: id, polled.tally, station) }
        } catch is CancellationError {
            scheduler.finished(id, next: nil)
        } catch {
            station.counters.count(.unkept)
            tell(error, of: "poll", id)
            let pause = pauseAfterUnkept(id, interval: source.interval ?? station.configuration.settings.pollInterval)
            scheduler.finished(id, next: DueJob(kind: .poll, key: id, at: now + pause))
        }
    }

    /// When the source is due, also where a reload has given it another address or a shorter interval since the poll began.
    private func nextPoll(after polled: Polled, of source: Source, _ station: Station) throws -> Timestamp {
        let now = station.clock.now()
        guard let current = self.station.sources[source.id], current != source else { return polled.result.nextDue }
        // What is known of the old address says nothing of the new one.
        if current.url != source.url { return now }
        let standard = (station.configuration.settings.pollInterval, self.station.configuration.settings.pollInterval)
        let next = PollSchedule.pulledIn(
            polled.result.nextDue, tried: polled.result.at, from: source.interval ?? standard.0,
            to: current.interval ?? standard.1)
        if next != polled.result.nextDue {
            try station.store.setDue([DueJob(kind: .poll, key: source.id, at: next)])
        }
        return next
    }

    /// 1, 2, 4 … minutes, up to the source's interval.
    private func pauseAfterUnkept(_ id: SourceID, interval: Duration) -> Duration {
        let inARow = state.withLock { state in
            state.unkept[id, default: 0] += 1
            return state.unkept[id]!
        }
        return min(.seconds(60 << min(inARow - 1, 10)), max(interval, .seconds(60)))
    }

    private func fileNews(of id: SourceID, _ tally: PollTally, _ station: Station) async {
        do {
            let alerts = try await file(try await station.pendingEntries(of: id), station)
            log.info("\(tally.new) new, \(alerts) alerts", metadata: ["source": "\(id)", "stage": "desk"])
            tellRecovery(of: "desk")
        } catch is CancellationError {
        } catch {
            // The poll itself stands; what is pending is taken up by the next sweep.
            tell(error, of: "desk", id)
        }
    }

    /// A fault of our own strikes every source and every minute alike: it is told once, with the source that met it first.
    private func tell(_ error: any Error, of stage: String, _ source: SourceID? = nil) {
        if let error = error as? StoreError, error.code == "damaged" { return endDamaged(error) }
        guard faults.isNews("\(error)", of: stage) else { return }
        var metadata: Logger.Metadata = ["stage": "\(stage)"]
        if let source { metadata["source"] = "\(source)" }
        log.error("\(error)", metadata: metadata)
    }

    private func tellRecovery(of stage: String) {
        if faults.isRecovery(of: stage) { log.notice("works again", metadata: ["stage": "\(stage)"]) }
    }

    private func file(_ entries: [PendingEntry], _ station: Station) async throws -> Int {
        guard !entries.isEmpty else { return 0 }
        scheduler.setAtLatest(DueJob(kind: .desk, at: station.clock.now() + Daemon.patience))
        let alerts = try await station.file(entries)
        try scheduleAlerts(station)
        return alerts
    }

    /// What waits at the desk for a slower neighbour, or for a page of its own, has waited long enough.
    private func lookAfterDesk(_ station: Station) async throws {
        let review = try await station.desk.review()
        if let next = review.next { scheduler.setAtLatest(DueJob(kind: .desk, at: next)) }
        let alerts = try await review.alerts + station.fileLate(review.late)
        if alerts > 0 { try await station.courier.deliver() }
        try scheduleAlerts(station)
    }

    /// What an alert rule held, a source's blindness, an indicator or the feed of alerts has come to its time. The held are looked at once an
    /// hour in any case: the clock may have been set back, or the rules changed.
    private func lookAfterAlerts(_ kind: DueJob.Kind, _ station: Station) async throws {
        switch kind {
        case .held:
            if try await station.desk.release(all: true) > 0 { try await station.courier.deliver() }
            scheduler.set([DueJob(kind: .held, at: station.clock.now() + .seconds(3600))])
        case .blind: if try station.tellBlindness() > 0 { try await station.courier.deliver() }
        case .indicator: if try station.tellIndicators() > 0 { try await station.courier.deliver() }
        default: try await station.courier.deliver()
        }
        try scheduleAlerts(station)
    }

    /// What was delivered here may have to leave the machine as well.
    private func scheduleSendings(_ station: Station) throws {
        if let next = try station.store.nextSending() { scheduler.setAtLatest(DueJob(kind: .sending, at: next)) }
    }

    private func rereadPages(_ station: Station) async throws {
        _ = try await station.reread()
        try scheduleReread(station)
        try scheduleAlerts(station)
    }

    private func scheduleReread(_ station: Station) throws {
        if let at = try station.store.dueTime(of: .reread) { scheduler.setAtLatest(DueJob(kind: .reread, at: at)) }
    }

    /// Has the due times of alerts on the agenda, which polls and filings move.
    private func scheduleAlerts(_ station: Station) throws {
        try scheduleSendings(station)
        for job in try station.store.dueAlertJobs() { scheduler.setAtLatest(job) }
    }

    /// Publishes the issue that is due. Its due time is the one in the database: a second try is made at another time, for
    /// the same issue.
    private func issue(_ job: DueJob, _ station: Station) async throws {
        let now = station.clock.now()
        let due = try station.store.dueTime(of: .digest) ?? job.at
        let again = try station.store.dueTime(of: .digest, DailyIssue.again)
        if again == nil, try isWorthWaiting(due: due, now, station) {
            let wait = DueJob(kind: .digest, key: DailyIssue.again, at: now + DailyIssue.wait)
            // In the table, so that a process that is started anew meanwhile waits no longer than this one.
            try station.store.setDue([wait])
            return scheduler.set([wait])
        }
        if let again, again > now, again - now <= DailyIssue.wait {
            return scheduler.set([DueJob(kind: .digest, key: DailyIssue.again, at: again)])
        }
        let issue = try await station.publishDigest(due: due)
        try scheduleSendings(station)
        if issue.isNew { log.notice("published \(issue.stem)", metadata: ["stage": "publish"]) }
        scheduler.set([DueJob(kind: .digest, at: try station.nextDigest())])
        try scheduleReread(station)
    }

    /// Asleep at the hour, and what is polled on waking belongs to this issue; or entries of its window are being read.
    private func isWorthWaiting(due: Timestamp, _ now: Timestamp, _ station: Station) throws -> Bool {
        if now - due > .seconds(60) { return true }
        let oldest = try station.store.pendingEntries(in: Set(station.sources.keys), most: 1).first
        return oldest.map { $0.firstSeen <= due - station.configuration.settings.digestCutoff } ?? false
    }
}
