import Testing

@testable import News

@Suite("Digests")
struct DigestsTests {
    @Test(
        "The first sentence is found whole, without its place line",
        arguments: [
            (
                "TOKYO (AP) — The U.S. Navy said Gen. Lee would go to Mt. Fuji. Then he left.",
                "The U.S. Navy said Gen. Lee would go to Mt. Fuji."
            ),
            (
                "PORT ALMA, March 3 – The ship left at 5 p.m. on Monday. It came back.",
                "The ship left at 5 p.m. on Monday."
            ),
            ("It was made in the U.S. The ship is new.", "It was made in the U.S."),
            ("\"We will not go,\" he said. \"Never!\" she said.", "\"We will not go,\" he said."),
            ("“We go now. We win this.” That is what he said.", "“We go now. We win this.”"),
            (
                "The price rose 3.5 percent to $4.20 a litre. Nobody knew why.",
                "The price rose 3.5 percent to $4.20 a litre."
            ),
            ("「三港を移す。六月までに。」と司令官が述べた。次の文。", "「三港を移す。六月までに。」と司令官が述べた。"),
            ("【東京共同】艦隊は三つの港を共同司令部に移す。次の文。", "艦隊は三つの港を共同司令部に移す。"),
            ("新华社北京3月30日电（记者 林山）部队全程跟踪并依法处置。后续。", "部队全程跟踪并依法处置。"),
            ("(서울=연합뉴스) 홍길동 기자 = 함대는 세 항구를 공동 사령부에 넘긴다. 다음.", "함대는 세 항구를 공동 사령부에 넘긴다."),
            ("No full stop at all in this paragraph", "No full stop at all in this paragraph"),
            (
                "The deal — long awaited — was signed on Friday. More.",
                "The deal — long awaited — was signed on Friday."
            ),
        ])
    func firstSentence(text: String, expected: String) {
        var article = Article()
        article.paragraphs = [text]
        #expect(FirstSentence.of(article) == expected)
    }

    @Test("A by-line before the text is passed over, and an article of nothing has no sentence")
    func noSentence() {
        var article = Article()
        #expect(FirstSentence.of(article) == nil)
        article.paragraphs = ["", "By A. Writer", "The harbour was closed on Sunday morning. More."]
        #expect(FirstSentence.of(article) == "The harbour was closed on Sunday morning.")
        article.paragraphs = [String(repeating: "（", count: 100_000)]
        #expect(FirstSentence.of(article)?.isEmpty == false)
    }

