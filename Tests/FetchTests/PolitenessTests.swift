import Glibc
import News
import NewsTesting
import Synchronization
import Testing

@testable import Fetch

@Suite struct PolitenessTests {
    @Test("One host gets one request at a time, however many ask")
    func oneAtATime() async throws {
        let turnstile = Turnstile()
        let server = try LoopbackServer { _ in
            turnstile.enter()
            usleep(5000)
            turnstile.leave()
            return .text("ok")
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let url = server.url("/")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await fetcher.fetch(feedRequest(url)).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.requests.count == 20)
        #expect(turnstile.most == 1)
        await fetcher.shutdown()
    }

    @Test("Feeds go before the pages that wait for the same host, and a page has its turn among many feeds")
    func feedsFirst() async {
        let gate = HostGate()
        #expect(await gate.enter("h:80", for: .page))
        let order = Names()
        var tasks: [Task<Void, Never>] = []
        for (name, kind) in (0..<3).map({ ("page\($0)", FetchRequest.Kind.page) })
            + (0..<10).map({ ("feed\($0)", FetchRequest.Kind.feed) })
        {
            let before = gate.waiting("h:80")
            tasks.append(
                Task {
                    guard await gate.enter("h:80", for: kind) else { return }
                    order.append(name)
                    gate.leave("h:80", pause: .zero)
                })
            while gate.waiting("h:80") == before { await Task.yield() }
        }
        gate.leave("h:80", pause: .zero)
        for task in tasks { await task.value }
        #expect(
            order.all
                == (0..<8).map { "feed\($0)" } + ["page0", "feed8", "feed9", "page1", "page2"])
    }

    @Test("Different hosts are asked at the same time, up to the number of permits")
    func permitsBound() async throws {
        let turnstile = Turnstile()
        let server = try LoopbackServer { _ in
            turnstile.enter()
            usleep(20_000)
            turnstile.leave()
            return .text("ok")
        }
        defer { server.stop() }
        let fetcher = makeFetcher { $0.transfersMax = 4 }
        let port = server.port
        try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<40 {
                group.addTask { try await fetcher.fetch(feedRequest("http://h\(n).test:\(port)/")).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(turnstile.most > 1)
        #expect(turnstile.most <= 4)
        await fetcher.shutdown()
    }

    @Test("A public host is left alone for a while between two requests")
    func spacing() async throws {
        let server = try LoopbackServer(host: "127.0.0.2") { _ in .text("ok") }
        defer { server.stop() }
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) { $0.hostSpacing = .milliseconds(150) }
        let begin = ContinuousClock.now
        for _ in 0..<3 { _ = try await fetcher.fetch(FetchRequest(url: server.url("/"), kind: .page)) }
        #expect(begin.duration(to: .now) >= .milliseconds(300))
        await fetcher.shutdown()
    }

    @Test("An outlet's ports are one host: one request at a time, also over http and https")
    func oneHostManyPorts() async throws {
        let turnstile = Turnstile()
        let servers = try (0..<4).map { _ in
            try LoopbackServer(host: "127.0.0.2") { _ in
                turnstile.enter()
                usleep(5000)
                turnstile.leave()
                return .text("ok")
            }
        }
        defer { for server in servers { server.stop() } }
        let fetcher = makeFetcher(ordinary: ["127.0.0.2"]) { $0.lookup = { _ in [IPAddress("127.0.0.2")!] } }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<20 {
                let url = "http://outlet.test:\(servers[n % 4].port)/"
                group.addTask { try await fetcher.fetch(FetchRequest(url: url, kind: .page)).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(turnstile.most == 1)
        #expect(servers.allSatisfy { $0.requests.count == 5 })
        await fetcher.shutdown()
    }

    @Test("While bodies that are not read yet hold too many bytes, one transfer at a time goes on")
    func byteBudget() async throws {
        let permits = Permits(transfersMax: 10, budget: ByteBudget(bytesMax: 1000))
        /// Takes a permit only if there is one now.
        func probe() async -> DomainShare? {
            let task = Task { await permits.take(domain: "probe") }
            task.cancel()
            return await task.value
        }
        var shares: [DomainShare] = []
        for domain in ["a", "b", "c", "d"] { shares.append(try #require(await permits.take(domain: domain))) }
        var held = shares.map { HeldBytes(permits, of: $0) }
        let probed = try #require(await probe())
        for body in held { body.take(375) }
        #expect(await probe() == nil)
        // The transfers are over, but their bodies are not read yet: who reads them may need another one first.
        for share in shares { permits.giveBack(share) }
        #expect(await probe() == nil)
        permits.giveBack(probed)
        #expect(await probe() != nil)
        #expect(permits.budget.bytesHeld == 1500)
        let waiting = Task { await permits.take(domain: "e") }
        held = []
        #expect(await waiting.value != nil)
        #expect(permits.budget.bytesHeld == 0)
    }

    @Test(
        "What a domain holds beyond its share of the budget holds back its own transfers, one aside, and nobody else's")
    func byteShare() async throws {
        let permits = Permits(transfersMax: 40, budget: ByteBudget(bytesMax: 1000))
        let share = try #require(await permits.take(domain: "big.example"))
        #expect(await permits.take(domain: "big.example") === share)
        var bodies = [HeldBytes(permits, of: share), HeldBytes(permits, of: share)]
        bodies[0].take(249)
        #expect(permits.takesAtOnce(domain: "big.example") != nil)
        bodies[1].take(1)
        #expect(permits.takesAtOnce(domain: "big.example") == nil)
        let waiting = Task { await permits.take(domain: "big.example") }
        // Of what grows beyond the share one body goes on, and the next when that has ended.
        #expect(!bodies[0].mustYield && bodies[1].mustYield && !bodies[0].mustYield)
        bodies[0].growsNoMore()
        #expect(!bodies[1].mustYield && bodies[0].mustYield)
        bodies[1].take(1250)
        #expect(permits.budget.bytesHeld == 1500 && !permits.budget.isSpent)
        var small: [DomainShare] = []
        for n in 0..<37 { small.append(try #require(permits.takesAtOnce(domain: "small\(n).example"))) }
        bodies[1].take(500)
        #expect(bodies[1].mustYield, "what is beyond the shares has an end, too")
        #expect(!HeldBytes(permits, of: small[1]).mustYield)
        for share in small { permits.giveBack(share) }
        // Its transfers are over, its answers not read: who reads them may need another one.
        for _ in 0..<3 { permits.giveBack(share) }
        #expect(await waiting.value === share)
        #expect(permits.takesAtOnce(domain: "big.example") == nil)
        let next = Task { await permits.take(domain: "big.example") }
        bodies = []
        #expect(await next.value === share)
        #expect(permits.budget.bytesHeld == 0 && permits.takesAtOnce(domain: "big.example") === share)
    }

    @Test("An answer holds its body's bytes in the budget until it is let go of; failures and redirects hold none")
    func heldBytes() async throws {
        let body = [UInt8](repeating: 65, count: 6000)
        let server = try LoopbackServer { request in
            switch request.path {
            case "/cut": .init(body: body, behaviour: .truncate(afterBytes: 100))
            case "/moved": .init(status: 301, headers: [("Location", "/")], body: body)
            default: .init(body: body)
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        var answers: [FetchResponse] = []
        /// The libcurl thread may let go of a transfer a moment after it has told of its end.
        func holds(_ bodies: Int) async -> Bool {
            await eventually { fetcher.permits.budget.bytesHeld == bodies * body.count }
        }
        for count in 1...3 {
            answers.append(try await fetcher.fetch(feedRequest(server.url(count == 2 ? "/moved" : "/"))))
            #expect(await holds(count))
        }
        #expect(await fetcher.failure(feedRequest(server.url("/cut"))) != nil)
        #expect(await holds(3))
        answers.removeLast()
        #expect(await holds(2))
        answers = []
        #expect(await holds(0))
        await fetcher.shutdown()
    }

    @Test("One registrable domain has at most a quarter of the permits, and its waiting hosts hold up nobody")
    func domainShare() async throws {
        let permits = Permits(transfersMax: 40, budget: ByteBudget(bytesMax: 1000))
        let share = try #require(await permits.take(domain: "big.example"))
        for _ in 1..<10 { #expect(await permits.take(domain: "big.example") === share) }
        let waiting = (0..<3).map { _ in Task { await permits.take(domain: "big.example") } }
        for _ in 0..<30 { #expect(await permits.take(domain: "small\(Int.random(in: 0..<1000)).example") != nil) }
        waiting[0].cancel()
        waiting[1].cancel()
        #expect(await waiting[0].value == nil)
        #expect(await waiting[1].value == nil)
        permits.giveBack(share)
        #expect(await waiting[2].value === share)
    }

    @Test("Of domains beyond some thousand those that nobody uses are forgotten, and none that holds anything")
    func manyDomains() async throws {
        let permits = Permits(transfersMax: 4 * Limits.hostsKept, budget: ByteBudget(bytesMax: 1 << 20))
        let used = try #require(permits.takesAtOnce(domain: "used.example"))
        let holding = try #require(permits.takesAtOnce(domain: "holding.example"))
        let body = HeldBytes(permits, of: holding)
        body.take(1)
        permits.giveBack(holding)
        weak var idle: DomainShare?
        for n in 0..<2 * Limits.hostsKept {
            let share = try #require(permits.takesAtOnce(domain: "\(n).example"))
            if n == 0 { idle = share }
            permits.giveBack(share)
        }
        #expect(idle == nil)
        #expect(permits.takesAtOnce(domain: "used.example") === used)
        #expect(permits.takesAtOnce(domain: "holding.example") === holding)
        // As many in use as there can be: each is looked at once in a while, not for every new one.
        var shares: [DomainShare] = []
        for n in 0..<3 * Limits.hostsKept { shares.append(try #require(permits.takesAtOnce(domain: "\(n).test"))) }
        #expect(Set(shares.map(ObjectIdentifier.init)).count == shares.count)
        #expect(permits.takesAtOnce(domain: "0.test") === shares[0])
        _ = body
    }

    @Test("Hosts of one registrable domain share its part of the permits")
    func domainShareOfHosts() async throws {
        let turnstile = Turnstile()
        let server = try LoopbackServer { _ in
            turnstile.enter()
            usleep(10_000)
            turnstile.leave()
            return .text("ok")
        }
        defer { server.stop() }
        let fetcher = makeFetcher { $0.transfersMax = 16 }
        let port = server.port
        try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<60 {
                group.addTask { try await fetcher.fetch(feedRequest("http://h\(n).outlet.co.uk:\(port)/")).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(turnstile.most > 1)
        #expect(turnstile.most <= 4)
        await fetcher.shutdown()
    }

    @Test(
        "With 500 names that DNS does not answer, names that are known and addresses are fetched on time",
        .timeLimit(.minutes(1)))
    func deadDNS() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        defer { server.stop() }
        let released = Atomic<Bool>(false)
        let hanging = Atomic<Int>(0)
        let fetcher = makeFetcher {
            $0.lookup = { host in
                if host.hasSuffix(".dead") {
                    hanging.add(1, ordering: .relaxed)
                    while !released.load(ordering: .relaxed) { usleep(2000) }
                    throw SystemLookup.Failure(description: "no answer")
                }
                return [IPAddress("127.0.0.1")!]
            }
        }
        let port = server.port
        let known = (0..<20).map { "http://alive\($0).test:\(port)/" }
        for url in known { _ = try await fetcher.fetch(feedRequest(url)) }
        let dead = (0..<500).map { n in
            Task { await fetcher.failure(feedRequest("http://n\(n).dead:\(port)/")) }
        }
        while hanging.load(ordering: .relaxed) < Limits.resolverThreads - 1 { await Task.yield() }
        let begin = ContinuousClock.now
        // The lookups hang until all of these are done: were the thread of libcurl to wait for one, this would never end.
        try await withThrowingTaskGroup(of: Int.self) { group in
            for url in known + [server.url("/")] { group.addTask { try await fetcher.fetch(feedRequest(url)).status } }
            for try await status in group { #expect(status == 200) }
        }
        let took = begin.duration(to: .now)
        let threads = hanging.load(ordering: .relaxed)
        for task in dead { task.cancel() }
        for task in dead { #expect([.cancelled, .unresolved, .overloaded].contains(await task.value?.code)) }
        released.store(true, ordering: .relaxed)
        print("dead DNS: others took \(took), \(threads) lookups hang, longest stall \(fetcher.longestLoopStall)")
        #expect(threads <= Limits.resolverThreads)
        await fetcher.shutdown()
    }

    @Test("A connection is kept after news, for pages and for a host asked again, not after a lone 304")
    func keptConnections() async throws {
        // Each connection of the server has a thread of its own.
        let threads = Mutex<[String: [String]]>([:])
        let server = try LoopbackServer { request in
            threads.withLock { $0[request.header("Host") ?? "", default: []].append(Self.threadName()) }
            return request.path == "/same" ? .init(status: 304) : .text("x")
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        func ask(_ host: String, _ path: String, _ kind: FetchRequest.Kind = .feed) async throws {
            let url = "http://\(host).test:\(server.port)\(path)"
            _ = try await fetcher.fetch(FetchRequest(url: url, kind: kind, allowsPrivateHosts: true))
        }
        for _ in 0..<3 { try await ask("lone", "/same") }
        for _ in 0..<2 { try await ask("news", "/new") }
        for _ in 0..<2 { try await ask("pages", "/same", .page) }
        await fetcher.shutdown()
        let connections = threads.withLock { $0.mapValues { Set($0).count } }
        #expect(connections["lone.test:\(server.port)"] == 2)
        #expect(connections["news.test:\(server.port)"] == 1)
        #expect(connections["pages.test:\(server.port)"] == 1)
    }

    /// Unlike `pthread_self`, never given to another thread later on.
    private static func threadName() -> String {
        var name = [UInt8](repeating: 0, count: 64)
        let count = name.withUnsafeMutableBytes {
            readlink("/proc/thread-self", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return String(decoding: name.prefix(max(0, count)), as: UTF8.self)
    }
}

private final class Names: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func append(_ name: String) { names.withLock { $0.append(name) } }
}
