import News
import NewsTesting
import Testing

@testable import Fetch

@Suite struct FetchTests {
    @Test("A conditional GET sends both validators back exactly as they came and gets a 304")
    func conditionalGet() async throws {
        let validators = (etag: "W/\"a-1\"", date: "Sun, 06 Nov 1994 08:49:37 GMT")
        let server = try LoopbackServer { request in
            if request.header("If-None-Match") == validators.etag,
                request.header("If-Modified-Since") == validators.date
            {
                return .init(status: 304, headers: [("ETag", validators.etag)])
            }
            return .text("<rss/>", headers: [("ETag", validators.etag), ("Last-Modified", validators.date)])
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let first = try await fetcher.fetch(feedRequest(server.url("/feed")))
        #expect(first.status == 200)
        #expect(first.body == Array("<rss/>".utf8))
        #expect(first.address == "127.0.0.1")
        let known = Validators.none.updated(by: first.headers, status: 200)
        let second = try await fetcher.fetch(feedRequest(server.url("/feed")) { $0.validators = known })
        #expect(second.status == 304)
        #expect(second.body.isEmpty)
        #expect(known.updated(by: second.headers, status: 304) == known)
        await fetcher.shutdown()
    }

    @Test("A request says who asks and what is wanted, and carries neither cookies nor a referrer")
    func requestHeaders() async throws {
        let server = try LoopbackServer { _ in .text("x", headers: [("Set-Cookie", "a=b; Path=/")]) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        for _ in 0..<2 { _ = try await fetcher.fetch(feedRequest(server.url("/"))) }
        let request = try #require(server.requests.last)
        #expect(request.method == "GET")
        #expect(request.header("User-Agent") == "feedwatch/test (contact: nobody@example.org)")
        #expect(request.header("Accept")?.contains("application/rss+xml") == true)
        #expect(request.header("Accept-Encoding")?.contains("gzip") == true)
        #expect(request.header("Cookie") == nil)
        #expect(request.header("Referer") == nil)
        #expect(request.header("If-None-Match") == nil)
        await fetcher.shutdown()
    }

    @Test("Statuses are answers, and the server's words come with them", arguments: [404, 410, 429, 500, 503])
    func statuses(status: Int) async throws {
        let server = try LoopbackServer { _ in .text("please wait", status: status, headers: [("Retry-After", "7")]) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let answer = try await fetcher.fetch(feedRequest(server.url("/")))
        #expect(answer.status == status)
        #expect(answer.body == Array("please wait".utf8))
        #expect(RetryAfter.delay(answer.headers, now: Timestamp(seconds: 0)) == .seconds(7))
        await fetcher.shutdown()
    }

    @Test("A long error page is cut, not refused")
    func longErrorPage() async throws {
        let server = try LoopbackServer { _ in
            .init(status: 503, body: [UInt8](repeating: 65, count: 4096), behaviour: .endless)
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let answer = try await fetcher.fetch(feedRequest(server.url("/")))
        #expect(answer.status == 503)
        #expect(answer.body.count == Limits.errorBodyBytesMax)
        await fetcher.shutdown()
    }

    @Test("A gzip body arrives decompressed")
    func gzip() async throws {
        let text = Array(String(repeating: "<item>三沢</item>", count: 100).utf8)
        let server = try LoopbackServer { _ in .init(headers: [("Content-Encoding", "gzip")], body: Gzip.stored(text)) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let answer = try await fetcher.fetch(feedRequest(server.url("/")))
        #expect(answer.body == text)
        await fetcher.shutdown()
    }

    @Test(
        "What browsers read is read: several gzip members, bytes behind the last, a file that is packed, a coding that is none",
        arguments: [
            ("gzip", .stored, nil), ("x-gzip", .stored, nil), ("GZip, identity", .stored, nil),
            ("gzip", .members, nil), ("gzip", .emptyMember, nil),
            ("gzip", .withMore, .endsInOther), ("gzip", .withZeros, .endsInOther), ("gzip", .withMagic, nil),
            ("gzip", .cut, .breaksOff),
            (nil, .stored, nil), ("none", .stored, .misnomer("none")), ("utf-8", .plain, .misnomer("utf-8")),
            ("", .plain, nil), ("identity", .plain, nil), ("text/xml, none", .plain, .misnomer("text/xml")),
            ("utf-8, gzip", .stored, .misnomer("utf-8")),
        ] as [(String?, Packing, FetchResponse.CodingFault?)])
    func oddCodings(coding: String?, packing: Packing, fault: FetchResponse.CodingFault?) async throws {
        let text = Array(String(repeating: "<item>三沢</item>", count: 100).utf8)
        for isSlow in [false, true] {
            let server = try LoopbackServer { _ in
                .init(
                    headers: coding.map { [("Content-Encoding", $0)] } ?? [], body: packing.packed(text),
                    // Byte by byte, as good as.
                    behaviour: isSlow ? .drip(bytesPerSecond: 20_000) : .normal)
            }
            defer { server.stop() }
            let fetcher = makeFetcher()
            for _ in 0..<2 {
                let answer = try await fetcher.fetch(feedRequest(server.url("/")))
                #expect(
                    packing == .cut ? text.starts(with: answer.body) && answer.body.count > 1000 : answer.body == text)
                #expect(answer.codingFault == fault && !answer.isCut && answer.endIsKnown == (packing != .cut))
            }
            #expect(server.requests.count == 2)
            // The handle that has served these unpacks what libcurl has to.
            await fetcher.shutdown()
        }
    }

    enum Packing {
        case plain, stored, members, emptyMember, withMore, withZeros, withMagic, cut

        func packed(_ text: [UInt8]) -> [UInt8] {
            let whole = Gzip.stored(text)
            return switch self {
            case .plain: text
            case .stored: whole
            case .members: Gzip.stored(Array(text.prefix(700))) + Gzip.stored(Array(text.dropFirst(700)))
            case .emptyMember: whole + Gzip.stored([])
            case .withMore: whole + Array("<!-- cached -->".utf8)
            case .withZeros: whole + [UInt8](repeating: 0, count: 512)
            case .withMagic: whole + [0x1F, 0x8B]
            case .cut: Array(whole.prefix(whole.count - 500))
            }
        }
    }

    @Test("A handle that has read a gzip unpacks the next source's Brotli, and the other way round")
    func codingsInTurn() async throws {
        let text = Array("<rss>三沢基地</rss>".utf8)
        let server = try LoopbackServer { request in
            switch request.path {
            case "/gzip": .init(headers: [("Content-Encoding", "gzip")], body: Gzip.stored(text))
            case "/br": .init(headers: [("Content-Encoding", "br")], body: Brotli.stored(text))
            default: .init(body: text)
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        for path in ["/gzip", "/br", "/", "/br", "/gzip", "/"] {
            #expect(try await fetcher.fetch(feedRequest(server.url(path))).body == text)
        }
        await fetcher.shutdown()
    }

    @Test("Brotli and zstd bodies arrive decompressed", arguments: ["br", "zstd"])
    func otherCodings(coding: String) async throws {
        let text = Array(String(repeating: "三沢基地 ", count: 15).utf8)
        let body = coding == "br" ? Brotli.stored(text) : Zstd.stored(text)
        let server = try LoopbackServer { _ in .init(headers: [("Content-Encoding", coding)], body: body) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        #expect(try await fetcher.fetch(feedRequest(server.url("/"))).body == text)
        #expect(server.requests[0].header("Accept-Encoding")?.contains(coding) == true)
        await fetcher.shutdown()
    }

    @Test("Whatever servers and callers do, every fetch ends and every permit and turn comes back")
    func chaos() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("chaos seed \(seed)")
        let server = try LoopbackServer { request in
            let body = [UInt8](repeating: 65, count: 3000)
            return switch request.path.last {
            case "1": .init(body: body, behaviour: .stall)
            case "2": .init(body: body, behaviour: .endless)
            case "3": .init(body: body, behaviour: .truncate(afterBytes: 10))
            case "4": .init(behaviour: .close)
            case "5": .redirect("/\(request.path.count)")
            case "6": .init(body: body, behaviour: .drip(bytesPerSecond: 1000))
            default: .init(body: body)
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher {
            $0.transfersMax = 4
            $0.bytesInFlightMax = 20_000
        }
        let port = server.port
        var random = Random(state: seed)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<300 {
                let url = "http://h\(random.next() % 40).test:\(port)/a\(random.next() % 10)"
                let patience = Duration.milliseconds(Int(random.next() % 200))
                let gives = random.next() % 3 == 0
                group.addTask {
                    let task = Task {
                        await fetcher.failure(
                            feedRequest(url) {
                                $0.limits.deadline = .milliseconds(60)
                                $0.limits.bodyBytesMax = 100_000
                            })
                    }
                    if gives {
                        try? await Task.sleep(for: patience)
                        task.cancel()
                    }
                    _ = await task.value
                }
            }
        }
        for n in 0..<40 {
            #expect(try await fetcher.fetch(feedRequest("http://h\(n).test:\(port)/b0")).status == 200, "seed \(seed)")
        }
        await fetcher.shutdown()
    }

    // The codes are the proof: were it not ended, it would be `timed-out`, a minute later.
    @Test("A fetch that is cancelled ends at once")
    func cancellation() async throws {
        let server = try LoopbackServer { _ in .init(body: [1], behaviour: .stall) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let url = server.url("/")
        // Behind the first, the second waits for the host's turn; both are cancelled.
        let tasks = (0..<2).map { _ in Task { await fetcher.failure(feedRequest(url)) } }
        while server.requests.isEmpty { await Task.yield() }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value?.code == .cancelled) }
        // The turn was given back.
        #expect(await fetcher.failure(feedRequest(url) { $0.limits.deadline = .milliseconds(100) })?.code == .timedOut)
        await fetcher.shutdown()
    }

    @Test("A shutdown ends what is under way and what comes later")
    func shutdown() async throws {
        let server = try LoopbackServer { _ in .init(body: [1], behaviour: .stall) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let port = server.port
        let tasks = (0..<20).map { n in Task { await fetcher.failure(feedRequest("http://h\(n).test:\(port)/")) } }
        while server.requests.count < 20 { await Task.yield() }
        await fetcher.shutdown()
        for task in tasks { #expect(await task.value?.code == .stopped) }
        #expect(await fetcher.failure(feedRequest(server.url("/")))?.code == .stopped)
        await fetcher.shutdown()
    }
}
