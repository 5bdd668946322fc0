import Foundation
import News
import Testing

@testable import Watch

@Suite struct HighlightedTextTests {
    private static func article(_ paragraphs: [String]) -> Article {
        var article = Article()
        article.title = "Headline"
        article.paragraphs = paragraphs
        return article
    }

    private static func place(
        _ article: Article, _ phrase: String, _ strength: Topic.Strength, ignored: String? = nil
    ) -> TopicTrace.Place {
        for field in [Evidence.Field.title, .lead, .text] {
            let text = article.fieldText(field)
            if let range = text.range(of: phrase) {
                let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                return TopicTrace.Place(
                    field: field, start: start, end: start + phrase.utf8.count, strength: strength, ignored: ignored)
            }
        }
        preconditionFailure("no \(phrase)")
    }

    private static func text(_ article: Article, _ places: [TopicTrace.Place]) -> String {
        Printing.plain.text(HighlightedText(article, places: places).lines)
    }

    @Test("Of places that overlap the strongest is marked, whole, and nothing of the others")
    func overlap() {
        let article = Self.article(["The Japanese defense minister and 統合抑止力 met."])
        let places = [
            Self.place(article, "defense minister", .weak, ignored: "part of a longer name"),
            Self.place(article, "Japanese defense minister", .strong), Self.place(article, "抑止力", .normal),
            Self.place(article, "統合抑止", .strong), Self.place(article, "met", .normal, ignored: "against"),
        ]
        #expect(
            Self.text(article, places) == """
                Headline
                The [strong: Japanese defense minister] and [strong: 統合抑止]力 [against: met].

                """)
    }

    @Test("Paragraphs without a hit are counted, wherever they stand")
    func counted() {
        let long = String(repeating: "Words without meaning. ", count: 30)
        let article = Self.article([long, long + "a", "One berth.", long + "b", "Two ports.", long + "c", long + "d"])
        let places = [Self.place(article, "berth", .weak), Self.place(article, "ports", .normal)]
        #expect(
            Self.text(article, places) == """
                Headline
                … 2 paragraphs without a hit
                One [weak: berth].
                … 1 paragraph without a hit
                Two [normal: ports].
                … 2 paragraphs without a hit

                """)
    }

    @Test("A paragraph as long as a page is shown around its hits, cut at whole characters")
    func longParagraph() {
        let filler = String(repeating: "海鳥が飛んだ。", count: 300)
        let article = Self.article([filler + "寄港" + filler + "berth" + filler])
        let text = Self.text(article, [Self.place(article, "寄港", .normal), Self.place(article, "berth", .weak)])
        #expect(text.contains("[normal: 寄港]") && text.contains("[weak: berth]") && text.contains(" … "))
        #expect(text.utf8.count < 1200 && !text.contains("\u{FFFD}"))
    }

    @Test("Places that lie outside the text, as a damaged state may hold, mark nothing")
    func damaged() {
        let article = Self.article(["Short."])
        let places = [(-5, 3), (0, 999), (4, 4), (6, 2), (.max - 1, .max)].map { start, end in
            TopicTrace.Place(field: .lead, start: start, end: end, strength: .strong)
        }
        #expect(Self.text(article, places) == "Headline\n… 1 paragraph without a hit\n")
    }

    @Test("An article full of hits shows a hundred paragraphs and says how many more there are")
    func manyHits() {
        let article = Self.article((0..<1500).map { "Paragraph \($0) with a berth." })
        let text = article.fieldText(.text)
        let places = text.ranges(of: "berth").map { range in
            let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
            return TopicTrace.Place(field: .text, start: start, end: start + 5, strength: .weak)
        }
        let shown = Self.text(article, places)
        #expect(shown.split(separator: "\n").count <= Limits.explainedParagraphsMax + 4)
        #expect(shown.contains("more paragraphs with hits"))
    }
}
