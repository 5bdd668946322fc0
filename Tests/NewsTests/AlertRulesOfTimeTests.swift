import FoundationEssentials
import Testing

@testable import News

private func at(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }

@Suite("Quiet hours, caps and numbers")
struct AlertRulesOfTimeTests {
    private static let paris = try! Zone(
        name: "Europe/Paris", tzif: HandmadeTZif.ruled("CET-1CEST,M3.5.0,M10.5.0/3").bytes)

    @Test(
        "Quiet hours end by the clock on the wall, over midnight and over both changes of clocks",
        arguments: [
            ("23:00", "04:00", "2025-03-28T21:59:59Z", nil),
            ("23:00", "04:00", "2025-03-28T22:00:00Z", "2025-03-29T03:00:00Z"),
            ("23:00", "04:00", "2025-03-29T02:59:59Z", "2025-03-29T03:00:00Z"),
            ("23:00", "04:00", "2025-03-29T03:00:00Z", nil),
            // Clocks go forward on 30 March at 02:00: the night has an hour less.
            ("23:00", "04:00", "2025-03-29T23:00:00Z", "2025-03-30T02:00:00Z"),
            ("23:00", "02:30", "2025-03-29T23:00:00Z", "2025-03-30T01:00:00Z"),
            ("02:15", "02:45", "2025-03-30T00:59:00Z", nil), ("02:15", "02:45", "2025-03-30T01:00:00Z", nil),
            // Clocks go back on 26 October at 03:00: it has an hour more, and 02:30 is the first of the two.
            ("23:00", "04:00", "2025-10-26T01:30:00Z", "2025-10-26T03:00:00Z"),
            ("23:00", "02:30", "2025-10-25T23:00:00Z", "2025-10-26T00:30:00Z"),
            ("23:00", "02:30", "2025-10-26T01:15:00Z", nil),
            ("12:00", "13:00", "2025-06-01T10:30:00Z", "2025-06-01T11:00:00Z"),
            ("12:00", "13:00", "2025-06-01T11:00:00Z", nil),
        ] as [(String, String, String, String?)])
    func quiet(from: String, to: String, moment: String, end: String?) {
        func time(_ text: String) -> LocalTime {
            let parts = text.split(separator: ":").map { Int($0)! }
            return LocalTime(hour: parts[0], minute: parts[1])
        }
        let quiet = Topic.Quiet(from: time(from), to: time(to))
        #expect(quiet.end(at: at(moment), zone: Self.paris) == end.map(at))
    }

