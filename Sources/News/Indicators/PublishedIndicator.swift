/// One indicator in an issue. The public JSON.
public struct PublishedIndicator: Sendable, Hashable, Codable {
    public var id: String
    public var name: String
    public var windowDays: Int
    /// Stories in the window that ends with the issue's.
    public var today: Int
    /// Stories in a usual window: the baseline's mean, to a tenth.
    public var usual: Double
    /// Of the baseline's windows, oldest first.
    public var counts: [Int]
    public var surprise: Surprise
    /// Of its sources those that could not be read: it may count too few.
    public var unread: [String]
    /// It has `alert`, and too little of the baseline was seen, or it has no source; nil otherwise.
    public var cannotAlert: Bool?
    /// One of its source sets has no source that is read: it counts nothing. Nil where all have.
    public var noSource: Bool?
    /// Windows of the 28 days that are not in `counts`, for those that carry it now could not be read then; nil for none.
    public var leftOut: Int?
    /// Nil for none.
    public var notCounted: NotCounted?
    /// The alert of the window, or of the rise that goes on in it.
    public var alerted: Alerted?

    public struct Alerted: Sendable, Hashable, Codable {
        public var at: Timestamp
        /// Relative to the state folder, without extension.
        public var file: String
    }

    /// Stories of the window that are not in `today`, and why.
    public struct NotCounted: Sendable, Hashable, Codable {
        public var stories: Int
        /// Their sources that were first read within the baseline.
        public var young: [String]
        /// Those that listed them when they could be read again after a gap.
        public var returned: [String]
    }

    public struct Surprise: Sendable, Hashable, Codable {
        public enum Kind: String, Sendable, Hashable, Codable {
            case usual, more, fewer
            /// Less than half of the baseline can be compared, or fewer than four windows.
            case unknown
        }

        public var kind: Kind
        /// Once in so many days, rounded to two digits; at most `CountModel.rarest`.
        public var onceIn: Int

        enum CodingKeys: String, CodingKey {
            case kind
            case onceIn = "once_in"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, name, today, usual, counts, surprise, unread, alerted
        case windowDays = "window_days"
        case cannotAlert = "cannot_alert"
        case noSource = "no_source"
        case leftOut = "left_out"
        case notCounted = "not_counted"
    }
}

/// What an issue says of indicators: those that have a baseline, and when the others will.
public struct PublishedIndicators: Sendable, Hashable, Codable {
    public static let baselineDays = 28

    /// As they are declared, by id.
    public var ready: [PublishedIndicator]
    /// Declared, and without a baseline of 28 days yet, by name.
    public var waiting: [Waiting]

    public struct Waiting: Sendable, Hashable, Codable {
        public var name: String
        /// When it has one; nil where it is counted only from the next start or reload on.
        public var from: Timestamp?
    }

    /// What is stored of an indicator: since when its articles are counted, and those of them that are in reach.
    public struct Record: Sendable {
        public struct Hit: Sendable {
            public var story: StoryID
            public var source: SourceID
            public var sets: Int64
            public var firstSeen: Timestamp

            public init(story: StoryID, source: SourceID, sets: Int64, firstSeen: Timestamp) {
                self.story = story
                self.source = source
                self.sets = sets
                self.firstSeen = firstSeen
            }
        }

        public var definition: String
        public var since: Timestamp
        public var hits: [Hit]
        /// Its alerts, by the windows that they told of.
        public var told: [IndicatorRise.Told]
        /// As it was judged last.
        public var rise: IndicatorRise?

        public init(
            definition: String, since: Timestamp, hits: [Hit], told: [IndicatorRise.Told] = [],
            rise: IndicatorRise? = nil
        ) {
            self.definition = definition
            self.since = since
            self.hits = hits
            self.told = told
            self.rise = rise
        }

        /// The newest alert of a window, or of a rise that goes on in it.
        func alerted(in window: Range<Timestamp>) -> PublishedIndicator.Alerted? {
            let goesOn = rise.flatMap { $0.isTold ? $0.unusualAt : nil }.map { $0 > window.lowerBound } ?? false
            let last = told.last { $0.at <= window.upperBound }
            return last.flatMap { told in
                goesOn || told.at > window.lowerBound ? .init(at: told.decided, file: told.file) : nil
            }
        }
    }

