import Foundation
import Testing

@testable import News

@Suite("Fingerprints")
struct FingerprintTests {
    private let report = """
        The two ministers said on Tuesday that a permanent liaison cell would open in the harbour city before the summer, with \
        officers from both navies sharing one map of the strait and one list of the ships that may be sent there at short notice.
        """

    private func containment(_ one: String, _ other: String) -> Double {
        Sketch(Fingerprint(text: one)).containment(Sketch(Fingerprint(text: other)))
    }

    @Test("Typography, case and white space leave a fingerprint as it was")
    func ignoresTypography() {
        let other = report.uppercased().replacing(" ", with: "  ").replacing("-", with: "\u{2011}")
        #expect(Fingerprint(text: report) == Fingerprint(text: other))
    }

    @Test("An excerpt is contained in the whole, another text is not")
    func contains() {
        let whole = report + " " + (0..<100).map { "filler\($0)" }.joined(separator: " ")
        #expect(containment(report, whole) == 1)
        #expect(containment(whole, report) == 1)
        #expect(containment(report.split(separator: " ").reversed().joined(separator: " "), whole) == 0)
    }

    @Test("Containment estimated from sketches of long texts is close to the truth")
    func estimates() {
        let words = (0..<4000).map { "w\($0)" }
        let whole = words.joined(separator: " ")
        let half = (words[0..<1000] + (0..<1000).map { "x\($0)" }).joined(separator: " ")
        #expect(Fingerprint(text: whole).hashes.count == Fingerprint.sizeMax)
        // Two standard deviations of an estimate from so many hashes.
        #expect(abs(containment(half, whole) - 0.5) < 0.125)
    }

    @Test("Japanese text is shingled by characters", arguments: ["両国の防衛相は火曜日、共同の連絡室を夏までに開くと発表した。"])
    func japanese(text: String) {
        #expect(containment(text, "【速報】" + text) > 0.95)
    }

    @Test("Empty and tiny texts have fingerprints that match nothing by accident")
    func tiny() {
        #expect(Fingerprint(text: "").shingleCount == 0)
        #expect(containment("", report) == 0)
        #expect(containment("Read more", report) == 0)
    }

    @Test("A text in two scripts has the shingles of either part, whichever of them prevails")
    func mixedScripts() {
        let japanese = "両国の防衛相は火曜日、共同の連絡室を夏までに開くと発表した。"
        let words = (0..<60).map { "filler\($0)" }.joined(separator: " ")
        #expect(containment(japanese, japanese + words) == 1)
        #expect(containment(words, japanese + words) == 1)
    }

    @Test("A hash has the place of its shingle, the first where it stands several times, at most 255")
    func places() {
        let words = (0..<400).map { "w\($0)" }
        let sketch = Fingerprint(text: (words + words).joined(separator: " "))
        let first = Fingerprint(text: words.joined(separator: " "))
        #expect(sketch.places.count == sketch.hashes.count && sketch.places.max() == 255)
        let known = Dictionary(uniqueKeysWithValues: zip(first.hashes, first.places))
        for (hash, place) in zip(sketch.hashes, sketch.places) { #expect(known[hash] ?? place == place) }
        #expect(Fingerprint(text: "one two three four five").places == [0])
    }

    @Test(
        "The same words around other numbers are one template, the same numbers or other words are none",
        arguments: [
            ("Wind 12 knots from 270 degrees, sea 3 metres.", "Wind 31 knots from 180 degrees, sea 4 metres.", true),
            ("Wind 12 knots from 270 degrees, sea 3 metres.", "Wind 12 knots from 270 degrees, sea 3 metres.", false),
            ("Wind 12 knots from 270 degrees, sea 3 metres.", "Then 9 men of 40 came back, 2 of them ill.", false),
            ("Wind 12 knots from 270 degrees.", "Wind 31 knots from 180 degrees.", false),
            ("震源の深さは10キロ、規模は5.2、震度3の揺れ。", "震源の深さは40キロ、規模は6.8、震度5の揺れ。", true),
        ])
    func templates(one: String, other: String, isOne: Bool) {
        #expect(Fingerprint(text: one).isOfOneTemplate(Fingerprint(text: other)) == isOne)
    }

    @Test("Of a text full of numbers the same ones are kept in any order")
    func figuresLimit() {
        let rows = (0..<500).map { "row item\($0) has \($0 * 7) pieces." }
        let one = Fingerprint(text: rows.joined(separator: " "))
        #expect(one.figures.count == Fingerprint.figuresMax)
        #expect(Fingerprint(text: rows.reversed().joined(separator: " ")).figures == one.figures)
    }

    @Test("Of a sketch that was stored before places were kept nothing is said of beginnings")
    func noPlaces() {
        let old = Fingerprint(hashes: Array(0..<64), shingleCount: 900)
        #expect(Sketch(old).containment(Sketch(old)) == 1)
        #expect(Sketch(old).beginnings(Sketch(old)) == nil)
    }
}
