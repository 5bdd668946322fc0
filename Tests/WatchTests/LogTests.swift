import Foundation
import Logging
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// What the log says, and how little.
@Suite struct LogTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test(
        "A line begins with its priority, then source, stage and other pairs, then words",
        arguments: [
            (Logger.Level.error, "3"), (.warning, "4"), (.notice, "5"), (.info, "6"), (.debug, "7"), (.critical, "2"),
        ])
    func priorities(_ level: Logger.Level, _ number: String) {
        let pairs: Logger.Metadata = ["stage": "fetch", "code": "refused", "source": "cape"]
        #expect(
            JournalLog.line(level, "it said no", pairs, isJournal: true)
                == "<\(number)>source=cape stage=fetch code=refused it said no\n")
        #expect(JournalLog.line(level, "it said no", [:], isJournal: false) == "\(level): it said no\n")
    }

    @Test(
        "A value that is no plain word is quoted so that it can be read back, and no order of a stranger is left in it",
        arguments: [
            ("a b", "\"a b\""), ("", "\"\""), ("say \"hi\"", "\"say \\\"hi\\\"\""), ("a=b", "\"a=b\""),
            ("two\nlines", "\"two\\nlines\""), ("back\\slash", "\"back\\\\slash\""), ("tab\there", "\"tab here\""),
            ("\u{1B}[31mred\u{202E}", "\"[31mred\""), ("沖縄", "沖縄"), ("https://a.example/x", "https://a.example/x"),
        ])
    func quoting(_ value: String, _ written: String) {
        let line = JournalLog.line(.info, "words", ["source": "\(value)", "stage": "fetch"], isJournal: true)
        #expect(line == "<6>source=\(written) stage=fetch words\n")
    }

    @Test("Words cannot pass for pairs, for another line, or for a priority; long ones are cut")
    func words() {
        func line(_ words: String) -> String { JournalLog.line(.info, words, ["stage": "fetch"], isJournal: true) }
        #expect(line("source=harbour stage=read x") == "<6>stage=fetch - source=harbour stage=read x\n")
        #expect(line("https://a.example/?a=b said no") == "<6>stage=fetch https://a.example/?… said no\n")
        #expect(line("one\n<0>source=x two\r\u{85}three") == "<6>stage=fetch one <0>source=x two three\n")
        #expect(line(String(repeating: "x", count: 100_000)).utf8.count < 17_000)
    }

    @Test("An hour in which a hundred sources have nothing new has no line")
    func quietHour() async throws {
        let server = try LoopbackServer { request in
            .init(
                status: request.header("If-None-Match") == nil ? 200 : 304,
                headers: [("ETag", "\"1\""), ("Content-Type", "application/rss+xml")],
                body: Playground.rss([("1", "Ferries run", "On time.")]).body)
        }
        defer { server.stop() }
        let sources = (0..<100).map { "  s\($0): \(server.url("/\($0)"))\n" }.joined()
        let playground = try Playground(
            sources: "defaults: {private_hosts: true, interval: 15m}\nsources:\n\(sources)")
        defer { playground.remove() }
        try await playground.pass(at: start)
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.says("watching 100 sources"))
        let before = service.recorder.lines
        for round in 1...4 {
            clock.advance(.seconds(900))
            #expect(
                try await eventually { service.station.counters.now.polls[.unchanged] ?? 0 == round * 100 },
                "\(service.station.counters.now)")
        }
        #expect(service.recorder.lines == before)
        try await service.stop()
        #expect(service.recorder.lines.last == "notice: stopped")
    }

    @Test("A fault is told when it begins, when it becomes another and when it is over, also across a start")
    func faultChanges() async throws {
        let statuses = [503, 503, 503, 404, 404, 200, 200, 403, 403, 403, 200]
        let polls = Counter()
        let server = try LoopbackServer { _ in
            let number = min(polls.add(), statuses.count) - 1
            guard statuses[number] == 200 else { return .init(status: statuses[number], headers: [], body: []) }
            return Playground.rss([("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/one"))\n")
        defer { playground.remove() }
        let clock = ManualClock(start)
        func told(polls target: Int) async throws -> [String] {
            let service = try Service(playground, clock: clock.wall)
            #expect(
                try await eventually {
                    let done = service.pollCount
                    if done < target { clock.advance(.seconds(600)) }
                    return done >= target
                })
            try await service.stop()
            return service.recorder.journalLines.filter { $0.contains("source=") }
        }
        let first = try await told(polls: 9)
        #expect(
            first.map {
                $0.replacing(/http:[^ ]*/, with: "URL").replacing(/after [0-9]+ (min|h|days)/, with: "after T")
            } == [
                "<6>source=one stage=fetch code=throttled URL answered 503: the server asks to come less often or later\n",
                "<6>source=one stage=fetch code=not-found URL answered 404: there is nothing at this address\n",
                "<6>source=one stage=fetch reads again after T, 5 failures, the last of them not-found\n",
                "<6>source=one stage=fetch code=refused URL answered 403: the server refuses access\n",
            ])
        let second = try await told(polls: 2)
        #expect(second.count == 1, "after the start it is known what went on: \(second)")
        #expect(second.first?.contains("reads again after") == true)
    }

    @Test("Every line that concerns a source has its source and its stage, in this order, at its beginning")
    func places() async throws {
        let polls = Counter()
        let server = try LoopbackServer { request in
            if request.path == "/down" { return .init(status: 500, headers: [], body: []) }
            if request.path == "/page" {
                return .init(status: 200, headers: [("Content-Type", "text/html")], body: Array("<p>no feed".utf8))
            }
            return polls.add() == 1
                ? Playground.rss([("1", "Ferries run", "On time.")])
                : Playground.rss([("2", "Cranes stand", "In the wind."), ("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  news: \(server.url("/news"))
                  down: \(server.url("/down"))
                  page: \(server.url("/page"))

                """)
        defer { playground.remove() }
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.hasPolled(3))
        clock.advance(.seconds(3700))
        #expect(
            try await eventually {
                clock.advance(.seconds(1))
                return service.recorder.lines.contains { $0.contains("1 new") }
            })
        try await service.stop()
        let lines = service.recorder.journalLines.filter { line in
            ["news", "down", "page"].contains { line.contains("=\($0)") || line.contains("/\($0)") }
        }
        #expect(lines.count == 3, "\(lines)")
        for line in lines {
            #expect(
                line.wholeMatch(of: /<[2-7]>source=(news|down|page) stage=(fetch|parse|desk) .+\n/) != nil, "\(line)")
        }
    }
}
