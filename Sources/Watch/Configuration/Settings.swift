import Fetch
import News

/// The main file, `feedwatch.yaml`, with every default filled in.
public struct Settings: Sendable, Hashable {
    /// `mailto:` or http(s) URL for the User-Agent; empty when the operator gave none.
    public var contact: String
    /// IANA name, `Europe/Paris`; a file of that name exists among the system's zones.
    public var timezone: String
    /// Local time at which the digest is published.
    public var digestAt: LocalTime
    /// The digest's window ends this much before `digestAt`.
    public var digestCutoff: Duration
    /// Absolute; empty is the state's `digests`.
    public var digestFolder: String
    /// Near misses listed in a digest.
    public var belowTheLine: Int
    /// Characters quoted per story; 0 is headline only.
    public var excerpt: Int
    /// For sources that name no interval of their own.
    public var pollInterval: Duration
    /// Transfers at a time.
    public var transfers: Int
    /// Bytes of bodies in flight at a time.
    public var bytesInFlight: Int
    /// Source packs that are on.
    public var packs: [String]
    /// Absolute path that figures for Prometheus are written to; empty: nowhere.
    public var metrics: String
    public var keep: Keep
    public var indicators: [Indicator] = []
    var leaving = Leaving()
    /// What `via` of a source may name.
    var proxies: [String: Access.NamedProxy] = [:]

    public init(
        contact: String, timezone: String, digestAt: LocalTime, digestCutoff: Duration, digestFolder: String = "",
        belowTheLine: Int,
        excerpt: Int, pollInterval: Duration, transfers: Int, bytesInFlight: Int, packs: [String],
        metrics: String, keep: Keep
    ) {
        self.contact = contact
        self.timezone = timezone
        self.digestAt = digestAt
        self.digestCutoff = digestCutoff
        self.digestFolder = digestFolder
        self.belowTheLine = belowTheLine
        self.excerpt = excerpt
        self.pollInterval = pollInterval
        self.transfers = transfers
        self.bytesInFlight = bytesInFlight
        self.packs = packs
        self.metrics = metrics
        self.keep = keep
    }
}
