import Logging
import News
import Storage

/// Hands over what is due, keeps what is running apart, and learns the next times from the results.
///
/// It never computes: jobs run on the workers. Its loop is the daemon's pulse (`beat`), by which the watchdog lives.
actor Scheduler {
    private var agenda = Agenda()
    private var running: Set<SourceID> = []
    private let clock: WallClock
    private let bell = Bell()
    /// Polls under way at the same time at most: permits are the fetcher's, this bounds memory.
    private let width: Int

    init(clock: WallClock, width: Int) {
        self.clock = clock
        self.width = width
    }

    func set(_ jobs: [DueJob]) {
        for job in jobs where job.kind != .poll || !running.contains(job.key) { agenda.set(job) }
        bell.ring()
    }

    /// After a reload: polls of sources that are gone or disabled leave the agenda.
    func replacePolls(with jobs: [DueJob], keeping sources: Set<SourceID>, known: Set<SourceID>) {
        for source in known.subtracting(sources) { agenda.remove(.poll, source) }
        set(jobs)
    }

    func finished(_ source: SourceID, next: DueJob?) {
        running.remove(source)
        if let next { agenda.set(next) }
        bell.ring()
    }

    /// Serves jobs as they come due until the task is cancelled.
    /// - Parameter beat: called at every turn, at least every `pulse`.
    func serve(pulse: Duration, beat: @Sendable () -> Void, start: @Sendable (DueJob) -> Void) async {
        while !Task.isCancelled {
            beat()
            let now = clock.now()
            while running.count < width, let job = agenda.takeDue(at: now) {
                if job.kind == .poll { running.insert(job.key) }
                start(job)
            }
            let next = running.count < width ? agenda.nextTime() : nil
            await bell.wait(until: min(next ?? now + pulse, now + pulse), clock)
        }
    }
}
