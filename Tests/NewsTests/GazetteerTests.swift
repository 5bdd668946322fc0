import News
import Testing

@Suite("Names in stories")
struct GazetteerTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!

    private static func member(
        _ key: String, _ title: String, after seconds: Int64 = 0, language: String? = nil, names: [EntityID],
        strong: [EntityID] = [], found: [(EntityID, String)] = []
    ) -> StoryMember {
        var article = Article()
        (article.title, article.language) = (title, language)
        var match = TopicMatch(topic: "t", match: .clear, score: 1, evidence: [])
        match.evidence = found.map { entity, phrase in
            Evidence(
                phrase: phrase, field: .text, strength: .strong, entity: entity, contribution: 0.2, start: 0,
                end: phrase.utf8.count)
        }
        return StoryMember(
            source: "paper", key: key, url: nil, article: article, firstSeen: start + .seconds(seconds),
            readAt: start + .seconds(seconds), relation: .first, topics: [match], entities: names,
            strongEntities: strong)
    }

    private static func entity(_ id: EntityID, _ name: String, _ aliases: [String: [String]] = [:]) -> Entity {
        var entity = Entity(id: id, name: name)
        entity.aliases = aliases
        return entity
    }

    /// The names of a story in an issue whose window began a day before its first article.
    private static func names(_ members: [StoryMember], _ gazetteer: Gazetteer) -> [PublishedName]? {
        let story = Story(id: "s", shownID: "s", firstSeen: start, members: members)
        return Digest.compose(
            DigestInput(
                day: CivilDate(daysSince1970: 0), window: (start - .seconds(86_400))..<(start + .seconds(86_400)),
                previousTo: nil, issued: start + .seconds(86_400), nextIssue: start + .seconds(2 * 86_400), zone: .utc,
                stories: [story], nearMisses: [], health: [], sources: [:], topics: [Topic(id: "t", name: "T")],
                gazetteer: gazetteer, excerptMax: 0, belowTheLine: 0, version: "", configurationHash: "")
        ).stories.first?.story.names
    }

    @Test("The headline's names come first, then what decides; each once, with the first article that has it")
    func order() throws {
        let gazetteer = Gazetteer([
            Self.entity("cape", "The Cape"), Self.entity("fleet", "Northern Fleet"),
            Self.entity("command", "Strait Theatre Command", ["zh": ["战区", "海峡战区"]]),
        ])
        let names = try #require(
            Self.names(
                [
                    Self.member(
                        "a", "海峡战区发言人发表谈话", language: "zh-Hans", names: ["cape", "command", "unlisted"],
                        found: [("cape", "海角")]),
                    Self.member(
                        "b", "Fleet sails", after: 60, names: ["fleet", "command"], strong: ["fleet", "command"]),
                ], gazetteer))
        #expect(names.map(\.id) == ["command", "fleet", "cape"])
        // The longest of its ways in the headline, though no topic looked for it.
        #expect(names.map(\.written) == ["海峡战区", nil, "海角"])
        #expect(names.map(\.language) == ["zh-Hans", nil, "zh-Hans"])
        #expect(names.map(\.isStrong) == [true, true, false])
        #expect(names.map(\.firstNamed.seconds) == [0, 60, 0].map { Self.start.seconds + $0 })
        #expect(names.allSatisfy { $0.knownSince == nil && !$0.isNew })
    }

    @Test(
        "A name is new where an old file first has it in the window; in a file's first week nothing is",
        arguments: [(6, false), (9, true)])
    func new(fileDays: Int64, isNew: Bool) throws {
        let begin = Self.start - .seconds(fileDays * 86_400)
        let gazetteer = Gazetteer(
            [Self.entity("cape", "The Cape"), Self.entity("fleet", "Northern Fleet")],
            knownSince: ["fleet": begin, "cape": Self.start])
        let names = try #require(
            Self.names([Self.member("a", "Cape", names: ["cape", "fleet"])], gazetteer))
        #expect(names.map(\.isNew) == [isNew, false])
        #expect(names.map(\.knownSince) == [Self.start, begin])
    }

    @Test("What an article claims to name is one clean line of bearable length, and at most forty names are told")
    func hostile() throws {
        let many = (0..<200).map { Self.entity("e\($0)", "Name \($0)\u{202E}\u{0}\n<b>") }
        let long = String(repeating: "x ", count: 500)
        let names = try #require(
            Self.names(
                [Self.member("a", "T", names: many.map(\.id), found: [("e0", "a\u{1B}[31m\u{202E}\n" + long)])],
                Gazetteer(many)))
        #expect(names.count == 40 && names[0].name == "Name 0 <b>")
        let written = try #require(names[0].written)
        #expect(written.count <= 80 && written.hasPrefix("a[31m x x") && written.hasSuffix("…"))
    }

    @Test("Without a gazetteer a story says nothing of names")
    func none() {
        #expect(Self.names([Self.member("a", "T", names: ["cape"])], Gazetteer()) == nil)
        #expect(Self.names([Self.member("a", "T", names: ["cape"])], Gazetteer([Self.entity("x", "X")])) == [])
    }
}
