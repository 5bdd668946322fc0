import News

/// A zone of one rule, without a file of the system: TZif version 2 with nothing but the footer.
func zone(_ name: String, rule: String) -> Zone {
    func header() -> [UInt8] {
        Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + [UInt8](repeating: 0, count: 12)
            + [0, 0, 0, 0] + [0, 0, 0, 1] + [0, 0, 0, 4]
    }
    let type: [UInt8] = [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
    let file = header() + type + header() + type + [0x0A] + Array(rule.utf8) + [0x0A]
    guard let zone = try? Zone(name: name, tzif: file) else { preconditionFailure("the sample's zone is broken") }
    return zone
}

let paris = zone("Europe/Paris", rule: "CET-1CEST,M3.5.0,M10.5.0/3")

func at(_ text: String) -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else { preconditionFailure("not a time: \(text)") }
    return time
}

/// An invented day of invented outlets.
enum SampleDay {
    static let sources: [SourceID: Source] = {
        func source(
            _ id: String, _ name: String, _ country: String, _ language: String, _ affiliation: Source.Affiliation,
            _ origin: Source.Origin?, scheme: String = "https"
        ) -> Source {
            var source = Source(id: id, name: name, url: "\(scheme)://\(id).example/feed")
            (source.country, source.language, source.affiliation, source.origin) = (
                country, language, affiliation, origin
            )
            return source
        }
        var list = [
            source("lantern", "Lantern Wire", "GB", "en", .privateOwned, .wire),
            source("quayside", "Quayside Times", "US", "en", .privateOwned, .newsroom),
            source("beacon", "Beacon Herald", "AU", "en", .privateOwned, .newsroom),
            source("misaki", "岬新聞", "JP", "ja", .privateOwned, .newsroom),
            source("fleet", "Northern Fleet Office", "US", "en", .government, .official),
            source("haixia", "海峡军声", "CN", "zh-Hans", .partyState, .newsroom, scheme: "http"),
            source("shoal", "Shoal Post", "PH", "en", .privateOwned, .newsroom),
            source("capes", "Cape Ministry", "PH", "en", .government, .official),
            source("review", "Strait Review", "SG", "en", .publicService, .thinkTank),
            source("gull", "The Gull", "NZ", "en", .privateOwned, nil),
        ]
        list[8].expectEvery = .seconds(2 * 86_400)
        list[9].enabled = false
        list[9].because = "merged with Beacon Herald"
        return Dictionary(uniqueKeysWithValues: list.map { ($0.id, $0) })
    }()

    static let topics: [Topic] = {
        var deterrence = Topic(id: "deterrence", name: "Indo-Pacific deterrence")
        deterrence.require.anyStrong = 1
        var clear = Topic.AlertCondition()
        clear.match = .clear
        var reported = Topic.AlertCondition()
        (reported.match, reported.newsrooms) = (.likely, 2)
        deterrence.alertAnyOf = [clear, reported]
        var strait = Topic(id: "strait", name: "Taiwan Strait")
        strait.alertAnyOf = [Topic.AlertCondition()]
        strait.alertAnyOf[0].match = .likely
        strait.alertNeverOnOnly = [.partyState]
        return [deterrence, strait, Topic(id: "peninsula", name: "Korean Peninsula")]
    }()

    static func match(
        _ topic: TopicID, _ match: Topic.Match, _ score: Double, _ evidence: [Evidence]
    ) -> TopicMatch {
        TopicMatch(topic: topic, match: match, score: score, evidence: evidence)
    }

    static func found(
        _ phrase: String, _ field: Evidence.Field, _ strength: Topic.Strength = .strong, entity: String? = nil,
        ignored: String? = nil
    ) -> Evidence {
        Evidence(
            phrase: phrase, field: field, strength: strength, entity: entity,
            contribution: ignored == nil ? 0.25 : 0, ignored: ignored, start: 0, end: phrase.utf8.count)
    }

    static func member(
        _ source: SourceID, _ key: String, _ title: String, _ text: [String], published: String? = nil, seen: String,
        relation: StoryMember.Relation, copyOf: MemberKey? = nil, topics: [TopicMatch] = [], credit: String? = nil,
        dateline: String? = nil, names: [EntityID] = [], changes: [ArticleChange] = []
    ) -> StoryMember {
        var article = Article()
        article.title = title
        article.paragraphs = text
        article.published = published.map(at)
        article.credit = credit
        article.dateline = dateline
        let scheme = source == "haixia" ? "http" : "https"
        return StoryMember(
            source: source, key: key, url: "\(scheme)://\(source).example/\(key)", article: article,
            firstSeen: at(seen), readAt: at(seen) + .seconds(90), relation: relation, copyOf: copyOf, topics: topics,
            entities: names, strongEntities: Array(names.prefix(2)), changes: changes)
    }

