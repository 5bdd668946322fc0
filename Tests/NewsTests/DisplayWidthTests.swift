import News
import Testing

@Suite struct DisplayWidthTests {
    @Test(
        "East Asian characters take two columns, marks none, an emoji of many scalars two",
        arguments: [
            ("", 0), ("abc", 3), ("風見日報", 8), ("ﾆｭｰｽ", 4), ("한국", 4), ("국", 2), ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("🇯🇵", 2),
            ("☎️", 2), ("Ｕ．Ｓ", 6), ("a\u{200B}b", 2), ("«é»", 3), ("…", 1),
        ])
    func columns(text: String, expected: Int) { #expect(DisplayWidth.columns(text) == expected) }

    @Test(
        "A text is cut to its columns, never in the middle of a wide character",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("風見日報", 8, "風見日報"), ("風見日報", 7, "風見日…"),
            ("風見日報", 6, "風見…"), ("風", 1, "…"), ("abc", 0, ""),
        ])
    func cut(text: String, max: Int, expected: String) {
        #expect(DisplayWidth.cut(text, to: max) == expected)
        #expect(DisplayWidth.columns(expected) <= max)
    }
}
