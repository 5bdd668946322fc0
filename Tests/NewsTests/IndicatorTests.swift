import News
import Testing

@Suite("Indicators")
struct IndicatorTests {
    @Test(
        "A count is as surprising as its baseline allows, and small numbers are not shouted about",
        arguments: [
            // Nothing for four weeks: the first is worth a word, and two are no more than twice the baseline.
            ([Int](repeating: 0, count: 28), 1, 50...60, true), ([Int](repeating: 0, count: 28), 2, 56...56, true),
            ([Int](repeating: 0, count: 28), 0, 1...1, false),
            // 0.6 a day, and four.
            ([0, 1, 0, 2, 0, 1, 0, 0, 1, 0, 0, 1, 3, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 0, 1, 0, 0, 2], 4, 60...200, true),
            ([0, 1, 0, 2, 0, 1, 0, 0, 1, 0, 0, 1, 3, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 0, 1, 0, 0, 2], 1, 1...3, true),
            // Ten a day, every day: twelve are usual, forty are not, and nothing is not either.
            ([Int](repeating: 10, count: 28), 12, 2...5, true), ([Int](repeating: 10, count: 28), 40, 500...1000, true),
            ([Int](repeating: 10, count: 28), 0, 60...120, false),
            // In bursts: a day of twenty has been there before.
            ((0..<28).map { $0 % 7 == 0 ? 20 : 0 }, 20, 2...30, true),
            ([3], 400, 10...1000, true), ([], 1, 1...4, true),
        ] as [([Int], Int, ClosedRange<Int>, Bool)])
    func surprise(baseline: [Int], count: Int, expected: ClosedRange<Int>, isMore: Bool) {
        let found = CountModel(baseline: baseline).onceIn(count)
        #expect(
            expected.contains(found.days) && found.isMore == isMore, "1 in \(found.days), more: \(found.isMore)")
    }

    @Test("Nothing is called rarer than once in a thousand days, whatever the window", arguments: 1...7)
    func rarest(days: Int) {
        let model = CountModel(baseline: [Int](repeating: 1, count: 28 / days), windowDays: days)
        #expect(model.onceIn(1_000).days == 1000 && model.onceIn(1_000).isMore)
        #expect(model.onceIn(1).days >= days && model.onceIn(0).days >= days)
        let quiet = CountModel(baseline: [Int](repeating: 0, count: 28 / days), windowDays: days)
        #expect(quiet.onceIn(2).days == 2 * (28 / days) * days)
    }

    @Test("A mean below a tenth is told as that, and none as none")
    func small() {
        let once = (0..<28).map { $0 == 3 ? 1 : 0 }
        #expect(PublishedIndicator.small(PublishedIndicator.mean(of: once), of: once) == "under 0.1")
        #expect(PublishedIndicator.small(0, of: [0, 0]) == "0" && PublishedIndicator.small(0.1, of: [0, 1]) == nil)
    }

    @Test("More is never less surprising, whatever the baseline")
    func monotone() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let rate = Int(random.next() % 9)
            let model = CountModel(baseline: (0..<28).map { _ in Int(random.next() % UInt64(rate + 1)) })
            let surprises = (0..<60).map { model.onceIn($0) }.filter(\.isMore).map(\.days)
            #expect(surprises == surprises.sorted(), "seed 7, rate \(rate)")
            #expect(surprises.allSatisfy { $0 >= 1 && $0 <= CountModel.rarest })
        }
    }

    private static let end = Timestamp(rfc3339: "2025-03-30T04:20:00Z")!

    private static func hit(_ story: String, _ sets: Int64, hoursBack: Int64) -> PublishedIndicators.Record.Hit {
        .init(story: story, source: "haixia", sets: sets, firstSeen: end - .seconds(hoursBack * 3600))
    }

    private static func indicators(
        _ declared: [Indicator], _ records: [String: PublishedIndicators.Record], blind: Bool = false,
        sight: IndicatorSight = IndicatorSight(outages: [], firstRead: [:]), nextDue: Timestamp? = nil
    ) -> PublishedIndicators? {
        var source = Source(id: "haixia", name: "Haixia", url: "https://haixia.example/rss")
        source.country = "CN"
        let health = SourceHealth(
            source: "haixia", lastRead: end - .seconds(blind || nextDue != nil ? 200_000 : 60),
            blindSince: blind ? end - .seconds(100_000) : nil, nextDue: nextDue)
        var input = DigestInput(
            day: CivilDate(daysSince1970: 20_177), window: (end - .seconds(86_400))..<end, previousTo: nil, issued: end,
            nextIssue: end + .seconds(86_400), zone: .utc, stories: [], nearMisses: [], health: [health],
            sources: ["haixia": source], topics: [], excerptMax: 0, belowTheLine: 0, version: "", configurationHash: "")
        input.indicators = declared
        (input.indicatorRecords, input.indicatorSight) = (records, sight)
        return Digest.compose(input).indicators
    }

    private static func declared(days: Int = 1, sets: Int = 0) -> Indicator {
        var indicator = Indicator(id: "crossings", name: "Crossings")
        indicator.words = ["crossing"]
        indicator.windowDays = days
        indicator.sources = (0..<sets).map { _ in
            var set = Indicator.SourceSet()
            set.country = ["CN"]
            return set
        }
        return indicator
    }

    private static func record(
        _ indicator: Indicator, since days: Int64 = 60, _ hits: [PublishedIndicators.Record.Hit] = []
    ) -> [String: PublishedIndicators.Record] {
        ["crossings": .init(definition: indicator.definition, since: end - .seconds(days * 86_400), hits: hits)]
    }

    @Test("A story counts once in a window, and where sets are asked for only with an article from each")
    func counts() throws {
        let indicator = Self.declared(sets: 2)
        let hits = [
            Self.hit("a", 1, hoursBack: 2), Self.hit("a", 2, hoursBack: 1), Self.hit("a", 3, hoursBack: 30),
            Self.hit("b", 1, hoursBack: 3), Self.hit("b", 2, hoursBack: 25), Self.hit("c", 3, hoursBack: 0),
            Self.hit("d", 3, hoursBack: -1), Self.hit("e", 3, hoursBack: 24 * 40),
        ]
        let found = try #require(Self.indicators([indicator], Self.record(indicator, hits))?.ready.first)
        #expect(found.today == 2 && found.counts.count == 28 && found.counts.last == 1)
        #expect(found.counts.dropLast().allSatisfy { $0 == 0 })
        let weekly = Self.declared(days: 7, sets: 2)
        let week = try #require(Self.indicators([weekly], Self.record(weekly, hits))?.ready.first)
        // In seven days b is told by both as well.
        #expect(week.today == 3 && week.counts == [0, 0, 0, 0])
    }

    @Test("An indicator is told when 28 days and a window are on file, and not by counts of another declaration")
    func waiting() throws {
        let indicator = Self.declared()
        let young = try #require(Self.indicators([indicator], Self.record(indicator, since: 28)))
        #expect(young.ready.isEmpty && young.waiting.map(\.from) == [Self.end + .seconds(86_400)])
        #expect(Self.indicators([indicator], Self.record(indicator, since: 29))?.ready.count == 1)
        var other = indicator
        other.words = ["crossings"]
        #expect(Self.indicators([other], Self.record(indicator))?.waiting.map(\.from) == [nil])
        #expect(Self.indicators([], Self.record(indicator)) == nil)
        var renamed = indicator
        (renamed.name, renamed.threshold) = ("Straits", 2)
        #expect(Self.indicators([renamed], Self.record(indicator))?.ready.count == 1)
    }

    @Test("Sources of an indicator that could not be read stand beside its count")
    func unread() {
        let indicator = Self.declared(sets: 1)
        #expect(Self.indicators([indicator], Self.record(indicator), blind: true)?.ready.first?.unread == ["Haixia"])
        #expect(Self.indicators([indicator], Self.record(indicator))?.ready.first?.unread == [])
        // Read less often than issues come: not due is not unread, but overdue is.
        let later = Self.indicators([indicator], Self.record(indicator), nextDue: Self.end + .seconds(3600))
        #expect(later?.ready.first?.unread == [])
        let overdue = Self.indicators([indicator], Self.record(indicator), nextDue: Self.end - .seconds(3600))
        #expect(overdue?.ready.first?.unread == ["Haixia"])
        var elsewhere = indicator
        elsewhere.sources[0].country = ["JP"]
        let nobody = Self.indicators([elsewhere], Self.record(elsewhere), blind: true)?.ready.first
        #expect(nobody?.unread == [] && nobody?.noSource == true && nobody?.surprise.kind == .unknown)
        elsewhere.sources.append(indicator.sources[0])
        #expect(Self.indicators([elsewhere], Self.record(elsewhere))?.ready.first?.noSource == true)
        #expect(Self.indicators([indicator], Self.record(indicator))?.ready.first?.noSource == nil)
    }

    @Test("What a source brings that is younger than the baseline is no surprise, and is told beside the count")
    func newSource() throws {
        let indicator = Self.declared()
        let hits = (0..<6).map { Self.hit("new-\($0)", 1, hoursBack: 2) }
        let young = IndicatorSight(outages: [], firstRead: ["haixia": Self.end - .seconds(2 * 86_400)])
        let item = try #require(Self.indicators([indicator], Self.record(indicator, hits), sight: young)?.ready.first)
        #expect(item.today == 0 && item.surprise.kind != .more)
        #expect(
            item.notCounted?.stories == 6 && item.notCounted?.young == ["Haixia"] && item.notCounted?.returned == [])
        let old = IndicatorSight(outages: [], firstRead: ["haixia": Self.end - .seconds(40 * 86_400)])
        let known = try #require(Self.indicators([indicator], Self.record(indicator, hits), sight: old)?.ready.first)
        #expect(known.today == 6 && known.surprise.kind == .more && known.notCounted == nil)
    }

    @Test("What gathered while a source could not be read is told beside the count, and few is not said of such a day")
    func gap() throws {
        let indicator = Self.declared()
        let usual = (1...28).flatMap { day in
            (0..<10).map { Self.hit("\(day)-\($0)", 1, hoursBack: Int64(24 * day + 3)) }
        }
        let back = Self.end - .seconds(3600)
        let gap = IndicatorSight(
            outages: [.init(source: "haixia", since: back - .seconds(80_000), until: back, why: "timed out")],
            firstRead: [:])
        let returned = usual + (0..<8).map { Self.hit("back-\($0)", 1, hoursBack: 1) }
        let item = try #require(Self.indicators([indicator], Self.record(indicator, returned), sight: gap)?.ready.first)
        #expect(item.today == 0 && item.surprise.kind == .usual)
        #expect(
            item.notCounted?.stories == 8 && item.notCounted?.young == [] && item.notCounted?.returned == ["Haixia"])
        let quiet = try #require(Self.indicators([indicator], Self.record(indicator, usual), sight: gap)?.ready.first)
        #expect(quiet.today == 0 && quiet.surprise.kind == .fewer && quiet.notCounted == nil)
    }

    @Test("Where less than half of the days before were seen nothing is called usual or unusual")
    func unknown() throws {
        var indicator = Self.declared()
        indicator.alert = 100
        let blind = IndicatorSight(
            outages: [
                .init(
                    source: "haixia", since: Self.end - .seconds(25 * 86_400), until: Self.end - .seconds(5 * 86_400),
                    why: "not tried")
            ], firstRead: [:])
        for count in [0, 9] {
            let hits = (0..<count).map { Self.hit("\($0)", 1, hoursBack: 2) }
            let item = try #require(
                Self.indicators([indicator], Self.record(indicator, hits), sight: blind)?.ready.first)
            #expect(item.today == count && item.surprise.kind == .unknown)
            #expect(item.leftOut == 20 && item.counts.count == 8 && item.cannotAlert == true)
        }
        let seen = Self.indicators([indicator], Self.record(indicator))
        #expect(seen?.ready.first?.cannotAlert == nil)
        indicator.alert = nil
        let silent = Self.indicators([indicator], Self.record(indicator), sight: blind)
        #expect(silent?.ready.first?.cannotAlert == nil)
    }

    @Test("What keeps an indicator from alerting is found before anything is counted")
    func obstacles() {
        func source(_ id: String, _ country: String) -> Source {
            var source = Source(id: id, url: "https://\(id).example/")
            source.country = country
            return source
        }
        func day(_ day: Int64) -> Timestamp { Self.end - .seconds(day * 86_400) }
        let sources = [source("a", "CN"), source("b", "CN"), source("c", "CN"), source("d", "JP")]
        let sight = IndicatorSight(
            outages: [
                .init(source: "a", since: day(26), until: day(6), why: "timed out"),
                .init(source: "d", since: day(26), until: day(6), why: "timed out"),
            ], firstRead: ["a": day(90), "b": day(90), "c": day(28), "d": day(28)])
        let indicator = Self.declared(sets: 1)
        func obstacle(_ indicator: Indicator, _ ids: [String]) -> IndicatorSight.Obstacle? {
            sight.obstacle(to: indicator, sources: sources.filter { ids.contains($0.id) }, at: Self.end)
        }
        #expect(obstacle(indicator, ["a", "b"]) == .unseen(windows: 20, of: 28))
        #expect(obstacle(indicator, ["b", "c", "d"]) == nil)
        #expect(obstacle(indicator, ["a", "c"]) == .unseen(windows: 20, of: 28))
        #expect(obstacle(indicator, ["c"]) == .young && obstacle(indicator, ["d"]) == .noSource)
        #expect(obstacle(Self.declared(), ["c", "d"]) == .young)
        #expect(obstacle(Self.declared(days: 7, sets: 1), ["a"]) == .unseen(windows: 3, of: 4))
    }

    @Test("An article counts with one of the words and one of the names, from a source of the set")
    func engine() {
        var source = Source(id: "coast", url: "https://coast.example/rss")
        (source.country, source.origin, source.tags) = ("JP", .official, ["ports"])
        var article = Article()
        article.title = "Live-fire notice"
        article.paragraphs = ["The roads are closed.", "航行警報が出た。"]
        func hits(_ change: (inout Indicator) -> Void) -> [Int64] {
            var indicator = Indicator(id: "i", name: "I")
            change(&indicator)
            return IndicatorEngine([Indicator(id: "none", name: ""), indicator])
                .hits(in: article, entities: ["cape", "reef"], source: source).filter { $0.indicator == "i" }.map(
                    \.sets)
        }
        func set(_ change: (inout Indicator.SourceSet) -> Void) -> Indicator.SourceSet {
            var set = Indicator.SourceSet()
            change(&set)
            return set
        }
        #expect(hits { $0.words = ["航行警報", "x"] } == [1])
        #expect(hits { $0.words = ["life-fire"] } == [])
        #expect(hits { ($0.words, $0.entities) = (["live-fire"], ["reef"]) } == [1])
        #expect(hits { ($0.words, $0.entities) = (["live-fire"], ["shoal"]) } == [])
        #expect(hits { $0.sources = [set { $0.country = ["CN"] }, set { $0.country = ["JP", "KR"] }] } == [2])
        #expect(hits { $0.sources = [set { ($0.tags, $0.origin) = (["ports"], [.official]) }] } == [1])
        #expect(hits { $0.sources = [set { ($0.tags, $0.origin) = (["ports"], [.wire]) }] } == [])
        #expect(hits { $0.sources = [set { $0.ids = ["coast"] }, set { $0.affiliation = [.government] }] } == [1])
    }
}