    /// One wire text in three outlets, a report of its own, and the statement.
    static let harbour: Story = {
        let evidence = [
            found("joint harbour command", .title), found("deter an attack", .lead),
            found("Northern Fleet", .text, entity: "northern-fleet"), found("JHC", .text, entity: "jhc"),
            found("Patriots", .text, .normal, ignored: "against: a sports team"),
        ]
        var topics = [match("deterrence", .clear, 0.91234567, evidence), match("strait", .likely, 0.4, [evidence[1]])]
        topics[0].learned = TopicMatch.Learned(
            examples: 41, shift: 1.234567,
            terms: [.init(text: "joint harbour", points: 1.734567), .init(text: "fleet", points: -0.5)])
        let text = [
            "TSUKIHAMA (Lantern) — The fleet will hand its three northern ports to a joint harbour command by June, "
                + "Adm. R. Hollis said, so that allied crews can \"deter an attack together.\" The ports stay open to trade.",
            "The command will have 400 people.",
        ]
        let first = MemberKey(source: "quayside", key: "harbour")
        return Story(
            id: "k7f2aaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "k7f2", firstSeen: at("2025-03-30T01:52:00Z"),
            members: [
                member(
                    "quayside", "harbour", "Fleet to put its ports under a \"joint harbour command\"", text,
                    published: "2025-03-30T01:41:00Z", seen: "2025-03-30T01:52:00Z", relation: .first, topics: topics,
                    credit: "Lantern Wire", dateline: "TSUKIHAMA",
                    names: ["northern-fleet", "jhc", "tsukihama"]),
                member(
                    "beacon", "ports", "Ports go to joint command", text, published: "2025-03-30T01:50:00Z",
                    seen: "2025-03-30T02:05:00Z", relation: .copy, copyOf: first, topics: topics),
                member(
                    "lantern", "1001", "Fleet to put ports under joint command", text,
                    published: "2025-03-30T01:30:00Z", seen: "2025-03-30T02:06:00Z", relation: .copy, copyOf: first,
                    topics: topics),
                member(
                    "misaki", "kou", "三港、共同司令部へ", ["【月浜＝本紙】艦隊は三つの港を共同司令部に移すと発表した。六月までに終える。"],
                    published: "2025-03-30T02:20:00Z", seen: "2025-03-30T02:40:00Z", relation: .followUp,
                    topics: topics, names: ["tsukihama", "jhc"]),
                member(
                    "fleet", "st-9", "Statement on northern ports",
                    ["The three northern ports change hands on 1 June."],
                    published: "2025-03-30T01:00:00Z", seen: "2025-03-30T03:00:00Z", relation: .followUp,
                    topics: topics),
            ], alertedAt: at("2025-03-30T01:53:10Z"))
    }()

    /// In its third day, changed without a notice.
    static let reef: Story = {
        let topics = [match("strait", .clear, 0.7, [found("water cannon", .title)])]
        return Story(
            id: "m3qdaaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "m3qd", firstSeen: at("2025-03-28T08:40:00Z"),
            members: [
                member(
                    "shoal", "one", "Supply boat turned back at the reef",
                    ["A supply boat was turned back at the reef on Friday, its owner said."],
                    published: "2025-03-28T08:00:00Z", seen: "2025-03-28T08:40:00Z", relation: .first, topics: topics),
                member(
                    "shoal", "two", "Second boat met by water cannon",
                    [
                        "A second boat met water cannon within sight of the outpost, the U.S. survey ship nearby reported."
                    ],
                    published: "2025-03-29T22:15:00Z", seen: "2025-03-29T23:10:00Z", relation: .followUp,
                    topics: topics, names: ["survey-ship"],
                    changes: [
                        ArticleChange(
                            version: 2, at: at("2025-03-30T00:15:00Z"), titleBefore: "Second boat turned back",
                            removed: ["Three sailors were injured, the owner said."], added: [])
                    ]),
            ])
    }()

