import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

/// What a server sees of a source over days: each request with its time.
@Suite struct PolitePollTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    /// Makes a pass, by a process of its own each, at each of these hours after the start.
    private func play(
        hours: [Double],
        _ answer: @escaping @Sendable (_ number: Int, LoopbackServer.Request) -> LoopbackServer.Response,
        _ body: ([LoopbackServer.Request], Playground) throws -> Void
    ) async throws {
        let count = Counter()
        let server = try LoopbackServer { answer(count.add(), $0) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources: {outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}}\n")
        defer { playground.remove() }
        for hour in hours { _ = try await playground.pass(at: start + .seconds(Int(hour * 3600))) }
        try body(server.requests, playground)
    }

    @Test("A restart asks nobody before the stored time, and then with the validators")
    func restart() async throws {
        try await play(hours: [0, 0.01, 0.5, 1.0, 1.02, 1.5]) { _, _ in
            var answer = Playground.rss([("1", "Ferries run", "On time.")])
            answer.headers.append(("ETag", "W/\"a\""))
            return answer
        } _: { requests, _ in
            #expect(requests.map { $0.header("If-None-Match") } == [nil, "W/\"a\""])
        }
    }

    @Test(
        "Validators stand over errors, are amended by a 304 and replaced whole by a 200, also by one with the same bytes"
    )
    func validators() async throws {
        let hours = (0..<7).map { Double($0 * 30) }
        try await play(hours: hours) { number, _ in
            var answer = Playground.rss([("1", "Ferries run", "On time.")])
            switch number {
            case 1: answer.headers += [("ETag", "\"a\""), ("Last-Modified", "Sat, 29 Mar 2025 08:00:00 GMT")]
            case 2: return .init(status: 500, headers: [("ETag", "\"error\"")])
            case 3: return .init(status: 304, headers: [("ETag", "\"b\"")])
            case 4: return .init(status: 429, headers: [("Last-Modified", "Sun, 30 Mar 2025 08:00:00 GMT")])
            case 5: answer.headers.append(("Last-Modified", "Mon, 31 Mar 2025 08:00:00 GMT"))
            default: break
            }
            return answer
        } _: { requests, _ in
            let first = "Sat, 29 Mar 2025 08:00:00 GMT"
            #expect(
                requests.map { $0.header("If-None-Match") } == [nil, "\"a\"", "\"a\"", "\"b\"", "\"b\"", nil, nil])
            #expect(
                requests.map { $0.header("If-Modified-Since") } == [
                    nil, first, first, first, first, "Mon, 31 Mar 2025 08:00:00 GMT", nil,
                ])
        }
    }

    @Test("A 410 ends polling but for one request a week, and a source that comes back is read again")
    func gone() async throws {
        let hours = (0..<60).map { Double($0 * 6) }
        try await play(hours: hours) { number, _ in
            number <= 2 ? .init(status: 410) : Playground.rss([("1", "Ferries run", "On time.")])
        } _: { requests, playground in
            // Fifteen days: the first request, one after a week, and one after two, from which on it is read as before.
            let store = try Store(path: playground.state.database, readOnly: true)
            let source = try #require(try store.health(from: start, to: start + .seconds(15 * 86_400)).first)
            #expect(source.fault == nil && source.lastRead != nil)
            #expect(requests.count == 2 + hours.count { $0 >= 14 * 24 })
        }
    }

    @Test("A 404 is asked for ever more seldom, down to once a day")
    func notFound() async throws {
        let hours = (0..<60).map { Double($0) * 4.08 }
        try await play(hours: hours) { _, _ in
            .init(status: 404)
        } _: { requests, _ in
            // Ten days: waits of 1, 2, 4, 8 and 16 hours, each until the next pass, then of a day.
            #expect((12...15).contains(requests.count), "\(requests.count)")
        }
    }
}
