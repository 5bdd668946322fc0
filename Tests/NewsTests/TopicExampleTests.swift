import News
import NewsTesting
import Testing

@Suite struct TopicExampleTests {
    @Test("An example is a head of named lines, a blank line, and paragraphs")
    func text() {
        let example = TopicExample(
            title: "Harbour\nopens", language: "en", source: "Harbour Times", url: "https://harbour.example/a",
            date: Timestamp(rfc3339: "2025-03-30T04:20:00Z"), note: "a port, not a fleet",
            paragraphs: ["First  paragraph.", " ", "Title: a second\none."])
        #expect(
            example.text == """
                Title: Harbour opens
                Language: en
                Source: Harbour Times
                URL: https://harbour.example/a
                Date: 2025-03-30T04:20:00Z
                Note: a port, not a fleet

                First paragraph.

                Title: a second one.

                """)
    }

    @Test(
        "What people write by hand is read: any case, a bare day, lines within a paragraph, Windows line ends, a mark")
    func byHand() throws {
        let text = "\u{FEFF}TITLE:  A day\r\ndate: 2025-03-30\r\n\r\nOne\r\nline.\r\n\r\n\r\nTwo.\r\n"
        let example = try TopicExample(parsing: text)
        #expect(example.title == "A day" && example.paragraphs == ["One line.", "Two."])
        #expect(example.date == Timestamp(rfc3339: "2025-03-30T00:00:00Z"))
        let bare = try TopicExample(parsing: "Title: only a headline")
        #expect(bare.paragraphs.isEmpty)
    }

    @Test(
        "A fault is told with its line and what to do",
        arguments: [
            ("", "1: no \"Title:\" – begin the file with it, a blank line before the text"),
            ("\nTitle: x", "1: no \"Title:\" – begin the file with it, a blank line before the text"),
            ("Title: a\nTitle: b", "2: a second \"Title:\" – keep one of them"),
            (
                "Title: a\nno colon here",
                "2: neither \"Name: value\" nor blank – a blank line parts the text from the head"
            ),
            ("Title: a\nTopic: x", "2: unknown name \"Topic\" – known are Title, Language, Source, URL, Date, Note"),
            (
                "Title: a\nDate: yesterday",
                "2: \"Date\" must be a day or a time – write 2025-03-30 or 2025-03-30T04:20:00Z"
            ),
        ])
    func faults(text: String, said: String) {
        #expect { try TopicExample(parsing: text) } throws: { "\($0)" == said }
    }

    /// What a hostile headline is made of.
    private static let pieces = [
        "a", "Title: ", "\n", "\r\n", "\n\n", ".", "..", " ", "\t", "\u{1B}[31m", "\u{0}", "\u{85}", "\u{2028}",
        "\u{2029}",
        "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{301}", " \u{301}", "海", "é", "👨‍👩‍👧", ":", "Note: x", "\u{B}", "\u{C}",
        "\u{7F}",
        "\u{9B}", "\u{E000}", "\u{A0}", "-- ",
    ]

    @Test("Whatever titles, notes and paragraphs hold, the file reads back as the same example")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        func words() -> String {
            (0..<Int.random(in: 0...8, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
        }
        for _ in 0..<5000 {
            let example = TopicExample(
                title: words(), language: words(), source: words(), url: words(),
                date: Bool.random(using: &random)
                    ? Timestamp(seconds: Int64.random(in: 0...4_000_000_000, using: &random)) : nil,
                note: words(), paragraphs: (0..<Int.random(in: 0...4, using: &random)).map { _ in words() })
            let text = example.text
            let again = try TopicExample(parsing: text)
            #expect(again == example, "seed \(seed): \(text.debugDescription)")
            #expect(again.text == text, "seed \(seed)")
            let controls = text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
            #expect(controls.isEmpty, "seed \(seed)")
        }
    }
}
