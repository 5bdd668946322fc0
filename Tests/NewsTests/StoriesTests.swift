import NewsTesting
import Testing

@testable import News

/// Reports written for these tests, on events that never were.
enum Reports {
    static let day = Timestamp(seconds: 1_700_000_000)

    static let wire = [
        "PORT ELLEN - The defence ministers of two allied states agreed on Monday to put their patrol fleets in the Marrow Strait under one permanent command, saying that a shared watch would deter any attempt to close the passage by force.",
        "The new headquarters will open in Port Ellen by the first of June with 140 officers, Minister Ada Brandt told reporters after three hours of talks with her colleague Tomas Reyle.",
        "\"Nobody should doubt that these waters stay open,\" Brandt said. \"We have counted the ships and we have counted the days.\"",
        "Reyle said that his country would send four frigates and a tanker, and that live-fire drills would be held twice a year off Cape Lorn.",
        "The strait is 38 kilometres wide at its narrowest point and carries a fifth of the region's grain.",
    ]

    static let followUp = [
        "The first 40 officers of the joint Marrow Strait command moved into a former customs house in Port Ellen on Tuesday, a day after ministers Brandt and Reyle agreed to set it up.",
        "Commodore Lise Aune, who was named to lead the headquarters, said the patrol fleets would share one radar picture before the end of the month.",
        "Fishermen in the harbour said that they had not been told where the frigates would berth.",
    ]

    /// The same ministers on the same day, another event.
    static let other = [
        "Minister Ada Brandt apologised in parliament on Monday for late pension payments to 3,000 widows of veterans, and blamed a software change at the agency that handles them.",
        "Opposition members asked for the resignation of the agency's director, and Tomas Reyle, on a visit, watched the debate from the gallery.",
        "The arrears, about nine million in all, are to be paid with interest before Christmas.",
    ]

    static func reading(
        _ source: String, _ key: String, title: String, _ paragraphs: [String], hours: Int = 0, url: String? = nil,
        entities: [EntityID] = []
    ) -> Reading {
        var entry = Entry()
        entry.id = key
        entry.title = title
        entry.link = url ?? "https://\(source).example/\(key)"
        var article = Article()
        article.title = title
        article.paragraphs = paragraphs
        let time = day + .seconds(hours * 3600)
        return Reading(
            pending: PendingEntry(source: source, key: key, entry: entry, firstSeen: time, seen: time),
            article: article,
            readAt: time, topics: [], entities: entities, strongEntities: entities,
            fingerprint: Fingerprint(article: article))
    }

    static let copies = [
        reading(
            "harbour", "a", title: "Allies put strait patrols under one command", wire, entities: ["marrow-strait"]),
        reading(
            "minami", "b", title: "One command for Marrow Strait patrols",
            [
                wire[0].replacing("PORT ELLEN - ", with: ""), wire[1].replacing("told reporters", with: "said"),
                wire[2], wire[4],
            ],
            entities: ["marrow-strait"]),
        reading(
            "bay", "c", title: "Ministers agree on joint strait command",
            ["(Wire) " + wire[0], wire[1], wire[2].replacing("\"", with: "”"), wire[3], "Sign up for our newsletter."],
            entities: ["marrow-strait"]),
    ]

    /// Enough other news for words to be rare or common by.
    static let background: [Reading] = (0..<120).map { number in
        let words = [
            "harbour", "minister", "parliament", "monday", "ships", "officers", "talks", "country", "market",
            "festival",
        ]
        let text = (0..<60).map {
            words[($0 * 7 + number * 3) % words.count] + ($0 % 3 == 0 ? " w\(number)x\($0)" : "")
        }
        return reading(
            "filler\(number % 9)", "f\(number)", title: "Report \(number) on n\(number) and m\(number * 7)",
            [text.joined(separator: " ")])
    }
}

@Suite("Stories")
struct StoriesTests {
    /// Files readings one after the other and says where each went.
    private func file(_ readings: [Reading], after filed: FiledStories = FiledStories()) -> [MemberKey: Placement] {
        var stories = filed
        var placements: [MemberKey: Placement] = [:]
        for reading in readings {
            let article = IndexedArticle(reading)
            placements[article.key] = stories.file(article)
        }
        return placements
    }

