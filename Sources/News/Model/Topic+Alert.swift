extension Topic {
    /// For what, and how soon, a story that has alerted alerts again.
    public struct Again: Sendable, Hashable, Codable {
        public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
            /// A correction or withdrawal notice.
            case correction
            /// A name that the topic calls strong and that the story had not said.
            case newStrongEntity = "new-strong-entity"
            /// A number in a headline that no headline of the story had.
            case numberInHeadline = "number-in-headline"
            /// A line of `any_of` that did not hold before.
            case newRule = "new-rule"
        }

        /// From one alert of a story to the next at least.
        public var after: Duration
        public var when: [Reason]

        public init(after: Duration, when: [Reason]) {
            self.after = after
            self.when = when
        }

        /// Where a topic says nothing: after six hours, for what changes an analyst's picture.
        public static let standard = Again(
            after: .seconds(6 * 3600), when: [.correction, .newStrongEntity, .numberInHeadline])
    }

    /// So many alerts in a span that begins with the first of them; the rest come together at its end.
    public struct AtMost: Sendable, Hashable, Codable {
        public var count: Int
        public var per: Duration

        public init(count: Int, per: Duration) {
            self.count = count
            self.per = per
        }
    }

    /// Local hours in which a topic holds its alerts, over midnight where `to` is the earlier.
    public struct Quiet: Sendable, Hashable, Codable {
        public var from: LocalTime
        public var to: LocalTime
        /// An article with one of these words is not held.
        public var unless: [String]

        public init(from: LocalTime, to: LocalTime, unless: [String] = []) {
            self.from = from
            self.to = to
            self.unless = unless
        }
    }
}
