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

    /// Whether a source is as old as a baseline that begins at `from`.
    func knows(_ source: SourceID, since from: Timestamp) -> Bool { firstRead[source].map { $0 <= from } ?? true }

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

extension IndicatorSight {
    /// Of the windows of an indicator's baseline, oldest first, those in which more than half of these sources were seen, or all.
    func seen(_ watched: [SourceID], in indicator: Indicator, at end: Timestamp) -> [Bool] {
        let length = Duration.seconds(indicator.windowDays * 86_400)
        let windows = PublishedIndicators.baselineDays / indicator.windowDays
        return (0..<windows).map { index in
            let begin = end - length * (windows + 1 - index)
            let blind = watched.count { isBlind($0, in: begin..<(begin + length)) }
            return blind == 0 || blind * 2 < watched.count
        }
    }

    /// Why an indicator cannot alert, whatever is counted.
    public enum Obstacle: Sendable, Hashable {
        /// One of its source sets has no source that is read.
        case noSource
        /// All its sources were first read within the baseline.
        case young
        case unseen(windows: Int, of: Int)
    }

    /// - Parameter sources: that are read.
    /// - Returns: nil where it can alert.
    public func obstacle(to indicator: Indicator, sources: [Source], at end: Timestamp) -> Obstacle? {
        guard indicator.isServed(by: sources) else { return .noSource }
        let from = end - .seconds((PublishedIndicators.baselineDays + indicator.windowDays) * 86_400)
        let known = sources.filter(indicator.counts).map(\.id).filter { firstRead[$0].map { $0 <= from } ?? false }
        if known.isEmpty { return .young }
        let seen = seen(known, in: indicator, at: end)
        let unseen = seen.count { !$0 }
        return IndicatorCount.isEnough(seen.count - unseen, of: seen.count)
            ? nil : .unseen(windows: unseen, of: seen.count)
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
    /// Half of the baseline can be compared, and four windows or more: where it cannot, nothing is surprising.
    public var isComparable: Bool
    /// Once in so many days such a count is to be expected.
    public var onceIn: Int
    public var isMore: Bool
    /// Stories of the window that it does not count, for their sources cannot be compared with the baseline.
    public var notCounted: PublishedIndicator.NotCounted?

    public struct Carrier: Sendable, Hashable {
        public var source: SourceID
        public var stories: Int
    }

    /// Counts without sources that are younger than the baseline, without what a source listed on its return from a gap, and
    /// beside those windows only in which the sources that carry it now could be seen.
    /// - Parameter sources: that it may count: where nothing is counted those that would carry it.
    /// - Returns: nil before there is a baseline.
    public init?(
        of indicator: Indicator, _ record: PublishedIndicators.Record, _ sight: IndicatorSight, at end: Timestamp,
        sources: [SourceID] = []
    ) {
        let length = Duration.seconds(indicator.windowDays * 86_400)
        let from = end - .seconds((PublishedIndicators.baselineDays + indicator.windowDays) * 86_400)
        guard record.since <= from, record.definition == indicator.definition else { return nil }
        window = (end - length)..<end
        let known = record.hits.filter { sight.knows($0.source, since: from) }
        let all = record.hits.filter { $0.firstSeen > end - length && $0.firstSeen <= end }
        let now = all.filter { sight.knows($0.source, since: from) && !sight.isCatchUp($0, window: length) }
        let counted = Self.complete(now, indicator)
        var seen: Set<StoryID> = []
        stories = counted.sorted { ($0.firstSeen, $0.story) < ($1.firstSeen, $1.story) }.map(\.story)
            .filter { seen.insert($0).inserted }
        carriers = Dictionary(grouping: counted, by: \.source)
            .map { Carrier(source: $0, stories: Set($1.map(\.story)).count) }
            .sorted { ($1.stories, $0.source) < ($0.stories, $1.source) }
        let counts = PublishedIndicators.counts(of: indicator, known, end: end).dropLast()
        let watched = carriers.isEmpty ? sources.filter { sight.knows($0, since: from) } : carriers.map(\.source)
        let isWatched = !watched.isEmpty || sources.isEmpty
        let isSeen = sight.seen(watched, in: indicator, at: end)
        baseline = zip(counts, isSeen).filter { $1 && isWatched }.map(\.0)
        leftOut = counts.count - baseline.count
        isComparable = Self.isEnough(baseline.count, of: counts.count)
        (onceIn, isMore) = CountModel(baseline: baseline, windowDays: indicator.windowDays).onceIn(stories.count)
        notCounted = Self.rest(of: Self.complete(all, indicator), besides: seen) { sight.knows($0, since: from) }
    }

    /// Fewer say nothing of how much windows differ.
    private static let windowsMin = 4

    static func isEnough(_ windows: Int, of all: Int) -> Bool { windows * 2 >= all && windows >= windowsMin }

    /// Those of stories that have an article from each of the indicator's sets.
    private static func complete(
        _ hits: [PublishedIndicators.Record.Hit], _ indicator: Indicator
    ) -> [PublishedIndicators.Record.Hit] {
        let sets = hits.reduce(into: [StoryID: Int64]()) { $0[$1.story, default: 0] |= $1.sets }
        return hits.filter { sets[$0.story] == indicator.allSets }
    }

    private static func rest(
        of hits: [PublishedIndicators.Record.Hit], besides counted: Set<StoryID>, isKnown: (SourceID) -> Bool
    ) -> PublishedIndicator.NotCounted? {
        let rest = hits.filter { !counted.contains($0.story) }
        guard !rest.isEmpty else { return nil }
        let sources = Set(rest.map(\.source)).sorted()
        return .init(
            stories: Set(rest.map(\.story)).count, young: sources.filter { !isKnown($0) },
            returned: sources.filter(isKnown))
    }

    /// Whether it comes once in so many days or more seldom.
    func isHigh(from days: Int) -> Bool { isMore && onceIn >= days }
}
