extension Article {
    /// The text of one field as topics weigh it; offsets in `Evidence` are UTF-8 offsets in exactly this.
    ///
    /// `lead` is the standfirst, where the text does not begin with it, and the first paragraphs up to `leadBytes`, the last
    /// one whole; `text` is what follows. Parts are separated by a blank line.
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

    private var leadParagraphCount: Int {
        var bytes = 0
        for (index, paragraph) in paragraphs.enumerated() {
            bytes += paragraph.utf8.count
            if bytes >= Self.leadBytes { return index + 1 }
        }
        return paragraphs.count
    }
}