    @Test("A story is held by the topic whose hold ends first, and by none where one lets it pass")
    func gate() {
        func topic(_ id: String, _ change: (inout Topic) -> Void) -> Topic {
            var topic = Topic(id: id, name: id)
            change(&topic)
            return topic
        }
        let now = at("2025-03-28T23:00:00Z")
        let gate = AlertGate(now: now, zone: .utc)
        let night = topic("night") {
            $0.alertQuiet = .init(from: LocalTime(hour: 22, minute: 0), to: LocalTime(hour: 4, minute: 0))
        }
        let capped = topic("capped") { $0.alertAtMost = .init(count: 2, per: .seconds(3600)) }
        let full = ["capped": AlertGate.Count(since: now - .seconds(600), count: 2)]
        #expect(gate.hold([night], loud: [], counts: [:])?.by == .quiet)
        #expect(gate.hold([night], loud: ["night"], counts: [:]) == nil)
        #expect(gate.hold([night, capped], loud: [], counts: [:]) == nil)
        let both = gate.hold([night, capped], loud: [], counts: full)
        #expect(both?.by == .atMost && both?.until == now + .seconds(3000))
        #expect(gate.hold([capped], loud: [], counts: ["capped": .init(since: now - .seconds(3600), count: 9)]) == nil)
        let future = gate.hold([capped], loud: [], counts: ["capped": .init(since: now + .seconds(99_999), count: 2)])
        #expect(future?.until == now + .seconds(3600), "a span from before the clock was set back lasts no longer")
        #expect(gate.counted(full["capped"], of: capped.alertAtMost!).count == 3)
        #expect(
            gate.counted(.init(since: now - .seconds(3600), count: 2), of: capped.alertAtMost!)
                == .init(since: now, count: 1))
        #expect(gate.hold([], loud: [], counts: [:]) == nil)
    }

    @Test(
        "Numbers of headlines are counts, and not names, dates, times or ordinals",
        arguments: [
            ("Taiwan tracks 31 PLA aircraft", ["31"]), ("40,000 troops, then 50.000", ["40000", "50000"]),
            ("Ｔｗｏ boats, ３ crews hurt; two more", ["2", "3"]),
            ("A $4.5 billion deal, 1,5 % more", ["4500000000", "1.5"]),
            ("4万人が参加、12.5億ドル", ["40000", "1250000000"]), ("国防部侦获共机31架次", ["31"]), ("북한, 미사일 2발 발사", ["2"]),
            ("F-35, PAC-3, SM-6, G7, KC-135R and Type 055 at 7th Fleet", []), ("화성-19형 시험", []), ("10式戦車、第3師団", []),
            ("On March 31 and 1 April 2025 at 06:30", []), ("3月31日午前10時、2025年", []), ("One dead, one missing", []),
            ("A two-day visit by 9/11 widows", []), ("No. 5 and Article 9", []), ("5G at 3D", []),
            ("100km range", ["100"]),
            (String(repeating: "9", count: 5000), []), ("0, 00, 1.2.3.4", ["0", "1.2"]), ("", []),
        ])
    func numbers(headline: String, found: [String]) {
        #expect(HeadlineNumbers.found(in: headline) == found)
    }

    @Test("What a story has said and what is folded into it stays small, however long it lives")
    func limits() {
        var facts = AlertFacts()
        for step in 0..<3000 {
            facts.add(entities: ["e\(step)"], headline: "\(step + 3000) ships", rules: ["r\(step)"])
        }
        #expect(facts.entities.count == Limits.alertFactsMax && facts.numbers.count == Limits.alertFactsMax)
        var life = AlertLife()
        for step in 0..<3000 {
            life.fold([MemberKey(source: "a", key: "\(step)")], at: Timestamp(seconds: Int64(step)))
            life.note(.init(file: "f\(step)", at: Timestamp(seconds: Int64(step)), why: []), topics: ["t"])
        }
        #expect(life.folded.count == Limits.foldedKept && life.told.count == Limits.alertFilesKept)
        #expect(life.told.first?.file == "f0" && life.told.last?.file == "f2999" && life.topics == ["t"])
        var news = AlertNews()
        for step in 0..<300 {
            var more = AlertNews()
            more.numbers = ["\(step)"]
            news.merge(more)
        }
        #expect(news.numbers.count == Limits.alertNewsMax)
    }

    @Test(
        "A notice of correction is one at the head of a line, in the languages of newsrooms",
        arguments: [
            ("Correction: nine ships, not seven", true), ("CORRECTED (adds date) Fleet to move", true),
            ("RETRACTION: story on ports", true),
            ("Withdrawn: report on the harbour", true), ("【訂正】艦船数について", true), ("更正：舰船数量", true), ("[정정] 함정 9척", true),
            ("Rectificatif : neuf navires", true), ("Berichtigung: neun Schiffe", true),
            ("Corrección: nueve buques", true),
            ("【撤回】記事について", true), ("撤回を求める声", false), ("Correction facility opens", false),
            ("Withdrawn troops return", false),
            ("Fleet to move after a correction: minister", false), ("Berichtigungen sind selten", false),
        ])
    func corrections(line: String, isNotice: Bool) {
        #expect(CorrectionNotice.isNotice(line) == isNotice)
    }

    @Test(
        "A text that says of itself that it was corrected or withdrawn is a notice; one that speaks of other texts is none",
        arguments: [
            ("This story has been withdrawn because its source could not be confirmed.", true),
            ("Editor's note: This article has been retracted.", true),
            ("(This April 2 story has been corrected to say nine ships in paragraph 3)", true),
            ("CORRECTS that the ship left on Monday, not Sunday", true),
            ("An earlier version of this article misstated the number of ships.", true),
            ("この記事は取り消しました。", true), ("本文已撤回。", true), ("[기사 삭제] 이 기사는 취소되었습니다.", true),
            ("This report was presented to ministers, who have withdrawn their objections.", false),
            ("The ministry has withdrawn the report.", false), ("This story is about ships.", false),
            ("He corrects that impression.", false), ("本文はこちら", false), ("撤回を求める声が広がった。", false),
            ("기사는 배가 떠났다고 전했다.", false),
        ])
    func ownWords(line: String, isNotice: Bool) {
        #expect(CorrectionNotice.isNotice(line) == isNotice)
    }

    @Test(
        "A withdrawal is told from a correction, also from one that speaks of a withdrawal",
        arguments: [
            ("RETRACTION: story on ports", true), ("【撤回】記事について", true), ("この記事は取り消しました。", true), ("本文已撤回。", true),
            ("This story has been withdrawn because its source could not be confirmed.", true),
            ("[기사 삭제] 이 기사는 취소되었습니다.", true), ("Correction: the bill was withdrawn on Monday", false),
            ("(This story has been corrected to say that the ships were withdrawn)", false),
            ("更正：本文误称撤回舰船", false), ("この記事は、取り消し線の位置を訂正しました。", false),
            ("Correction: This story has been withdrawn.", true), ("更正：本报道已撤回。", true),
            ("This item was removed from the agenda.", false), ("This report was withdrawn by the ministry.", false),
            ("この記事の写真を削除しました。", false), ("この記事の見出しの一部を取り消しました。", false), ("본 기사의 댓글은 삭제될 수 있습니다.", false),
            ("[취소] 봄 축제", false), ("【取消】台北馬拉松因颱風停辦", false), ("Withdrawal: what the exit of troops means", false),
        ])
    func withdrawals(line: String, isWithdrawal: Bool) {
        #expect(CorrectionNotice.deed(of: line) == (isWithdrawal ? .withdrawn : .corrected))
    }
}

