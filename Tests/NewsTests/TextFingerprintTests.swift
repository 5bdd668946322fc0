import Testing

@testable import News

@Suite("Fingerprints")
struct FingerprintTests {
    private let report = """
        The two ministers said on Tuesday that a permanent liaison cell would open in the harbour city before the summer, with \
        officers from both navies sharing one map of the strait and one list of the ships that may be sent there at short notice.
        """

    @Test("Typography, case and white space leave a fingerprint as it was")
    func ignoresTypography() {
        let other = report.uppercased().replacing(" ", with: "  ").replacing("-", with: "\u{2011}")
        #expect(Fingerprint(text: report) == Fingerprint(text: other))
    }

    @Test("An excerpt is contained in the whole, another text is not")
    func contains() {
        let whole = Fingerprint(text: report + " " + (0..<600).map { "filler\($0)" }.joined(separator: " "))
        #expect(Fingerprint(text: report).containment(whole) == 1)
        #expect(whole.containment(Fingerprint(text: report)) == 1)
        #expect(
            Fingerprint(text: report.split(separator: " ").reversed().joined(separator: " ")).containment(whole) == 0)
    }

    @Test("Containment estimated from sketches of long texts is close to the truth")
    func estimates() {
        let words = (0..<4000).map { "w\($0)" }
        let whole = Fingerprint(text: words.joined(separator: " "))
        let half = Fingerprint(text: (words[0..<1000] + (0..<1000).map { "x\($0)" }).joined(separator: " "))
        #expect(whole.hashes.count == Fingerprint.sizeMax)
        #expect(abs(half.containment(whole) - 0.5) < 0.08)
    }

    @Test("Japanese text is shingled by characters", arguments: ["両国の防衛相は火曜日、共同の連絡室を夏までに開くと発表した。"])
    func japanese(text: String) {
        #expect(Fingerprint(text: text).containment(Fingerprint(text: "【速報】" + text)) > 0.95)
    }

    @Test("Empty and tiny texts have fingerprints that match nothing by accident")
    func tiny() {
        #expect(Fingerprint(text: "").shingleCount == 0)
        #expect(Fingerprint(text: "").containment(Fingerprint(text: report)) == 0)
        #expect(Fingerprint(text: "Read more").containment(Fingerprint(text: report)) == 0)
    }
}