    /// Only one side tells it.
    static let claim = Story(
        id: "t9wxaaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "t9wx", firstSeen: at("2025-03-29T20:30:00Z"),
        members: [
            member(
                "haixia", "tan", "海峡战区发言人就外舰航行发表谈话", ["海峡军声北京3月30日电（记者 林山）部队全程跟踪外舰并依法处置。后续将继续巡航。"],
                published: "2025-03-29T20:00:00Z", seen: "2025-03-29T20:30:00Z", relation: .first,
                topics: [match("strait", .likely, 0.55, [found("外舰", .title)])],
                names: ["foreign-minister", "haixia-command"])
        ])

    /// Belongs to a topic by what its source rules, and the reader agrees.
    static let notice: Story = {
        var ruled = match("deterrence", .likely, 0.5, [])
        ruled.bySource = .always
        var story = Story(
            id: "n4rtaaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "n4rt", firstSeen: at("2025-03-29T18:00:00Z"),
            members: [
                member(
                    "fleet", "st-8", "Notice to mariners", ["The roads of Tsukihama are closed on Monday."],
                    published: "2025-03-29T17:00:00Z", seen: "2025-03-29T18:00:00Z", relation: .first, topics: [ruled])
            ])
        story.verdicts = [
            "deterrence": ReaderVerdict(.yes, note: "a closed roadstead is posture", at: at("2025-03-29T19:00:00Z")),
            "strait": ReaderVerdict(.no, at: at("2025-03-29T19:01:00Z")),
        ]
        return story
    }()

    /// Of an earlier issue, corrected now.
    static let ships: Story = {
        let topics = [match("deterrence", .likely, 0.5, [found("flotilla", .title, .normal)])]
        return Story(
            id: "b1nsaaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "b1ns", firstSeen: at("2025-03-28T06:00:00Z"),
            members: [
                member(
                    "beacon", "flotilla", "Flotilla counted off the cape",
                    ["The ministry counted 7 ships off the cape on Thursday night."],
                    published: "2025-03-28T05:00:00Z", seen: "2025-03-28T06:00:00Z", relation: .first, topics: topics,
                    changes: [
                        ArticleChange(
                            version: 2, at: at("2025-03-29T15:40:00Z"), correction: true,
                            removed: ["The ministry counted 9 ships off the cape on Thursday night."],
                            added: ["The ministry counted 7 ships off the cape on Thursday night."])
                    ])
            ])
    }()

    static let miss = Story(
        id: "q8veaaaaaaaaaaaaaaaaaaaaaaaaaaaa", shownID: "q8ve", firstSeen: at("2025-03-29T12:00:00Z"),
        members: [
            member(
                "quayside", "talks", "Tariff talks open in Tsukihama", ["Ministers met on tariffs."],
                seen: "2025-03-29T12:00:00Z", relation: .first,
                topics: [
                    match(
                        "deterrence", .nothing, 0.2,
                        [found("alliance", .text, .weak), found("tariff", .title, .normal, ignored: "against")])
                ])
        ])

    static func health(blind: Set<SourceID> = [], to: Timestamp = at("2025-03-30T04:20:00Z")) -> [SourceHealth] {
        sources.values.filter(\.enabled).sorted { $0.id < $1.id }.enumerated().map { index, source in
            let isBlind = blind.contains(source.id)
            return SourceHealth(
                source: source.id, lastTried: to - .seconds(600),
                lastRead: isBlind ? to - .seconds(40 * 3600) : to - .seconds(3600 - 60 * index),
                blindSince: isBlind ? to - .seconds(3600 * (40 - index)) : nil,
                fault: isBlind ? Fault(stage: "fetch", code: "timed-out", detail: "no answer within 60 s") : nil,
                newestEntry: source.id == "review" ? to - .seconds(19 * 86_400) : to - .seconds(3 * 3600),
                listedInWindow: isBlind ? 0 : 130, newInWindow: isBlind ? 0 : 41, nextDue: to + .seconds(2400),
                markupFaults: source.id == "shoal"
                    ? [MarkupFault("truncated", "line 80"), MarkupFault("bad-date", "x")]
                    : source.id == "beacon"
                        ? [
                            MarkupFault(
                                MarkupFault.moved,
                                "moved permanently to https://beacon.example/feed: change the address in your configuration"
                            )
                        ]
                        // No reader of a digest can do anything about it.
                        : [MarkupFault(MarkupFault.ambiguousZone, "IST")])
        }
    }

