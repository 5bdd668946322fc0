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

    @Test("No transfer is begun while the unfinished ones hold too many bytes, but one may always go on")
    func byteBudget() async throws {
        let budget = ByteBudget(bytesMax: 1000)
        let permits = Permits(transfersMax: 10, budget: budget)
        #expect(await permits.take())
        budget.take(1500)
        let second = Task { await permits.take() }
        let cancelled = Task { await permits.take() }
        cancelled.cancel()
        #expect(await cancelled.value == false)
        permits.giveBack(bytes: 1500)
        #expect(await second.value)
        #expect(!budget.isSpent)
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
        for task in dead { #expect([.cancelled, .unresolved].contains(await task.value?.code)) }
        released.store(true, ordering: .relaxed)
        print("dead DNS: others took \(took), \(threads) lookups hang, longest stall \(fetcher.longestLoopStall)")
        #expect(threads <= Limits.resolverThreads)
        await fetcher.shutdown()
    }
}
