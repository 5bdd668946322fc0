import FoundationEssentials
import News
import Testing

@testable import Publish

/// Files under `Golden/`: `UPDATE_GOLDEN=1` rewrites them, and a missing one fails.
enum Golden {
    static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Golden/" + name
    }

    static func check(_ bytes: [UInt8], _ name: String) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Files(beforeStep: { _ in }).replace(path(name), with: bytes)
        }
        let expected = try #require(try Files(beforeStep: { _ in }).read(path(name)), "no Golden/\(name)")
        let same = String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self)
        #expect(same, "Golden/\(name) differs; UPDATE_GOLDEN=1 rewrites it, then read the diff")
    }
}

@Suite("Published days")
struct GoldenTests {
    static let days: [(name: String, input: DigestInput)] = [
        (
            "full-day",
            withIndicators(
                SampleDay.input(
                    stories: [SampleDay.ships, claim, SampleDay.reef, harbour, SampleDay.notice],
                    nearMisses: [SampleDay.miss], blind: ["capes"]))
        ),
        ("silent-day", SampleDay.input(stories: [])),
        ("blind-day", SampleDay.input(stories: [], blind: Set(SampleDay.sources.keys))),
        (
            "clocks-go-back-day",
            SampleDay.input(
                stories: [], blind: ["misaki", "capes"], day: "2025-10-26", from: "2025-10-25T04:20:00Z",
                to: "2025-10-26T05:20:00Z")
        ),
    ]

    private static func withIndicators(_ input: DigestInput) -> DigestInput {
        var input = input
        input.indicators = SampleDay.indicators
        input.indicatorRecords = SampleDay.records(input.window.upperBound)
        input.indicatorRecords["live-fire"]?.told = [
            .init(
                at: at("2025-03-30T03:30:00Z"), decided: at("2025-03-30T03:31:00Z"),
                file: "alerts/2025-03-30/033100Z-indicator-live-fire")
        ]
        // A source that was added last week, and a month of which the other one was seen for a week.
        let end = input.window.upperBound
        input.indicatorRecords["sides"]?.hits += (0..<6).map {
            .init(story: "new-\($0)", source: "capes", sets: 1, firstSeen: end - .seconds(3600))
        }
        input.indicators[1].alert = 100
        input.indicatorSight = IndicatorSight(
            outages: [
                .init(
                    source: "shoal", since: end - .seconds(20 * 86_400), until: end - .seconds(17 * 86_400),
                    why: "timed out")
            ], firstRead: ["capes": end - .seconds(7 * 86_400)])
        // One of an earlier day that a cap still holds, and what quiet hours held until four.
        var capped = SampleDay.notice
        (capped.id, capped.shownID) = ("n4ge7k2m", "n4ge")
        capped.members[0].article.title = "Notice to *mariners* <off> Tsukihama"
        capped.alerts.held = .init(
            by: .atMost, since: at("2025-03-28T15:00:00Z"), until: at("2025-03-30T15:00:00Z"),
            reasons: [.init(topic: "deterrence", rule: "match: clear")], news: nil)
        input.held = [capped]
        input.heldTold = [held]
        return input
    }

    /// Alerted again, with texts that were no reason for it, and another update to come.
    private static let harbour: Story = {
        var story = SampleDay.harbour
        let (first, again) = (at("2025-03-30T01:53:10Z"), at("2025-03-30T02:30:00Z"))
        story.alerts.note(.init(file: "alerts/2025-03-30/015310Z-k7f2", at: first, why: []), topics: ["deterrence"])
        story.alerts.note(
            .init(file: "alerts/2025-03-30/023000Z-k7f2", at: again, why: [.correction, .numberInHeadline]),
            topics: ["deterrence"])
        story.alerts.fold(
            [.init(source: "beacon", key: "ports"), .init(source: "misaki", key: "gone")], at: again)
        story.alerts.held = .init(
            by: .again, since: again, until: at("2025-03-30T08:30:00Z"), reasons: [], news: AlertNews())
        return story
    }()

    private static let claim: Story = {
        var story = SampleDay.claim
        story.alerts.held = .init(
            by: .alone, since: story.firstSeen, until: at("2025-04-12T08:30:00Z"), reasons: [], news: nil)
        return story
    }()