@Suite("Embargoes")
struct EmbargoTests {
    private static let seen = at("2025-03-30T08:00:00Z")
    private static let tokyo = try! Zone(name: "Asia/Tokyo", tzif: HandmadeTZif.ruled("JST-9").bytes)

    private static func asked(_ title: String?, _ paragraphs: [String] = []) -> Embargo? {
        var article = Article()
        article.title = title
        article.paragraphs = paragraphs
        return Embargo.asked(by: article, seen: seen, zone: tokyo)
    }

    @Test(
        "A notice at the head is read with its time, in its own zone or the configured one",
        arguments: [
            ("EMBARGOED UNTIL 0600 GMT Tuesday 1 April 2025", "2025-04-01T06:00:00Z"),
            ("STRICTLY EMBARGOED until 10:30 CET, 1 April 2025 – New yard", "2025-04-01T09:30:00Z"),
            ("Not for release before April 1, 2025, 9 a.m. EDT", "2025-04-01T13:00:00Z"),
            ("[PRESS RELEASE] Embargoed until 1 April, 10:00 UTC", "2025-04-01T10:00:00Z"),
            ("Sperrfrist: 1. April 2025, 10 Uhr", "2025-04-01T01:00:00Z"),
            ("Sperrfrist 1. April 2025, 10.30 Uhr MESZ", "2025-04-01T08:30:00Z"),
            ("Sous embargo jusqu'au 1er avril 2025 à 10h00", "2025-04-01T01:00:00Z"),
            ("Embargado hasta el 1 de abril de 2025 a las 10:00", "2025-04-01T01:00:00Z"),
            ("エンバーゴ：4月1日午前10時", "2025-04-01T01:00:00Z"), ("【報道解禁】令和7年4月1日 14時", "2025-04-01T05:00:00Z"),
            ("엠바고: 2025년 4월 1일 오전 10시", "2025-04-01T01:00:00Z"), ("Embargoed until 2 January", "2025-01-01T15:00:00Z"),
            ("Embargo: 1 April 2025", "2025-03-31T15:00:00Z"),
            ("Sous embargo jusqu'au 1er avril 2025 à 10h00, heure de Paris", "2025-04-01T08:00:00Z"),
            ("Embargoed until 1 April 2025, 9:00 a.m. Eastern Time", "2025-04-01T13:00:00Z"),
            ("엠바고: 4월 1일 오전 10시(한국시간)", "2025-04-01T01:00:00Z"),
        ])
    func times(notice: String, until: String) {
        #expect(Self.asked(notice)?.until == at(until), "\(Self.asked(notice)?.until?.description ?? "none")")
        #expect(Self.asked("Yard opens", ["", notice])?.until == at(until))
    }

