import Foundation
import News
import NewsTesting
import Testing

@Suite("Alerts of indicators")
struct IndicatorRiseTests {
    private static let noon = Timestamp(rfc3339: "2025-03-30T12:00:00Z")!

    private static func hours(_ hours: Int64) -> Timestamp { noon + .seconds(hours * 3600) }

    /// A desk that counts and judges as the daemon does: one story every third day before the first of its hours.
    private struct Scene {
        var indicator: Indicator
        var record: PublishedIndicators.Record
        var outages: [SourceOutage] = []
        var firstRead: [SourceID: Timestamp] = [:]

        init(alert: Int? = 100, days: Int = 1, quiet: Bool = false, onFile: Int64 = 60) {
            indicator = Indicator(id: "crossings", name: "Crossings")
            (indicator.words, indicator.alert, indicator.windowDays) = (["crossing"], alert, days)
            record = .init(definition: indicator.definition, since: hours(-24 * onFile), hits: [])
            for day in stride(from: Int64(2), to: 40, by: 3) where !quiet { file(1, at: -24 * day) }
        }

        /// So many stories, first seen at an hour.
        mutating func file(_ count: Int, at hour: Int64, of source: SourceID = "coast") {
            let from = record.hits.count
            record.hits += (0..<count).map {
                .init(story: "story-\(from + $0)", source: source, sets: 1, firstSeen: hours(hour))
            }
        }

        /// - Returns: how many stories an alert counts; nil where none is given.
        mutating func look(at hour: Int64) -> Int? {
            let sight = IndicatorSight(outages: outages, firstRead: firstRead)
            let found = IndicatorRise.judge(indicator, record, sight, now: hours(hour))
            record.rise = found.rise
            guard let count = found.alert else { return nil }
            let end = count.window.upperBound
            record.told.append(.init(at: end, decided: hours(hour), file: "alerts/\(record.told.count)"))
            return count.stories.count
        }

        mutating func file(_ count: Int, andLookAt hour: Int64) -> Int? {
            file(count, at: hour)
            return look(at: hour)
        }
    }

    @Test("A rise alerts once, goes on in silence, and the next one alerts after a window in which the count was usual")
    func once() {
        var scene = Scene(alert: 60)
        #expect(scene.file(1, andLookAt: 0) == nil)
        #expect(scene.file(4, andLookAt: 3) == 5)
        #expect(scene.look(at: 3) == nil && scene.look(at: 8) == nil)
        #expect(scene.file(6, andLookAt: 9) == nil)
        // Eighteen hours later the first have left, and the rise goes on.
        #expect(scene.file(7, andLookAt: 27) == nil)
        // Two days on the window is empty: what comes now is a rise of its own, seldom enough beside the one before or not.
        #expect(scene.file(1, andLookAt: 75) == nil)
        #expect(scene.file(60, andLookAt: 78) == 61)
        #expect(scene.record.told.map(\.at) == [Self.hours(3), Self.hours(78)])
    }

    @Test("A count that falls back to usual and is unusual again within a window is the same rise")
    func flapping() {
        var scene = Scene(alert: 60)
        #expect(scene.file(5, andLookAt: 0) == 5)
        #expect(scene.file(1, andLookAt: 20) == nil)
        // At 25 h two are left of six; at 30 h there are ten.
        #expect(scene.file(1, andLookAt: 23) == nil && scene.file(8, andLookAt: 30) == nil)
        #expect(scene.file(9, andLookAt: 53) == nil)
    }

    @Test("A rise that is unusual and not seldom enough alerts when it has become so")
    func climbs() {
        var scene = Scene(alert: 1000)
        #expect(scene.file(3, andLookAt: 0) == nil)
        #expect(scene.record.rise?.unusualAt == Self.noon && scene.record.rise?.isTold == false)
        #expect(scene.file(4, andLookAt: 10) == 7)
        #expect(scene.file(4, andLookAt: 20) == nil)
    }

    @Test("However looks are put between the same articles, as many alerts come of them and the same is remembered")
    func looks() {
        let news: [(hour: Int64, count: Int)] = [
            (0, 1), (2, 4), (2, 1), (5, 2), (30, 1), (100, 1), (103, 90), (110, 2), (200, 1),
        ]
        var random = SplitMix64(seed: 11)
        var ends: Set<IndicatorRise> = []
        for round in 0..<40 {
            var scene = Scene(alert: 60)
            var alerts = 0
            #expect(scene.look(at: -1) == nil)
            for item in news {
                scene.file(item.count, at: item.hour)
                // In the first round each is judged alone; a look may come hours late, after a restart, but within the days
                // in which its articles are news, and before the next rise.
                let isLast = item.hour == 30 || item.hour == 200
                let late = Int64(random.next() % 12)
                if round == 0 || isLast || random.next() % 2 == 0,
                    scene.look(at: item.hour + (round == 0 ? 0 : late)) != nil
                {
                    alerts += 1
                }
            }
            #expect(alerts == 2, "seed 11, round \(round) of looks")
            ends.insert(scene.record.rise!)
        }
        #expect(ends.count == 1)
    }