    @Test("An issue is the same, byte for byte, as the one that was reviewed", arguments: 0..<4)
    func issues(index: Int) throws {
        let (name, input) = Self.days[index]
        let digest = Digest.compose(input)
        let json = try PublicJSON.encode(digest)
        try Golden.check(json, "\(name).json")
        try Golden.check(Array(try MarkdownRenderer().render(digest).utf8), "\(name).md")
        try Golden.check(Array(try HTMLRenderer().render(digest).utf8), "\(name).html")
        #expect(try PublicJSON.decode(Digest.self, from: json) == digest)
        #expect(try PublicJSON.encode(try PublicJSON.decode(Digest.self, from: json)) == json)
    }

    static var alert: Alert {
        let story = SampleDay.harbour
        let reasons = zip(SampleDay.topics, story.members[0].topics).map { topic, match in
            (topic: topic, match: match, rule: "{match: clear}")
        }
        return Alert.compose(
            story: story, topics: reasons, sources: SampleDay.sources, gazetteer: SampleDay.gazetteer(),
            excerptMax: 240, zone: paris,
            decided: at("2025-03-30T01:53:10Z"), version: "0.1.0")
    }

    @Test("An alert is the same, byte for byte, as the one that was reviewed")
    func alert() throws {
        let alert = Self.alert
        #expect(alert.stem == "alerts/2025-03-30/015310Z-k7f2")
        let json = try PublicJSON.encode(alert)
        try Golden.check(json, "alert.json")
        try Golden.check(Array(try MarkdownRenderer().render(alert).utf8), "alert.md")
        try Golden.check(Array(try HTMLRenderer().render(alert).utf8), "alert.html")
        #expect(try PublicJSON.decode(Alert.self, from: json) == alert)
    }

    /// The story of the alert again, nine hours later, with all that an update can have.
    static var update: Alert {
        var story = SampleDay.harbour
        story.alertedAt = at("2025-03-30T01:53:10Z")
        story.alerts.note(
            AlertLife.Told(file: "alerts/2025-03-30/015310Z-k7f2", at: at("2025-03-30T01:53:10Z"), why: []),
            topics: ["deterrence"])
        story.members[1].article.paragraphs[0] =
            "EMBARGOED UNTIL 0600 GMT Tuesday 1 April 2025: " + story.members[1].article.paragraphs[0]
        var news = AlertNews()
        news.corrections = [MemberKey(source: "beacon", key: "ports")]
        news.entities = ["jhc"]
        news.numbers = ["40000", "4.5"]
        news.rules = [AlertNews.NewRule(topic: "strait", rule: "match: clear, words: [collision]", key: "k")]
        let reasons = zip(SampleDay.topics, story.members[0].topics).map { topic, match in
            (topic: topic, match: match, rule: "")
        }
        return Alert.compose(
            story: story, topics: reasons,
            update: .compose(
                news, of: story, sources: SampleDay.sources, gazetteer: SampleDay.gazetteer(),
                topics: Dictionary(uniqueKeysWithValues: SampleDay.topics.map { ($0.id, $0) })),
            sources: SampleDay.sources, excerptMax: 240, zone: paris, decided: at("2025-03-30T10:53:10Z"),
            version: "0.1.0")
    }

    static var held: HeldAlerts {
        let reasons = [
            (topic: SampleDay.topics[0], match: SampleDay.harbour.members[0].topics[0], rule: "match: clear")
        ]
        let hold = AlertLife.Held(
            by: .quiet, since: at("2025-03-30T01:53:10Z"), until: at("2025-03-30T04:00:00Z"), reasons: [], news: nil)
        var first = HeldAlerts.HeldStory(
            hold, story: SampleDay.harbour, topics: reasons, update: update.updateOf, sources: SampleDay.sources,
            excerptMax: 240, zone: paris)
        first.heldBy = .atMost
        let second = HeldAlerts.HeldStory(
            hold, story: SampleDay.claim, topics: reasons, update: nil, sources: SampleDay.sources, excerptMax: 240,
            zone: paris)
        var file = HeldAlerts.compose(
            [first, second], zone: paris, decided: at("2025-03-30T04:00:00Z"), version: "0.1.0")
        file.also = [
            HeldAlerts.AlsoHeld(
                id: "q8ve2m4k", shownID: "q8ve", title: "Tariff talks *open* in <Tokyo>",
                firstSeen: at("2025-03-30T01:40:00Z"))
        ]
        return file
    }

