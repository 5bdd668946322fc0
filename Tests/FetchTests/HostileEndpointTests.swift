import Foundation
import News
import NewsTesting
import Testing

@testable import Fetch

@Suite struct HostileEndpointTests {
    /// A fetcher to which the server is a public one: what a redirect may do is judged as for any outlet.
    private static func fetcher() -> Fetcher {
        makeFetcher(ordinary: ["127.0.0.2"]) { $0.lookup = { _ in [IPAddress("127.0.0.2")!] } }
    }

    /// With the limits of the daemon's own requests, which are those of the kind. Only what is meant to be too slow, or to run out of
    /// time, is given less of it than any machine may take.
    private static func request(
        _ url: String, _ kind: FetchRequest.Kind = .feed, until word: String? = nil
    ) -> FetchRequest {
        var request = FetchRequest(url: url, kind: kind)
        if word == "too-slow" { (request.limits.slowSeconds, request.limits.slowBytesPerSecond) = (1, 100) }
        if word == "timed-out" { request.limits.deadline = .seconds(2) }
        return request
    }

    @Test(
        "Each endpoint ends with its word, and leads nowhere else; its server is asked no more often than the rule has it, and answers the next in order",
        arguments: HostileEndpoint.all, [FetchRequest.Kind.feed, .page])
    func word(endpoint: HostileEndpoint, kind: FetchRequest.Kind) async throws {
        let server = try HostileServer(host: "127.0.0.2")
        defer { server.stop() }
        let fetcher = Self.fetcher()
        let url = server.url(endpoint.name, host: "outlet.test")
        let word = kind == .page ? endpoint.pageWord : endpoint.word
        let request = Self.request(url, kind, until: word)
        let (answer, error) = await fetcher.outcome(request)
        if kind == .feed, endpoint.isCut {
            #expect(answer?.isCut == true && answer?.body.count == Limits.feedBytesMax)
        } else {
            #expect(error?.code.rawValue == word, "\(error?.description ?? "an answer")")
            #expect(answer?.isCut != true)
        }
        if let error {
            #expect(error.detail.utf8.count < 10_000 && !error.detail.contains("hunter2"))
            #expect(error.detail.contains("outlet.test") || endpoint.name.hasPrefix("redirect-"), "\(error)")
        }
        let hits = [
            "redirect-circle": 2, "redirect-row": Limits.redirectsMax + 1, "redirect-with-password": 2,
            "retry-on-redirect": 2, "cookies-many": 2,
        ]
        let expected = hits[endpoint.name] ?? 1
        // Who gives up early may do so before the server has read what it was asked.
        _ = await eventually { server.visits(endpoint.name).count >= expected }
        let visits = server.visits(endpoint.name)
        #expect(visits.count == expected)
        #expect(server.strays.isEmpty)
        for name in ["Authorization", "Referer"] { #expect(visits.allSatisfy { $0.request.header(name) == nil }) }
        // A connection that was left in disorder must not serve what comes next.
        for round in 1...2 {
            let next = try await fetcher.fetch(
                Self.request(server.url("etag-only", scope: "after", host: "outlet.test")))
            #expect(next.status == 200 && next.body.starts(with: "<rss".utf8) && next.body.count > 100)
            #expect(server.visits("etag-only", scope: "after").count == round)
        }
        await fetcher.shutdown()
    }

    @Test("All at once hold nobody: honest ones are answered while every bad one is still under way or over")
    func together() async throws {
        let server = try HostileServer(host: "127.0.0.2")
        defer { server.stop() }
        let fetcher = Self.fetcher()
        let bad = HostileEndpoint.all.enumerated().map { number, endpoint in
            let url = server.url(endpoint.name, host: "bad\(number).test")
            return Task { await fetcher.failure(Self.request(url, until: endpoint.word)) }
        }
        // Who never answers goes on not answering until these are done.
        let silent = server.url("silent", scope: "held", host: "held.test")
        var patient = FetchRequest(url: silent, kind: .feed)
        (patient.limits.slowSeconds, patient.limits.deadline) = (600, .seconds(600))
        let held = Task { [patient] in await fetcher.failure(patient) }
        for number in 0..<200 {
            let url = server.url("etag-only", scope: "good", host: "good\(number).test")
            #expect(try await fetcher.fetch(FetchRequest(url: url, kind: .feed)).status == 200)
        }
        held.cancel()
        #expect(await held.value?.code == .cancelled)
        for task in bad { _ = await task.value }
        // The libcurl thread may let go of a transfer a moment after it has told of its end.
        #expect(await eventually { fetcher.permits.budget.bytesHeld == 0 })
        await fetcher.shutdown()
    }

    @Test("docs/fetching.md names every endpoint with its word")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/fetching.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
        for endpoint in HostileEndpoint.all {
            let row = rows.first { $0.contains("`\(endpoint.name)`") }
            #expect(row != nil, "\(endpoint.name) stands in no row")
            if let word = endpoint.word { #expect(row?.contains("| `\(word)` |") == true, "\(endpoint.name): \(word)") }
        }
    }
}
