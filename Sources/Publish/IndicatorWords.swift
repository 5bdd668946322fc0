import News

/// The rows of the table of indicators, and what is still waited for.
struct IndicatorWords {
    struct Row {
        let name: Line
        let today: String
        let usual: String
        let spark: Spark
        let surprise: Line
    }

    let indicators: PublishedIndicators
    let words: Words

    var rows: [Row] {
        indicators.ready.map { item in
            Row(
                name: "\(item.name)", today: Self.today(item), usual: Self.usual(item.usual, of: item.counts),
                spark: Spark(before: item.counts, now: item.today), surprise: surprise(item))
        }
    }

    /// `Not on file for 28 days yet: closed roadsteads (from Sun 20 April).`
    var waiting: Line? {
        let items: [Line] = indicators.waiting.map { item in
            guard let from = item.from else { return "\(item.name) (counted from the next start or reload on)" }
            return "\(item.name) (from \(words.day(from)))"
        }
        return items.isEmpty
            ? nil : "Not on file for \(PublishedIndicators.baselineDays) days yet: \(Words.list(items, max: 8))."
    }

    private static func today(_ item: PublishedIndicator) -> String {
        let count = Words.number(max(0, item.today))
        return item.windowDays == 1 ? count : "\(count) in \(item.windowDays) days"
    }

    /// `0.6`, `under 0.1`
    static func usual(_ mean: Double, of counts: [Int]) -> String {
        if let small = PublishedIndicator.small(mean, of: counts) { return small }
        let tenths = mean.isFinite ? Int((min(max(mean, 0), 1e9) * 10).rounded()) : 0
        return "\(Words.number(tenths / 10)).\(tenths % 10)"
    }

    /// `1 in 300 days`, of what is seldom so low `1 in 60 days, fewer than usual`.
    private func surprise(_ item: PublishedIndicator) -> Line {
        let leftOut = Self.leftOut(item)
        var line: Line = "usual"
        switch item.surprise.kind {
        case .usual: break
        case .more, .fewer:
            line = Self.onceIn(item.surprise.onceIn)
            if item.surprise.kind == .fewer { line += ", fewer than usual" }
        case .unknown: line = item.noSource == true ? "no source in one of its sets, so it counts nothing" : "unknown"
        }
        if let leftOut { line += item.surprise.kind == .unknown ? ": \(leftOut)" : "; \(leftOut)" }
        if item.cannotAlert == true { line += "; cannot alert" }
        if let alerted = item.alerted { line += ", alerted \(words.time(alerted.at))" }
        if !item.unread.isEmpty {
            let names = Words.list(item.unread.map { "\(name: $0)" }, max: 4)
            line += "; not read: \(names), so it may be too few"
        }
        if let rest = item.notCounted { line += "; not counted: \(Self.notCounted(rest))" }
        return line
    }

    /// `20 of 28 days were not seen`
    private static func leftOut(_ item: PublishedIndicator) -> String? {
        guard let number = item.leftOut.map({ min(max(0, $0), 1_000_000) }), number > 0 else { return nil }
        let unit = item.windowDays == 1 ? "day" : "window"
        let all = Words.count(item.counts.count + number, unit)
        return "\(Words.number(number)) of \(all) \(number == 1 ? "was" : "were") not seen"
    }

    /// `6 (younger than 28 days: New One)`, `9 (listed after a gap: Coast Office)`
    private static func notCounted(_ rest: PublishedIndicator.NotCounted) -> Line {
        let reasons: [Line] = [
            ("younger than \(PublishedIndicators.baselineDays) days", rest.young),
            ("listed after a gap", rest.returned),
        ].filter { !$0.1.isEmpty }.map { why, names in "\(why): \(Words.list(names.map { "\(name: $0)" }, max: 4))" }
        let number = Words.number(max(0, rest.stories))
        return reasons.isEmpty ? "\(number)" : "\(number) (\(Words.joined(reasons, "; ")))"
    }

    /// `1 in 300 days`, `rarer than 1 in 1,000 days`
    static func onceIn(_ days: Int) -> Line {
        days >= CountModel.rarest
            ? "rarer than 1 in \(Words.number(CountModel.rarest)) days" : "1 in \(Words.number(max(1, days))) days"
    }
}

/// Counts as a small picture: of the windows before, and of the one that is told.
struct Spark {
    let before: [Int]
    let now: Int

    /// More come from a file of somebody else's only.
    private static let barsMax = 60
    private static let barWidth = 4
    private static let height = 20

    private var counts: [Int] { (before.suffix(Self.barsMax) + [now]).map { max(0, $0) } }
    private var top: Int { max(1, counts.max() ?? 1) }

    /// Parts of `top`, from 0 for nothing; what is there shows.
    private func level(_ count: Int, of most: Int) -> Int {
        count == 0 ? 0 : max(1, Int((Double(count) / Double(top) * Double(most)).rounded()))
    }

    /// `▁▁▂▁▁▁▃█`
    var blocks: String {
        let blocks = Array("▁▂▃▄▅▆▇█")
        return String(counts.map { blocks[level($0, of: blocks.count - 1)] })
    }

    /// SVG, with the counts in words for who does not see it.
    var picture: String {
        let counts = counts
        let width = counts.count * (Self.barWidth + 1)
        let list = counts.dropLast().map(String.init).joined(separator: ", ")
        var picture =
            "<svg class=\"spark\" width=\"\(width)\" height=\"\(Self.height)\" "
            + "role=\"img\" aria-label=\"before: \(list); now: \(counts[counts.count - 1])\">"
        for (index, count) in counts.enumerated() {
            let tall = 1 + level(count, of: Self.height - 1)
            let mark = index == counts.count - 1 ? " class=\"now\"" : ""
            picture +=
                "<rect\(mark) x=\"\(index * (Self.barWidth + 1))\" y=\"\(Self.height - tall)\" "
                + "width=\"\(Self.barWidth)\" height=\"\(tall)\"/>"
        }
        return picture + "</svg>"
    }

    func write(as form: Form) -> String {
        switch form {
        case .markdown: blocks
        case .html: picture
        }
    }
}
