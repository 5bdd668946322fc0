import News

/// What `feedwatch sources` lists: every configured source, on or off and why. The public JSON of `--json` is `rows`.
public struct SourceList: Sendable {
    /// Which sources are listed; all conditions together.
    public struct Filter: Sendable {
        /// `zh` takes `zh-Hans` too.
        public var language: String?
        public var country: String?
        public var tag: String?
        /// Nil takes both.
        public var isOn: Bool?

        public init(language: String? = nil, country: String? = nil, tag: String? = nil, isOn: Bool? = nil) {
            self.language = language
            self.country = country
            self.tag = tag
            self.isOn = isOn
        }

        func takes(_ source: Source, isRead: Bool) -> Bool {
            if let isOn, isRead != isOn { return false }
            if let country, source.country?.lowercased() != country.lowercased() { return false }
            if let tag, !source.tags.contains(tag) { return false }
            guard let language = language?.lowercased() else { return true }
            let spoken = source.language?.lowercased() ?? ""
            return spoken == language || spoken.hasPrefix(language + "-")
        }
    }

    public struct Row: Sendable, Hashable, Encodable {
        public var id: SourceID
        public var name: String
        public var kind: String
        public var language: String?
        public var country: String?
        public var affiliation: Source.Affiliation?
        public var origin: Source.Origin?
        /// Its own, or `polling.interval`: `60m`.
        public var interval: String
        public var tags: [String]
        public var on: Bool
        /// Why it is off.
        public var because: String?
        public var url: String
    }

    public let rows: [Row]

    public init(_ configuration: Configuration, filter: Filter) {
        let standard = configuration.settings.pollInterval
        func rows(_ sources: [Source], because: (Source) -> String?) -> [Row] {
            sources.compactMap { source in
                let reason = because(source)
                guard filter.takes(source, isRead: reason == nil) else { return nil }
                return Row(source, every: source.interval ?? standard, because: reason)
            }
        }
        self.rows =
            rows(configuration.sources) { $0.enabled ? nil : CleanText.shown($0.because) ?? "" }
            + rows(configuration.offered) { "packs: [\($0.packs.joined(separator: ", "))]" }
    }

    public var lines: [StyledLine] {
        var table = TextTable(
            ["ID", "NAME", "KIND", "LANGUAGE", "COUNTRY", "AFFILIATION", "ORIGIN", "EVERY", "STATE", "ADDRESS"])
        table.rows = rows.map { row in
            let state = row.on ? "on" : "off" + (row.because.map { ": \($0)" } ?? "")
            return [
                .init(row.id), .init(row.name), .init(row.kind), .init(row.language ?? "–"), .init(row.country ?? "–"),
                .init(row.affiliation?.rawValue ?? "–"), .init(row.origin?.rawValue ?? "–"), .init(row.interval),
                .init(state, row.on ? .plain : .faint), .init(row.url),
            ]
        }
        return table.lines
    }
}

extension SourceList.Row {
    /// - Parameter because: why it is off, empty when nobody says; nil when it is on.
    fileprivate init(_ source: Source, every interval: Duration, because: String?) {
        self.init(
            id: source.id, name: CleanText.shown(source.name) ?? source.id, kind: source.kind.rawValue,
            language: source.language, country: source.country, affiliation: source.affiliation, origin: source.origin,
            interval: ConfigurationType.written(interval), tags: source.tags, on: because == nil,
            because: because.flatMap { $0.isEmpty ? nil : $0 }, url: source.url)
    }
}
