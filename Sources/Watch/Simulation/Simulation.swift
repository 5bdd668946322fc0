import Fetch
import Logging
import News
import Storage

/// Plays days to the daemon: its scheduler says what is due, its own functions do it, one job at a time, and the clock jumps
/// to the next due time. Same script, same configuration, same answers: same bytes.
///
/// It may be killed at any point: the next run goes on at the same moment, from where the rows stand. The state is locked
/// meanwhile, as by a daemon.
public struct Simulation: Sendable {
    public var script: SimulationScript
    public var state: StateFolder
    /// Shared with who answers, so that the web shows what was published until then.
    public var clock: SimulatedClock
    public var log: Logger
    /// Answers in place of the network; nil asks the sources' own addresses.
    public var standIn: StandIn?
    /// The configuration as it is at a moment of the world's time.
    public var configuration: @Sendable (Timestamp) throws -> Configuration
    /// A fraction from 0 to 1 for a poll; by default each source has its own.
    public var jitter: @Sendable (SourceID) -> Double = PollSchedule.jitter
    public var observe: StageObserver = { _, _ in }

    public init(
        _ script: SimulationScript, state: StateFolder, clock: SimulatedClock, log: Logger, standIn: StandIn? = nil,
        configuration: @escaping @Sendable (Timestamp) throws -> Configuration
    ) {
        self.script = script
        self.state = state
        self.clock = clock
        self.log = log
        self.standIn = standIn
        self.configuration = configuration
    }

    /// Where a simulation notes how far it has come; no other state has this file.
    public static func positionPath(in state: StateFolder) -> String { state.path + "/simulated-time" }

    /// Runs to the end of the script, or until the task is cancelled.
    /// - Throws: what opening the state throws, `ConfigurationErrors`. What fails later is logged, as the daemon does.
    public func run() async throws {
        try state.create()
        let position = SimulationPosition(path: Simulation.positionPath(in: state))
        var world = script.awake(at: try position.read() ?? script.start)
        clock.move(to: world)
        try position.write(world)
        // Its documents are its own: whoever killed it in the middle of one, twice, leaves nothing to keep out.
        Quarantine.forgetDeaths(in: state)
        // Patience would hang on how long a page takes by another clock: everything that is expected is waited for.
        let station = try Station.open(
            try configuration(world), state: state, clock: clock.wall, log: log, patience: nil, jitter: jitter,
            standIn: standIn, observe: observe)
        let daemon = Daemon(station, notifier: ServiceNotifier(address: nil)) { try configuration(clock.world) }
        do {
            try await begin(daemon)
            while !Task.isCancelled {
                let next = try await next(after: world, daemon)
                guard next < script.end else { break }
                try position.write(next)
                clock.move(to: next)
                if script.reloads(after: world, through: next) {
                    _ = await daemon.reload()
                    takeTurns(daemon)
                }
                world = next
            }
        } catch {
            await daemon.station.close()
            throw error
        }
        await daemon.station.close()
    }

    /// What a killed process has left comes before everything that is due, as it did there.
    private func begin(_ daemon: Daemon) async throws {
        try await daemon.begin()
        takeTurns(daemon)
        let now = clock.wall.now()
        for kind in [DueJob.Kind.pending, .outbox] { await daemon.perform(DueJob(kind: kind, at: now), daemon.station) }
    }

    /// Does everything that is due now.
    /// - Returns: the moment of the world at which to go on.
    private func next(after world: Timestamp, _ daemon: Daemon) async throws -> Timestamp {
        while !Task.isCancelled {
            let (jobs, _, _) = daemon.scheduler.turn()
            if jobs.isEmpty { break }
            for job in jobs { await daemon.perform(job, daemon.station) }
        }
        let now = clock.wall.now()
        let sweeps: [DueJob.Kind] = [.pending, .outbox]
        if try daemon.station.store.hasWaiting() {
            for kind in sweeps { daemon.scheduler.setAtLatest(DueJob(kind: kind, at: now + .seconds(60))) }
        } else {
            // They would find nothing, once a minute for a year.
            daemon.scheduler.remove(sweeps + [.desk])
        }
        let due = daemon.scheduler.nextTime().map { world + max($0 - now, .seconds(1)) } ?? script.end
        let event = script.nextEvent(after: world) ?? script.end
        return script.awake(at: min(due, event))
    }

    /// Sources that share a server are asked in the order of their times like all others: who waits for whom would hang on
    /// where a process was killed.
    private func takeTurns(_ daemon: Daemon) {
        daemon.scheduler.replacePolls(with: [], keeping: [], known: [], servers: [:])
    }
}
