import News
import NewsTesting
import Testing

@testable import Fetch

@Suite struct HostileServerTests {
    @Test("A page beyond the limit is refused: endless, announced, or compressed; of all else the beginning comes")
    func tooLarge() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/endless": .init(body: [UInt8](repeating: 65, count: 8192), behaviour: .endless)
            case "/gzip": .init(headers: [("Content-Encoding", "gzip")], body: Gzip.zeros(300_000))
            default: .init(headers: [("Content-Length", "9000000000")], body: [65])
            }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        for path in ["/endless", "/gzip", "/announced"] {
            let page = FetchRequest(url: server.url(path), kind: .page, allowsPrivateHosts: true)
            let error = await fetcher.failure(page.limited(to: 100_000))
            #expect(error?.code == .tooLarge, "\(path)")
            #expect(error?.detail.contains("100000 bytes") == true)
        }
        for kind in [FetchRequest.Kind.feed, .sitemap, .robots] {
            for path in ["/endless", "/gzip"] {
                let request = FetchRequest(url: server.url(path), kind: kind, allowsPrivateHosts: true)
                let answer = try await fetcher.fetch(request.limited(to: 100_000))
                #expect(answer.isCut && answer.body.count == 100_000, "\(kind) \(path)")
            }
        }
        // Without limits of the caller's own there are those of the kind.
        let endless = FetchRequest(url: server.url("/endless"), kind: .page, allowsPrivateHosts: true)
        #expect(await fetcher.failure(endless)?.code == .tooLarge)
        await fetcher.shutdown()
    }

    @Test("A server that stalls times out and nobody waits for it")
    func stall() async throws {
        let server = try LoopbackServer { request in
            request.header("Host")?.hasPrefix("stuck") == true ? .init(body: [1], behaviour: .stall) : .text("ok")
        }
        defer { server.stop() }
        let fetcher = makeFetcher { $0.transfersMax = 8 }
        let port = server.port
        let stuck = Task {
            await fetcher.failure(feedRequest("http://stuck.test:\(port)/"))
        }
        while server.requests.isEmpty { await Task.yield() }
        // A second request for the stuck host waits for its turn without a permit.
        let behind = Task {
            await fetcher.failure(feedRequest("http://stuck.test:\(port)/"))
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<20 {
                group.addTask { try await fetcher.fetch(feedRequest("http://h\(n).test:\(port)/")).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        // Both still hang: had the others waited for them, they would have run out of time by now.
        for task in [stuck, behind] { task.cancel() }
        #expect(await stuck.value?.code == .cancelled)
        #expect(await behind.value?.code == .cancelled)
        await fetcher.shutdown()
    }

    @Test(
        "A body that its coding's decoder cannot read is named, with the coding",
        arguments: ["br", "gzip", "zstd", "deflate", "compress"])
    func badEncoding(coding: String) async throws {
        // libcurl's Brotli decoder gives this one up as a failure to write.
        let body = Array("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title></channel></rss>".utf8)
        let server = try LoopbackServer { _ in .init(headers: [("Content-Encoding", coding)], body: body) }
        defer { server.stop() }
        let fetcher = makeFetcher()
        let error = await fetcher.failure(feedRequest(server.url("/")))
        #expect(error?.code == .badEncoding, "\(error?.description ?? "an answer")")
        #expect(error?.detail.hasSuffix("the body is not valid \(coding)") == true, "\(error?.detail ?? "")")
        await fetcher.shutdown()
    }

    @Test("A closed port is a refused connection")
    func refusedConnection() async throws {
        let server = try LoopbackServer { _ in .text("") }
        server.stop()
        let fetcher = makeFetcher()
        #expect(await fetcher.failure(feedRequest(server.url("/")))?.code == .refusedConnection)
        await fetcher.shutdown()
    }
}

extension FetchRequest {
    fileprivate func limited(to bytes: Int) -> FetchRequest {
        var request = self
        request.limits.bodyBytesMax = bytes
        return request
    }
}