    static func blind(_ state: BlindAlert.State) -> BlindAlert {
        var shoal = SampleDay.sources["shoal"]!
        shoal.critical = true
        var health = SourceHealth(source: "capes", lastRead: at("2025-03-28T13:00:00Z"))
        health.fault = Fault(stage: "fetch", code: "refused", detail: "the server answers 403 – ask its webmaster")
        let end = state == .back ? at("2025-03-30T09:00:00Z") : nil
        return BlindAlert(
            state,
            [
                BlindAlert.BlindSource(
                    SampleDay.sources["capes"]!, health, since: at("2025-03-28T14:00:00Z"), until: end),
                BlindAlert.BlindSource(shoal, nil, since: at("2025-03-30T05:00:00Z"), until: end),
            ], polled: 9, blindNow: state == .back ? 0 : 2,
            told: state == .back ? "alerts/2025-03-30/070000Z-blind" : nil, zone: paris,
            decided: end ?? at("2025-03-30T07:00:00Z"), version: "0.1.0")
    }

    /// Of a week in which a source was blind, with more of everything than a page shows.
    static let rise: IndicatorAlert = {
        let end = at("2025-03-30T05:00:00Z")
        var indicator = SampleDay.indicators[0]
        indicator.alert = 100
        var record = SampleDay.records(at("2025-03-30T04:20:00Z"))["live-fire"]!
        record.hits += (0..<12).map { number in
            .init(story: "x\(number)", source: number < 3 ? "capes" : "harbour", sets: 1, firstSeen: end)
        }
        let gap = SourceOutage(
            source: "harbour", since: end - .seconds(9 * 86_400), until: end - .seconds(6 * 86_400), why: "timed out")
        let week = SourceOutage(source: "shoal", since: gap.since, until: gap.until, why: "timed out")
        let sight = IndicatorSight(outages: [gap, week], firstRead: [:])
        let count = IndicatorCount(of: indicator, record, sight, at: end)!
        let shown = count.stories.indices.map { "k\($0 + 10)" }
        return IndicatorAlert(
            indicator, count, shown: shown, sources: SampleDay.sources, unread: ["capes"], zone: paris,
            decided: at("2025-03-30T05:01:00Z"), version: "0.1.0")
    }()

    @Test(
        "Updates, held alerts and alerts on sources and indicators are the same, byte for byte, as those that were reviewed"
    )
    func otherAlerts() throws {
        let (markdown, html) = (try MarkdownRenderer(), try HTMLRenderer())
        let (update, held) = (Self.update, Self.held)
        let forms: [(name: String, json: [UInt8], md: String, html: String)] =
            [
                ("update", try PublicJSON.encode(update), markdown.render(update), html.render(update)),
                ("more", try PublicJSON.encode(held), markdown.render(held), html.render(held)),
            ]
            + (try [BlindAlert.State.blind, .back].map { state in
                let alert = Self.blind(state)
                #expect(try PublicJSON.decode(BlindAlert.self, from: try PublicJSON.encode(alert)) == alert)
                return (state.rawValue, try PublicJSON.encode(alert), markdown.render(alert), html.render(alert))
            }) + [
                (
                    "indicator", try PublicJSON.encode(Self.rise), markdown.render(Self.rise), html.render(Self.rise)
                )
            ]
        for form in forms {
            try Golden.check(form.json, "\(form.name).json")
            try Golden.check(Array(form.md.utf8), "\(form.name).md")
            try Golden.check(Array(form.html.utf8), "\(form.name).html")
        }
        #expect(try PublicJSON.decode(Alert.self, from: try PublicJSON.encode(update)) == update)
        #expect(try PublicJSON.decode(HeldAlerts.self, from: try PublicJSON.encode(held)) == held)
        #expect(held.stem == "alerts/2025-03-30/040000Z-more")
        #expect(Self.blind(.blind).stem == "alerts/2025-03-30/070000Z-blind")
        #expect(BlindAlert.name(.back, ["capes"]) == "back-capes")
        #expect(try PublicJSON.decode(IndicatorAlert.self, from: try PublicJSON.encode(Self.rise)) == Self.rise)
        #expect(Self.rise.stem == "alerts/2025-03-30/050100Z-indicator-live-fire")
    }

    @Test("The order in which sources, stories and health are handed over changes nothing but ties")
    func orderOfInput() {
        var input = Self.days[0].input
        let digest = Digest.compose(input)
        input.stories.reverse()
        input.health.reverse()
        #expect(Digest.compose(input) == digest)
    }
}
