import Logging
import News
import Storage
import Synchronization

/// Hands over what is due, keeps what is running apart, and learns the next times from the results.
///
/// It never computes: jobs run on the workers. Its loop is the daemon's pulse (`beat`), by which the watchdog lives. It is
/// no actor: an actor that the workers' tasks call is served in the workers' own queue (SE-0417), behind every page there.
package final class Scheduler: Sendable {
    private struct State {
        var agenda = Agenda()
        /// The polls under way or waiting for their server, each with the lane that it was given.
        var polls: [SourceID: String] = [:]
        var lanes: Lanes<DueJob>
        /// The server of each source: a source whose server is being asked waits and holds no place.
        var servers: [SourceID: String] = [:]
        /// The registrable domains of servers, as far as they were looked for lately: that takes two microseconds.
        var domains: [String: String?] = [:]
        /// Polls that have ended and left a next time, and which of them each source's last one was.
        var endedCount = 0
        var ended: [SourceID: Int] = [:]
        /// What the clock showed at the last turn.
        var lastTurn: Timestamp?
    }

    /// A clock that shows so much less than at the turn before was set back: due times are fitted to it.
    static let setBack = Duration.seconds(60)

    private let state: Mutex<State>
    private let clock: WallClock
    private let bell = Bell()

    /// - Parameter width: polls under way at the same time at most. Permits are the fetcher's, this bounds memory.
    package init(clock: WallClock, width: Int) {
        self.clock = clock
        state = Mutex(State(lanes: Lanes(width: width)))
    }

    package func set(_ jobs: [DueJob]) { set(jobs, readAfter: nil) }

    /// Sets jobs that were read from the database after this moment, if after any. A poll that has ended since then knew better.
    /// - Returns: the sources of such polls, whose jobs were not set.
    @discardableResult
    func set(_ jobs: [DueJob], readAfter moment: Moment?) -> Set<SourceID> {
        let overtaken = state.withLock { state in
            var overtaken: Set<SourceID> = []
            for job in jobs where job.kind != .poll || state.polls[job.key] == nil {
                if let moment, job.kind == .poll, state.ended[job.key] ?? 0 > moment.endedCount {
                    overtaken.insert(job.key)
                } else {
                    state.agenda.set(job)
                }
            }
            return overtaken
        }
        bell.ring()
        return overtaken
    }

    /// A time among the ends of polls.
    struct Moment: Sendable { fileprivate let endedCount: Int }

    func moment() -> Moment { Moment(endedCount: state.withLock { $0.endedCount }) }

    /// Sets a job unless it is on the agenda for an earlier time.
    func setAtLatest(_ job: DueJob) {
        state.withLock { state in
            if state.agenda.time(of: job.kind, job.key).map({ $0 > job.at }) ?? true { state.agenda.set(job) }
        }
        bell.ring()
    }

    /// Takes the polls of a configuration, as `set` does: those of sources that are not among `sources` leave the agenda.
    @discardableResult
    func replacePolls(
        with jobs: [DueJob], readAfter moment: Moment? = nil, keeping sources: Set<SourceID>, known: Set<SourceID>,
        servers: [SourceID: String]
    ) -> Set<SourceID> {
        state.withLock { state in
            for source in known.subtracting(sources) {
                state.agenda.remove(.poll, source)
                state.ended[source] = nil
            }
            state.servers = servers
        }
        return set(jobs, readAfter: moment)
    }

    /// Whether a poll of it is under way or waits for its server.
    func isPolling(_ source: SourceID) -> Bool { state.withLock { $0.polls[source] != nil } }

    /// A poll that was handed over has ended; called once for each.
    package func finished(_ source: SourceID, next: DueJob?) {
        state.withLock { state in
            let lane = state.polls.removeValue(forKey: source)
            state.lanes.finished(lane: lane, domain: lane.flatMap { Self.domain(of: $0, &state.domains) })
            guard let next else { return }
            state.endedCount += 1
            state.ended[source] = state.endedCount
            state.agenda.set(next)
        }
        bell.ring()
    }

    /// Serves jobs as they come due until the task is cancelled.
    /// - Parameters:
    ///   - pulse: how long it waits at most, whatever happens to the clock.
    ///   - beat: called at every turn.
    func serve(pulse: Duration, beat: @Sendable () -> Void, start: @Sendable (DueJob) -> Void) async {
        while !Task.isCancelled {
            beat()
            let (jobs, now, next) = turn()
            for job in jobs { start(job) }
            await bell.wait(for: next.map { min($0 - now, pulse) } ?? pulse, clock)
        }
    }

    /// One look at the clock: what is to be started by it, what it shows, and when to look again.
    package func turn() -> (jobs: [DueJob], now: Timestamp, next: Timestamp?) {
        let now = clock.now()
        return state.withLock { state in
            let last = state.lastTurn
            state.lastTurn = now
            if let last, last - now > Scheduler.setBack { return ([DueJob(kind: .clock, at: now)], now, now) }
            let (jobs, next) = take(at: now, &state)
            return (jobs, now, next)
        }
    }

    /// When to look again.
    func nextTime() -> Timestamp? { state.withLock { $0.agenda.nextTime() } }

    /// Takes these jobs off the agenda, whenever they would be due.
    func remove(_ kinds: [DueJob.Kind]) {
        state.withLock { state in for kind in kinds { state.agenda.remove(kind, "") } }
    }

    /// - Parameter server: with its port, or the source's id where none is asked.
    private static func domain(of server: String, _ known: inout [String: String?]) -> String? {
        if let domain = known[server] { return domain }
        let domain = WebURL.domain(ofServer: server)
        if known.count >= Limits.namesMax { known = [:] }
        known[server] = .some(domain)
        return domain
    }

    /// What is to be started, and when to look again.
    private func take(at now: Timestamp, _ state: inout State) -> (jobs: [DueJob], next: Timestamp?) {
        var jobs: [DueJob] = []
        while let job = state.agenda.takeDue(at: now) {
            guard job.kind == .poll else {
                jobs.append(job)
                continue
            }
            let lane = state.servers[job.key] ?? job.key
            state.polls[job.key] = lane
            state.lanes.add(job, lane: lane, domain: Self.domain(of: lane, &state.domains))
        }
        while let turn = state.lanes.next() { jobs.append(turn.item) }
        return (jobs, state.agenda.nextTime())
    }
}
