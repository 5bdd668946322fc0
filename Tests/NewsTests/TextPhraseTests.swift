import NewsTesting
import Testing

@testable import News

@Suite("Finding phrases")
struct PhraseAutomatonTests {
    private func found(_ phrases: [String], in text: String) -> [String] {
        PhraseAutomaton(phrases).hits(in: FoldedText(text)).map { phrases[$0.phrase] }
    }

    @Test(
        "A phrase of a spaced script stands as words, with plural and possessive",
        arguments: [
            ("carrier strike group", "Two carrier strike groups sailed", true),
            ("deterrence", "Deterrence's limits", true),
            ("deterrence", "nondeterrence", false), ("deter", "determined", false), ("SM-6", "an SM-60", false),
            ("SM-6", "the SM-6ミサイル", true), ("Guam", "in Guam.", true), ("Guam", "guam is a typo", false),
            ("PLA", "the PLA said", true), ("PLA", "pla is plastic", false), ("PLA", "PLAN", false),
            ("war-fighting", "war\u{2011}fighting", true), ("U.S. Forces Japan", "US Forces Japan", true),
            ("alliance", "alliances'", true),
        ])
    func stands(phrase: String, text: String, isFound: Bool) {
        #expect(!found([phrase], in: text).isEmpty == isFound)
    }

    @Test(
        "East Asian phrases are found inside running text, Korean ones before particles",
        arguments: [
            ("在日米軍", "政府は在日米軍の再編を"), ("억제력", "억제력을 강화"), ("威慑", "一体化威慑能力"), ("台灣海峽", "穿越臺灣海峽的軍艦"),
        ])
    func findsInside(phrase: String, text: String) {
        #expect(found([phrase], in: text) == [phrase])
    }

    @Test("Phrases that end inside each other are all found in one pass")
    func findsOverlaps() {
        #expect(
            found(["Ulchi Freedom Shield", "Freedom Shield", "shield"], in: "Ulchi Freedom Shield")
                == ["Ulchi Freedom Shield", "Freedom Shield", "shield"])
    }

    @Test("It agrees with a plain search on random words")
    func agreesWithPlainSearch() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            func word() -> String {
                String((0..<1 + Int(random.next() % 3)).map { _ in "ab".randomElement(using: &random)! })
            }
            let phrases = Array(
                Set((0..<5).map { _ in (0..<1 + Int(random.next() % 2)).map { _ in word() }.joined(separator: " ") }))
            let text = (0..<30).map { _ in word() }.joined(separator: " ")
            let words = text.split(separator: " ").map(String.init)
            var expected = 0
            for phrase in phrases {
                let parts = phrase.split(separator: " ").map(String.init)
                for start in 0...words.count - parts.count where Array(words[start..<start + parts.count]) == parts {
                    expected += 1
                }
            }
            #expect(found(phrases, in: text).count == expected, "seed \(seed): \(phrases) in \(text)")
        }
    }

    @Test("A megabyte that almost matches at every byte is read in linear time")
    func staysLinear() {
        let phrase = String(repeating: "a", count: 200) + "b"
        let automaton = PhraseAutomaton([phrase, String(repeating: "a ", count: 100) + "b"])
        let text = FoldedText(String(repeating: "a", count: 1 << 20))
        let time = ContinuousClock().measure { #expect(automaton.hits(in: text).isEmpty) }
        #expect(time < .seconds(20))
    }
}