    @Test(
        "Embargoes on arms and trade, and notices further down, are none",
        arguments: [
            "Embargo: EU extends its arms ban", "Arms embargo until further notice, council says",
            "Embargo until peace comes",
            "エンバーゴは不要と大臣", "엠바고 파기 논란", "The embargoed goods stay in the harbour", "",
        ])
    func others(line: String) { #expect(Self.asked(line, [line]) == nil) }

    @Test("A notice whose time cannot be read is one all the same, and garbage is no more than that")
    func unreadable() {
        #expect(
            Self.asked("EMBARGOED UNTIL the minister has spoken")
                == Embargo(until: nil, notice: "EMBARGOED UNTIL the minister has spoken"))
        #expect(Self.asked("Embargoed until 99 April 99999, 77:88 XYZ")?.until == nil)
        let long = "Embargoed until " + String(repeating: "1", count: 100_000)
        #expect(Self.asked(long)?.notice.count ?? 0 <= 161)
        #expect(Self.asked("Yard opens", ["First.", "Second.", "Embargoed until 1 April 2025"]) == nil)
    }
}

@Suite("Blindness")
struct BlindnessTests {
    private static let now = at("2025-03-30T12:00:00Z")

    private func source(_ id: String, blindFor hours: Double?, critical: Bool = false, lookedAt: Bool = true)
        -> Blindness.Sighting
    {
        Blindness.Sighting(
            source: id, isCritical: critical, blindSince: hours.map { Self.now - .seconds(Int64($0 * 3600)) },
            isLookedAt: lookedAt)
    }

    private let well = (0..<9).map {
        Blindness.Sighting(source: "w\($0)", isCritical: false, blindSince: nil, isLookedAt: true)
    }

    @Test("A critical source is told after two hours, others after a day, each once")
    func spans() {
        let sightings =
            well + [
                source("a", blindFor: 2, critical: true), source("b", blindFor: 2), source("c", blindFor: 24),
                source("d", blindFor: 1.9, critical: true),
            ]
        let findings = Blindness.judge(sightings, told: [], now: Self.now)
        #expect(findings.blind == [["a"], ["c"]] && findings.back.isEmpty)
        #expect(findings.next == Self.now + .seconds(360))
        let told = ["a", "c"].map { Blindness.Told(source: $0, since: Self.now - .seconds(7200), file: "f-\($0)") }
        #expect(Blindness.judge(sightings, told: told, now: Self.now).blind.isEmpty)
    }

    @Test("While feedwatch itself has not looked, nobody is called blind")
    func notLookedAt() {
        let findings = Blindness.judge(
            well + [source("a", blindFor: 99, critical: true, lookedAt: false)], told: [], now: Self.now)
        #expect(findings.blind.isEmpty && findings.next == Self.now + .seconds(60))
    }

    @Test(
        "Where most went blind in the same span the network is down: one alert names them all; one that was blind before is apart"
    )
    func network() {
        let down = (0..<8).map { source("n\($0)", blindFor: 2 - Double($0) * 0.2, critical: $0 == 0) }
        let findings = Blindness.judge(down + well.prefix(3) + [source("old", blindFor: 30)], told: [], now: Self.now)
        #expect(findings.blind == [(0..<8).map { "n\($0)" }, ["old"]])
        let few = (0..<5).map { source("f\($0)", blindFor: 25 + Double($0 * 3)) }
        #expect(
            Blindness.judge(few + well, told: [], now: Self.now).blind == [["f0", "f1", "f2", "f3", "f4"]],
            "many at once, too")
    }

    @Test("Those that were told together are waited for together, at most two hours, and told as back once")
    func back() {
        func told(_ back: Timestamp? = nil) -> [Blindness.Told] {
            ["a", "b", "c"].map { .init(source: $0, since: Self.now - .seconds(9000), file: "f", backAt: back) }
        }
        let some = well + [source("a", blindFor: nil), source("b", blindFor: nil), source("c", blindFor: 3)]
        let first = Blindness.judge(some, told: told(), now: Self.now)
        #expect(first.back.isEmpty && first.firstBack == ["f"] && first.next == Self.now + Blindness.regathering)
        let late = Blindness.judge(some, told: told(Self.now - Blindness.regathering), now: Self.now)
        #expect(late.back.map { $0.map(\.source) } == [["a", "b"]] && late.blind.isEmpty)
        let all = well + ["a", "b", "c"].map { source($0, blindFor: nil) }
        #expect(Blindness.judge(all, told: told(Self.now), now: Self.now).back.map(\.count) == [3])
    }

    @Test("A source that is not polled any more is forgotten in silence")
    func gone() {
        let told = [Blindness.Told(source: "x", since: Self.now, file: "f")]
        let findings = Blindness.judge(well, told: told, now: Self.now)
        #expect(findings.gone == ["x"] && findings.back.isEmpty && findings.blind.isEmpty && findings.next == nil)
        #expect(Blindness.judge([], told: [], now: Self.now) == Blindness.Findings())
    }
}
