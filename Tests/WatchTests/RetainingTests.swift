import Foundation
import GRDB
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// Two years of a state, pass by pass, with everything that looks at old stories on the way.
@Suite struct RetainingTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    typealias Item = (id: String, title: String, text: String)
    static let loud: Item = (
        "1", "Allies open a joint headquarters in Darwin on Tuesday",
        "The Zanzibarian staff moved in on Monday with forty clerks and a brass band."
    )

    private func day(_ day: Int) -> Timestamp { Self.start + .seconds(Int64(day) * 86_400) }

    /// A feed that never drops an entry, answers 304 where nothing has changed, and fails for half a year.
    private func feed(_ items: Counter, _ isDown: Counter) throws -> LoopbackServer {
        try LoopbackServer { request in
            if isDown.value == 1 { return .init(status: 503, headers: [], body: []) }
            let tag = "\"\(items.value)\""
            if request.header("If-None-Match") == tag { return .init(status: 304, headers: [("ETag", tag)], body: []) }
            let later = (0..<items.value).map {
                (id: "later-\($0)", title: "Ferries run, notice \($0)", text: "On time.")
            }
            let all =
                later.reversed() + [Self.loud] + (2...9).map { ("\($0)", "Cranes stand in row \($0)", "In the wind.") }
            var response = Playground.rss(items.value == 0 ? Array(all.dropFirst()) : Array(all))
            response.headers.append(("ETag", tag))
            return response
        }
    }

    @Test("An alerted story of a static feed alerts once in two years, its text goes after 90 days, and its id stays")
    func twoYears() async throws {
        let (items, isDown) = (Counter(), Counter())
        let server = try feed(items, isDown)
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        items.add()
        #expect(try await playground.pass(at: day(0) + .seconds(7200)).alerts == 1)
        let alert = try #require(playground.files(".json").first { $0.hasPrefix("alerts/") })
        let record = playground.text(alert)
        for number in stride(from: 1, through: 731, by: 5) {
            if number == 301 { isDown.add() }
            if number == 486 { isDown.add() }
            if number % 50 == 1 { items.add() }
            let pass = try await playground.pass(at: day(number))
            #expect(pass.new <= items.value && pass.changed == 0 && pass.baseline == 0, "day \(number)")
            #expect(pass.new == 0 || number % 50 == 1 || number == 486, "day \(number): \(pass.new) new")
        }
        #expect(playground.files("alerts.log").count == 1)
        // Beside the story's own line that of the blind source, and that it is back.
        let told = playground.text("alerts/alerts.log").split(separator: "\n")
        #expect(told.count == 3 && told.count { $0.contains("-blind") || $0.contains("-back") } == 2)
        #expect(playground.text(alert) == record, "files of readers are the record")

        let quoting = try await playground.database().read { db in
            try [
                "article WHERE instr(member,", "outbox WHERE kind <> 'digest' AND instr(json,",
                "outbox WHERE instr(json,",
            ]
            .map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0) CAST('forty clerks' AS BLOB))") }
        }
        #expect(quoting == [0, 0, 1], "only its issue quotes it: that is the record")
        let configuration = try Configuration.load(playground.location)
        let clock = WallClock.standing(at: day(731))
        let explainer = try Explainer(configuration, state: playground.state, clock: clock)
        let explanation = try await explainer.address("https://outlet.example/1")
        #expect(explanation.story?.alertedAt != nil && explanation.articles.first?.textExpiredAt != nil)
        #expect(
            explanation.articles.first?.topics.first?.found.match == .clear, "as it was found when there was a text")
        let text = Printing.plain.text(explainer.lines(explanation))
        #expect(text.contains("Its text was kept until") && text.contains("joint headquarters"), "\(text)")
        let store = try Store(path: playground.state.database, readOnly: true)
        _ = try DailyIssue(store: store, configuration: configuration, clock: clock).preview()
        store.close()
        let judged = try ControlClient.carryOut(
            .judge(story: "https://outlet.example/1", .yes, topic: nil, note: nil), state: playground.state,
            clock: clock,
            configuration: configuration)
        #expect(judged.judged?.files == [] && judged.words.last?.contains("are no longer kept (keep.text)") == true)
    }

    @Test("A text that changes after its old version was dropped is no alert, unless its headline has changed")
    func changed() throws {
        var article = Article()
        (article.title, article.paragraphs) = (Self.loud.title, [Self.loud.text])
        let member = StoryMember(
            source: "outlet", key: "1", url: nil, article: article, firstSeen: Self.start, readAt: Self.start,
            relation: .first, topics: [], entities: [], strongEntities: [])
        let bare = member.withoutText(at: day(90))
        article.paragraphs = ["Correction: the staff moved in on Sunday."]
        func change(_ new: Article) -> ArticleChange? {
            ArticleChange.between(old: bare.comparable(with: new), new: new, version: 2, at: day(100))
        }
        #expect(change(article) == nil)
        article.title = "Allies close their joint headquarters in Darwin"
        #expect(change(article) == ArticleChange(version: 2, at: day(100), titleBefore: Self.loud.title))
    }

    @Test("A running service drops by itself what was kept for long enough, at half past three, and says so")
    func service() async throws {
        let (items, isDown) = (Counter(), Counter())
        let server = try feed(items, isDown)
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n",
            main: "timezone: Europe/Paris\nkeep: {text: 31d}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        items.add()
        try await playground.pass(at: day(0) + .seconds(7200))
        let store = try Store(path: playground.state.database, readOnly: true)
        // 30 March: the day begins in winter time and ends in summer time.
        #expect(try store.dueTime(of: .retention) == Timestamp(rfc3339: "2025-03-31T01:30:00Z"))
        store.close()
        let clock = ManualClock(day(32))
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.says("dropped 2 texts"), "\(service.recorder.lines)")
        #expect(try await eventually { try service.station.store.dueTime(of: .retention)! > day(32) })
        try await service.stop()
    }
}
