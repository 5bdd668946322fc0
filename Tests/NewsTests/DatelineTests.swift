import Testing

@testable import News

@Suite("Place lines")
struct DatelineTests {
    struct Case: Sendable {
        var text: String
        var place: String?
        var credit: String?
        /// The text behind the place line.
        var rest: String

        init(_ text: String, _ place: String?, _ credit: String?, _ rest: String) {
            (self.text, self.place, self.credit, self.rest) = (text, place, credit, rest)
        }
    }

    @Test(
        "Place, credit and the text's beginning are read together",
        arguments: [
            Case("TOKYO (AP) — The ships left.", "TOKYO", "AP", "The ships left."),
            Case("TOKYO—The ships left.", "TOKYO", nil, "The ships left."),
            Case(
                "PORT ALMA, March 3 (Meridian Press) - The ship left.", "PORT ALMA", "Meridian Press", "The ship left."),
            Case("NORFOLK, Va. (AP) -- The ship left.", "NORFOLK", "AP", "The ship left."),
            Case("(Meridian) – The ship left.", nil, "Meridian", "The ship left."),
            Case("（ワシントン共同）艦隊は港を出た。", "ワシントン", "共同", "艦隊は港を出た。"),
            Case("【東京時事】艦隊は港を出た。", "東京", "時事", "艦隊は港を出た。"),
            Case("[東京 3日 ロイター] - 艦隊は港を出た。", "東京", "ロイター", "艦隊は港を出た。"),
            Case("（共同）艦隊は港を出た。", nil, "共同", "艦隊は港を出た。"),
            Case("（中央社東京3日電）艦隊離港。", "東京", "中央社", "艦隊離港。"),
            Case("[서울=연합뉴스] 함대는 떠났다.", "서울", "연합뉴스", "함대는 떠났다."),
            Case("(서울=연합뉴스) 홍길동 기자 = 함대는 떠났다.", "서울", "연합뉴스", "함대는 떠났다."),
            Case("(세종=바다신문) 함대는 떠났다.", "세종", "바다신문", "함대는 떠났다."),
            Case("新华社北京3月30日电（记者 林山）舰队离港。", "北京", "新华社", "舰队离港。"),
            Case("中新网东京3月3日电 舰队离港。", "东京", "中新网", "舰队离港。"),
            Case("北海社东京3月3日电 舰队离港。", "东京", "北海社", "舰队离港。"),
            Case("台北30日電 艦隊離港。", "台北", nil, "艦隊離港。"),
            Case("【独家】舰队离港。", nil, nil, "舰队离港。"),
        ])
    func reads(line: Case) {
        let dateline = Dateline(line.text)
        #expect(dateline.place == line.place && dateline.credit == line.credit)
        #expect(String(String.UnicodeScalarView(line.text.unicodeScalars.dropFirst(dateline.length))) == line.rest)
    }

    @Test(
        "A sentence that only looks like a place line is kept whole",
        arguments: [
            "The deal — long awaited — was signed.", "ANTI–SHIP missiles were shown.",
            "The deal (signed on Friday) — was kept.",
            "(The Sea Road) is a book.", "[The ship] left.", "U.S. – China talks began.", "2025 — a year of ships.",
            "Stop! NOW — he cried and then ran off to the harbour.", "5日、電車が止まった。", "台北5日电视台播出了节目。",
            "（日米共同訓練）が始まった。", "（APEC首脳会議）が開かれた。", "新华社记者在北京看到，这家电厂停产。", "", "—", "【】", "（",
        ])
    func keeps(text: String) {
        let dateline = Dateline(text)
        #expect(dateline.place == nil && dateline.credit == nil && dateline.length == 0)
    }

    @Test("A line of a megabyte is looked at no further than its head")
    func bounded() {
        for piece in ["（", "A", "【共同", "= ", "-"] {
            #expect(Dateline(String(repeating: piece, count: 300_000)).length <= 160)
        }
    }
}
