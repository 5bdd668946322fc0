import CLibcurl
import Glibc
import News

/// One exchange with one server: what to ask, and what has come so far.
///
/// `@unchecked Sendable`: the `let`s are set before it is handed to the loop; the `var`s are touched by the loop's thread
/// alone until `done` is given, and by the one task that awaits `done` afterwards.
final class Transfer: @unchecked Sendable {
    let url: WebURL
    /// `Name: value` lines.
    let headerLines: [String]
    /// `+host:port:address,address` for `CURLOPT_RESOLVE`, for each name among the server and its proxy.
    let resolve: [String]
    let login: Login?
    let proxy: ReachedProxy?
    let options: RequestOptions
    /// Set by earlier hops of the same request, as libcurl's lines of a cookie file; afterwards with this one's.
    var cookies: [String]
    let limits: FetchLimits
    /// What is left of the deadline.
    let deadline: Duration
    let privateHosts: Bool
    let policy: AddressPolicy
    let held: HeldBytes
    /// Nil for a GET.
    let sending: Sending?
    /// Nobody has asked the host lately, and nobody waits to: its connection is worth keeping only if the answer leads to more.
    let isLone: Bool
    /// No connection that others have left may serve it.
    private(set) var connectsAnew = false
    let done = OneShot<Void>()

    var handle: EasyHandle?
    /// Set when it was given up by us; goes before libcurl's own words.
    var refusal: FetchError.Code?
    var refusedAddress: IPAddress?
    var code = CURLE_OK
    /// libcurl's words on a failure.
    var errorText = ""
    /// The system's error number where a connection failed.
    var systemError = 0
    /// A proxy's answer to CONNECT; 0 without one.
    var connectStatus = 0
    /// OpenSSL's `X509_V_ERR_…`.
    var verifyResult = 0
    var address: String?
    /// Bytes of the body as they came, compressed.
    var received = 0
    /// From its start on the loop's thread to its end there, by libcurl's clock.
    var spent = Duration.zero
    var status = 0
    /// The header lines of the final response, as received.
    private(set) var head: [UInt8] = []
    var body: [UInt8] = []
    /// Bytes of `sending` that libcurl has taken.
    private var sent = 0

    private var headBytes = 0
    private var headLines = 0
    private var bodyBytesMax = 0
    private var hasBody = false
    /// What is beyond the limit was not taken.
    private(set) var isCut = false
    private var asked = 0
    private var codingLines: [String] = []
    private var coding = ContentCoding([])
    private var gunzip: Gunzip?
    /// Bytes of the body that came before they were unpacked here.
    private var rawBytes = 0
    /// Behind its gzip something else stands, of which nothing is wanted.
    private var endsInOther = false

    init(
        url: WebURL, headerLines: [String], resolve: [String], login: Login?, proxy: ReachedProxy?,
        options: RequestOptions,
        cookies: [String], limits: FetchLimits,
        deadline: Duration, privateHosts: Bool, policy: AddressPolicy, held: HeldBytes, isLone: Bool = false,
        sending: Sending? = nil
    ) {
        self.url = url
        self.headerLines = headerLines
        self.resolve = resolve
        self.login = login
        self.proxy = proxy
        self.options = options
        self.cookies = cookies
        self.limits = limits
        self.deadline = deadline
        self.privateHosts = privateHosts
        self.policy = policy
        self.held = held
        self.sending = sending
        self.isLone = isLone
    }

    /// It was given a connection that somebody else had left open, to one of the name's addresses that are not for it: libcurl knows
    /// connections by name and port. Nothing was sent.
    var metWrongConnection: Bool { refusedAddress != nil && refusal == nil && !connectsAnew }

    /// The same once more, on a connection of its own to the addresses that were judged.
    func again() -> Transfer {
        let transfer = Transfer(
            url: url, headerLines: headerLines, resolve: resolve, login: login, proxy: proxy, options: options,
            cookies: cookies, limits: limits, deadline: deadline - spent, privateHosts: privateHosts, policy: policy,
            held: held, isLone: isLone, sending: sending)
        transfer.connectsAnew = true
        return transfer
    }

    // MARK: - Called by libcurl, on the loop's thread

