/// What may kill the process that reads it: the document of a source, or one of its entries.
public struct Suspect: Sendable, Hashable {
    public var source: SourceID
    /// As in `PendingEntry.key`; empty for the source's own document.
    public var key: String

    public init(source: SourceID, key: String = "") {
        self.source = source
        self.key = key
    }
}

/// What is remembered of a suspect.
public struct Suspicion: Sendable, Hashable {
    /// Processes that died while they read it, since one has read it and lived.
    public var deaths: Int
    /// When the last of them was missed.
    public var last: Timestamp
    /// The program and the source's configuration of then.
    public var madeWith: String

    /// Of that many deaths it is to blame.
    public static let deathsToBlame = 2
    /// Of an entry that is to blame only the headline is read, and after so many deaths not even that.
    public static let deathsToDrop = 4
    /// It is tried again after so long.
    public static let rest: Duration = .seconds(7 * 86_400)

    public init(deaths: Int, last: Timestamp, madeWith: String) {
        self.deaths = deaths
        self.last = last
        self.madeWith = madeWith
    }

    /// Until when it is not read; nil when it may be: blame needs two deaths, ends after a week, and with another program or
    /// another configuration of the source it deserves another try.
    public func held(at now: Timestamp, with present: String) -> Timestamp? {
        let until = last + Suspicion.rest
        // A clock that was set back holds it no longer than a week from now.
        guard deaths >= Suspicion.deathsToBlame, madeWith == present, now < until, last <= now + Suspicion.rest else {
            return nil
        }
        return until
    }
}
