import News
import Storage
import Synchronization

/// What this process has done since its start; they only grow.
struct Counts: Sendable, Hashable {
    /// Polls by what came of them. `unkept`: the database did not take the answer, or could not be asked.
    enum PollOutcome: String, Sendable, CaseIterable {
        case unchanged, read, failed, postponed, resting, unkept
    }

    var polls: [PollOutcome: Int] = [:]
    /// Entries of the documents that were read, those that were new, and known ones with another text.
    var listed = 0
    var new = 0
    var changed = 0
    /// Entries that the desk filed, new versions included.
    var filed = 0
    var alerts = 0
    var digests = 0
    /// Changes of how feedwatch is that are worth telling before the minute is over.
    var changes = 0
}

/// The process's counters, shared by all that count.
public final class Counters: Sendable {
    private let counts = Mutex(Counts())

    public init() {}

    var now: Counts { counts.withLock { $0 } }

    func count(_ outcome: Counts.PollOutcome, _ tally: PollTally = PollTally()) {
        counts.withLock { counts in
            counts.polls[outcome, default: 0] += 1
            counts.listed += tally.listed
            counts.new += tally.new
            counts.changed += tally.changed
        }
    }

    func count(filed: Int, alerts: Int) {
        counts.withLock { counts in
            counts.filed += filed
            counts.alerts += alerts
            if alerts > 0 { counts.changes += 1 }
        }
    }

    func countDigest() {
        counts.withLock { counts in
            counts.digests += 1
            counts.changes += 1
        }
    }

    func noteChange() { counts.withLock { $0.changes += 1 } }
}

extension PollResult.Outcome {
    var counted: Counts.PollOutcome {
        switch self {
        case .unchanged: .unchanged
        case .read: .read
        case .failed: .failed
        case .postponed: .postponed
        case .resting: .resting
        }
    }
}
