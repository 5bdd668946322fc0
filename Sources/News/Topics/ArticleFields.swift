extension Article {
    /// The text of one field as topics weigh it; offsets in `Evidence` are UTF-8 offsets in exactly this.
    ///
    /// `lead` is the standfirst, where the text does not begin with it, and the first paragraphs up to `leadBytes`, the last
    /// one whole; `text` is what follows. Parts are separated by a blank line. A bulletin has no lead: any of its paragraphs
    /// may be the news.
    public func fieldText(_ field: Evidence.Field) -> String { fieldParts(field).joined(separator: "\n\n") }

    func fieldParts(_ field: Evidence.Field) -> [String] {
        switch field {
        case .title: title.map { [$0] } ?? []
        case .lead: leadParts
        case .text: Array(paragraphs.dropFirst(leadParagraphCount))
        }
    }

    /// As much as says what a news text is about: a sentence or three, as newsrooms break paragraphs very differently.
    static var leadBytes: Int { 500 }

    private var leadParts: [String] {
        let own = standfirst.flatMap { paragraphs.first == $0 ? nil : $0 }
        return (own.map { [$0] } ?? []) + paragraphs.prefix(leadParagraphCount)
    }

    /// A headline that is a kind of text and a date, such as `Contracts for March 28, 2025`.
    private var isBulletin: Bool {
        guard let title, title.utf8.count <= Self.bulletinTitleBytes, title.utf8.contains(where: { $0 ^ 0x30 < 10 })
        else { return false }
        return DateInText.first(in: title) != nil
    }

    private static var bulletinTitleBytes: Int { 40 }
    /// As much of a bulletin is read as its news; the rest is text.
    private static var bulletinBytes: Int { 16_000 }

    private var leadParagraphCount: Int {
        var bytes = 0
        let leadBytes = isBulletin ? Self.bulletinBytes : Self.leadBytes
        for (index, paragraph) in paragraphs.enumerated() {
            bytes += paragraph.utf8.count
            if bytes >= leadBytes { return index + 1 }
        }
        return paragraphs.count
    }
}
