/// One row of the table of keys.
struct ConfigurationKey: Sendable {
    enum Presence: Sendable {
        case optional
        /// Wherever the mapping stands.
        case required
        /// In one of the files that name the id.
        case requiredOnce
        /// Part of the format, not built yet: using it is an error that says so.
        case reserved
    }

    var name: String
    var type: ConfigurationType
    var presence = Presence.optional
    /// What holds without the key, as it would be written; nil when nothing does.
    var standard: String?
    /// Where the value comes from without the key, in words; for keys without `standard`.
    var otherwise: String?
    /// One line.
    var doc: String

    init(
        _ name: String, _ type: ConfigurationType, standard: String? = nil, otherwise: String? = nil, _ doc: String
    ) {
        self.name = name
        self.type = type
        self.standard = standard
        self.otherwise = otherwise
        self.doc = doc
    }

    init(_ name: String, _ type: ConfigurationType, _ presence: Presence, _ doc: String) {
        self.init(name, type, doc)
        self.presence = presence
    }

    /// A key of a later version.
    static func reserved(_ name: String, _ doc: String) -> ConfigurationKey {
        ConfigurationKey(name, .text(most: 0), .reserved, doc)
    }
}

/// How a value is read; the YAML scalar's text is all that counts, so that `NO` is Norway and `06:30` a time.
indirect enum ConfigurationType: Sendable {
    /// `[a-z0-9-]`, 1 to 64.
    case id
    /// One line of at most so many characters.
    case text(most: Int)
    /// Any lines.
    case prose(most: Int)
    /// `mailto:` or http(s), or empty.
    case contact
    /// Absolute, of a file; or empty.
    case path
    /// Absolute, of a folder; or empty.
    case folder
    case flag
    case integer(ClosedRange<Int>)
    /// `90s 15m 6h 2d`; the range is in seconds.
    case duration(ClosedRange<Int>)
    /// `500KB 16MB 1GB`; the range is in bytes.
    case size(ClosedRange<Int>)
    case localTime
    case timezone
    case url
    /// `Name: value`, as a line of a request.
    case header
    /// Scheme, host and port of a proxy.
    case proxyURL
    /// CSS, as `Selector` reads it.
    case selector
    case country
    case language
    case choice([String])
    case list(ConfigurationType)
    /// A list; one item may stand by itself.
    case oneOrMore(ConfigurationType)
    case mapping(ConfigurationMappingKind)
    /// A mapping from ids that people choose to mappings of one kind.
    case byID(ConfigurationMappingKind)
    /// A mapping from languages.
    case byLanguage(ConfigurationType)
}

/// The kinds of mapping, each with its own keys.
enum ConfigurationMappingKind: String, Sendable, CaseIterable {
    case main, digest, polling, keep, proxy, indicator, sourceSet, mail, webhook
    case sourcesFile, source, sourceDefaults, login, robots, expect, links, sourceTopics
    case entitiesFile, entity
    case topic, strengths, topicEntities, requirement, against, exception, thresholds, topicDigest, alert, condition
    case again, atMost, quiet
    case example, exampleSource
}

extension ConfigurationMappingKind {
    /// Nothing of it holds until somebody writes what it must have.
    var isOff: Bool { ConfigurationKeys.keys(of: self).contains { $0.presence == .requiredOnce } }
}
