import HeapModule
import News
import Storage

/// The due jobs in memory, soonest first: a cache of the table `due`, and no more than that.
struct Agenda: Sendable {
    private struct Item: Comparable, Sendable {
        var job: DueJob
        static func < (a: Item, b: Item) -> Bool {
            (a.job.at, a.job.kind.rawValue, a.job.key) < (b.job.at, b.job.kind.rawValue, b.job.key)
        }
    }

    private struct Name: Hashable, Sendable {
        var kind: DueJob.Kind
        var key: String
    }

    private var heap = Heap<Item>()
    /// The valid time of each job; heap items with another time are stale and are skipped.
    private var times: [Name: Timestamp] = [:]

    var count: Int { times.count }

    mutating func set(_ job: DueJob) {
        guard times.updateValue(job.at, forKey: Name(kind: job.kind, key: job.key)) != job.at else { return }
        heap.insert(Item(job: job))
    }

    mutating func remove(_ kind: DueJob.Kind, _ key: String) { times[Name(kind: kind, key: key)] = nil }

    func time(of kind: DueJob.Kind, _ key: String = "") -> Timestamp? { times[Name(kind: kind, key: key)] }

    /// Takes the soonest job that is due, if any. It is off the agenda until it is set again.
    mutating func takeDue(at now: Timestamp) -> DueJob? {
        dropStale()
        guard let job = heap.min?.job, job.at <= now else { return nil }
        heap.removeMin()
        times[Name(kind: job.kind, key: job.key)] = nil
        return job
    }

    /// When the next job is due.
    mutating func nextTime() -> Timestamp? {
        dropStale()
        return heap.min?.job.at
    }

    private mutating func dropStale() {
        while let job = heap.min?.job, times[Name(kind: job.kind, key: job.key)] != job.at { heap.removeMin() }
    }

    /// A due time further away than `longest` was written before the clock was set back: it counts as due.
    static func repaired(_ job: DueJob, now: Timestamp, longest: Duration) -> DueJob {
        job.at - now > longest ? DueJob(kind: job.kind, key: job.key, at: now) : job
    }
}
