import News

/// How the fetcher behaves for everybody.
public struct FetchOptions: Sendable {
    /// An honest name, a version and the operator's contact.
    public var userAgent: String
    /// Transfers at a time; `curl_multi_poll` is at its best up to a few hundred.
    public var transfersMax = 256
    /// Body bytes held by transfers and by answers that are not let go of yet; above it no transfer is begun.
    public var bytesInFlightMax = 64 << 20
    /// PEM file of trusted authorities; nil is Debian's `/etc/ssl/certs/ca-certificates.crt`, where that is missing `SSL_CERT_FILE`.
    public var caBundle: String?
    /// Pause between two requests to one public host.
    public var hostSpacing: Duration = .seconds(1)
    /// Name to addresses; blocking, called on at most `Limits.resolverThreads` threads.
    public var lookup: @Sendable (_ host: String) throws -> [IPAddress] = SystemLookup.addresses

    /// For one name, from when its lookup begins.
    public var resolveDeadline: Duration = .seconds(Limits.resolveSeconds)

    /// Addresses that count as public whatever they are: tests have loopback only.
    var takenForPublic: Set<IPAddress> = []

    /// Answers in place of the network, for simulated days: then nothing is looked up, connected or waited for.
    public var standIn: StandIn?

    public init(userAgent: String) { self.userAgent = userAgent }
}

/// What a server would answer to a GET of this URL with these validators; throws what a transfer would fail with.
public typealias StandIn = @Sendable (_ url: String, _ validators: Validators) throws(FetchError) -> StandInAnswer

/// An answer as a server would give it, undecoded headers and a body without a coding.
public struct StandInAnswer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// One GET.
public struct FetchRequest: Sendable {
    /// What is asked for: settles the `Accept` header and the body limit.
    public enum Kind: Sendable, Hashable {
        case feed, page, sitemap, robots
    }

    /// Absolute, http or https; a fragment is dropped, credentials are refused.
    public var url: String
    public var kind: Kind
    /// From the last 200 of this URL; `.none` on first contact.
    public var validators: Validators
    /// Loopback, private and link-local addresses may be fetched.
    public var allowsPrivateHosts: Bool
    /// `url` itself may be a file of this machine, `file:///srv/feeds/notices.xml`; never where a redirect leads.
    public var allowsFile = false
    /// For the origin of `url` only.
    public var login: Login?
    /// Nil connects to the server itself.
    public var proxy: Proxy?
    public var options = RequestOptions()
    /// Asked before a redirect is followed; what it throws ends the request with that.
    public var admits: (@Sendable (_ url: String) async throws(FetchError) -> Void)?
    public var limits: FetchLimits

    public init(
        url: String, kind: Kind, validators: Validators = .none, allowsPrivateHosts: Bool = false,
        login: Login? = nil, proxy: Proxy? = nil, limits: FetchLimits? = nil
    ) {
        self.url = url
        self.kind = kind
        self.validators = validators
        self.allowsPrivateHosts = allowsPrivateHosts
        self.login = login
        self.proxy = proxy
        self.limits = limits ?? FetchLimits(kind)
    }
}

/// What one request may take. The defaults are those of `Limits`.
public struct FetchLimits: Sendable, Hashable {
    /// For the whole request, redirects included; lookups and waiting for the host's turn or a permit are not counted.
    public var deadline: Duration = .seconds(Limits.requestSeconds)
    /// For one connection, TLS included.
    public var connect: Duration = .seconds(Limits.connectSeconds)
    /// A transfer below `slowBytesPerSecond` for so many seconds is given up.
    public var slowSeconds = Limits.slowSeconds
    public var slowBytesPerSecond = Limits.slowBytesPerSecond
    /// After decompression.
    public var bodyBytesMax: Int
    /// Of a body beyond that its beginning is handed on, marked, instead of being refused: all but a page is a row of things, of which
    /// those that have come stand by themselves.
    public var keepsBeginning: Bool
    public var redirectsMax = Limits.redirectsMax

    public init(_ kind: FetchRequest.Kind) {
        bodyBytesMax =
            switch kind {
            case .feed: Limits.feedBytesMax
            case .page: Limits.pageBytesMax
            case .sitemap: Limits.sitemapBytesMax
            case .robots: Limits.robotsBytesMax
            }
        keepsBeginning = kind != .page
    }
}

/// An answer of whatever status: 304, 404, 410, 429 and 5xx are answers, not errors.
public struct FetchResponse: Sendable {
    /// The URL that answered, after all redirects.
    public var url: String
    public var status: Int
    public var headers: HTTPHeaders
    /// Decompressed. Of a status other than 200 at most `Limits.errorBodyBytesMax`, cut.
    public var body: [UInt8]
    /// The body goes on beyond the limit.
    public var isCut = false
    /// The server has said where the body ends, by a length or a last chunk: it did not break off on its way. A connection that is
    /// closed may be either (RFC 9112 §6.3).
    public var endIsKnown: Bool {
        codingFault != .breaksOff && (headers["Content-Length"] != nil || headers["Transfer-Encoding"] != nil)
    }
    /// There is a document in it: 200, and 203, which is a 200 that somebody on the way has changed (RFC 9110 §15.3.4).
    public var hasDocument: Bool { HTTPStatus.hasDocument(status) }
    /// What was wrong with how the body was packed, though it was read.
    public var codingFault: CodingFault?
    /// The redirects on the way, in order.
    public var hops: [Hop]
    /// Who answered, as text; nil when libcurl does not say.
    public var address: String?
    /// The body's part of the budget.
    let held: HeldBytes

    public enum CodingFault: Sendable, Hashable {
        /// `Content-Encoding` names no coding: the body was read as it stands.
        case misnomer(String)
        /// Behind the end of its gzip stands something else, which was left out.
        case endsInOther
        /// The gzip breaks off: what there was of it was read.
        case breaksOff
    }
}

/// One redirect.
public struct Hop: Sendable, Hashable {
    public var from: String
    public var to: String
    public var status: Int
    /// As sent: how long the server that redirects asks to wait (RFC 9110 §10.2.3).
    public var retryAfter: String?

    /// From https to plain http.
    public var losesTLS: Bool { from.hasPrefix("https:") && to.hasPrefix("http:") }

    public init(from: String, to: String, status: Int, retryAfter: String? = nil) {
        self.from = from
        self.to = to
        self.status = status
        self.retryAfter = retryAfter
    }
}
