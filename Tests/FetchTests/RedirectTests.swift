import News
import NewsTesting
import Synchronization
import Testing

@testable import Fetch

@Suite struct RedirectTests {
    @Test("Redirects are followed, and the validators go along")
    func hops() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/old": .redirect("/sub/../new?q=a b", status: 301)
            case "/new?q=a%20b": .redirect("//user:secret@Other.test:\(request.header("X-Port") ?? "1")/", status: 307)
            default: .text("here")
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let error = await fetcher.failure(
            feedRequest(server.url("/old")) { $0.validators = Validators(etag: "\"v\"") })
        #expect(error?.code == .refusedConnection)
        #expect(error?.detail.hasPrefix("http://other.test:1/") == true)
        #expect(server.requests.map(\.path) == ["/old", "/new?q=a%20b"])
        #expect(server.requests.allSatisfy { $0.header("If-None-Match") == "\"v\"" })
        #expect(server.requests.allSatisfy { $0.header("Authorization") == nil })
        await fetcher.shutdown()
    }

    @Test("An answer after redirects tells each of them in order")
    func hopsOfAnAnswer() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/old": .redirect("new", status: 308)
            case "/new": .redirect("/now", status: 302)
            default: .text("here")
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let answer = try await fetcher.fetch(feedRequest(server.url("/old")))
        #expect(answer.url == server.url("/now"))
        #expect(
            answer.hops == [
                Hop(from: server.url("/old"), to: server.url("/new"), status: 308),
                Hop(from: server.url("/new"), to: server.url("/now"), status: 302),
            ])
        await fetcher.shutdown()
    }

    @Test(
        "A redirect to another scheme is refused",
        arguments: ["file:///etc/passwd", "gopher://h.test/", "ftp://h.test/x", "javascript:alert(1)", "data:,x"])
    func schemes(location: String) async throws {
        let server = try LoopbackServer { _ in .redirect(location) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let error = await fetcher.failure(feedRequest(server.url("/")))
        #expect([.scheme, .badAddress].contains(error?.code), "\(error?.description ?? "an answer")")
        #expect(error?.code == .scheme || !location.contains("://"))
        await fetcher.shutdown()
    }

    @Test(
        "A public host cannot lead into the machine's own network",
        arguments: [
            "127.0.0.1", "inside.test", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "127%2e0%2e0%2e1", "0",
        ])
    func privateTargets(host: String) async throws {
        let inner = try LoopbackServer { _ in .text("secret") }
        let outer = try LoopbackServer(host: "127.0.0.2") { [port = inner.port] _ in
            .redirect("http://\(host):\(port)/")
        }
        defer { inner.stop(); outer.stop() }
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) {
            $0.lookup = { [IPAddress($0 == "inside.test" ? "127.0.0.1" : "127.0.0.2")!] }
        }
        let error = await fetcher.failure(FetchRequest(url: "http://public.test:\(outer.port)/", kind: .page))
        #expect(error?.code == .privateAddress, "\(error?.description ?? "an answer")")
        #expect(outer.requests.count == 1)
        #expect(inner.requests.isEmpty)
        await fetcher.shutdown()
    }

    @Test("A name that changes to loopback after it was judged is not looked up again in between")
    func rebinding() async throws {
        let outer = try LoopbackServer(host: "127.0.0.2") { _ in .text("public") }
        let inner = try LoopbackServer(port: outer.port) { _ in .text("secret") }
        defer { inner.stop(); outer.stop() }
        let asked = Mutex(0)
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) {
            $0.lookup = { _ in
                asked.withLock { $0 += 1 }
                return [IPAddress(asked.withLock { $0 } == 1 ? "127.0.0.2" : "127.0.0.1")!]
            }
        }
        for _ in 0..<3 {
            let answer = try await fetcher.fetch(FetchRequest(url: "http://rebind.test:\(outer.port)/", kind: .page))
            #expect(answer.body == Array("public".utf8))
        }
        #expect(inner.requests.isEmpty)
        await fetcher.shutdown()
    }

    @Test(
        "A kept connection to a private address does not serve a source that may not use it, which reaches the public one"
    )
    func reusedConnection() async throws {
        let inner = try LoopbackServer { _ in .text("secret") }
        let outer = try LoopbackServer(port: inner.port, host: "127.0.0.2") { _ in .text("public") }
        defer { inner.stop(); outer.stop() }
        // Both addresses belong to the name; who may use private ones has connected to the first.
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) {
            $0.lookup = { _ in [IPAddress("127.0.0.1")!, IPAddress("127.0.0.2")!] }
        }
        let url = "http://both.test:\(inner.port)/"
        #expect(try await fetcher.fetch(feedRequest(url)).address == "127.0.0.1")
        for _ in 0..<2 {
            let answer = try await fetcher.fetch(FetchRequest(url: url, kind: .page))
            #expect(answer.address == "127.0.0.2" && answer.body == Array("public".utf8))
        }
        #expect(inner.requests.count == 1 && outer.requests.count == 2)
        await fetcher.shutdown()
    }

    @Test("A port of another protocol is asked for by nobody, named or redirected to", arguments: [22, 25, 6667])
    func portsOfOthers(port: Int) async throws {
        let server = try LoopbackServer { _ in .redirect("http://127.0.0.1:\(port)/") }
        defer { server.stop() }
        let fetcher = makeFetcher()
        for url in ["http://127.0.0.1:\(port)/", server.url("/")] {
            let error = await fetcher.failure(feedRequest(url))
            #expect(error?.code == .badAddress && error?.detail.contains("port \(port)") == true)
        }
        await fetcher.shutdown()
    }
}
