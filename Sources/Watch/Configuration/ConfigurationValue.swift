import News

/// A place in a file, as `ConfigurationFault` counts.
struct ConfigurationPlace: Sendable, Hashable {
    var file: String
    var line = 0
    var column = 0

    func fault(_ message: String, _ hint: String = "") -> ConfigurationFault {
        ConfigurationFault(file: file, line: line, column: column, message: message, hint: hint)
    }
}

/// A value as the table declares it.
indirect enum ConfigurationValue: Sendable {
    /// Ids, texts, URLs, names and choices.
    case text(String)
    case flag(Bool)
    /// Integers; seconds of a duration; bytes of a size.
    case number(Int)
    case time(LocalTime)
    case list([ConfigurationItem])
    case mapping(ConfigurationMapping)
    /// Given, and faulty: the fault is recorded, and nothing else is said about it.
    case invalid
}

/// One item of a list.
struct ConfigurationItem: Sendable {
    var value: ConfigurationValue
    var place: ConfigurationPlace
}

/// One key of a mapping with its value.
struct ConfigurationEntry: Sendable {
    var key: String
    /// Of the key.
    var place: ConfigurationPlace
    var value: ConfigurationValue
    /// Of the value.
    var valuePlace: ConfigurationPlace
}

/// A mapping in the order in which it was written.
struct ConfigurationMapping: Sendable {
    /// Of its first key, or of the key that it is the value of when it is empty.
    var place: ConfigurationPlace
    var entries: [ConfigurationEntry] = []
    /// A file gave something else in its place, so that nobody knows what is missing.
    var isIncomplete = false
    /// It has keys that the table does not know, each with a fault of its own.
    var hasUnknownKeys = false

    subscript(key: String) -> ConfigurationEntry? { entries.first { $0.key == key } }

    /// Takes over what `later` gives: mappings key by key, everything else whole.
    mutating func merge(_ later: ConfigurationMapping) {
        isIncomplete = isIncomplete || later.isIncomplete
        hasUnknownKeys = hasUnknownKeys || later.hasUnknownKeys
        for entry in later.entries {
            guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            if case .mapping(var mapping) = entries[index].value, case .mapping(let change) = entry.value {
                mapping.merge(change)
                entries[index].value = .mapping(mapping)
            } else {
                entries[index] = entry
            }
        }
    }

    /// Takes from `defaults` only what is not there.
    mutating func fill(from defaults: ConfigurationMapping) {
        for entry in defaults.entries where self[entry.key] == nil { entries.append(entry) }
    }
}

extension ConfigurationMapping {
    func text(_ key: String) -> String? {
        if case .text(let text) = self[key]?.value { text } else { nil }
    }

    func flag(_ key: String) -> Bool? {
        if case .flag(let flag) = self[key]?.value { flag } else { nil }
    }

    func number(_ key: String) -> Int? {
        if case .number(let number) = self[key]?.value { number } else { nil }
    }

    func duration(_ key: String) -> Duration? { number(key).map { .seconds($0) } }

    func time(_ key: String) -> LocalTime? {
        if case .time(let time) = self[key]?.value { time } else { nil }
    }

    func choice<Choice: RawRepresentable<String>>(_ key: String, _ type: Choice.Type = Choice.self) -> Choice? {
        text(key).flatMap(Choice.init(rawValue:))
    }

    func items(_ key: String) -> [ConfigurationItem] {
        if case .list(let items) = self[key]?.value { items } else { [] }
    }

    func texts(_ key: String) -> [String] { items(key).compactMap(\.text) }

    func mapping(_ key: String) -> ConfigurationMapping? {
        if case .mapping(let mapping) = self[key]?.value { mapping } else { nil }
    }

    func mappings(_ key: String) -> [ConfigurationMapping] { items(key).compactMap(\.mapping) }
}

extension ConfigurationItem {
    var text: String? {
        if case .text(let text) = value { text } else { nil }
    }

    var mapping: ConfigurationMapping? {
        if case .mapping(let mapping) = value { mapping } else { nil }
    }
}
