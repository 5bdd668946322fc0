import News

/// Invented documents with something of everything, by which a template is tried before it is used.
enum TemplateSample {
    /// The first kind of document that is empty with these templates, among those that the template is a part of.
    static func firstEmpty(_ templates: Templates, after name: String) -> String? {
        guard let markdown = try? MarkdownRenderer(templates), let html = try? HTMLRenderer(templates) else {
            return name
        }
        let documents: [(name: String, text: () -> String)] = [
            ("digest.md", { markdown.render(digest) }), ("alert.md", { markdown.render(alert) }),
            ("more.md", { markdown.render(held) }), ("blind.md", { markdown.render(blind) }),
            ("digest.html", { html.render(digest) }), ("alert.html", { html.render(alert) }),
            ("more.html", { html.render(held) }), ("blind.html", { html.render(blind) }),
            ("indicator.md", { rise.map(markdown.render) ?? "" }), ("indicator.html", { rise.map(html.render) ?? "" }),
            ("index.html", { html.render(index) }),
        ]
        let own = documents.filter { $0.name == name }
        // A part is looked at in the pages that have it.
        return (own.isEmpty ? documents : own).first { $0.text().allSatisfy(\.isWhitespace) }?.name
    }

    private static let now = Timestamp(seconds: 1_743_308_400)
    private static let source: Source = {
        var source = Source(id: "harbour", name: "Harbour Times", url: "https://harbour.example/rss")
        (source.country, source.affiliation, source.origin) = ("GB", .privateOwned, .newsroom)
        return source
    }()
    private static let topic = Topic(id: "ports", name: "Ports")

    private static let story: Story = {
        var article = Article()
        article.title = "Pilots refuse the night tide"
        article.paragraphs = ["Pilots of the harbour refuse to sail on the night tide, their office said."]
        article.published = now - .seconds(7200)
        var match = TopicMatch(topic: "ports", match: .clear, score: 0.8, evidence: [])
        match.evidence = [
            Evidence(
                phrase: "Pilots", field: .title, strength: .strong, entity: "pilots", contribution: 0.4, start: 0,
                end: 6)
        ]
        let member = StoryMember(
            source: "harbour", key: "1", url: "https://harbour.example/1", article: article,
            firstSeen: now - .seconds(7000), readAt: now - .seconds(6900), relation: .first, topics: [match],
            entities: ["pilots"], strongEntities: ["pilots"],
            changes: [
                ArticleChange(
                    version: 2, at: now - .seconds(600), correction: true, removed: ["Nine pilots refuse."],
                    added: ["Seven pilots refuse."])
            ])
        return Story(
            id: "abcdefgh", shownID: "abcd", firstSeen: member.firstSeen, members: [member],
            alertedAt: now - .seconds(6800))
    }()

    private static let indicator: Indicator = {
        var indicator = Indicator(id: "tides", name: "Refused tides")
        (indicator.words, indicator.alert) = (["tide"], 100)
        return indicator
    }()

    private static var digest: Digest {
        var input = DigestInput(
            day: CivilDate(daysSince1970: 20_177), window: (now - .seconds(86_400))..<now,
            previousTo: now - .seconds(86_400),
            issued: now, nextIssue: now + .seconds(86_400), zone: .utc, stories: [story], nearMisses: [],
            health: [SourceHealth(source: "harbour", lastRead: now - .seconds(600))], sources: ["harbour": source],
            topics: [topic], gazetteer: Gazetteer([Entity(id: "pilots", name: "Pilots' Office")]), excerptMax: 240,
            belowTheLine: 10, version: "0", configurationHash: "0000")
        input.indicators = [indicator]
        input.indicatorRecords = [
            "tides": .init(definition: indicator.definition, since: now - .seconds(90 * 86_400), hits: [])
        ]
        return Digest.compose(input)
    }

    private static var alert: Alert {
        Alert.compose(
            story: story, topics: [(topic: topic, match: story.members[0].topics[0], rule: "match: clear")],
            sources: ["harbour": source], excerptMax: 240, zone: .utc, decided: now, version: "0")
    }

    private static var held: HeldAlerts {
        let story = HeldAlerts.HeldStory(
            .init(by: .quiet, since: now - .seconds(600), until: now, reasons: [], news: nil), story: story,
            topics: [(topic: topic, match: story.members[0].topics[0], rule: "match: clear")], update: nil,
            sources: ["harbour": source], excerptMax: 240, zone: .utc)
        return HeldAlerts.compose([story], zone: .utc, decided: now, version: "0")
    }

    private static var blind: BlindAlert {
        BlindAlert(
            .blind, [.init(source, nil, since: now - .seconds(90_000), until: nil)], polled: 1, blindNow: 1, zone: .utc,
            decided: now, version: "0")
    }

    private static var rise: IndicatorAlert? {
        let hits = (0..<5).map {
            PublishedIndicators.Record.Hit(story: "\($0)", source: "harbour", sets: 1, firstSeen: now)
        }
        let record = PublishedIndicators.Record(
            definition: indicator.definition, since: now - .seconds(90 * 86_400), hits: hits)
        let sight = IndicatorSight(outages: [], firstRead: [:])
        return IndicatorCount(of: indicator, record, sight, at: now).map {
            IndicatorAlert(
                indicator, $0, shown: ["abcd"], sources: ["harbour": source], unread: ["harbour"], zone: .utc,
                decided: now, version: "0")
        }
    }

    private static var index: IssueIndex { IssueIndex(names: []) { _ in nil } }
}
