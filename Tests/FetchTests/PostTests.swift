import News
import NewsTesting
import Testing

@testable import Fetch

private let now = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

private func post(_ url: String, _ change: (inout Post) -> Void = { _ in }) -> Post {
    var post = Post(url: url, contentType: "application/json", body: Array("{\"alert\":1}".utf8))
    post.allowsPrivateHosts = true
    change(&post)
    return post
}

@Suite(.timeLimit(.minutes(2))) struct PostTests {
    @Test("A POST carries its body, type, headers and login, and nothing else")
    func plain() async throws {
        let server = try LoopbackServer { _ in .init(status: 204) }
        defer { server.stop() }
        let delivery = makeDelivery()
        let big = [UInt8](repeating: 0x61, count: 2 << 20)
        for (login, value) in [
            (nil, nil), (.bearer(token: "t0ken"), "Bearer t0ken"),
            (.basic(user: "desk", password: "secret"), "Basic ZGVzazpzZWNyZXQ="),
        ] as [(Login?, String?)] {
            let receipt = try await delivery.send(
                post(server.url("/hook?x=1")) {
                    $0.login = login
                    $0.headers = [("X-Api-Key", "k3y"), ("Idempotency-Key", "story-1")]
                    if login == nil { $0.body = big }
                }, now: now)
            #expect(receipt == PostReceipt(status: 204, address: "127.0.0.1"))
            let request = try #require(server.requests.last)
            #expect(request.method == "POST" && request.path == "/hook?x=1")
            #expect(request.body == (login == nil ? big : Array("{\"alert\":1}".utf8)))
            #expect(request.header("Content-Type") == "application/json" && request.header("Authorization") == value)
            #expect(request.header("X-Api-Key") == "k3y" && request.header("Expect") == nil)
            #expect(request.header("User-Agent") == "feedwatch/test" && request.header("Cookie") == nil)
        }
        #expect(server.requests.count == 3)
    }

    @Test(
        "Each status is told as taken, passing or lasting, with the server's words",
        arguments: [
            (400, "refused", true), (401, "refused", true), (404, "refused", true), (410, "refused", true),
            (413, "refused", true), (304, "refused", true), (408, "put-off", false), (429, "put-off", false),
            (500, "put-off", false), (502, "put-off", false), (503, "put-off", false), (501, "refused", true),
        ])
    func statuses(status: Int, word: String, isLasting: Bool) async throws {
        let server = try LoopbackServer { _ in .text("not\u{1B}[2J\u{202E} now\n", status: status) }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(server.url("/hook")), now: now)
        }
        #expect(failure?.code.word == word && failure?.isLasting == isLasting && failure?.retryAfter == nil)
        let words = status == 304 ? "answered 304" : "answered \(status): not[2J now"
        #expect(failure?.detail.hasSuffix(words) == true, "\(String(describing: failure))")
        #expect(server.requests.count == 1)
    }

    @Test(
        "Retry-After comes along, in each of its forms, at most a week",
        arguments: [
            ("120", 120), ("Sun, 30 Mar 2025 08:05:00 GMT", 300), ("99999999", 604_800), ("-3", nil), ("soon", nil),
        ] as [(String, Int?)])
    func retryAfter(value: String, seconds: Int?) async throws {
        let server = try LoopbackServer { _ in .init(status: 429, headers: [("Retry-After", value)]) }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(server.url("/hook")), now: now)
        }
        #expect(failure?.retryAfter == seconds.map { .seconds($0) })
    }

    @Test("A redirect is not followed and names where it leads", arguments: [301, 302, 303, 307, 308])
    func redirects(status: Int) async throws {
        let other = try LoopbackServer { _ in .init(status: 200) }
        defer { other.stop() }
        let server = try LoopbackServer { _ in .redirect(other.url("/elsewhere"), status: status) }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(server.url("/hook")) { $0.login = .bearer(token: "t0ken") }, now: now)
        }
        #expect(failure?.code == .redirected && failure?.isLasting == true)
        #expect(failure?.detail.contains(other.url("/elsewhere")) == true && other.requests.isEmpty)
    }

    @Test("What a server says after its yes is of no interest, however long, slow or broken it is")
    func afterYes() async throws {
        let body = Array(String(repeating: "thanks ", count: 20_000).utf8)
        for behaviour in [.endless, .truncate(afterBytes: 10), .stall, .drip(bytesPerSecond: 10)]
            as [LoopbackServer.Behaviour]
        {
            let server = try LoopbackServer { _ in .init(status: 200, body: body, behaviour: behaviour) }
            let delivery = makeDelivery { $0.postDeadline = .seconds(5) }
            #expect(try await delivery.send(post(server.url("/hook")), now: now).status == 200)
            server.stop()
        }
    }

    @Test(
        "Without an answer it may be tried again, and the address is named",
        arguments: ["silent", "closes", "no HTTP", "endless headers", "half a head", "nobody there"])
    func hostile(what: String) async throws {
        let raw: [UInt8] =
            switch what {
            case "no HTTP": Array("220 mail.outlet.example\r\n".utf8)
            case "half a head": Array("HTTP/1.1 200 OK\r\nX: 1\r\n".utf8)
            default: Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 100_000)).utf8)
            }
        let server = try LoopbackServer { _ in
            switch what {
            case "silent": .init(status: 102, behaviour: .stall)
            case "closes": .init(behaviour: .close)
            default: .init(body: raw, behaviour: .raw)
            }
        }
        defer { server.stop() }
        if what == "nobody there" { server.stop() }
        let delivery = makeDelivery { $0.postDeadline = .milliseconds(1200) }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await delivery.send(post(server.url("/hook")), now: now)
        }
        #expect(failure?.isLasting == false, "\(what): \(String(describing: failure))")
        #expect(failure?.detail.contains(server.url("/hook")) == true, "\(String(describing: failure))")
        #expect(server.requests.count <= 1)
    }

    @Test(
        "What could end a header's line, or says how the message is read, is refused before anybody is asked",
        arguments: [
            ("X-Key", "a\r\nHost: other.example"), ("X-Key", "a\nb"), ("X-Key", "a\0"), ("X-Key", ""), ("X\r\nY", "a"),
            ("X Y", "a"), ("X:", "a"), ("", "a"), ("Content-Length", "3"), ("transfer-encoding", "chunked"),
            ("Host", "other.example"), ("Authorization", "Bearer x"), ("X-Key", String(repeating: "k", count: 9000)),
        ])
    func headers(name: String, value: String) async throws {
        let server = try LoopbackServer { _ in .init(status: 200) }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(server.url("/hook")) { $0.headers = [(name, value)] }, now: now)
        }
        #expect(failure?.code == .unfit && failure?.isLasting == true && server.requests.isEmpty)
        #expect(
            failure?.detail.contains("\n") == false
                && (value.utf8.count < 3 || failure?.detail.contains(value) == false))
        let type = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(server.url("/hook")) { $0.contentType = "text/plain\r\nX: y" }, now: now)
        }
        #expect(type?.code == .unfit && server.requests.isEmpty)
    }

    @Test(
        "An address that is not allowed is not spoken to, and a URL that is none is not either",
        arguments: [
            ("http://127.0.0.1:1/", "private-address"), ("http://hook.example/", "private-address"),
            ("http://169.254.169.254/latest", "private-address"), ("file:///etc/passwd", "scheme"),
            ("smtp://127.0.0.1/", "scheme"), ("https://u:secret@hook.example/", "bad-address"),
            ("nonsense", "bad-address"),
        ])
    func addresses(url: String, word: String) async throws {
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(post(url) { $0.allowsPrivateHosts = url.contains("169.254") }, now: now)
        }
        #expect(failure?.code.word == word && failure?.isLasting == true, "\(String(describing: failure))")
        #expect(failure?.detail.contains("secret") == false)
    }

    @Test("A delivery waits for no poll and no poll for a delivery, whatever holds the other up")
    func apart() async throws {
        let held = try LoopbackServer { _ in .init(status: 200, behaviour: .stall) }
        defer { held.stop() }
        let open = try LoopbackServer { _ in .text("fine") }
        defer { open.stop() }
        let fetcher = makeFetcher { $0.transfersMax = 1 }
        let delivery = makeDelivery()
        let poll = Task { await fetcher.failure(feedRequest(held.url("/rss"))) }
        while held.requests.isEmpty { await Task.yield() }
        // The fetcher's one permit and its server's turn are taken.
        #expect(try await delivery.send(post(open.url("/hook")), now: now).status == 200)
        let deliveries = (0..<Limits.deliveriesMax).map { number in
            Task { try? await delivery.send(post("http://h\(number).example:\(held.port)/hook"), now: now) }
        }
        while held.requests.count < 1 + Limits.deliveriesMax { await Task.yield() }
        // Every permit of the deliveries is taken.
        let other = makeFetcher()
        #expect(await other.failure(feedRequest(open.url("/rss"))) == nil)
        for task in deliveries { task.cancel() }
        poll.cancel()
        for task in deliveries { _ = await task.value }
        _ = await poll.value
        await fetcher.shutdown()
        await other.shutdown()
        delivery.shutdown()
    }
}