    @Test("A cut stands at a word, is marked, and keeps to its length")
    func cut() {
        let text = "The harbour command will be moved to the northern islands"
        #expect(text.cut(to: 30) == "The harbour command will be…")
        #expect(text.cut(to: 1000) == text)
        #expect(text.cut(to: text.count) == text)
        #expect(text.cut(to: 0).isEmpty)
        #expect("一二三四五六七八九十".cut(to: 5) == "一二三四…")
        for max in 1...60 { #expect(text.cut(to: max).count <= max) }
    }

    @Test(
        "A change is told in the fewest words that make sense",
        arguments: [
            (
                "The ministry counted 9 ships off the cape.", "The ministry counted 7 ships off the cape.", "9 ships",
                "7 ships"
            ),
            ("Nine ships", "Seven ships", "Nine ships", "Seven ships"),
            ("Ships left", "Ships left port", "left", "left port"),
            ("a b", "a b", "b", "b"),
        ])
    func wordChange(old: String, new: String, before: String, after: String) {
        let change = WordChange(from: old, to: new)
        #expect(change.old == before && change.new == after)
    }

    private static func member(
        _ source: String, copyOf: String? = nil, credit: String? = nil, seen: Int64 = 100
    ) -> StoryMember {
        var article = Article()
        article.title = "T"
        article.credit = credit
        return StoryMember(
            source: source, key: source, url: nil, article: article, firstSeen: Timestamp(seconds: seen),
            readAt: Timestamp(seconds: seen), relation: copyOf == nil ? .followUp : .copy,
            copyOf: copyOf.map { MemberKey(source: $0, key: $0) }, topics: [], entities: [], strongEntities: [])
    }

    private static let sources: [SourceID: Source] = {
        let list: [(String, Source.Origin?, String, Source.Affiliation)] = [
            ("paper", .newsroom, "US", .privateOwned), ("post", .newsroom, "US", .privateOwned),
            ("wire", .wire, "GB", .privateOwned), ("gov", .official, "US", .government),
            ("state", .newsroom, "CN", .stateRun), ("party", .newsroom, "CN", .partyState),
            ("blog", nil, "US", .privateOwned), ("tank", .thinkTank, "US", .privateOwned),
        ]
        return Dictionary(
            uniqueKeysWithValues: list.map { id, origin, country, affiliation in
                var source = Source(id: id, url: "https://\(id).example/feed")
                (source.origin, source.country, source.affiliation) = (origin, country, affiliation)
                return (id, source)
            })
    }()

    @Test("Newsrooms are counted only where it is known who wrote")
    func newsrooms() {
        func count(_ members: StoryMember...) -> Int {
            Texts(members: members, sources: Self.sources).newsroomsAtLeast
        }
        func member(_ id: String, _ copyOf: String?, _ credit: String?, _ seen: Int64) -> StoryMember {
            Self.member(id, copyOf: copyOf, credit: credit, seen: seen)
        }
        #expect(count(member("paper", nil, nil, 1)) == 1)
        #expect(count(member("paper", nil, nil, 1), member("paper", nil, nil, 2)) == 1)
        #expect(count(member("paper", nil, nil, 1), member("post", nil, nil, 2)) == 2)
        #expect(
            count(member("paper", nil, "AP", 1), member("post", "paper", nil, 2), member("blog", "post", nil, 3)) == 1)
        #expect(count(member("paper", "post", nil, 1), member("post", "paper", nil, 2)) == 0)
        // A copy without a credit: nobody knows which of the two wrote it.
        #expect(count(member("paper", nil, nil, 1), member("post", "paper", nil, 2)) == 0)
        #expect(count(member("paper", nil, "AP", 1), member("post", "paper", nil, 2)) == 1)
        #expect(count(member("paper", nil, "AP", 1), member("post", nil, "ap", 2)) == 1)
        #expect(count(member("paper", nil, "wire", 1), member("wire", nil, nil, 2)) == 1)
        #expect(count(member("blog", nil, nil, 1), member("tank", nil, nil, 1), member("gov", nil, nil, 1)) == 0)
        #expect(count(member("unheard-of", nil, nil, 1)) == 0)
    }

    @Test("One side only means one country's government, party and state outlets and nobody else")
    func oneSide() {
        func side(_ ids: String...) -> String? {
            let story = Story(
                id: "s", shownID: "s", firstSeen: Timestamp(seconds: 1), members: ids.map { Self.member($0) })
            return PublishedStory.compose(story, topics: [], sources: Self.sources, excerptMax: 240, zone: .utc)
                .onlySide
        }
        #expect(side("state", "party") == "CN")
        #expect(side("gov") == "US")
        #expect(side("gov", "state") == nil)
        #expect(side("state", "paper") == nil)
        #expect(side("state", "unheard-of") == nil)
        #expect(side() == nil)
    }

    @Test("What was seen after the cut-off is left to the next issue")
    func cutoff() {
        let story = Story(
            id: "s", shownID: "s", firstSeen: Timestamp(seconds: 100),
            members: [Self.member("paper", seen: 100), Self.member("post", seen: 300)],
            alertedAt: Timestamp(seconds: 301))
        let published = PublishedStory.compose(
            story, topics: [], sources: Self.sources, excerptMax: 240, zone: .utc, until: Timestamp(seconds: 200))
        #expect(published.members.map(\.source) == ["paper"])
        #expect(published.alertedAt == nil)
    }

