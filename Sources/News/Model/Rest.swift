/// Why a source is not asked though it was due: another address of its registrable domain, or of one that it leads to, has asked
/// for rest (RFC 6585 §4, RFC 9110 §10.2.3).
public struct Rest: Sendable, Hashable, Codable {
    /// The domain that has asked.
    public var domain: String
    /// Since when the source has been put off.
    public var since: Timestamp
    public var until: Timestamp

    public init(domain: String, since: Timestamp, until: Timestamp) {
        self.domain = domain
        self.since = since
        self.until = until
    }

    /// Put off for so long, a source is asked once: what its neighbours are told again and again must not keep it from being read
    /// for ever.
    public func isLongEnough(at now: Timestamp) -> Bool { now - since >= .seconds(Limits.domainRestSeconds) }

    /// Whether a source that was put off is not to be asked yet. A rest that begins later was written before the clock was set back.
    public func holds(at now: Timestamp) -> Bool { since <= now && now < until && !isLongEnough(at: now) }

    /// `outlet.example asked for rest`
    public var words: String { "\(domain) asked for rest" }
}
