import Fetch
import Foundation
import Glibc
import Logging
import News
import Publish
import Storage

/// Everything that a run needs, opened once: what `once`, `run` and `digest` share.
public struct Station: Sendable {
    public private(set) var configuration: Configuration
    /// By id, disabled ones included.
    public private(set) var sources: [SourceID: Source]
    /// As today's configuration has it.
    private(set) var pipeline: Pipeline
    private(set) var zone: Zone
    public let state: StateFolder
    public let store: Store
    public let clock: WallClock
    public let log: Logger
    let lock: StateLock
    let workers: Workers
    let fetcher: Fetcher
    let desk: Desk
    let courier: Courier
    let dispatcher: Dispatcher
    let counters: Counters
    let observe: StageObserver
    /// The network is played: nothing leaves the machine, whatever the configuration says.
    let isPlayed: Bool
    /// Everything that is pending is filed, in an order that does not depend on which page was read first.
    let isOnePass: Bool

    /// Opens the state for writing.
    /// - Parameters:
    ///   - patience: how long a ready entry waits at the desk for an earlier one; nil waits for every one.
    ///   - jitter: a fraction from 0 to 1 for each poll; nil draws one.
    ///   - standIn: answers in place of the network.
    ///   - fetching: what tests and rehearsals have otherwise in the fetcher.
    /// - Throws: `StateError`, `StoreError`, `ZoneError`.
    public static func open(
        _ configuration: Configuration, state: StateFolder, clock: WallClock, log: Logger, patience: Duration?,
        jitter: (@Sendable (SourceID) -> Double)? = nil, standIn: StandIn? = nil,
        fetching: (inout FetchOptions) -> Void = { _ in },
        observe: @escaping StageObserver = { _, _ in }
    ) throws -> Station {
        var configuration = configuration
        if standIn != nil { configuration.settings.leaving = Leaving() }
        raiseFileLimit()
        try state.create()
        let lock = try state.lock()
        let store = try openStore(state, at: clock.now(), log)
        let zone = try ZoneFile.load(configuration.settings.timezone)
        if configuration.settings.contact.isEmpty, configuration.sources.contains(where: \.enabled) {
            log.warning("contact is empty: a webmaster cannot reach you; write it into feedwatch.yaml")
        }
        if let fault = DigestFolder.place(configuration.settings.digestFolder, in: state) { log.error("\(fault)") }
        try declare(configuration, in: store, at: clock.now())
        let counters = Counters()
        let courier = Courier(
            store: store, publisher: try Publisher(configuration, root: state.path, log: log),
            leaving: configuration.settings.leaving, clock: clock, log: log,
            counters: counters, isService: patience != nil)
        let dispatcher = try Dispatcher(configuration, store: store, clock: clock, log: log)
        try revive(configuration, in: store, at: clock.now())
        let desk = Desk(
            store: store, rules: AlertDesk(configuration, zone: zone), clock: clock, patience: patience,
            counters: counters, log: log)
        var options = FetchOptions(configuration.settings)
        options.standIn = standIn
        fetching(&options)
        let fetcher = Fetcher(options: options)
        let pipeline = Pipeline(
            fetcher: fetcher, robots: Robots(fetcher: fetcher, store: store, clock: clock), store: store,
            commits: PollCommits(store: store),
            desk: desk, courier: courier,
            quarantine: try Quarantine(
                state, store: store, sources: configuration.sourcesByID, clock: clock, log: log),
            engine: TopicEngine(configuration, state: state.path) { log.error("\($0)") },
            polling: Polling(
                interval: configuration.settings.pollInterval,
                jitter: jitter ?? { _ in .random(in: PollSchedule.jitterLeast..<1) },
                access: Access(configuration, environment: ProcessInfo.processInfo.environment),
                digest: Polling.DigestHour(configuration.settings, zone)),
            clock: clock, observe: observe)
        return Station(
            configuration: configuration, sources: configuration.sourcesByID, pipeline: pipeline, zone: zone,
            state: state,
            store: store, clock: clock, log: log, lock: lock,
            workers: Workers(count: max(2, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))), fetcher: fetcher, desk: desk,
            courier: courier, dispatcher: dispatcher, counters: counters, observe: observe,
            isPlayed: standIn != nil, isOnePass: patience == nil)
    }

    /// Takes another configuration over. The fetcher keeps the limits that it was started with.
    mutating func use(_ configuration: Configuration) throws {
        var configuration = configuration
        if isPlayed { configuration.settings.leaving = Leaving() }
        zone = try ZoneFile.load(configuration.settings.timezone)
        if let fault = DigestFolder.place(configuration.settings.digestFolder, in: state) { log.error("\(fault)") }
        try Self.declare(configuration, in: store, at: clock.now())
        try Self.revive(configuration, in: store, at: clock.now())
        self.configuration = configuration
        sources = configuration.sourcesByID
        pipeline.engine = TopicEngine(configuration, state: state.path) { log.error("\($0)") }
        pipeline.polling.interval = configuration.settings.pollInterval
        pipeline.polling.access.proxies = configuration.settings.proxies
        pipeline.polling.access.userAgent = FetchOptions(configuration.settings).userAgent
        pipeline.polling.digest = Polling.DigestHour(configuration.settings, zone)
    }

    /// Indicators that are new are counted in what is stored, too: some seconds for ten thousand articles.
    private static func declare(_ configuration: Configuration, in store: Store, at now: Timestamp) throws(StoreError) {
        let sources = configuration.sourcesByID
        try store.declare(configuration.settings.indicators, now: now) { indicators, member in
            guard let source = sources[member.source] else { return [] }
            return IndicatorEngine(indicators).hits(in: member.article, entities: member.entities, source: source)
        }
        // What is new about them may be a rise.
        if configuration.settings.indicators.contains(where: { $0.alert != nil }) {
            try store.setDue([DueJob(kind: .indicator, at: now)])
        }
    }

    /// What was given up in the last week may go now.
    private static func revive(_ configuration: Configuration, in store: Store, at now: Timestamp) throws(StoreError) {
        try store.reviveSendings(
            since: now - .seconds(7 * 86_400), ways: configuration.settings.leaving.ways, at: now)
    }

    /// Judges by what was learned since.
    mutating func use(_ engine: TopicEngine) { pipeline.engine = engine }

    public func close() async {
        await fetcher.shutdown()
        await dispatcher.close()
        pipeline.quarantine.close()
        store.close()
        lock.release()
    }

    /// From now on the end of this process by Ctrl-C or `kill` is no sign against what it reads: for commands that make one
    /// pass and leave these signals as they are.
    public func forgiveInterrupts() { pipeline.quarantine.forgiveInterrupts() }

    /// The sources that are polled.
    var enabledSources: [Source] { configuration.sources.filter(\.enabled) }

    /// The server that each source is asked at.
    var servers: [SourceID: String] { sources.compactMapValues { WebURL.server(of: $0.url) } }

    /// Fits the due times to the configuration.
    /// - Returns: all jobs, with times repaired that a clock set back has left too far away.
    func scheduledJobs() throws(StoreError) -> [DueJob] {
        let now = clock.now()
        let plans = enabledSources.map {
            PollPlan(source: $0.id, url: $0.url, interval: $0.interval ?? configuration.settings.pollInterval)
        }
        try scheduleRetention()
        return try store.schedule(plans, digest: nextDigest(), at: now)
            .map { Agenda.repaired($0, now: now, longest: PollSchedule.longest) }
    }

    /// Every feed poll holds a socket and every reader a file: take what the system allows.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension FetchOptions {
    init(_ settings: Settings) {
        let contact = settings.contact.isEmpty ? "" : " (+\(settings.contact))"
        self.init(userAgent: "feedwatch/\(feedwatchVersion)\(contact)")
        transfersMax = settings.transfers
        bytesInFlightMax = settings.bytesInFlight
    }
}

extension Access {
    init(_ configuration: Configuration, environment: [String: String]) {
        self.init(proxies: configuration.settings.proxies, credentials: Credentials(environment: environment))
    }
}

extension Polling.DigestHour {
    init(_ settings: Settings, _ zone: Zone) {
        self.init(at: settings.digestAt, cutoff: settings.digestCutoff, zone: zone)
    }
}

extension Configuration {
    var sourcesByID: [SourceID: Source] { Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) }) }
}

extension AlertDesk {
    init(_ configuration: Configuration, zone: Zone) {
        self.init(
            sources: configuration.sourcesByID,
            topics: Dictionary(uniqueKeysWithValues: configuration.topics.map { ($0.id, $0) }),
            gazetteer: Gazetteer(configuration.entities), excerptMax: configuration.settings.excerpt, zone: zone,
            version: feedwatchVersion)
        indicators = IndicatorEngine(configuration.settings.indicators)
    }
}