    @Test("Sight: a source that is not due is no gap, one that was due and not tried is")
    func sight() {
        let now = Timestamp(seconds: 1_000_000)
        func grade(_ health: [SourceHealth]) -> Sight {
            var input = Self.input(now)
            input.health = health
            return Digest.compose(input).sight
        }
        let read = SourceHealth(source: "paper", lastTried: now, lastRead: now - .seconds(60))
        let old = now - .seconds(90_000)
        let notDue = SourceHealth(source: "post", lastTried: old, lastRead: old, nextDue: now + .seconds(60))
        let overdue = SourceHealth(source: "post", lastTried: old, lastRead: old, nextDue: now - .seconds(60))
        let blind = SourceHealth(source: "post", lastRead: now - .seconds(60), blindSince: now - .seconds(30))
        #expect(grade([read, notDue]) == Sight(grade: .full, read: 1, due: 1, readSince: read.lastRead))
        #expect(grade([read, overdue]).grade == .impaired)
        #expect(grade([read, blind]).grade == .impaired)
        #expect(grade([read]).grade == .impaired)
        // Put off is not seen, though the next time is to come.
        var resting = notDue
        resting.rest = Rest(domain: "post.example", since: old, until: now + .seconds(60))
        #expect(grade([read, resting]) == Sight(grade: .impaired, read: 1, due: 2, readSince: read.lastRead))
        resting.blindSince = old
        #expect(grade([read, resting]) == Sight(grade: .impaired, read: 1, due: 2, readSince: read.lastRead))
        #expect(grade([blind]).grade == .blind)
        #expect(grade([]).grade == .blind)
        var waiting = notDue
        waiting.source = "paper"
        #expect(grade([notDue, waiting]) == Sight(grade: .idle, read: 0, due: 0, readSince: nil))
    }

    @Test("Coverage admits spans without sight that are over, and articles of which only the feed's words were read")
    func gaps() {
        let now = Timestamp(seconds: 1_000_000)
        var input = Self.input(now)
        func outage(_ source: SourceID, _ from: Int64, _ to: Int64) -> SourceOutage {
            SourceOutage(
                source: source, since: now - .seconds(from), until: now - .seconds(to), why: "server error")
        }
        input.outages = [outage("paper", 900, 600), outage("post", 9000, 600), outage("removed", 9000, 600)]
        input.pageFaults = [
            PageFaultCount(source: "paper", code: "page-not-found", count: 1),
            PageFaultCount(source: "paper", code: "page-challenge", count: 3),
            PageFaultCount(source: "post", code: "page-unrelated", count: 5),
        ]
        let coverage = Digest.compose(input).coverage
        #expect(coverage.interrupted.map(\.source) == ["post", "paper"])
        #expect(coverage.headlineOnly.map(\.count) == [5, 4])
        #expect(coverage.headlineOnly[1].reasons == ["challenge", "not found"])
    }

    @Test("A correction names the issue that told the story, not the day on which it was seen")
    func correctionOfLateStory() throws {
        let now = Timestamp(rfc3339: "2025-03-30T06:30:00Z")!
        // First seen on Friday after that day's cut-off: it was in Saturday's issue.
        var member = Self.member("paper", seen: Timestamp(rfc3339: "2025-03-28T20:00:00Z")!.seconds)
        member.changes = [
            ArticleChange(version: 2, at: now - .seconds(3600), correction: true, added: ["Correction: it was Monday."])
        ]
        var input = Self.input(now)
        input.stories = [Story(id: "s", shownID: "s", firstSeen: member.firstSeen, members: [member])]
        input.issues = [29, 28].map { day in
            let to = Timestamp(rfc3339: "2025-03-\(day)T06:20:00Z")!
            return DigestInput.Issue(
                day: CivilDate(year: 2025, month: 3, day: day), from: to - .seconds(86_400), to: to)
        }
        let correction = try #require(Digest.compose(input).corrections.first)
        #expect(correction.issueDay == CivilDate(year: 2025, month: 3, day: 29))
    }

