/// How the sources of indicators were seen: what an alert has to know of a count before it believes it.
public struct IndicatorSight: Sendable {
    /// By source, spans in which it was not seen, by time and apart from each other.
    let gaps: [SourceID: [Range<Timestamp>]]
    /// When each source was first read.
    let firstRead: [SourceID: Timestamp]

    /// - Parameter outages: those that are not over end where it is looked.
    public init(outages: [SourceOutage], firstRead: [SourceID: Timestamp]) {
        self.firstRead = firstRead
        // Where a list rolled over the source was seen.
        gaps = Dictionary(
            grouping: outages.filter { $0.why != SourceOutage.rolledOver && $0.since < $0.until }, by: \.source
        )
        .mapValues { outages in
            outages.map { $0.since..<$0.until }.sorted { $0.lowerBound < $1.lowerBound }
                .reduce(into: []) { gaps, gap in
                    // Not tried, and then tried in vain: one gap.
                    guard let last = gaps.last, gap.lowerBound <= last.upperBound else { return gaps.append(gap) }
                    gaps[gaps.count - 1] = last.lowerBound..<max(last.upperBound, gap.upperBound)
                }
        }
    }

    /// Whether an article was listed when its source could be read again after more than half of a window: what has gathered
    /// meanwhile says nothing of one window.
    func isCatchUp(_ hit: PublishedIndicators.Record.Hit, window: Duration) -> Bool {
        (gaps[hit.source] ?? []).contains {
            $0.upperBound == hit.firstSeen && ($0.upperBound - $0.lowerBound) * 2 > window
        }
    }

    /// Whether a source was out of sight for more than half of a span.
    func isBlind(_ source: SourceID, in span: Range<Timestamp>) -> Bool {
        let unseen = (gaps[source] ?? []).reduce(Duration.zero) { sum, gap in
            let overlap = min(gap.upperBound, span.upperBound) - max(gap.lowerBound, span.lowerBound)
            return sum + max(overlap, .zero)
        }
        return unseen * 2 > span.upperBound - span.lowerBound
    }
}

/// What an indicator counts in the window that ends at a moment, beside those of its baseline that can be compared.
public struct IndicatorCount: Sendable, Hashable {
    public var window: Range<Timestamp>
    /// Those that it counts, the first to come first.
    public var stories: [StoryID]
    /// How many of them each source carried, most first.
    public var carriers: [Carrier]
    /// Of the baseline's windows, oldest first, without those that are left out.
    public var baseline: [Int]
    /// Windows of the baseline in which half of the carriers or more were out of sight.
    public var leftOut: Int
    /// Once in so many windows such a count is to be expected.
    public var onceIn: Int
    public var isMore: Bool

    public struct Carrier: Sendable, Hashable {
        public var source: SourceID
        public var stories: Int
    }

    /// Counts more carefully than an issue does, for nobody sees beside an alert what an issue says of its day: without
    /// sources that are younger than the baseline, without what a source listed on its return from a gap, and beside those
    /// windows only in which the sources that carry it now could be seen.
    /// - Returns: nil before there is a baseline, and where less than half of it can be compared.
    public init?(
        of indicator: Indicator, _ record: PublishedIndicators.Record, _ sight: IndicatorSight, at end: Timestamp
    ) {
        let length = Duration.seconds(indicator.windowDays * 86_400)
        let from = end - .seconds((PublishedIndicators.baselineDays + indicator.windowDays) * 86_400)
        guard record.since <= from, record.definition == indicator.definition else { return nil }
        window = (end - length)..<end
        let known = record.hits.filter { sight.firstRead[$0.source].map { $0 <= from } ?? true }
        let now = known.filter {
            $0.firstSeen > end - length && $0.firstSeen <= end && !sight.isCatchUp($0, window: length)
        }
        let sets = now.reduce(into: [StoryID: Int64]()) { $0[$1.story, default: 0] |= $1.sets }
        let counted = now.filter { sets[$0.story] == indicator.allSets }
        var seen: Set<StoryID> = []
        stories = counted.sorted { ($0.firstSeen, $0.story) < ($1.firstSeen, $1.story) }.map(\.story)
            .filter { seen.insert($0).inserted }
        carriers = Dictionary(grouping: counted, by: \.source)
            .map { Carrier(source: $0, stories: Set($1.map(\.story)).count) }
            .sorted { ($1.stories, $0.source) < ($0.stories, $1.source) }
        let counts = PublishedIndicators.counts(of: indicator, known, end: end).dropLast()
        var baseline: [Int] = []
        for (index, count) in counts.enumerated() {
            let begin = end - length * (counts.count + 1 - index)
            let blind = carriers.count { sight.isBlind($0.source, in: begin..<(begin + length)) }
            if blind == 0 || blind * 2 < carriers.count { baseline.append(count) }
        }
        guard baseline.count * 2 >= counts.count else { return nil }
        self.baseline = baseline
        leftOut = counts.count - baseline.count
        (onceIn, isMore) = CountModel(baseline: baseline).onceIn(stories.count)
    }

    /// Whether it comes once in so many days or more seldom.
    func isHigh(from days: Int, _ indicator: Indicator) -> Bool { isMore && onceIn * indicator.windowDays >= days }
}