    static func outages(to: Timestamp) -> [SourceOutage] {
        [
            SourceOutage(
                source: "misaki", since: to - .seconds(8 * 3600), until: to - .seconds(5 * 3600),
                why: SourceOutage.rolledOver),
            SourceOutage(
                source: "beacon", since: to - .seconds(9 * 3600), until: to - .seconds(2 * 3600), why: "server error"),
        ]
    }

    static let pageFaults = [
        PageFaultCount(source: "quayside", code: "page-challenge", count: 2),
        PageFaultCount(source: "quayside", code: "page-not-found", count: 1),
    ]

    /// - Parameter knownSince: empty as in alerts, unless told.
    static func gazetteer(knownSince: [EntityID: Timestamp] = [:]) -> Gazetteer {
        func entity(_ id: EntityID, _ name: String, _ aliases: [String: [String]] = [:]) -> Entity {
            var entity = Entity(id: id, name: name)
            entity.aliases = aliases
            return entity
        }
        return Gazetteer(
            [
                entity("northern-fleet", "Northern Fleet"), entity("jhc", "Joint Harbour Command", ["ja": ["共同司令部"]]),
                entity("tsukihama", "Tsukihama", ["ja": ["月浜"]]), entity("survey-ship", "USNS Larkspur"),
                entity("haixia-command", "Strait Theatre Command", ["zh": ["海峡战区"]]),
                entity("foreign-minister", "Foreign Minister of China"),
            ], knownSince: knownSince)
    }

    /// Of the issue's gazetteer: one of them is new, and the file is old enough to tell.
    static let knownSince: [EntityID: Timestamp] = [
        "northern-fleet": at("2025-03-02T08:00:00Z"), "jhc": at("2025-03-30T01:52:00Z"),
        "tsukihama": at("2025-03-24T08:00:00Z"), "survey-ship": at("2025-03-29T23:10:00Z"),
        "haixia-command": at("2025-03-20T08:00:00Z"), "foreign-minister": at("2025-03-05T08:00:00Z"),
    ]

    static let indicators: [Indicator] = {
        var live = Indicator(id: "live-fire", name: "live-fire notices, northern ports")
        live.words = ["live-fire"]
        var sides = Indicator(id: "sides", name: "crossings told by both sides")
        (sides.words, sides.windowDays) = (["crossing"], 7)
        var late = Indicator(id: "late", name: "declared last week")
        late.words = ["late"]
        var unknown = Indicator(id: "unknown", name: "declared now")
        unknown.words = ["now"]
        return [live, sides, late, unknown]
    }()

    /// So many stories in each of the 29 days up to `end`, the last first.
    static func records(_ end: Timestamp) -> [String: PublishedIndicators.Record] {
        let live = [4, 2, 0, 1, 0, 0, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 0, 1, 3, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1]
        let hits = live.enumerated().flatMap { day, count in
            (0..<count).map { number in
                PublishedIndicators.Record.Hit(
                    story: "\(day)-\(number)", source: "shoal", sets: 1,
                    firstSeen: end - .seconds(Int64(day) * 86_400 + 3600))
            }
        }
        let old = end - .seconds(60 * 86_400)
        return [
            "live-fire": .init(definition: indicators[0].definition, since: old, hits: hits),
            "sides": .init(definition: indicators[1].definition, since: old, hits: Array(hits.dropFirst(12))),
            "late": .init(definition: indicators[2].definition, since: end - .seconds(7 * 86_400), hits: []),
        ]
    }

    static func input(
        stories: [Story], nearMisses: [Story] = [], blind: Set<SourceID> = [], day: String = "2025-03-30",
        from: String = "2025-03-29T05:20:00Z", to: String = "2025-03-30T04:20:00Z"
    ) -> DigestInput {
        DigestInput(
            day: CivilDate(daysSince1970: Int(at("\(day)T00:00:00Z").seconds / 86_400)), window: at(from)..<at(to),
            previousTo: at(from), issued: at(to) + .seconds(600), nextIssue: at(to) + .seconds(86_400 + 600),
            zone: paris, stories: stories, nearMisses: nearMisses, health: health(blind: blind, to: at(to)),
            outages: outages(to: at(to)), pageFaults: pageFaults, sources: sources,
            topics: topics, gazetteer: gazetteer(knownSince: knownSince), excerptMax: 240, belowTheLine: 10,
            version: "0.1.0", configurationHash: "9c1e")
    }
}
