import News

/// An article's text with every phrase marked in its place; paragraphs without one are counted.
struct HighlightedText {
    let article: Article
    private let places: [TopicTrace.Place]

    /// Longer paragraphs are shown around what was found in them, so many bytes on each side.
    private static let wholeMax = 1200
    private static let context = 160

    init(_ article: Article, places: [TopicTrace.Place]) {
        self.article = article
        self.places = Array(places.prefix(Limits.explainedPlacesMax))
    }

    /// The headline, also without a hit, then the paragraphs with hits.
    var lines: [StyledLine] {
        let title = paragraphs(.title)
        var lines = [title.first?.line ?? StyledLine("(no headline)")]
        var skipped = 0
        var shown = 0
        // A standfirst often stands as the first paragraph once more.
        var last = StyledLine()
        func tellSkipped() {
            if skipped > 0 {
                lines.append(
                    StyledLine("… \(skipped) \(skipped == 1 ? "paragraph" : "paragraphs") without a hit", .faint))
            }
            skipped = 0
        }
        for (line, isHit) in paragraphs(.lead) + paragraphs(.text) {
            guard isHit else {
                skipped += 1
                continue
            }
            if line == last { continue }
            last = line
            shown += 1
            guard shown <= Limits.explainedParagraphsMax else { continue }
            tellSkipped()
            lines.append(line)
        }
        tellSkipped()
        if shown > Limits.explainedParagraphsMax {
            lines.append(StyledLine("… \(shown - Limits.explainedParagraphsMax) more paragraphs with hits", .faint))
        }
        return lines
    }

    private func paragraphs(_ field: Evidence.Field) -> [(line: StyledLine, isHit: Bool)] {
        let owners = owners(of: field)
        return article.fieldParagraphs(field).map { start, text in
            let bytes = Array(text.utf8)
            let owned = owners[start..<start + bytes.count]
            let isHit = owned.contains { $0 >= 0 }
            return (field == .title || isHit ? line(bytes, Array(owned)) : StyledLine(), isHit)
        }
    }

    /// For each byte of a field the place that it is shown as part of, -1 for none: of places that overlap the strongest
    /// is shown, then the longest, and of the others nothing.
    private func owners(of field: Evidence.Field) -> [Int32] {
        var owners = [Int32](repeating: -1, count: article.fieldText(field).utf8.count)
        let order = places.indices.filter { places[$0].field == field }.sorted {
            (places[$0].rank, places[$1].end - places[$1].start, $0)
                < (places[$1].rank, places[$0].end - places[$0].start, $1)
        }
        for index in order {
            let place = places[index]
            guard place.start >= 0, place.start < place.end, place.end <= owners.count,
                owners[place.start..<place.end].allSatisfy({ $0 < 0 })
            else { continue }
            for byte in place.start..<place.end { owners[byte] = Int32(index) }
        }
        return owners
    }

    private func line(_ bytes: [UInt8], _ owners: [Int32]) -> StyledLine {
        var line = StyledLine()
        var start = 0
        while start < bytes.count {
            var end = start + 1
            while end < bytes.count, owners[end] == owners[start] { end += 1 }
            if owners[start] >= 0 {
                line.append(Self.text(bytes[start..<end]), places[Int(owners[start])].style)
            } else {
                line.append(between(bytes, start..<end))
            }
            start = end
        }
        return line
    }

    /// What stands between two places, or before the first and after the last: of a long paragraph only the ends.
    private func between(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        let isFirst = range.lowerBound == 0
        let isLast = range.upperBound == bytes.count
        guard bytes.count > Self.wholeMax, range.count > 2 * Self.context else { return Self.text(bytes[range]) }
        let head = Self.text(bytes[range].prefix(Self.context))
        let tail = Self.text(bytes[range].suffix(Self.context))
        if isFirst, isLast { return head + "…" }
        return isFirst ? "…" + tail : isLast ? head + "…" : head + " … " + tail
    }

    /// Cut at whole characters: what a cut left of one is dropped.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes.drop { $0 & 0xC0 == 0x80 }
        if let lead = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 {
            let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
            if bytes.endIndex - lead < length { bytes = bytes[..<lead] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension TopicTrace.Place {
    /// Lower is shown over higher.
    fileprivate var rank: Int {
        if ignored == "against" { return 3 }
        if ignored != nil { return 4 }
        return strength == .strong ? 0 : strength == .normal ? 1 : 2
    }

    fileprivate var style: StyledLine.Style {
        if let ignored { return ignored == "against" ? .against : .ignored }
        switch strength {
        case .strong: return .strong
        case .normal: return .normal
        case .weak: return .weak
        }
    }
}
