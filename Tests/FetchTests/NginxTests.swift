import News
import Testing

@testable import Fetch

/// Against the server that most feeds are behind.
@Suite(.enabled(if: NginxServer.isWanted, "nginx or openssl is not installed"))
struct NginxTests {
    private static let feed = Array(
        ("<rss>" + String(repeating: "<item><title>Ferries run</title></item>", count: 500) + "</rss>").utf8)

    private let identities: TLSIdentities
    private let server: NginxServer

    init() throws {
        identities = try TLSIdentities()
        server = try NginxServer(
            identities.identity("outlet.test"),
            files: ["feed.xml": Self.feed, "big.bin": [UInt8](repeating: 7, count: 3 << 20)])
    }

    private func request(_ url: String, _ change: (inout FetchRequest) -> Void = { _ in }) -> FetchRequest {
        feedRequest(url) {
            $0.options.authorities = identities.authority.certificate
            change(&$0)
        }
    }

    @Test(
        "HTTP/1.1, and over TLS HTTP/2 where it is wanted: the body comes packed and is unpacked, on one connection",
        arguments: [
            (false, RequestOptions.HTTPVersion.two, "HTTP/1.1"), (true, .one, "HTTP/1.1"), (true, .two, "HTTP/2.0"),
        ])
    func versions(tls: Bool, wanted: RequestOptions.HTTPVersion, spoken: String) async throws {
        let fetcher = makeFetcher()
        for _ in 0..<3 {
            let answer = try await fetcher.fetch(
                request(server.url("feed.xml", tls: tls)) { $0.options.httpVersion = wanted })
            #expect(answer.status == 200 && answer.body == Self.feed)
            #expect(
                answer.headers["Content-Encoding"] == "gzip" && answer.headers["Content-Type"] == "application/rss+xml")
        }
        #expect(fetcher.receivedBytes < Self.feed.count / 4)
        let log = await server.log(lines: 3)
        #expect(log.map(\.version) == [spoken, spoken, spoken] && log.map(\.number) == [1, 2, 3], "\(log)")
        #expect(Set(log.map(\.connection)).count == 1)
        await fetcher.shutdown()
    }

    @Test("Its ETag and its Last-Modified, together and each alone, are answered with 304", arguments: [true, false])
    func notModified(tls: Bool) async throws {
        let fetcher = makeFetcher()
        let url = server.url("feed.xml", tls: tls)
        let first = try await fetcher.fetch(request(url))
        let known = Validators.none.updated(by: first.headers, status: 200)
        // Packed on the way, its validator is a weak one.
        #expect(known.etag?.hasPrefix("W/\"") == true && known.lastModified?.hasSuffix("GMT") == true)
        for validators in [known, Validators(etag: known.etag), Validators(lastModified: known.lastModified)] {
            let again = try await fetcher.fetch(request(url) { $0.validators = validators })
            #expect(again.status == 304 && again.body.isEmpty)
            #expect(known.updated(by: again.headers, status: 304).lastModified == known.lastModified)
        }
        let stale = Validators(etag: "\"another\"", lastModified: known.lastModified)
        #expect(try await fetcher.fetch(request(url) { $0.validators = stale }).status == 200)
        await fetcher.shutdown()
    }

    @Test("Without the file of its authority it is refused, and asked nothing; after a redirect too")
    func authority() async throws {
        let fetcher = makeFetcher()
        #expect(await fetcher.failure(feedRequest(server.url("feed.xml")))?.code == .tlsUnknownCA)
        let other = await fetcher.failure(request(server.url("feed.xml").replacing("outlet.test", with: "other.test")))
        #expect(other?.code == .tlsWrongHost)
        let moved = try await fetcher.fetch(request(server.url("moved")))
        #expect(moved.status == 200 && moved.hops.map(\.status) == [301])
        let log = await server.log(lines: 2)
        #expect(log.map(\.request) == ["GET /moved", "GET /feed.xml"] && log.map(\.number) == [1, 2], "\(log)")
        await fetcher.shutdown()
    }

    @Test(
        "A page beyond the limit is refused by what is announced, and the next request goes on",
        arguments: [true, false])
    func tooLarge(tls: Bool) async throws {
        let fetcher = makeFetcher()
        let big = request(server.url("big.bin", tls: tls)) {
            ($0.kind, $0.limits) = (.page, FetchLimits(.page))
            $0.limits.bodyBytesMax = 1 << 20
        }
        let error = await fetcher.failure(big)
        #expect(error?.code == .tooLarge)
        #expect(fetcher.receivedBytes < 1 << 20)
        #expect(try await fetcher.fetch(request(server.url("feed.xml", tls: tls))).body == Self.feed)
        #expect(try await fetcher.fetch(request(server.url("big.bin", tls: tls))).body.count == 3 << 20)
        await fetcher.shutdown()
    }

    /// Over which protocol a connection is kept.
    enum Way: CaseIterable {
        case plain, tls, two

        var isTLS: Bool { self != .plain }
    }

    private func request(_ server: NginxServer, _ way: Way, isPrivate: Bool) -> FetchRequest {
        request(server.url("feed.xml", tls: way.isTLS)) {
            $0.options.httpVersion = way == .two ? .two : .one
            $0.allowsPrivateHosts = isPrivate
        }
    }

    @Test(
        "A connection that a source with private_hosts has left open, to one of a name's addresses, serves no source without: that one has its own",
        arguments: Way.allCases)
    func keptForOthers(way: Way) async throws {
        let server = try NginxServer(
            identities.identity("outlet.test"), files: ["feed.xml": Self.feed], addresses: ["127.0.0.1", "127.0.0.2"])
        func fetcher() -> Fetcher {
            makeFetcher(ordinary: ["127.0.0.2"]) {
                $0.lookup = { _ in [IPAddress("127.0.0.1")!, IPAddress("127.0.0.2")!] }
            }
        }
        let first = fetcher()
        for isPrivate in [true, false, false, true, false] {
            let answer = try await first.fetch(request(server, way, isPrivate: isPrivate))
            #expect(answer.status == 200 && answer.body == Self.feed)
            if !isPrivate { #expect(answer.address == "127.0.0.2") }
        }
        await first.shutdown()
        let log = await server.log(lines: 5)
        #expect(log.count == 5 && log[0].address == "127.0.0.1", "\(log)")
        for place in [1, 2, 4] where place < log.count { #expect(log[place].address == "127.0.0.2", "\(log)") }
        // The other way round: what serves everybody serves who may go everywhere, too.
        let second = fetcher()
        for isPrivate in [false, true] {
            #expect(try await second.fetch(request(server, way, isPrivate: isPrivate)).address == "127.0.0.2")
        }
        await second.shutdown()
        let both = await server.log(lines: 7).suffix(2)
        #expect(Set(both.map(\.connection)).count == 1 && both.map(\.number) == [1, 2], "\(both)")
    }

    @Test(
        "A tunnel that a login has opened serves nobody else: sources of one proxy with other logins, or none, have their own",
        arguments: [RequestOptions.HTTPVersion.one, .two])
    func tunnels(version: RequestOptions.HTTPVersion) async throws {
        let proxy = try ConnectProxy(target: server.tlsPort)
        defer { proxy.stop() }
        let fetcher = makeFetcher()
        for user in ["a", nil, "b", nil, "a", "a"] {
            var way = try Proxy("http://127.0.0.1:\(proxy.port)")
            way.login = user.map { .basic(user: $0, password: "p") }
            let answer = try await fetcher.fetch(
                request(server.url("feed.xml")) {
                    ($0.proxy, $0.options.httpVersion) = (way, version)
                })
            #expect(answer.status == 200 && answer.body == Self.feed)
        }
        // Who has no login shares with who has none.
        #expect(proxy.logins == ["Basic YTpw", "-", "Basic Yjpw", "Basic YTpw", "Basic YTpw"])
        await fetcher.shutdown()
    }

    @Test(
        "A connection whose certificate nobody has looked at serves no source that does, and the other way round",
        arguments: [RequestOptions.HTTPVersion.one, .two])
    func keptUnchecked(version: RequestOptions.HTTPVersion) async throws {
        let fetcher = makeFetcher()
        func ask(insecure: Bool, authority: Bool = false) async -> FetchError? {
            await fetcher.failure(
                feedRequest(server.url("feed.xml")) {
                    $0.options.httpVersion = version
                    $0.options.isInsecure = insecure
                    if authority { $0.options.authorities = identities.authority.certificate }
                })
        }
        #expect(await ask(insecure: true) == nil)
        #expect(await ask(insecure: false)?.code == .tlsUnknownCA)
        #expect(await ask(insecure: false, authority: true) == nil)
        #expect(await ask(insecure: true) == nil)
        let log = await server.log(lines: 3)
        #expect(log.count == 3 && log.map(\.connection)[0] != log.map(\.connection)[1], "\(log)")
        await fetcher.shutdown()
    }
}
