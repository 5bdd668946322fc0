import News
import NewsTesting
import Testing

@testable import Fetch

@Suite struct AccessTests {
    @Test("A login goes to the server that it is for, and not along with a redirect to another")
    func loginStaysAtHome() async throws {
        let other = try LoopbackServer(host: "127.0.0.2") { _ in .text("other") }
        let server = try LoopbackServer { [port = other.port] request in
            switch request.path {
            case "/here": .redirect("/there")
            case "/away": .redirect("http://127.0.0.2:\(port)/")
            default: .text("here")
            }
        }
        defer { server.stop(); other.stop() }
        let fetcher = makeFetcher()
        let login = Login.basic(user: "reader", password: "open: sesame")
        _ = try await fetcher.fetch(feedRequest(server.url("/here")) { $0.login = login })
        _ = try await fetcher.fetch(feedRequest(server.url("/away")) { $0.login = login })
        _ = try await fetcher.fetch(feedRequest(server.url("/token")) { $0.login = .bearer(token: "t0k3n") })
        // The same handles and connections, without.
        _ = try await fetcher.fetch(feedRequest(server.url("/plain")))
        let basic = "Basic cmVhZGVyOm9wZW46IHNlc2FtZQ=="
        #expect(
            server.requests.map { "\($0.path) \($0.header("Authorization") ?? "-")" } == [
                "/here \(basic)", "/there \(basic)", "/away \(basic)", "/token Bearer t0k3n", "/plain -",
            ])
        #expect(other.requests.map { $0.header("Authorization") } == [nil])
        await fetcher.shutdown()
    }

    @Test("An HTTP proxy is asked with the whole address and its own login, and never the server itself")
    func httpProxy() async throws {
        let proxy = try LoopbackServer(host: "127.0.0.3") { _ in .text("by the proxy") }
        defer { proxy.stop() }
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) { $0.lookup = { _ in [IPAddress("127.0.0.2")!] } }
        var way = try Proxy("http://127.0.0.3:\(proxy.port)")
        way.login = .basic(user: "u", password: "p")
        let answer = try await fetcher.fetch(
            FetchRequest(url: "http://outlet.test/rss", kind: .feed, proxy: way))
        #expect(String(decoding: answer.body, as: UTF8.self) == "by the proxy")
        let request = try #require(proxy.requests.first)
        #expect(request.path == "http://outlet.test/rss" && request.header("Host") == "outlet.test")
        #expect(request.header("Proxy-Authorization") == "Basic dTpw" && request.header("Authorization") == nil)
        // Without a proxy the same fetcher goes to the server itself, where nobody listens.
        let direct = await fetcher.failure(FetchRequest(url: "http://outlet.test:1/rss", kind: .feed))
        #expect(direct?.code == .refusedConnection && proxy.requests.count == 1)
        await fetcher.shutdown()
    }

    @Test("Through a proxy too, a name is judged before anybody is asked; unless names are the proxy's affair")
    func judgedFirst() async throws {
        let proxy = try LoopbackServer { _ in .text("secret") }
        defer { proxy.stop() }
        let fetcher = makeFetcher { $0.lookup = { _ in [IPAddress("10.0.0.1")!] } }
        var way = try Proxy("http://127.0.0.1:\(proxy.port)")
        func ask(_ url: String) async -> FetchError? {
            await fetcher.failure(FetchRequest(url: url, kind: .page, proxy: way))
        }
        for url in ["http://inside.test/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/"] {
            #expect(await ask(url)?.code == .privateAddress)
        }
        #expect(proxy.requests.isEmpty)
        way.resolvesNames = true
        #expect(await ask("http://inside.test/") == nil)
        // An address is judged whoever looks names up.
        #expect(await ask("http://10.0.0.1/")?.code == .privateAddress)
        #expect(proxy.requests.count == 1)
        await fetcher.shutdown()
    }

    @Test("SOCKS gets the address that was judged, SOCKS with names the name, and Tor's names are not looked up here")
    func socks() async throws {
        // The proxy has one connection at a time.
        let server = try LoopbackServer { _ in .text("here", headers: [("Connection", "close")]) }
        let proxy = try SocksServer(target: server.port)
        defer { proxy.stop(); server.stop() }
        let fetcher = makeFetcher(ordinary: ["127.0.0.9"]) {
            $0.lookup = { name in
                if name.hasSuffix(".onion") { throw CancellationError() }
                return [IPAddress("127.0.0.9")!]
            }
        }
        for (scheme, host) in [("socks5", "outlet.test"), ("socks5h", "outlet.test"), ("socks5h", "abc.onion")] {
            let request = FetchRequest(
                url: "http://\(host)/", kind: .page, proxy: try Proxy("\(scheme)://127.0.0.1:\(proxy.port)"))
            #expect(try await fetcher.fetch(request).status == 200)
        }
        #expect(proxy.requests == ["address 127.0.0.9:80", "name outlet.test:80", "name abc.onion:80"])
        await fetcher.shutdown()
    }

    @Test("A proxy that is not there or wants a login is told as such, not as the server's fault")
    func faultyProxy() async throws {
        let proxy = try LoopbackServer { request in
            .text("no", status: request.method == "CONNECT" && request.path.hasPrefix("shut") ? 403 : 407)
        }
        let gone = try LoopbackServer { _ in .text("") }
        gone.stop()
        defer { proxy.stop() }
        let fetcher = makeFetcher(ordinary: ["127.0.0.1"])
        for (url, port, words) in [
            ("http://outlet.test/", gone.port, "through http://127.0.0.1"),
            ("http://outlet.test/", proxy.port, "wants a login"), ("https://outlet.test/", proxy.port, "wants a login"),
            ("https://shut.test/", proxy.port, "answered 403 to CONNECT"),
        ] {
            let error = await fetcher.failure(
                FetchRequest(url: url, kind: .page, proxy: try Proxy("http://127.0.0.1:\(port)")))
            #expect(error?.code == .proxy && error?.detail.contains(words) == true, "\(String(describing: error))")
        }
        await fetcher.shutdown()
    }

    @Test(
        "A proxy's address is a scheme, a host and a port",
        arguments: [
            "127.0.0.1:9050", "ftp://a.test:1", "http://a.test", "http://a.test:80/path", "http://u:p@a.test:80",
            "socks5://[::1]", "socks5://:9050", "http://a b:80", "https://a.test:0", "",
        ])
    func badAddress(url: String) {
        #expect(throws: FetchError.self) { try Proxy(url) }
    }
}