    /// One header line, or a status line that begins a response (after a 1xx there are several). False ends the transfer.
    func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        headLines += 1
        guard headBytes <= Limits.headerBytesMax, headLines <= Limits.headerFieldsMax else {
            refusal = .headersTooLarge
            return false
        }
        // Trailers are counted, for they may have no end, and not kept.
        guard !hasBody else { return true }
        if line.count > 5, memcmp(line.baseAddress!, "HTTP/", 5) == 0 {
            head.removeAll(keepingCapacity: true)
            codingLines = []
            coding = ContentCoding([])
            head.reserveCapacity(512)
            let digits = line.drop { $0 != 0x20 }.dropFirst().prefix(3)
            status = digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
            // To the pages of what is new, or to where it has moved.
            if isLone, !tunnelsWithLogin, HTTPStatus.hasDocument(status) || Redirects.statuses.contains(status) {
                handle?.keepConnection()
            }
        } else {
            head.append(contentsOf: line)
            if let value = ContentCoding.value(of: line) {
                codingLines.append(value)
                coding = ContentCoding(codingLines)
                handle?.unpacks(coding.unpacking == .libcurl)
            }
        }
        if let sending { sending.patience.heard(line.first, isSent: sent == sending.body.count) }
        return true
    }

    /// The next bytes of what is sent, as many as there is room for.
    func send(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard let bytes = sending?.body.dropFirst(sent).prefix(room.count) else { return 0 }
        room.copyBytes(from: bytes)
        sent += bytes.count
        return bytes.count
    }

    /// Bytes of the body, which libcurl has unpacked where it had to. False ends the transfer.
    func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        if !hasBody {
            hasBody = true
            guard prepareBody() else { return false }
            // Whatever was said: files that are packed are sent as they are (`sitemap.xml.gz`).
            if coding.unpacking == .gzip || coding.unpacking == .none && bytes.starts(with: [0x1F, 0x8B]) {
                gunzip = Gunzip()
            }
        }
        guard let gunzip else { return take(bytes) }
        rawBytes += bytes.count
        guard mayReceive(rawBytes) else { return false }
        switch gunzip.unpack(bytes, take) {
        case .goesOn: return true
        case .isStopped: return false
        case .endsInOther: endsInOther = true
        case .isBroken: refusal = .badEncoding
        }
        return false
    }

    /// Whether a packed body may have so many bytes: what is packed into nothing has no end otherwise. False sets the refusal.
    func mayReceive(_ bytes: Int) -> Bool {
        guard bytes > max(limits.bodyBytesMax, Limits.errorBodyBytesMax) else { return true }
        refusal = .tooLarge
        return false
    }

    /// Unpacked bytes of the body. False ends the transfer.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let room = bodyBytesMax - body.count
        if bytes.count > room {
            // The body of an error is for reading by people: its beginning is enough.
            if isWhollyWanted {
                refusal = .tooLarge
            } else {
                append(UnsafeRawBufferPointer(rebasing: bytes[..<room]))
                isCut = true
            }
            return false
        }
        append(bytes)
        if body.count > Limits.compressionFreeBytes, isBomb { return false }
        if body.count > Limits.compressionFreeBytes, held.mustYield {
            // One that would spend the budget by itself will not fit later either.
            refusal = held.isAllOfIt ? .tooLarge : .overloaded
            return false
        }
        return true
    }

    /// True when everything that was wanted came, though we cut it short.
    var isCutOnPurpose: Bool {
        code == CURLE_WRITE_ERROR && refusal == nil && (isCut || endsInOther) && status != 0
    }

    /// What was wrong with how the body was packed, though it could be read.
    var codingFault: FetchResponse.CodingFault? {
        if let gunzip, !isCut, !endsInOther, !gunzip.hasWholeMembers { return .breaksOff }
        if endsInOther { return .endsInOther }
        return coding.misnomer.map { .misnomer(String($0.prefix(40))) }
    }

    /// The body is what was asked for. What a server says of something that it was sent is for reading by people, too.
    private var isWanted: Bool { HTTPStatus.hasDocument(status) && sending == nil }

    private var isWhollyWanted: Bool { isWanted && !limits.keepsBeginning }

    /// Whether this may be connected to: the proxy where there is one, for then the server's address was judged before.
    func judge(_ address: IPAddress) -> Bool {
        if let proxy, proxy.addresses.contains(address) { return true }
        if proxy == nil, policy.allows(address, privateHosts: privateHosts) { return true }
        refusedAddress = address
        return false
    }

    /// Before each request. libcurl repeats one by itself when a kept connection has died, and up to five times at once when a
    /// stream is refused (RFC 9113 §8.7): once is enough.
    func mayAsk() -> Bool {
        asked += 1
        if asked > 2 { refusal = .interrupted }
        return asked <= 2
    }

    /// Through a tunnel that somebody's login has opened: libcurl tells tunnels apart by their proxy's address, and not by whose they
    /// are. So each such transfer has one of its own.
    var tunnelsWithLogin: Bool { proxy?.proxy.login != nil && url.scheme == "https" }

    /// Somewhere libcurl has to turn an address into an address; names have come with `resolve`.
    var connectsToLiteral: Bool { url.literal != nil || proxy?.proxy.literal != nil }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        body.append(contentsOf: bytes)
        held.take(bytes.count)
    }

    private func prepareBody() -> Bool {
        bodyBytesMax = isWanted ? limits.bodyBytesMax : min(limits.bodyBytesMax, Limits.errorBodyBytesMax)
        let length = handle?.offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) ?? -1
        if isWhollyWanted, length > bodyBytesMax {
            refusal = .tooLarge
            return false
        }
        if length > 0 { body.reserveCapacity(min(length, bodyBytesMax)) }
        return true
    }

    private var isBomb: Bool {
        // A stand-in packs nothing.
        guard let handle else { return false }
        let received = max(1, handle.offset(CURLINFO_SIZE_DOWNLOAD_T))
        guard body.count / received > Limits.compressionRatioMax else { return false }
        refusal = .compression
        return true
    }
}