    /// The id of the story that an article opens.
    private func opened(_ article: IndexedArticle) -> StoryID { article.storyID { _ in false } }

    @Test("Three copies with small edits are one story in any order")
    func copies() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for run in 0..<1000 {
            let order = Reports.copies.shuffled(using: &random)
            let placements = file(order)
            let stories = Set(placements.values.map(\.story))
            let copies = placements.values.count { if case .copy = $0.kind { true } else { false } }
            #expect(stories.count == 1 && copies == 2, "seed \(seed), run \(run): \(placements.values.map(\.reason))")
        }
    }

    @Test("One text makes one story, in whatever order its copies arrive: 10,000 shuffled arrivals")
    func shuffled() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let wire = Reports.wire
        let texts = [
            wire, Array(wire.prefix(3)),
            ["Port Ellen, by our own correspondent"] + wire + ["Read more: ferries run late"],
            ["A summit is expected in June."] + wire.prefix(4), [wire[0], wire[1], wire[3], wire[4]],
        ]
        var articles = texts.enumerated().map { number, text in
            IndexedArticle(Reports.reading("outlet\(number)", "\(number)", title: "Command \(number)", text))
        }
        for run in 0..<2000 {
            articles.shuffle(using: &random)
            var filed = FiledStories()
            var stories: Set<StoryID> = []
            for article in articles {
                stories.insert(filed.file(article).story)
            }
            #expect(stories.count == 1, "seed \(seed), run \(run): \(articles.map(\.key.source))")
        }
    }

    @Test("A follow-up the next day joins the story, and says why")
    func followUp() {
        let next = Reports.reading(
            "harbour", "d", title: "First officers arrive at joint Marrow Strait command", Reports.followUp, hours: 22,
            entities: ["marrow-strait"])
        let placements = file(Reports.copies + [next], after: FiledStories(Reports.background))
        let first = placements[MemberKey(source: "harbour", key: "a")]
        let placement = placements[MemberKey(source: "harbour", key: "d")]
        #expect(placement?.kind == .followUp(story: first!.story), "\(placement?.reason ?? "")")
        #expect(placement?.reason.contains("marrow-strait") == true)
    }

    @Test("Another story on the same people on the same day stays apart")
    func another() {
        let other = Reports.reading(
            "bay", "p", title: "Minister Brandt apologises for late pensions", Reports.other, hours: 3)
        for filed in [FiledStories(), FiledStories(Reports.background)] {
            let placements = file(Reports.copies + [other], after: filed)
            #expect(placements[MemberKey(source: "bay", key: "p")]?.kind == .new(opened(IndexedArticle(other))))
        }
    }

    @Test("What looks like a follow-up weeks later is a story of its own")
    func late() {
        let late = Reports.reading(
            "harbour", "d", title: "First officers arrive at joint Marrow Strait command", Reports.followUp,
            hours: 24 * 9)
        let placement = file(Reports.copies + [late], after: FiledStories(Reports.background))[
            MemberKey(source: "harbour", key: "d")]
        #expect(placement?.kind == .new(opened(IndexedArticle(late))))
    }

    @Test("The same page listed by another source is a copy, whatever was read of it")
    func samePage() {
        let first = Reports.copies[0]
        let listed = Reports.reading(
            "aggregator", "z", title: "Strait", ["Read more."], url: "http://www.harbour.example/a?utm_source=x")
        let placements = file([first, listed])
        let placement = placements[MemberKey(source: "aggregator", key: "z")]
        #expect(placement?.kind == .copy(of: MemberKey(source: "harbour", key: "a"), story: placement!.story))
    }

    @Test("Entries that all carry the same address are not one story")
    func sharedAddress() {
        let page = "https://sloppy.example/news"
        let readings = [
            Reports.reading("sloppy", "1", title: "Strait command", Reports.wire, url: page),
            Reports.reading("sloppy", "2", title: "Pensions", Reports.other, url: page),
            Reports.reading(
                "sloppy", "3", title: "Weather", ["Rain is expected in the hills from noon, and sun at the coast."],
                url: page),
        ]
        #expect(Set(file(readings).values.map(\.story)).count == 3)
    }

    @Test("Reports made from one template differ by their numbers")
    func templates() {
        func tides(_ key: String, _ numbers: [Int]) -> Reading {
            Reports.reading(
                "tides", key, title: "Tides at Cape Lorn",
                [
                    "High water at Cape Lorn is expected at \(numbers[0]) hours and low water at \(numbers[1]) hours, with a range of "
                        + "\(numbers[2]) centimetres. Skippers are reminded that the bar is dangerous for \(numbers[3]) minutes after the turn, "
                        + "that the harbour office issues this forecast daily, and that no warranty of any kind is given for its use."
                ])
        }
        let placements = file([tides("1", [410, 1020, 310, 45]), tides("2", [455, 1105, 288, 50])])
        #expect(placements.values.allSatisfy { if case .copy = $0.kind { false } else { true } })
    }

    @Test("Hundreds of reports that share only the same big names do not become one story")
    func noGiantCluster() {
        let readings = (0..<200).map { number in
            let own = (0..<30).map { "topic\(number)word\($0)" }.joined(separator: " ")
            return Reports.reading(
                "s\(number % 20)", "k\(number)", title: "Brandt and Reyle on matter\(number)",
                ["Minister Ada Brandt and Tomas Reyle spoke in Port Ellen about \(own)."], hours: number / 10,
                entities: ["marrow-strait", "port-ellen"])
        }
        let stories = Dictionary(grouping: file(readings).values, by: \.story)
        // The very first ones may be joined, while nothing is known to be common yet.
        #expect(stories.values.map(\.count).max()! <= readings.count / 20)
    }

    @Test("What is forgotten is not found again, and the rest still is")
    func forgets() {
        var stories = FiledStories(Reports.background + [Reports.copies[0]])
        let late = Reports.reading("bay", "q", title: "Later", Reports.other, hours: 24 * 20)
        stories.file(IndexedArticle(late), into: "late")
        stories.forget(before: Reports.day + .seconds(86_400))
        #expect(stories.story(of: MemberKey(source: "harbour", key: "a")) == nil)
        #expect(stories.story(of: MemberKey(source: "bay", key: "q")) == "late")
        #expect(stories.index.count == 1)
        let copy = stories.place(IndexedArticle(Reports.copies[1]))
        #expect(copy.kind == .new(opened(IndexedArticle(Reports.copies[1]))))
    }

    @Test("An index that is filled anew with the window places every article as the one that kept running does")
    func restored() throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var running = StoryIndex()
        var shelf = MemoryShelf()
        /// Every filing so far, in order, as the database has it.
        var filed: [(article: IndexedArticle, story: StoryID, turn: Int64)] = []
        for number in 0..<400 {
            // A few hundred words, of which some are everywhere: nearly every placement is a close one.
            let words = (0..<40).map { _ in "word\(Int.random(in: 0..<300, using: &random))" }.joined(separator: " ")
            let key = number.isMultiple(of: 7) ? "k\(max(0, number - 20))" : "k\(number)"
            var article = IndexedArticle(
                Reports.reading(
                    "s\(number % 5)", key, title: "word\(number % 30) of the day", [words], hours: number * 4))
            let oldest = article.firstSeen - StoryIndex.window
            running.forget(before: oldest)
            var anew = StoryIndex()
            for (article, story, turn) in filed { anew.insert(article, into: story, turn: turn) }
            anew.forget(before: oldest)
            let placement = try running.place(article, shelf: shelf)
            #expect(
                try placement == anew.place(article, shelf: shelf),
                "number \(number), seed \(seed)")
            if case .copy(let original, _) = placement.kind { article.original = original }
            filed.removeAll { $0.article.key == article.key }
            filed.append((article, placement.story, shelf.next))
            running.insert(article, as: placement, on: &shelf)
        }
        #expect(running.count < 200)
    }

    @Test("What has waited for longer than the index keeps anything is still filed together, and then forgotten")
    func longWaiting() {
        var stories = FiledStories([Reports.reading("bay", "q", title: "Later", Reports.other, hours: 24 * 40)])
        stories.forget(before: Reports.day + .seconds(86_400 * 10))
        let first = stories.file(IndexedArticle(Reports.copies[0]))
        for copy in Reports.copies.dropFirst() {
            #expect(stories.file(IndexedArticle(copy)).story == first.story)
        }
        #expect(stories.index.count == 1 + Reports.copies.count)
        stories.forget(before: Reports.day + .seconds(86_400 * 10 + 1))
        #expect(stories.index.count == 1 && stories.index.recentCount == 1)
    }

    @Test("An index whose clock was ahead knows it")
    func ahead() {
        var stories = FiledStories([Reports.copies[0]])
        stories.forget(before: Reports.day - StoryIndex.window)
        #expect(!stories.index.isAhead(of: Reports.day) && !stories.index.isAhead(of: Reports.day + .seconds(9)))
        #expect(stories.index.isAhead(of: Reports.day - .seconds(1)))
    }

    @Test("A later version of a member takes its place")
    func replaces() {
        var stories = FiledStories([Reports.copies[0]])
        let story = stories.story(of: MemberKey(source: "harbour", key: "a"))!
        let version = Reports.reading("harbour", "a", title: "Rewritten", Reports.other)
        stories.file(IndexedArticle(version), into: story)
        #expect(stories.index.count == 1)
        let copy = Reports.reading("bay", "p", title: "Pensions", Reports.other)
        #expect(stories.place(IndexedArticle(copy)).story == story)
    }

    @Test("A text that its first carrier has changed or withdrawn since is still recognised in others")
    func earlierVersions() {
        var stories = FiledStories([Reports.copies[0]])
        let key = MemberKey(source: "harbour", key: "a")
        let story = stories.story(of: key)!
        for number in 1...4 {
            let version = Reports.reading(
                "harbour", "a", title: "Withdrawn", ["Correction \(number): this report has been withdrawn."])
            stories.file(IndexedArticle(version), into: story)
            #expect(stories.place(IndexedArticle(Reports.copies[1])).kind == .copy(of: key, story: story))
        }
        #expect(stories.index.count == 1)
        stories.forget(before: Reports.day + .seconds(1))
        #expect(stories.index.count == 0)
        #expect(stories.place(IndexedArticle(Reports.copies[1])).story != story)
    }

    @Test("What comes after a later version is compared with that, and not with what it took the place of")
    func laterVersion() {
        var stories = FiledStories([Reports.copies[0]] + Reports.background)
        let key = MemberKey(source: "harbour", key: "a")
        let story = stories.story(of: key)
        let version = Reports.reading(
            "harbour", "a", title: "Ministers agree on joint Marrow Strait command",
            Reports.wire + ["A spokesman later added that the command will be led in turn."])
        stories.file(IndexedArticle(version), into: story!)
        #expect(stories.place(IndexedArticle(Reports.copies[1])).kind == .copy(of: key, story: story!))
        let next = Reports.reading(
            "harbour", "d", title: "First officers arrive at joint Marrow Strait command", Reports.followUp, hours: 22,
            entities: ["marrow-strait"])
        #expect(stories.place(IndexedArticle(next)).kind == .followUp(story: story!))
        let listed = Reports.reading(
            "aggregator", "z", title: "Strait", ["Read more."], url: "http://www.harbour.example/a?utm_source=x")
        #expect(stories.place(IndexedArticle(listed)).kind == .copy(of: key, story: story!))
    }

    @Test("Who shares one shingle with a text as long is not read, as one in a long text or of much boilerplate is")
    func chance() throws {
        /// Counts what is asked of it.
        final class CountingShelf: ArticleShelf {
            let shelf: MemoryShelf
            var fingerprintCount = 0
            init(_ shelf: MemoryShelf) { self.shelf = shelf }
            func fingerprint(at turn: Int64) -> Fingerprint? {
                fingerprintCount += 1
                return shelf.fingerprint(at: turn)
            }
            func article(at turn: Int64) -> ShelvedArticle? { shelf.article(at: turn) }
        }
        /// Of a text of so many shingles, spread evenly over all hashes: the smallest of them, those of `common` among them.
        func article(_ key: String, shingles: Int, common: [UInt32]) -> IndexedArticle {
            let step = UInt32.max / UInt32(shingles)
            let own = (0..<min(shingles, Fingerprint.sizeMax) - common.count).map {
                UInt32($0) * step + UInt32(Hash.number(key) % 1_000)
            }
            var article = IndexedArticle(Reports.reading("north", key, title: "", []))
            article.fingerprint = Fingerprint(hashes: (own + common).sorted(), shingleCount: shingles)
            return article
        }
        func readings(of shingles: Int, common: [UInt32], among filed: FiledStories) throws -> Int {
            let shelf = CountingShelf(filed.shelf)
            _ = try filed.index.place(article("probe", shingles: shingles, common: common), shelf: shelf)
            return shelf.fingerprintCount
        }
        var filed = FiledStories()
        filed.file(article("first", shingles: 400, common: [1_000_000, 1_000_003]), into: "first")
        #expect(try readings(of: 400, common: [1_000_000], among: filed) == 0)
        #expect(try readings(of: 500, common: [1_000_003], among: filed) == 0)
        #expect(try readings(of: 400, common: [1_000_000, 1_000_003], among: filed) == 1)
        #expect(try readings(of: 4_000, common: [1_000_000], among: filed) == 1)
        #expect(try readings(of: 40, common: [1_000_000], among: filed) == 1)
        // Of 32 probes 30 are in everything: one of two is as much as can be asked for.
        let everywhere = (0..<30).map { UInt32(2_000_000 + $0) }
        for number in 0..<StoryScale.boilerplateArticles {
            filed.file(article("notice \(number)", shingles: 400, common: everywhere), into: "notice \(number)")
        }
        #expect(try readings(of: 400, common: everywhere + [1_000_000], among: filed) == 1)
    }

    @Test("Cost per article does not grow with the window: only the newest articles that share a feature are looked at")
    func costIsBounded() {
        // Stories are numbered in the order of filing: those looked at are found out by which of equal ones is the best.
        func number(of story: StoryID?) -> Int { story.flatMap { Int($0) } ?? -1 }
        let words = (0..<40).map { "marrow\($0)" }
        func event(_ key: Int, step: Int) -> IndexedArticle {
            let text = words.indices.map { words[($0 * step) % words.count] }.joined(separator: " ")
            return IndexedArticle(Reports.reading("s\(key)", "e\(key)", title: "marrow1 marrow2", [text]))
        }
        var stories = FiledStories()
        for key in 0..<1400 {
            stories.file(
                IndexedArticle(Reports.reading("b", "\(key)", title: "filler\(key)", ["filler\(key)x filler\(key)y"])),
                into: "b\(key)")
        }
        for key in 0..<160 {
            var copy = event(key, step: 1)
            copy.original = event(0, step: 1).key
            stories.file(copy, into: "\(key)")
        }

        let copy = stories.place(event(900, step: 1))
        guard case .copy(_, let story) = copy.kind else { Issue.record("\(copy)"); return }
        #expect((160 - Postings.visitsMax..<160).contains(number(of: story)), "\(copy)")
        let followUp = stories.place(event(901, step: 7))
        guard case .followUp(let followed) = followUp.kind else { Issue.record("\(followUp)"); return }
        #expect((160 - Postings.visitsMax..<160).contains(number(of: followed)), "\(followUp)")
    }
}

@Suite("Shown ids")
struct ShownIDTests {
    @Test("The shortest prefix of four that is free, longer only when taken")
    func shortest() {
        #expect(ShownID.shortest(for: "k7f2abcdefgh") { _ in false } == "k7f2")
        #expect(ShownID.shortest(for: "k7f2abcdefgh") { ["k7f2", "k7f2a"].contains($0) } == "k7f2ab")
        #expect(ShownID.shortest(for: "k7f2abcdefgh") { _ in true } == "k7f2abcdefgh")
        #expect(ShownID.shortest(for: "k7") { _ in false } == "k7")
    }

    @Test("A failing look-up is passed on")
    func fails() {
        struct Broken: Error {}
        #expect(throws: Broken.self) { try ShownID.shortest(for: "k7f2abcd") { _ in throw Broken() } }
    }
}
