/// `docs/configuration.md`, made from the table.
public enum ConfigurationDocument {
    /// What `feedwatch config keys` prints.
    public static var markdown: String {
        var text = introduction
        for section in sections {
            text += "\n## \(section.title)\n"
            if !section.text.isEmpty { text += "\n\(section.text)\n" }
            if let example = section.example { text += "\n```yaml\n\(example)```\n" }
            for kind in section.kinds { text += table(of: kind) }
        }
        return text
    }

    private static func table(of kind: ConfigurationMappingKind) -> String {
        let rows = ConfigurationKeys.keys(of: kind)
        var text = "\n### \(kind.title)\n\n| key | value | default | |\n|---|---|---|---|\n"
        for row in rows where row.presence != .reserved {
            text += "| `\(row.name)` | \(row.type.described) | \(row.describedDefault) | \(row.doc) |\n"
        }
        let reserved = rows.filter { $0.presence == .reserved }.map { "`\($0.name)` (\($0.doc))" }
        if !reserved.isEmpty {
            text += "\nReserved for a later version, and an error until then: \(reserved.joined(separator: ", ")).\n"
        }
        return text
    }
}

extension ConfigurationKey {
    fileprivate var describedDefault: String {
        switch presence {
        case .required: "required"
        case .requiredOnce: "required in one file"
        case .optional, .reserved: standard.map { "`\($0)`" } ?? otherwise ?? ""
        }
    }
}

extension ConfigurationType {
    /// For the column "value".
    fileprivate var described: String {
        switch self {
        case .id: "id"
        case .text(let most): "text, at most \(most)"
        case .prose(let most): "lines of text, at most \(most)"
        case .contact: "`mailto:` or `https:` address"
        case .path: "absolute path of a file"
        case .folder: "absolute path of a folder"
        case .flag: "`true`, `false`"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration(let range): "time span, \(Self.written(range, Self.durationUnits))"
        case .size(let range): "size, \(Self.written(range, Self.sizeUnits))"
        case .localTime: "time of day"
        case .timezone: "time zone"
        case .url: "http(s) URL"
        case .proxyURL: "URL of a proxy"
        case .header: "`Name: value`"
        case .selector: "CSS selector"
        case .country: "country"
        case .language: "language"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let type): "list: \(type.described)"
        case .oneOrMore(let type): "\(type.described), or a list of such"
        case .mapping(let kind): "[\(kind.title)](#\(kind.anchor))"
        case .byID(let kind): "id: [\(kind.title)](#\(kind.anchor))"
        case .byLanguage(let type): "language: \(type.described)"
        }
    }

    private static func written(_ range: ClosedRange<Int>, _ units: [(name: String, factor: Int)]) -> String {
        "\(written(range.lowerBound, units)) to \(written(range.upperBound, units))"
    }
}

extension ConfigurationMappingKind {
    /// As a heading.
    var title: String {
        switch self {
        case .main: "Main file"
        case .digest: "Digest"
        case .polling: "Polling"
        case .proxy: "Proxy"
        case .keep: "Retention"
        case .indicator: "Indicator"
        case .mail: "Mail"
        case .webhook: "Webhook"
        case .sourceSet: "Source set of an indicator"
        case .sourcesFile: "File of sources"
        case .source: "Source"
        case .sourceDefaults: "Source defaults"
        case .login: "Login of a source"
        case .robots: "Robots of a source"
        case .expect: "Expectation of a source"
        case .links: "Links of a page"
        case .sourceTopics: "Topics of a source"
        case .entitiesFile: "File of entities"
        case .entity: "Entity"
        case .topic: "Topic"
        case .strengths: "Words by strength"
        case .topicEntities: "Entities of a topic"
        case .requirement: "Requirement"
        case .against: "Words against"
        case .exception: "Exception"
        case .thresholds: "Thresholds"
        case .topicDigest: "Digest of a topic"
        case .alert: "Alert"
        case .condition: "Alert condition"
        case .again: "Alerting again"
        case .atMost: "Cap"
        case .quiet: "Quiet hours"
        case .example: "Test"
        case .exampleSource: "Source of a test"
        }
    }

    /// The heading's anchor as Markdown renderers make it.
    fileprivate var anchor: String { title.lowercased().replacing(" ", with: "-") }
}