    /// - Parameters:
    ///   - window: of the issue; counts are of windows that end with it.
    ///   - unread: sources that are blind or were not tried when they were due.
    /// - Returns: nil without an indicator.
    static func compose(
        _ indicators: [Indicator], records: [String: Record], sight: IndicatorSight, window: Range<Timestamp>,
        sources: [SourceID: Source], unread: Set<SourceID>
    ) -> PublishedIndicators? {
        guard !indicators.isEmpty else { return nil }
        let end = window.upperBound
        var result = PublishedIndicators(ready: [], waiting: [])
        for indicator in indicators {
            let name = CleanText.shown(indicator.name) ?? indicator.id
            guard let record = records[indicator.id], record.definition == indicator.definition else {
                result.waiting.append(Waiting(name: name, from: nil))
                continue
            }
            let from = record.since + .seconds((baselineDays + indicator.windowDays) * 86_400)
            let enabled = sources.values.filter(\.enabled)
            let mine = enabled.filter(indicator.counts)
            guard let count = IndicatorCount(of: indicator, record, sight, at: end, sources: mine.map(\.id)) else {
                result.waiting.append(Waiting(name: name, from: from))
                continue
            }
            let names = sources.mapValues { CleanText.shown($0.name) ?? $0.id }
            var item =
                PublishedIndicator(
                    indicator, name: name, count, names: names,
                    unread: mine.filter { unread.contains($0.id) }.map { names[$0.id] ?? $0.id }.sorted(),
                    alerted: record.alerted(
                        in: min(window.lowerBound, end - .seconds(indicator.windowDays * 86_400))..<end))
            if !indicator.isServed(by: enabled) {
                (item.noSource, item.surprise) = (true, .init(kind: .unknown, onceIn: 1))
            }
            if indicator.alert != nil, item.surprise.kind == .unknown { item.cannotAlert = true }
            result.ready.append(item)
        }
        return result
    }

    /// Stories in each window, the newest last, which ends at `end`; windows abut.
    static func counts(of indicator: Indicator, _ hits: [Record.Hit], end: Timestamp) -> [Int] {
        let windows = baselineDays / indicator.windowDays + 1
        let length = Int64(indicator.windowDays) * 86_400
        var sets = [[StoryID: Int64]](repeating: [:], count: windows)
        for hit in hits where hit.firstSeen <= end {
            let back = (end - hit.firstSeen).components.seconds / length
            guard back < Int64(windows) else { continue }
            sets[windows - 1 - Int(back)][hit.story, default: 0] |= hit.sets
        }
        return sets.map { stories in stories.values.count { $0 == indicator.allSets } }
    }
}

extension PublishedIndicator {
    /// - Parameter names: of sources.
    init(
        _ indicator: Indicator, name: String, _ count: IndicatorCount, names: [SourceID: String], unread: [String],
        alerted: Alerted?
    ) {
        let notCounted = count.notCounted.map { rest in
            NotCounted(
                stories: rest.stories, young: rest.young.map { names[$0] ?? $0 },
                returned: rest.returned.map { names[$0] ?? $0 })
        }
        self.init(
            id: indicator.id, name: name, windowDays: indicator.windowDays, today: count.stories.count,
            usual: Self.mean(of: count.baseline), counts: count.baseline, surprise: Surprise(count, indicator),
            unread: unread, leftOut: count.leftOut > 0 ? count.leftOut : nil, notCounted: notCounted, alerted: alerted)
    }

    /// To a tenth.
    public static func mean(of counts: [Int]) -> Double {
        (Double(counts.reduce(0, +)) / Double(max(1, counts.count)) * 10).rounded() / 10
    }

    /// A mean that a tenth does not show, in words.
    public static func small(_ usual: Double, of counts: [Int]) -> String? {
        usual >= 0.1 ? nil : counts.contains { $0 > 0 } ? "under 0.1" : "0"
    }

    /// To two digits: more would say that it is known so well.
    static func rounded(_ number: Int) -> Int {
        var step = 1
        while number / step >= 100 { step *= 10 }
        return (number + step / 2) / step * step
    }
}

extension PublishedIndicator.Surprise {
    init(_ count: IndicatorCount, _ indicator: Indicator) {
        guard count.isComparable else {
            self.init(kind: .unknown, onceIn: 1)
            return
        }
        // Few is what would be few with all that was listed, too.
        let isFewer = !count.isMore && count.notCounted == nil
        let isUnusual = count.onceIn >= indicator.threshold && (count.isMore || isFewer)
        self.init(
            kind: isUnusual ? (count.isMore ? .more : .fewer) : .usual,
            onceIn: PublishedIndicator.rounded(count.onceIn))
    }
}