    /// A day that ends now, with two sources and nothing in it.
    private static func input(_ now: Timestamp) -> DigestInput {
        DigestInput(
            day: CivilDate(daysSince1970: 11), window: now - .seconds(86_400)..<now, previousTo: nil, issued: now,
            nextIssue: now + .seconds(86_400), zone: .utc, stories: [], nearMisses: [], health: [],
            sources: sources.filter { ["paper", "post"].contains($0.key) }, topics: [], excerptMax: 240,
            belowTheLine: 10, version: "0", configurationHash: "0")
    }
}

@Suite("Alerts in the digest")
struct DigestAlertTests {
    @Test("A story in the issue says where it alerted again, what was folded in its window, and what is held")
    func life() {
        func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }
        var article = Article()
        article.title = "Boats leave"
        let match = TopicMatch(topic: "t", match: .clear, score: 1, evidence: [])
        let member = StoryMember(
            source: "paper", key: "a", url: nil, article: article, firstSeen: time(1100), readAt: time(1100),
            relation: .first, topics: [match], entities: [], strongEntities: [])
        var story = Story(id: "s", shownID: "s", firstSeen: time(1100), members: [member], alertedAt: time(1100))
        func digest() -> Digest {
            Digest.compose(
                DigestInput(
                    day: CivilDate(daysSince1970: 0), window: time(1000)..<time(2000), previousTo: nil,
                    issued: time(2000),
                    nextIssue: time(3000), zone: .utc, stories: [story], nearMisses: [], health: [], sources: [:],
                    topics: [Topic(id: "t", name: "T")], excerptMax: 0, belowTheLine: 0, version: "",
                    configurationHash: ""))
        }
        func issue() -> DigestStory? { digest().stories.first }
        #expect(digest().held == nil && digest().folded == nil)
        #expect(issue()?.updates == nil && issue()?.folded == nil && issue()?.held == nil)
        story.alerts.note(.init(file: "f", at: time(1100), why: []), topics: ["t"])
        story.alerts.note(.init(file: "g", at: time(1500), why: [.correction]), topics: ["t"])
        story.alerts.note(.init(file: "h", at: time(2500), why: [.correction]), topics: ["t"])
        for moment in [900, 1200, 1300, 2100] {
            story.alerts.fold([.init(source: "paper", key: "a")], at: time(Int64(moment)))
        }
        story.alerts.held = .init(by: .again, since: time(1600), until: time(9000), reasons: [], news: AlertNews())
        #expect(
            issue()?.updates?.map(\.file) == ["g"] && issue()?.folded?.map(\.title) == ["Boats leave", "Boats leave"])
        #expect(issue()?.held == DigestStory.Held(by: .again, until: time(9000)))
        let folded = digest().folded?.first
        #expect(folded?.texts == 2 && folded?.outlets == ["paper"])
        #expect(folded?.from == time(1200) && folded?.to == time(1300))
        let held = digest().held?.first
        #expect(held?.by == .again && held?.isUpdate == true && held?.topics == [] && held?.title == "Boats leave")
        // Nothing will be told of one that is muted, refused, without its topic, or that only one side has.
        let said = story
        story.mutedUntil = time(5000)
        #expect(digest().held == nil)
        story = said
        story.alerts.held?.reasons = [.init(topic: "gone", rule: "")]
        #expect(digest().held == nil)
        story.alerts.held?.reasons = [.init(topic: "t", rule: ""), .init(topic: "gone", rule: "")]
        #expect(digest().held?.first?.topics == ["T"])
        story.verdicts["t"] = ReaderVerdict(.no, at: time(1500))
        #expect(digest().held == nil)
        story = said
        story.alerts.held?.by = .alone
        #expect(digest().held == nil)
    }
}
