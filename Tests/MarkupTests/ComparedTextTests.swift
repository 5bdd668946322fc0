import News
import Testing

@testable import Markup

@Suite struct ComparedTextTests {
    @Test("What is told by its range is what Unicode's tables say, of every character of the first plane")
    func ranges() {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let line = String(scalar)
            if ComparedText.letters(line) != ComparedText.slowLetters(line) {
                Issue.record("U+\(String(value, radix: 16))")
            }
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if ComparedText.isWord(scalar) != isWord { Issue.record("U+\(String(value, radix: 16)) is \(isWord)") }
        }
    }

    @Test(
        "A line is its letters and digits in lower case",
        arguments: [
            ("Ferries’ 2nd Line – again!", "ferries2ndlineagain"), ("第二航路、夏に就航へ。", "第二航路夏に就航へ"),
            ("ΟΔΟΣ Й", "οδοσй"), ("Ⅳ ½ Straße", "ⅳ½straße"), ("", ""),
        ])
    func lines(_ line: String, _ letters: String) { #expect(ComparedText.letters(line) == letters) }
}
