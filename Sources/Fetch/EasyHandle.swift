import CLibcurl
import Glibc
import News

/// A libcurl easy handle, set up once and used for one transfer after another.
///
/// Belongs to the loop's thread.
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let userAgent: String
    private let caBundle: String
    /// Of the loop, which outlives the connections.
    private let sockets: OpenSockets
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var names: UnsafeMutablePointer<curl_slist>?
    /// Of a mail; a handle that has sent something serves no second time.
    var recipients: UnsafeMutablePointer<curl_slist>?
    private var transfer: Transfer?
    /// Host and port of the last transfer, empty before the first.
    var name = ""
    /// Of the connection that the request was made on.
    private var localPort: Int?
    /// `unpacks` was called for this transfer.
    private var hasOwnUnpacking = false
    /// What libcurl was told for the transfers before; nil until the first.
    private var manner: Manner?

    /// What is the same for one transfer after another, as most sources have nothing of their own.
    private struct Manner: Equatable {
        var proxy: Proxy?
        var login: Login?
        var options: RequestOptions
        var limits: FetchLimits
    }

    /// Nil when out of memory.
    init?(userAgent: String, caBundle: String, sockets: OpenSockets) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.userAgent = userAgent
        self.caBundle = caBundle
        self.sockets = sockets
        errorText[0] = 0
        setUp()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        curl_slist_free_all(names)
        curl_slist_free_all(recipients)
        errorText.deallocate()
    }

    private func setUp() {
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_BUFFERSIZE, 32 << 10),
            // The names of `CURLOPT_RESOLVE` outlive any request, retries on a new connection included; they go sooner when
            // their handle has another transfer.
            (CURLOPT_DNS_CACHE_TIMEOUT, 600),
        ]
        for (option, value) in numbers { feedwatch_easy_long(easy, option, value) }
        let strings: [(CURLoption, String?)] = [
            (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_PROXY_CAINFO, caBundle), (CURLOPT_PROXY_CAPATH, nil),
            // A CApath would keep libcurl from caching the parsed authorities.
            (CURLOPT_CAPATH, nil),
            // Cookies are kept in memory only. Once: libcurl adds each such name to a list.
            (CURLOPT_COOKIEFILE, ""),
            // Every coding that this libcurl has.
            (CURLOPT_ACCEPT_ENCODING, ""),
        ]
        for (option, value) in strings { feedwatch_easy_string(easy, option, value) }
        feedwatch_easy_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        let context = Unmanaged.passUnretained(self).toOpaque()
        for option in [
            CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA,
            CURLOPT_RESOLVER_START_DATA,
        ] { feedwatch_easy_pointer(easy, option, context) }
        feedwatch_easy_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(sockets).toOpaque())
        setUpCallbacks()
    }

    private func setUpCallbacks() {
        feedwatch_easy_on_body(easy) { bytes, size, count, context in
            let count = size * count
            let body = UnsafeRawBufferPointer(start: bytes, count: count)
            return EasyHandle.transfer(context).receive(body: body) ? count : 0
        }
        feedwatch_easy_on_header(easy) { bytes, size, count, context in
            let count = size * count
            let line = UnsafeRawBufferPointer(start: bytes, count: count)
            return EasyHandle.transfer(context).receive(headerLine: line) ? count : 0
        }
        feedwatch_easy_on_open_socket(easy) { context, _, address in
            guard let address, let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return -1 }
            let pointer = UnsafeRawPointer(address).advanced(by: offset).assumingMemoryBound(to: sockaddr.self)
            guard let judged = IPAddress(pointer), EasyHandle.transfer(context).judge(judged) else { return -1 }
            return EasyHandle.of(context).openSocket(address.pointee)
        }
        feedwatch_easy_on_close_socket(easy) { context, socket in
            Unmanaged<OpenSockets>.fromOpaque(context!).takeUnretainedValue().close(socket)
        }
        // A reused connection opens no socket: judged again before each request.
        feedwatch_easy_on_request(easy) { context, address, _, _, localPort in
            guard let address, let judged = IPAddress(cString: address),
                EasyHandle.transfer(context).judge(judged), EasyHandle.transfer(context).mayAsk()
            else { return CURL_PREREQFUNC_ABORT }
            EasyHandle.of(context).localPort = Int(localPort)
            return CURL_PREREQFUNC_OK
        }
        // libcurl would start a thread for each name; it is only ever given addresses.
        feedwatch_easy_on_resolve(easy) { _, _, context in
            EasyHandle.transfer(context).connectsToLiteral ? 0 : 1
        }
    }

    private func openSocket(_ address: curl_sockaddr) -> Int32 {
        let type = address.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let socket = feedwatch_socket(address.family, type, address.protocol)
        if socket >= 0 { sockets.insert(socket) }
        return socket
    }

    /// The object behind a callback's context, which lives as long as libcurl can call.
    private static func of(_ context: UnsafeMutableRawPointer?) -> EasyHandle {
        Unmanaged<EasyHandle>.fromOpaque(context!).takeUnretainedValue()
    }

    /// The transfer behind a callback's context, which is this object: it lives as long as libcurl can call, and has one then.
    static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer { of(context).transfer! }

    /// The object around an easy handle of libcurl's.
    static func around(_ easy: UnsafeMutableRawPointer) -> EasyHandle {
        var context: UnsafeMutableRawPointer?
        feedwatch_easy_info_pointer(easy, CURLINFO_PRIVATE, &context)
        return of(context)
    }

    /// Sets what differs from the transfer before.
    /// - Parameter name: a host and port that libcurl need not remember any more.
    func begin(_ transfer: Transfer, forgetting name: String?) {
        self.transfer = transfer
        localPort = nil
        transfer.handle = self
        feedwatch_easy_string(easy, CURLOPT_URL, transfer.url.text)
        headers = transfer.headerLines.reduce(nil) { curl_slist_append($0, $1) }
        names = transfer.resolve.reduce(name.map { curl_slist_append(nil, "-" + $0) }) { curl_slist_append($0, $1) }
        feedwatch_easy_list(easy, CURLOPT_HTTPHEADER, headers)
        feedwatch_easy_list(easy, CURLOPT_RESOLVE, names)
        // Those of the last request are forgotten; `cookies` are of earlier hops of this one.
        feedwatch_easy_string(easy, CURLOPT_COOKIELIST, "ALL")
        for cookie in transfer.cookies { feedwatch_easy_string(easy, CURLOPT_COOKIELIST, cookie) }
        let manner = Manner(
            proxy: transfer.proxy?.proxy, login: transfer.login, options: transfer.options, limits: transfer.limits)
        if manner != self.manner { take(manner) }
        let isOwn = transfer.tunnelsWithLogin
        feedwatch_easy_long(easy, CURLOPT_FORBID_REUSE, transfer.isLone || isOwn ? 1 : 0)
        feedwatch_easy_long(easy, CURLOPT_FRESH_CONNECT, transfer.connectsAnew || isOwn ? 1 : 0)
        feedwatch_easy_long(easy, CURLOPT_TIMEOUT_MS, transfer.deadline.milliseconds)
        feedwatch_easy_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, min(transfer.limits.connect, transfer.deadline).milliseconds)
        if let sending = transfer.sending { setUp(sending, Unmanaged.passUnretained(self).toOpaque()) }
    }

    /// Whether libcurl unpacks the body to come; 7.88 asks when the body comes, not when its header does. One that it unpacks is
    /// watched meanwhile: what unpacks to nothing is handed to nobody.
    func unpacks(_ byLibcurl: Bool) {
        hasOwnUnpacking = true
        feedwatch_easy_long(easy, CURLOPT_HTTP_CONTENT_DECODING, byLibcurl ? 1 : 0)
        guard byLibcurl else { return }
        feedwatch_easy_on_progress(easy) { context, _, received, _, _ in
            EasyHandle.transfer(context).mayReceive(Int(received)) ? 0 : 1
        }
        feedwatch_easy_pointer(easy, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(self).toOpaque())
        feedwatch_easy_long(easy, CURLOPT_NOPROGRESS, 0)
    }

    /// For what may follow. A connection to a host that is met once an hour is dead by then, and each one that is kept costs every
    /// other transfer: with 256 of them 160 µs on a new connection, with none 101 µs.
    func keepConnection() { feedwatch_easy_long(easy, CURLOPT_FORBID_REUSE, 0) }

    /// All of it: nothing of the last source's manner stays behind.
    private func take(_ manner: Manner) {
        setUp(manner.proxy)
        setUp(manner.login)
        setUp(manner.options)
        feedwatch_easy_long(easy, CURLOPT_LOW_SPEED_TIME, manner.limits.slowSeconds)
        feedwatch_easy_long(easy, CURLOPT_LOW_SPEED_LIMIT, manner.limits.slowBytesPerSecond)
        self.manner = manner
    }

    /// Without one, no proxy of the environment takes its place.
    private func setUp(_ proxy: Proxy?) {
        feedwatch_easy_string(easy, CURLOPT_PROXY, proxy?.text ?? "")
        feedwatch_easy_string(easy, CURLOPT_NOPROXY, proxy == nil ? "*" : "")
        guard case .basic(let user, let password) = proxy?.login else {
            feedwatch_easy_string(easy, CURLOPT_PROXYUSERNAME, nil)
            feedwatch_easy_string(easy, CURLOPT_PROXYPASSWORD, nil)
            return
        }
        feedwatch_easy_string(easy, CURLOPT_PROXYUSERNAME, user)
        feedwatch_easy_string(easy, CURLOPT_PROXYPASSWORD, password)
    }

    private func setUp(_ login: Login?) {
        var basic: (user: String, password: String)?
        var bearer: String?
        var kinds = feedwatch_auth_basic
        switch login {
        case .basic(let user, let password): basic = (user, password)
        case .bearer(let token): (bearer, kinds) = (token, feedwatch_auth_bearer)
        case nil: break
        }
        feedwatch_easy_string(easy, CURLOPT_USERNAME, basic?.user)
        feedwatch_easy_string(easy, CURLOPT_PASSWORD, basic?.password)
        feedwatch_easy_string(easy, CURLOPT_XOAUTH2_BEARER, bearer)
        feedwatch_easy_long(easy, CURLOPT_HTTPAUTH, kinds)
    }

    private func setUp(_ options: RequestOptions) {
        let strings: [(CURLoption, String?)] = [
            (CURLOPT_USERAGENT, options.userAgent ?? userAgent), (CURLOPT_CAINFO, options.authorities ?? caBundle),
            (CURLOPT_SSLCERT, options.certificate), (CURLOPT_SSLKEY, options.certificate),
            (CURLOPT_COOKIE, options.cookie),
        ]
        for (option, value) in strings { feedwatch_easy_string(easy, option, value) }
        let version = options.httpVersion == .one ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
        feedwatch_easy_long(easy, CURLOPT_HTTP_VERSION, version)
        // Addresses were chosen before; this keeps a connection of the other family from serving.
        let families: [RequestOptions.Family?: Int32] = [.ipv4: CURL_IPRESOLVE_V4, .ipv6: CURL_IPRESOLVE_V6]
        feedwatch_easy_long(easy, CURLOPT_IPRESOLVE, Int(families[options.family] ?? CURL_IPRESOLVE_WHATEVER))
        feedwatch_easy_long(easy, CURLOPT_SSL_VERIFYPEER, options.isInsecure ? 0 : 1)
        feedwatch_easy_long(easy, CURLOPT_SSL_VERIFYHOST, options.isInsecure ? 0 : 2)
    }

    /// The cookies that stand after this hop, at most `Limits.cookiesMax`.
    private var cookies: [String] {
        var list: UnsafeMutableRawPointer?
        feedwatch_easy_info_pointer(easy, CURLINFO_COOKIELIST, &list)
        guard let first = list?.assumingMemoryBound(to: curl_slist.self) else { return [] }
        defer { curl_slist_free_all(first) }
        var lines: [String] = []
        var next: UnsafeMutablePointer<curl_slist>? = first
        while let line = next, lines.count < Limits.cookiesMax {
            if let data = line.pointee.data { lines.append(String(cString: data)) }
            next = line.pointee.next
        }
        return lines
    }

    /// Takes libcurl's account into the transfer and lets go of it; nil when there is none. The handle has left the multi handle.
    func finish(_ code: CURLcode) -> Transfer? {
        guard let transfer else { return nil }
        self.transfer = nil
        transfer.code = code
        transfer.status = long(CURLINFO_RESPONSE_CODE)
        transfer.spent = .microseconds(offset(CURLINFO_TOTAL_TIME_T))
        transfer.received = offset(CURLINFO_SIZE_DOWNLOAD_T)
        // Only a redirect has a next hop that they could be for.
        if (300..<400).contains(transfer.status) { transfer.cookies = cookies }
        var address: UnsafeMutableRawPointer?
        feedwatch_easy_info_pointer(easy, CURLINFO_PRIMARY_IP, &address)
        if let address { transfer.address = String(cString: address.assumingMemoryBound(to: CChar.self)) }
        if code != CURLE_OK {
            transfer.errorText = String(
                cString: errorText[0] != 0 ? UnsafePointer(errorText) : curl_easy_strerror(code))
            transfer.systemError = long(CURLINFO_OS_ERRNO)
            transfer.verifyResult = long(CURLINFO_SSL_VERIFYRESULT)
            if let localPort, sockets.takesCut(localPort: localPort), transfer.refusal == nil {
                transfer.refusal = .flood
            }
            transfer.connectStatus = transfer.proxy == nil ? 0 : long(CURLINFO_HTTP_CONNECTCODE)
        }
        errorText[0] = 0
        feedwatch_easy_list(easy, CURLOPT_HTTPHEADER, nil)
        feedwatch_easy_list(easy, CURLOPT_RESOLVE, nil)
        curl_slist_free_all(headers)
        curl_slist_free_all(names)
        (headers, names) = (nil, nil)
        if hasOwnUnpacking {
            feedwatch_easy_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 1)
            feedwatch_easy_long(easy, CURLOPT_NOPROGRESS, 1)
            hasOwnUnpacking = false
        }
        transfer.handle = nil
        return transfer
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        feedwatch_easy_info_offset(easy, info, &value)
        return Int(value)
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        feedwatch_easy_info_long(easy, info, &value)
        return value
    }
}

extension Duration {
    /// Rounded down, at least 1: libcurl reads 0 as "for ever".
    fileprivate var milliseconds: Int {
        max(1, Int(min(components.seconds, 86_400)) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
