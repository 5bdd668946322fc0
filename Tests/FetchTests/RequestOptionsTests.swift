import News
import NewsTesting
import Testing

@testable import Fetch

@Suite struct RequestOptionsTests {
    @Test("A source's own headers, cookie and name go to its own server, and its name alone to where that leads")
    func headers() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { _ in .text("other") }
        let server = try LoopbackServer { [port = other.port] request in
            request.path == "/away" ? .redirect("http://127.0.0.2:\(port)/") : .text("here")
        }
        defer { server.stop(); other.stop() }
        let fetcher = makeFetcher()
        var options = RequestOptions()
        options.userAgent = "somebody/1"
        options.headers = ["X-Key: k", "accept: text/x-odd"]
        options.cookie = "a=b; c=d"
        _ = try await fetcher.fetch(feedRequest(server.url("/away")) { $0.options = options })
        _ = try await fetcher.fetch(feedRequest(server.url("/plain")))
        func said(_ request: LoopbackServer.Request) -> [String?] {
            ["User-Agent", "X-Key", "Cookie"].map(request.header)
        }
        #expect(said(server.requests[0]) == ["somebody/1", "k", "a=b; c=d"])
        #expect(server.requests[0].headers.filter { $0.0.lowercased() == "accept" }.map(\.1) == ["text/x-odd"])
        #expect(said(other.requests[0]) == ["somebody/1", nil, nil])
        #expect(said(server.requests[1]) == ["feedwatch/test (contact: nobody@example.org)", nil, nil])
        await fetcher.shutdown()
    }

    @Test("A cookie that a server sets on the way is sent along the way, to that server alone, and then forgotten")
    func cookies() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { _ in .text("other") }
        let server = try LoopbackServer { [port = other.port] request in
            var answer = LoopbackServer.Response.redirect("/gate")
            switch request.path {
            case "/start":
                answer.headers.append(("Set-Cookie", "seen=1; Path=/"))
                return answer
            case "/gate" where request.header("Cookie") == nil: return .redirect("/start")
            case "/gate": return .redirect("http://127.0.0.2:\(port)/")
            default: return .text("here")
            }
        }
        defer { server.stop(); other.stop() }
        let fetcher = makeFetcher()
        _ = try await fetcher.fetch(feedRequest(server.url("/start")))
        _ = try await fetcher.fetch(feedRequest(server.url("/later")))
        #expect(
            server.requests.map { "\($0.path) \($0.header("Cookie") ?? "-")" } == [
                "/start -", "/gate seen=1", "/later -",
            ])
        #expect(other.requests.map { $0.header("Cookie") } == [nil])
        await fetcher.shutdown()
    }

    @Test("Of a name with addresses of both families only those that are wanted are used")
    func family() async throws {
        let server = try LoopbackServer { _ in .text("here") }
        defer { server.stop() }
        let fetcher = makeFetcher { $0.lookup = { _ in [IPAddress("::1")!, IPAddress("127.0.0.1")!] } }
        func ask(_ family: RequestOptions.Family) async -> FetchError? {
            await fetcher.failure(feedRequest("http://both.test:\(server.port)/") { $0.options.family = family })
        }
        #expect(await ask(.ipv4) == nil)
        #expect(await ask(.ipv6)?.code == .refusedConnection)
        let literal = await fetcher.failure(feedRequest(server.url("/")) { $0.options.family = .ipv6 })
        #expect(literal?.code == .unresolved && server.requests.count == 1)
        await fetcher.shutdown()
    }
}

@Suite(.enabled(if: TLSServer.isWanted, "openssl is not installed"))
struct TLSTests {
    private func ask(
        _ server: TLSServer, host: String = "outlet.test", _ change: (inout RequestOptions) -> Void = { _ in }
    ) async -> FetchError? {
        let fetcher = makeFetcher()
        let error = await fetcher.failure(
            feedRequest("https://\(host):\(server.port)/") { change(&$0.options) })
        await fetcher.shutdown()
        return error
    }

    @Test("What is wrong with a certificate is named, and each of these is taken only where the source says so")
    func certificates() async throws {
        let identities = try TLSIdentities()
        let authority = identities.authority.certificate
        let good = try TLSServer(identities.identity("outlet.test"))
        #expect(await ask(good)?.code == .tlsUnknownCA)
        #expect(await ask(good) { $0.authorities = authority } == nil)
        #expect(await ask(good, host: "other.test") { $0.authorities = authority }?.code == .tlsWrongHost)
        let expired = try TLSServer(identities.identity("outlet.test", days: -1))
        #expect(await ask(expired) { $0.authorities = authority }?.code == .tlsExpired)
        let own = try TLSServer(identities.authority)
        #expect(await ask(own)?.code == .tlsUnknownCA, "it has signed itself")
        for (server, host) in [(good, "outlet.test"), (good, "other.test"), (expired, "outlet.test")] {
            #expect(await ask(server, host: host) { $0.isInsecure = true } == nil)
        }
        // What one source does without stays with it, also on a kept connection.
        let fetcher = makeFetcher()
        let url = "https://outlet.test:\(good.port)/"
        #expect(await fetcher.failure(feedRequest(url) { $0.options.isInsecure = true }) == nil)
        #expect(await fetcher.failure(feedRequest(url))?.code == .tlsUnknownCA)
        await fetcher.shutdown()
    }

    @Test("An old protocol is refused, and an authority's file that is not there is told")
    func protocols() async throws {
        let identities = try TLSIdentities()
        let identity = try identities.identity("outlet.test")
        let old = try TLSServer(identity, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(await ask(old) { $0.authorities = identities.authority.certificate }?.code == .tls)
        let good = try TLSServer(identity)
        #expect(await ask(good) { $0.authorities = identities.folder + "/none.pem" }?.code == .tls)
    }

    @Test(
        "A server that wants a client's certificate gets the source's, and a server that a redirect leads to does not")
    func clientCertificate() async throws {
        let identities = try TLSIdentities()
        let authority = identities.authority.certificate
        let server = try TLSServer(
            identities.identity("outlet.test"), ["-Verify", "1", "-verify_return_error", "-CAfile", authority])
        let client = try identities.joined(identities.identity("reader.test"))
        #expect(await ask(server) { $0.authorities = authority } != nil)
        #expect(
            await ask(server) {
                $0.authorities = authority
                $0.certificate = client
            } == nil)
        let start = try LoopbackServer { [port = server.port] _ in .redirect("https://outlet.test:\(port)/") }
        defer { start.stop() }
        let fetcher = makeFetcher()
        let error = await fetcher.failure(
            feedRequest(start.url("/")) {
                $0.options.authorities = authority
                $0.options.certificate = client
            })
        #expect(error?.code == .tls, "\(String(describing: error))")
        await fetcher.shutdown()
    }
}