    @Test("One rise is told once though the clock goes back over it, and one of the days in between is told as well")
    func clockSetBack() {
        var scene = Scene(alert: 60)
        #expect(scene.file(6, andLookAt: 240) == 6)
        #expect(scene.look(at: 0) == nil)
        #expect(scene.file(1, andLookAt: 30) == nil)
        #expect(scene.file(8, andLookAt: 80) == 8)
        // The clock comes to the first rise again.
        #expect(scene.look(at: 240) == nil)
        #expect(scene.file(20, andLookAt: 250) == nil)
        #expect(scene.record.told.count == 2)
        // Back within the rise it goes on.
        var other = Scene(alert: 60)
        #expect(other.file(6, andLookAt: 10) == 6)
        #expect(other.file(2, andLookAt: 4) == nil && other.file(2, andLookAt: 12) == nil)
    }

    @Test("One or two stories never alert, whatever the window and however quiet it was", arguments: 1...7)
    func smallNumbers(days: Int) {
        var scene = Scene(alert: 60, days: days, quiet: true)
        #expect(scene.file(1, andLookAt: 0) == nil && scene.file(1, andLookAt: 1) == nil)
        #expect(scene.file(12, andLookAt: 2) == 14)
    }

    @Test("None alerts before its baseline is there, by counts of another declaration, or without the key")
    func baseline() {
        var young = Scene(onFile: 28)
        #expect(young.file(9, andLookAt: 23) == nil)
        #expect(young.file(9, andLookAt: 24) == 18)
        var other = Scene()
        other.record.definition = "another"
        #expect(other.file(9, andLookAt: 0) == nil)
        var silent = Scene(alert: nil)
        #expect(silent.file(9, andLookAt: 0) == nil && silent.record.rise == nil)
    }

    @Test("Days on which those that carry it could not be read are no quiet days")
    func blindDays() {
        var scene = Scene()
        scene.outages = [
            .init(source: "coast", since: Self.hours(-24 * 10), until: Self.hours(-24 * 4), why: "timed out")
        ]
        scene.file(9, at: 0)
        let count = IndicatorCount(
            of: scene.indicator, scene.record, IndicatorSight(outages: scene.outages, firstRead: [:]), at: Self.noon)
        #expect(count?.leftOut == 6 && count?.baseline.count == 22)
        #expect(scene.look(at: 0) == 9)
        // Of more than half of the baseline nobody knows.
        var blind = Scene()
        blind.outages = [
            .init(source: "coast", since: Self.hours(-24 * 20), until: Self.hours(-24 * 4), why: "not tried")
        ]
        #expect(blind.file(9, andLookAt: 0) == nil)
        // Another source's blindness says nothing of it, and neither do two carriers of which most were there.
        var others = Scene()
        others.outages = [.init(source: "minato", since: Self.hours(-24 * 20), until: Self.noon, why: "not tried")]
        #expect(others.file(9, andLookAt: 0) == 9)
    }

    @Test(
        "What has gathered while a source was not seen is no rise of the day on which it is back", arguments: [13, 72])
    func catchUp(gap: Int64) {
        var scene = Scene()
        // Not tried, and then tried in vain.
        scene.outages = [
            .init(source: "coast", since: Self.hours(-gap), until: Self.hours(-1), why: "not tried"),
            .init(source: "coast", since: Self.hours(-1), until: Self.noon, why: "timed out"),
        ]
        #expect(scene.file(9, andLookAt: 0) == nil)
        #expect(scene.file(9, andLookAt: 1) == 9)
        var short = Scene()
        short.outages = [.init(source: "coast", since: Self.hours(-11), until: Self.noon, why: "timed out")]
        #expect(short.file(9, andLookAt: 0) == 9)
        var rolled = Scene()
        rolled.outages = [
            .init(source: "coast", since: Self.hours(-gap), until: Self.noon, why: SourceOutage.rolledOver)
        ]
        #expect(rolled.file(9, andLookAt: 0) == 9)
    }

    @Test("A source that is younger than the baseline makes no rise")
    func newSource() {
        var scene = Scene()
        scene.firstRead = ["coast": Self.hours(-24 * 50), "fresh": Self.hours(-24 * 10)]
        #expect(scene.file(9, andLookAt: 0) == 9)
        var fresh = Scene()
        fresh.firstRead = scene.firstRead
        fresh.file(9, at: 0, of: "fresh")
        #expect(fresh.look(at: 0) == nil)
        fresh.file(5, at: 1)
        #expect(fresh.look(at: 1) == 5)
    }

    @Test("What is filed late counts where it was first seen, and after a week it is no news")
    func late() {
        var scene = Scene()
        #expect(scene.file(1, andLookAt: 0) == nil)
        scene.file(5, at: 0)
        #expect(scene.look(at: 5) == 6)
        var stale = Scene()
        #expect(stale.file(1, andLookAt: 0) == nil)
        stale.file(9, at: 1)
        #expect(stale.look(at: 24 * 8) == nil)
    }

