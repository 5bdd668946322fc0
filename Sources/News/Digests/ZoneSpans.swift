/// What clocks showed in a zone over the time that a document speaks of: a document shows local times without the
/// zone's file, today and in ten years.
public struct ZoneSpans: Sendable, Hashable, Codable {
    public struct Span: Sendable, Hashable, Codable {
        /// Nil for the first span, which reaches back as far as the document does.
        public var from: Timestamp?
        /// Ahead of UTC.
        public var offsetSeconds: Int
        /// `CEST`
        public var abbreviation: String

        enum CodingKeys: String, CodingKey {
            case from
            case offsetSeconds = "offset_seconds"
            case abbreviation
        }
    }

    /// The IANA name.
    public var name: String
    /// At least one, ascending.
    public var spans: [Span]

    /// The spans from 60 days before a moment to 8 days after it; earlier times are shown in the first span's offset.
    public init(of zone: Zone, around moment: Timestamp) {
        let moment = moment.withinCalendar
        let start = moment - .seconds(60 * 86_400)
        let first = zone.offset(at: start)
        name = zone.name
        spans = [Span(from: nil, offsetSeconds: first.seconds, abbreviation: first.abbreviation)]
        for next in zone.transitions(after: start, through: moment + .seconds(8 * 86_400)) {
            let offset = next.offset
            spans.append(Span(from: next.at, offsetSeconds: offset.seconds, abbreviation: offset.abbreviation))
        }
    }

    public func span(at time: Timestamp) -> Span {
        spans.last { $0.from.map { $0 <= time } ?? true } ?? Span(from: nil, offsetSeconds: 0, abbreviation: "UTC")
    }

    public func local(_ time: Timestamp) -> LocalDateTime {
        // A document from elsewhere may claim any offset; none is further than 26 hours.
        LocalDateTime(time, offset: min(max(span(at: time).offsetSeconds, -93_600), 93_600))
    }
}
