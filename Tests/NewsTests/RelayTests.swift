import Testing

@testable import News

/// Whose report a text passes on, and that it confirms nothing for a second time.
@Suite("Relayed reports")
struct RelayTests {
    @Test(
        "The newsroom that a text names for what it says",
        arguments: [
            ("NHK reported on Sunday that the ships had left.", "NHK"),
            ("The ships have left, according to the Strait Daily, and will not come back.", "Strait Daily"),
            ("The ships have left, according to a report by Kyodo News on Sunday.", "Kyodo News"),
            ("The ships have left, the Strait Daily reported.", "Strait Daily"),
            ("“They have left,” a minister told Reuters.", "Reuters"),
            ("The sale was first reported by the Associated Press.", "Associated Press"),
            ("据新华社星期日报道，舰队已经离港。", "新华社"),
            ("共同通信によると、艦隊は港を出た。", "共同通信"),
            ("艦隊は港を出たとNHKが報じた。", "NHK"),
            ("연합뉴스에 따르면 함대는 떠났다.", "연합뉴스"),
            ("The ships have left, Kyodo News said.", "Kyodo News"),
            ("Kyodo News said on Sunday they had left.", "Kyodo News"),
            ("NHK has reported that the ships had left.", "NHK"),
            ("The ships have left, the blog wrote, citing NHK.", "NHK"),
            ("NHK said it would cut a thousand jobs.", nil),
            ("NHKは6日、艦隊が港を出たと報道した。", "NHK"), ("据路透社消息，舰队已经离港。", "路透社"),
            ("NHK는 6일 함대가 항구를 떠났다고 보도했다.", "NHK"),
            ("The ministry reported that the ships had left.", nil),
            ("The ships have left, according to the ministry of defence, Reuters said nothing.", nil),
            ("Harbour Times reported on Sunday that the ships had left.", nil),
            ("防衛省によると、艦隊は港を出た。", nil),
            ("", nil),
        ] as [(String, String?)])
    func found(text: String, newsroom: String?) {
        var article = Article()
        article.paragraphs = [text]
        let relay = Relay(of: article, known: ["strait daily", "harbour times"], own: ["harbour times"])
        #expect(relay?.newsroom == newsroom)
    }

    @Test("A long text without spaces costs no more than its beginning")
    func hostile() {
        var article = Article()
        article.paragraphs = [
            String(repeating: "によると", count: 200_000), String(repeating: "reported ", count: 200_000),
        ]
        #expect(Relay(of: article, known: [], own: []) == nil)
    }

    private func member(_ source: String, _ text: String, credit: String? = nil, copyOf: String? = nil) -> StoryMember {
        var article = Article()
        article.title = "Ships leave"
        article.paragraphs = [text]
        article.credit = credit
        let zero = Timestamp(seconds: 0)
        return StoryMember(
            source: source, key: source, url: nil, article: article, firstSeen: zero, readAt: zero,
            relation: copyOf == nil ? .followUp : .copy, copyOf: copyOf.map { MemberKey(source: $0, key: $0) },
            topics: [],
            entities: [], strongEntities: [])
    }

    private let sources: [SourceID: Source] = {
        var sources: [SourceID: Source] = [:]
        for (id, name, origin) in [
            ("harbour", "Harbour Times", Source.Origin.newsroom), ("strait", "Strait Daily", .newsroom),
            ("ministry", "Ministry", .official), ("wire", "The Associated Press", .wire), ("blog", "Blog", nil),
        ] as [(String, String, Source.Origin?)] {
            var source = Source(id: id, url: "https://\(id).example/")
            source.name = name
            source.origin = origin
            sources[id] = source
        }
        return sources
    }()

    @Test("A chain of reports is one newsroom, a wire under two names too, and unknown or official texts are none")
    func newsrooms() {
        let own = member("strait", "The ships left at noon, a reporter at the quay saw.")
        let chain = member("harbour", "The Strait Daily reported on Sunday that the ships had left.")
        #expect(Newsrooms.count(in: [own, chain], sources: sources) == 1)
        #expect(Newsrooms.count(in: [chain], sources: sources) == 1)
        let third = member("strait", "PORT ELLEN (Reuters) - The ships have left, NHK reported.", credit: "Reuters")
        #expect(
            Newsrooms.count(in: [member("harbour", "The ships left, NHK reported."), third], sources: sources) == 1)
        #expect(
            Newsrooms.count(in: [chain, member("ministry", "The ministry said on Sunday.")], sources: sources) == 1)
        let alone = member("harbour", "The ships left at noon, the harbour master said.")
        #expect(Newsrooms.count(in: [own, alone], sources: sources) == 2)
        let wire = member("wire", "The ships left at noon, the navy said.")
        let credited = member("harbour", "The ships left early, the navy said again.", credit: "AP")
        #expect(Newsrooms.count(in: [wire, credited], sources: sources) == 1)
        let unknown = [member("blog", "The ships left."), member("ministry", "The ships have left the port.")]
        #expect(Newsrooms.count(in: unknown, sources: sources) == 0)
    }

    @Test("A text that no outlet credits is unknown until one of its copies carries the credit")
    func credit() {
        let first = member("blog", "The ships left at noon, the navy said.")
        let second = member("harbour", "The ships left at noon, the navy said.", copyOf: "blog")
        #expect(Texts(members: [first, second], sources: sources).list.map(\.kind) == [.unknown])
        #expect(Newsrooms.count(in: [first, second], sources: sources) == 0)
        let third = member("strait", "The ships left at noon, the navy said.", credit: "AP", copyOf: "blog")
        let texts = Texts(members: [first, second, third], sources: sources)
        #expect(texts.list.map(\.origin) == ["AP"] && texts.list.map(\.uncredited) == [2])
        #expect(texts.newsroomsAtLeast == 1)
    }

    @Test("What passes on another's report says so")
    func told() {
        let texts = Texts(
            members: [
                member("strait", "The ships left at noon, a reporter at the quay saw."),
                member("harbour", "The Strait Daily reported on Sunday that the ships had left."),
            ], sources: sources)
        #expect(texts.list.map(\.relays) == [nil, "Strait Daily"])
    }
}