    /// Stories of so many days: of each day a number by chance, at moments by chance. Days of one rate alike, or each with a
    /// rate of its own, which is exponential.
    private static func chance(days: Int, rate: Double, areAlike: Bool, seed: UInt64) -> [Int64] {
        var random = SplitMix64(seed: seed)
        func fraction() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
        return (0..<days).flatMap { day -> [Int64] in
            var left = areAlike ? rate : -log(1 - fraction()) * rate
            var moments: [Int64] = []
            while true {
                left += log(1 - fraction())
                guard left > 0 else { return moments.sorted() }
                moments.append(Int64(day) * 86_400 + Int64(fraction() * 86_400))
            }
        }
    }

    /// How often chance alone alerts.
    private static func alerts(of scene: inout Scene, years: Int, rate: Double, areAlike: Bool) -> Int {
        var alerts = 0
        for (index, moment) in chance(days: 365 * years, rate: rate, areAlike: areAlike, seed: 11).enumerated() {
            scene.record.hits.append(
                .init(story: "\(index)", source: "coast", sets: 1, firstSeen: noon + .seconds(moment)))
            let reach = noon + .seconds(moment - 36 * 86_400)
            scene.record.hits.removeFirst(scene.record.hits.firstIndex { $0.firstSeen > reach } ?? 0)
            if scene.look(at: moment / 3600 + 1) != nil { alerts += 1 }
        }
        return alerts
    }

    @Test("A week of which two of four before were seen never alerts, however many it counts")
    func fewWindows() {
        var scene = Scene(alert: 60, days: 7)
        scene.outages = [
            .init(source: "coast", since: Self.hours(-24 * 21), until: Self.hours(-24 * 8), why: "timed out")
        ]
        scene.file(40, at: 0)
        let sight = IndicatorSight(outages: scene.outages, firstRead: [:])
        let count = IndicatorCount(of: scene.indicator, scene.record, sight, at: Self.noon)
        #expect(count?.baseline.count == 2 && count?.leftOut == 2 && count?.isComparable == false)
        #expect(scene.look(at: 0) == nil)
        var seen = Scene(alert: 1000, days: 7)
        #expect(seen.file(60, andLookAt: 0) == 62)
    }

    @Test(
        "Twelve years of nothing but chance, in windows of days",
        arguments: [
            (3, 0.2, true, [24, 10]), (3, 1, true, [14, 1]), (3, 1, false, [48, 20]), (7, 0.2, true, [37, 10]),
            (7, 1, true, [16, 1]), (7, 1, false, [43, 15]),
        ] as [(Int, Double, Bool, [Int])])
    func chanceOfWindows(days: Int, rate: Double, areAlike: Bool, expected: [Int]) {
        for (from, expected) in zip([200, 1000], expected) {
            var scene = Scene(alert: from, days: days, quiet: true, onFile: 0)
            let alerts = Self.alerts(of: &scene, years: 12, rate: rate, areAlike: areAlike)
            #expect(abs(alerts - expected) <= 2, "\(alerts) from \(from) on, seed 11")
        }
    }

    @Test(
        "Four years of nothing but chance alert about once a year, and where days differ as much as can be six times a year",
        arguments: [
            (0.2, true, 4), (1, true, 4), (3, true, 0), (0.2, false, 8), (1, false, 26), (3, false, 25),
        ] as [(Double, Bool, Int)])
    func chance(rate: Double, areAlike: Bool, expected: Int) {
        let years = 4
        var scene = Scene(alert: 200, quiet: true, onFile: 0)
        let alerts = Self.alerts(of: &scene, years: years, rate: rate, areAlike: areAlike)
        // Another C library's logarithms may round another way.
        #expect(abs(alerts - expected) <= 2, "\(alerts), seed 11")
        // And beside all that chance a day of twelve times as many is no chance.
        let hour = Int64(365 * years * 24)
        let many = Int(rate * 12) + 4
        #expect(scene.file(many, andLookAt: hour + 48) ?? 0 >= many)
    }

    @Test("Stories are told in the order of their coming, and who carried most of them first")
    func carriers() {
        var scene = Scene()
        scene.file(4, at: -3, of: "minato")
        scene.file(5, at: -2)
        scene.record.hits.append(
            .init(story: scene.record.hits[13].story, source: "beacon", sets: 1, firstSeen: Self.hours(-1)))
        let sight = IndicatorSight(outages: [], firstRead: [:])
        let count = IndicatorCount(of: scene.indicator, scene.record, sight, at: Self.noon)
        #expect(count?.stories == (13..<22).map { "story-\($0)" })
        #expect(count?.carriers.map(\.source) == ["coast", "minato", "beacon"])
        #expect(count?.carriers.map(\.stories) == [5, 4, 1])
    }
}
