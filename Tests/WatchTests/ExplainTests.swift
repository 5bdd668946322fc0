import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

@Suite struct ExplainTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!
    private static let later = start + .seconds(7200)

    private static func explainer(_ playground: Playground) throws -> Explainer {
        try Explainer(
            try Configuration.load(playground.location), state: playground.state,
            clock: .standing(at: later + .seconds(600)))
    }

    private static func text(_ explanation: Explanation, _ explainer: Explainer) -> String {
        Printing.plain.text(explainer.lines(explanation))
    }

    /// A story of two articles, alerted: the first has an escape sequence and a reversed word in its headline.
    private func story(_ body: (Playground, Story) async throws -> Void) async throws {
        let polls = Counter()
        let news = [
            (
                id: "1", title: "Allies plan a joint headquarters \u{9B}2J\u{202E}to deter China",
                text:
                    "The joint headquarters is to deter China, ministers said. A joint headquarters was long asked for."
            )
        ]
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let server = try LoopbackServer { _ in Playground.rss(polls.add() == 1 ? [old] : news + [old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, name: The Outlet}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        #expect(try await playground.pass(at: Self.later).alerts == 1)
        let store = try Store(path: playground.state.database, readOnly: true)
        let story = try #require(try store.stories(from: Self.start, to: Self.later, filedAfter: 0).first)
        try await body(playground, story)
    }

    @Test("A story is explained: each phrase in its place, the tally, the grouping, the alert and its rule")
    func golden() async throws {
        try await story { playground, story in
            let explainer = try Self.explainer(playground)
            let text = Self.text(try explainer.story(named: story.shownID), explainer)
            #expect(
                text == """
                    Story \(story.shownID), first seen 10 min ago (06:00): 1 article
                    Alerted 10 min ago (06:00) (alerts/2025-03-30/060000Z-\(story.shownID).md): Deterrence, by the line "match: clear"
                    It alerts again only for a reason of again.when, after 12:00 at the soonest.

                    The Outlet · opened the story
                    https://outlet.example/1
                    Grouped: no earlier article on the same event

                    Allies plan a [strong: joint headquarters] ›2Jto [strong: deter China]
                    The [strong: joint headquarters] is to [strong: deter China], ministers said. A [strong: joint headquarters] was long asked for.

                    Deterrence: clear, score 0.71
                      strong   headline “joint headquarters” (+20.00), “deter China” (+20.00); first lines “joint headquarters” ×2 (+7.50), “deter China” (+6.00)
                      Alert: match: clear – holds

                    """)
            let byAddress = try await explainer.address("http://www.outlet.example/1/?utm_source=x")
            #expect(byAddress.story?.id == story.id && byAddress.fault == nil)
        }
    }

    @Test("A story filed by another configuration keeps its judgement, with the one of now beside it")
    func changedConfiguration() async throws {
        try await story { playground, story in
            try playground.write(
                """
                topic: deterrence
                words: {en: {weak: ["deter China"]}}

                """, to: "topics.d/deterrence.yaml")
            let explainer = try Self.explainer(playground)
            let explanation = try explainer.story(named: story.shownID)
            let topic = try #require(explanation.articles[0].topics.first)
            #expect(
                topic.found.match == .clear && topic.now == .nothing && topic.found.evidence.count == topic.places.count
            )
            let text = Self.text(explanation, explainer)
            #expect(text.contains("deterrence: clear, score 0.71 (by the configuration as it is now: no match)"))
            #expect(text.contains("Alert: the topic has no alert: lines, so it never alerts."))
            try playground.write(
                "topic: other\nwords: {en: {strong: [joint headquarters]}}\n", to: "topics.d/deterrence.yaml")
            let renamed = try Self.explainer(playground)
            #expect(
                Self.text(try renamed.story(named: story.shownID), renamed).contains(
                    "Alert: the topic is no longer configured."))
        }
    }

    @Test("The JSON says the same, and places are offsets of the phrases")
    func json() async throws {
        try await story { playground, story in
            let explanation = try Self.explainer(playground).story(named: story.shownID)
            let data = try JSONEncoder().encode(explanation)
            let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(object.keys.sorted() == ["articles", "schema", "story", "subject"])
            let facts = try #require(object["story"] as? [String: Any])
            #expect(facts["shown_id"] as? String == story.shownID && facts["alerted_at"] != nil)
            let article = explanation.articles[0]
            #expect(article.topics[0].places.count == 5)
            for place in article.topics[0].places {
                let field = Array(article.article.fieldText(place.field).utf8)
                let phrase = String(decoding: field[place.start..<place.end], as: UTF8.self)
                #expect(["joint headquarters", "deter China"].contains(phrase))
            }
        }
    }

    @Test("What a source rules is explained where it was filed so, and where it is so only now")
    func bySource() async throws {
        try await story { playground, story in
            let sources = try String(contentsOfFile: playground.config + "/sources.d/test.yaml", encoding: .utf8)
            try playground.write("topic: ports\nwords: {en: {strong: [berth]}}\n", to: "topics.d/ports.yaml")
            func rule(_ topics: String) throws {
                try playground.write(
                    sources.replacing("name: The Outlet", with: "name: The Outlet, topics: \(topics)"),
                    to: "sources.d/test.yaml")
            }
            func text() throws -> String {
                let explainer = try Self.explainer(playground)
                return Self.text(try explainer.story(named: story.shownID), explainer)
            }
            try rule("{always: [ports], never: [deterrence]}")
            let before = try text()
            #expect(before.contains("Deterrence: clear, score 0.71 (by the configuration as it is now: no match)"))
            #expect(before.contains("By the configuration as it is now also: ports."))
            _ = try ControlClient.carryOut(
                .reclassify(since: Self.start), state: playground.state, clock: .standing(at: Self.later),
                configuration: try Configuration.load(playground.location))
            let after = try text()
            #expect(
                after.contains(
                    "ports: likely, score 0.50\n  source   has the topic always, whatever its articles say\n"))
            #expect(after.contains("Deterrence: no match, score 0.00\n"))
            #expect(after.contains("  source   has the topic never, whatever its articles say\n"))
            #expect(!after.contains("as it is now"))
        }
    }

    @Test("A topic's object is the same in the alert, in the issue and in explain")
    func oneObject() async throws {
        try await story { playground, story in
            let explained = try #require(
                Self.explainer(playground).story(named: story.shownID).articles.first?.topics.first)
            let store = try Store(path: playground.state.database, readOnly: true)
            defer { store.close() }
            let parcel = try #require(try store.alert(of: story))
            let alerted = try #require(PublicJSON.decode(Alert.self, from: parcel.json).story.topics.first)
            let issue = try DailyIssue(
                store: store, configuration: try Configuration.load(playground.location),
                clock: .standing(at: Self.later + .seconds(600))
            ).preview()
            var issued = try #require(issue.stories.first?.story.topics.first)
            #expect(alerted.rule == "match: clear" && issued.rule == nil && alerted.member == 0 && issued.member == 0)
            issued.rule = alerted.rule
            #expect(issued == alerted)
            var found = explained.found
            found.member = 0
            #expect(found == alerted)
            let keys = try JSONSerialization.jsonObject(with: JSONEncoder().encode(explained)) as? [String: Any]
            #expect(
                keys?.keys.sorted() == [
                    "alert", "evidence", "id", "match", "name", "places", "rule", "score", "topic",
                ])
        }
    }

    @Test("An id that nobody knows is answered with the nearest that is known, or with what to give")
    func unknownID() async throws {
        try await story { playground, story in
            let explainer = try Self.explainer(playground)
            let slip = String(story.shownID.dropLast()) + (story.shownID.last == "a" ? "b" : "a")
            #expect { try explainer.story(named: slip) } throws: {
                "\($0)" == "no story is known as \"\(slip)\" – did you mean \"\(story.shownID)\"?"
            }
            #expect { try explainer.story(named: "\u{1B}[2Jzzzzzzzz") } throws: {
                "\($0)"
                    == "no story is known as \"\u{FFFD}[2Jzzzzzzzz\" – give an id as alerts and digests show it, an address, or a file"
            }
        }
    }

    @Test(
        "An address that was not filed: known from the silent first read, pending or unknown, then fetched and judged")
    func notFiled() async throws {
        let page = """
            <html><head><title>Allies plan a joint headquarters to deter China</title></head><body><article><h1>Allies plan a joint headquarters to deter China</h1>
            <p>The joint headquarters is to deter China, the ministers said after their talks on Sunday morning.</p>
            <p>They will meet again in the autumn, and much of the detail is left to their staffs until then.</p>
            </article></body></html>
            """
        let server = try LoopbackServer { request in
            if request.path == "/gone" { return .init(status: 404, headers: [], body: []) }
            guard request.path == "/rss" else {
                return .init(status: 200, headers: [("Content-Type", "text/html")], body: Array(page.utf8))
            }
            let item = "<item><title>Allies</title><link>/listed</link><description>Short.</description></item>"
            return .init(
                status: 200, headers: [("Content-Type", "text/xml")],
                body: Array("<rss version=\"2.0\"><channel>\(item)</channel></rss>".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        let explainer = try Self.explainer(playground)

        let listed = try await explainer.address(server.url("/listed") + "?utm_campaign=y#top")
        #expect(listed.known?.state == .baseline && listed.judgedAs == "outlet")
        let text = Self.text(listed, explainer)
        #expect(
            text.contains("outlet listed it at its first read, 2 h ago (04:00): the first read of a source is silent"))
        #expect(text.contains("Fetched now and judged by the configuration as it is now, as an article of outlet."))
        #expect(text.contains("Allies plan a [strong: joint headquarters] to [strong: deter China]"))
        #expect(text.contains("… 1 paragraph without a hit"))
        #expect(text.contains("Alert: match: clear – holds"))

        var entry = Entry()
        (entry.id, entry.link, entry.title) = ("guid-7", server.url("/waits"), "Waits")
        let store = try Store(path: playground.state.database)
        let source = try #require(Configuration.load(playground.location).sources.first)
        _ = try store.commit(
            PollResult(
                source: source, at: Self.later, nextDue: Self.later, validators: .none,
                outcome: .read(
                    entries: [ListedEntry(entry)], bodyHash: "y", faults: [])))
        store.close()
        let waiting = try await explainer.address(server.url("/waits"))
        #expect(waiting.known?.state == .pending && waiting.known?.key == "guid-7")
        #expect(Self.text(waiting, explainer).contains("it waits to be filed"))

        let gone = try await explainer.address(server.url("/gone"))
        #expect(gone.known == nil && gone.articles.isEmpty)
        #expect(gone.fault?.contains("answered 404") == true)
        #expect(Self.text(gone, explainer).hasPrefix("No story has an article at this address"))
    }

    @Test("The machine's own network is not fetched for an address of no source of its owner's")
    func guarded() async throws {
        let server = try LoopbackServer { _ in Playground.rss([]) }
        defer { server.stop() }
        let playground = try Playground(sources: "sources:\n  outlet: https://outlet.example/rss\n")
        defer { playground.remove() }
        let explainer = try Self.explainer(playground)
        let explanation = try await explainer.address(server.url("/page"))
        #expect(explanation.fault?.contains("loopback") == true, "\(explanation.fault ?? "")")
        #expect(server.hits("/page") == 0)
    }

    @Test("A page in a file is read and judged now; what is no page is an error")
    func file() throws {
        let playground = try Playground(sources: "sources:\n  outlet: https://outlet.example/rss\n")
        defer { playground.remove() }
        let explainer = try Self.explainer(playground)
        let page = Array(
            "<article><h1>Ferries run</h1><p>They run on time, as they did in every week of this year.</p></article>"
                .utf8)
        let text = Self.text(try explainer.page(page, file: "ferries.html"), explainer)
        #expect(text.hasPrefix("Read now from ferries.html, by the configuration as it is now.\n"))
        #expect(text.hasSuffix("No topic's words or names were found.\n"))
        #expect(throws: (any Error).self) { try explainer.page([], file: "empty.html") }
    }
}
