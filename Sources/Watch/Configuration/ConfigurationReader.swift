import News
import Yams

/// One file's tree, read by the table of keys: values of the declared types, and a fault for everything else.
///
/// It recurses over the table, never over the tree, so its depth is the table's.
struct ConfigurationReader {
    let file: String
    let zones: TimeZones
    private(set) var faults: [ConfigurationFault] = []

    init(file: String, zones: TimeZones) {
        self.file = file
        self.zones = zones
    }

    /// The file's mapping; empty for an empty file.
    mutating func read(_ root: Node?, as kind: ConfigurationMappingKind) -> ConfigurationMapping {
        let start = ConfigurationPlace(file: file, line: 1, column: 1)
        guard let root else { return ConfigurationMapping(place: start) }
        guard case .mapping(let mapping) = root else {
            let keys = ConfigurationKeys.keys(of: kind).filter { $0.presence != .reserved }.map(\.name)
            report(
                place(of: root, else: start).fault(
                    "the file must be a mapping, not \(Self.shown(root))", "write keys such as \(keys[0]): …"))
            return ConfigurationMapping(place: start)
        }
        return keyed(mapping, as: kind, at: place(of: root, else: start))
    }

    private var isFull: Bool { faults.count > Limits.configurationFaultsMax }

    private mutating func report(_ fault: ConfigurationFault) {
        guard !isFull else { return }
        let isLast = faults.count == Limits.configurationFaultsMax
        faults.append(
            isLast
                ? ConfigurationFault(
                    file: file, message: "has more than \(Limits.configurationFaultsMax) faults",
                    hint: "mend these first")
                : fault)
    }

    /// A mapping whose keys are those of the table.
    private mutating func keyed(
        _ mapping: Node.Mapping, as kind: ConfigurationMappingKind, at start: ConfigurationPlace
    ) -> ConfigurationMapping {
        let table = ConfigurationKeys.keys(of: kind)
        var result = ConfigurationMapping(place: start)
        for (keyNode, valueNode) in mapping where !isFull {
            let keyPlace = place(of: keyNode, else: start)
            guard let name = key(keyNode, at: keyPlace) else { continue }
            guard let row = table.first(where: { $0.name == name }) else {
                report(unknown(name, among: table, at: keyPlace))
                result.hasUnknownKeys = true
                continue
            }
            var entry = ConfigurationEntry(
                key: name, place: keyPlace, value: .invalid, valuePlace: place(of: valueNode, else: keyPlace))
            if row.presence == .reserved {
                report(keyPlace.fault("key \"\(name)\" is reserved for a later version", "remove it"))
            } else {
                entry.value = value(valueNode, as: row.type, name: "\"\(name)\"", at: keyPlace)
            }
            result.entries.append(entry)
        }
        for row in table where row.presence == .required && result[row.name] == nil {
            report(start.fault("\(kind.noun) without \"\(row.name)\"", "add it: \(row.doc)"))
        }
        return result
    }

    /// A value of any type; a scalar of the wrong type is a fault at the scalar, a missing one at the key.
    private mutating func value(
        _ node: Node, as type: ConfigurationType, name: String, at keyPlace: ConfigurationPlace
    ) -> ConfigurationValue {
        let valuePlace = place(of: node, else: keyPlace)
        switch type {
        case .mapping(let kind):
            guard let mapping = mapping(node, name: name, at: valuePlace) else { return .invalid }
            return .mapping(keyed(mapping, as: kind, at: mapping.isEmpty ? keyPlace : valuePlace))
        case .byID(let kind):
            guard let mapping = mapping(node, name: name, at: valuePlace) else { return .invalid }
            return .mapping(byID(mapping, as: kind, at: keyPlace))
        case .byLanguage(let type):
            guard let mapping = mapping(node, name: name, at: valuePlace) else { return .invalid }
            return .mapping(byLanguage(mapping, as: type, at: keyPlace))
        case .list(let type):
            return list(node, of: type, name: name, at: keyPlace)
        case .oneOrMore(let type):
            guard node.scalar != nil, !ConfigurationYAML.isEmpty(node) else {
                return list(node, of: type, name: name, at: keyPlace)
            }
            let item = scalar(node, as: type, name: name, at: keyPlace)
            return .list([ConfigurationItem(value: item, place: place(of: node, else: keyPlace))])
        default:
            return scalar(node, as: type, name: name, at: keyPlace)
        }
    }

    private mutating func scalar(
        _ node: Node, as type: ConfigurationType, name: String, at keyPlace: ConfigurationPlace
    ) -> ConfigurationValue {
        let valuePlace = place(of: node, else: keyPlace)
        guard !ConfigurationYAML.isEmpty(node) else {
            report(keyPlace.fault("\(name) has no value", "write one, or remove the line"))
            return .invalid
        }
        guard case .scalar(let scalar) = node else {
            report(valuePlace.fault("\(name) must be \(type.noun), not \(Self.shown(node))", type.advice))
            return .invalid
        }
        guard !scalar.tag.rawValue.hasPrefix("!") else {
            report(
                valuePlace.fault("\(name) has the tag \(scalar.tag.rawValue)", "remove it; tags are not read"))
            return .invalid
        }
        do {
            return try type.read(scalar.string, zones: zones)
        } catch {
            report(valuePlace.fault("\(name) \(error.problem)", error.hint))
            return .invalid
        }
    }

    private mutating func list(
        _ node: Node, of type: ConfigurationType, name: String, at keyPlace: ConfigurationPlace
    ) -> ConfigurationValue {
        if ConfigurationYAML.isEmpty(node) { return .list([]) }
        guard case .sequence(let sequence) = node else {
            let example = node.scalar.map { "write [\(Self.clipped($0.string))]" } ?? "begin each item with \"- \""
            report(
                place(of: node, else: keyPlace).fault("\(name) must be a list, not \(Self.shown(node))", example))
            return .invalid
        }
        guard sequence.count <= Limits.configurationItemsMax else {
            report(
                keyPlace.fault(
                    "\(name) has \(sequence.count) items, at most \(Limits.configurationItemsMax) are read", "split it")
            )
            return .invalid
        }
        var items: [ConfigurationItem] = []
        for item in sequence where !isFull {
            let itemPlace = place(of: item, else: keyPlace)
            let value = value(item, as: type, name: "an item of \(name)", at: itemPlace)
            items.append(ConfigurationItem(value: value, place: itemPlace))
        }
        return .list(items)
    }

    /// Ids that people choose, each with a mapping or, for a source, its URL.
    private mutating func byID(
        _ mapping: Node.Mapping, as kind: ConfigurationMappingKind, at start: ConfigurationPlace
    ) -> ConfigurationMapping {
        var result = ConfigurationMapping(place: start)
        for (keyNode, valueNode) in mapping where !isFull {
            let keyPlace = place(of: keyNode, else: start)
            guard let id = key(keyNode, at: keyPlace) else { continue }
            let valuePlace = place(of: valueNode, else: keyPlace)
            var entry = ConfigurationEntry(key: id, place: keyPlace, value: .invalid, valuePlace: valuePlace)
            do {
                _ = try ConfigurationType.id.read(id, zones: zones)
            } catch {
                report(keyPlace.fault("the id \(error.problem)", error.hint))
            }
            if kind == .source, valueNode.scalar != nil, !ConfigurationYAML.isEmpty(valueNode) {
                let feed = scalar(valueNode, as: .url, name: "\"\(Self.clipped(id))\"", at: keyPlace)
                let short = ConfigurationEntry(key: "feed", place: keyPlace, value: feed, valuePlace: valuePlace)
                entry.value = .mapping(ConfigurationMapping(place: valuePlace, entries: [short]))
            } else {
                entry.value = value(valueNode, as: .mapping(kind), name: "\"\(Self.clipped(id))\"", at: keyPlace)
            }
            result.entries.append(entry)
        }
        return result
    }

    private mutating func byLanguage(
        _ mapping: Node.Mapping, as type: ConfigurationType, at start: ConfigurationPlace
    ) -> ConfigurationMapping {
        var result = ConfigurationMapping(place: start)
        for (keyNode, valueNode) in mapping where !isFull {
            let keyPlace = place(of: keyNode, else: start)
            guard let tag = key(keyNode, at: keyPlace) else { continue }
            do {
                guard case .text(let language) = try ConfigurationType.language.read(tag, zones: zones),
                    result.entries.count < Limits.configurationLanguagesMax
                else { continue }
                let value = value(valueNode, as: type, name: "\"\(Self.clipped(tag))\"", at: keyPlace)
                guard result[language] == nil else {
                    report(keyPlace.fault("the language \(language) stands twice", "keep one of them"))
                    continue
                }
                let valuePlace = place(of: valueNode, else: keyPlace)
                result.entries.append(
                    ConfigurationEntry(key: language, place: keyPlace, value: value, valuePlace: valuePlace))
            } catch {
                report(keyPlace.fault("the key \(error.problem)", error.hint))
                result.hasUnknownKeys = true
            }
        }
        if mapping.count > Limits.configurationLanguagesMax {
            report(
                start.fault(
                    "\(mapping.count) languages, at most \(Limits.configurationLanguagesMax) are read", "remove some"))
        }
        return result
    }
}

// MARK: - Nodes

extension ConfigurationReader {
    /// A mapping, or an empty one for no value at all, as `sources:` is when all below it is commented out.
    private mutating func mapping(_ node: Node, name: String, at place: ConfigurationPlace) -> Node.Mapping? {
        if ConfigurationYAML.isEmpty(node) { return Node.Mapping([]) }
        if case .mapping(let mapping) = node { return mapping }
        report(
            place.fault("\(name) must be a mapping, not \(Self.shown(node))", "write its keys below it, indented"))
        return nil
    }

    private mutating func key(_ node: Node, at place: ConfigurationPlace) -> String? {
        if case .scalar(let scalar) = node { return scalar.string }
        report(place.fault("a key must be a word, not \(Self.shown(node))", "check brackets and \"?\""))
        return nil
    }

    private func unknown(
        _ name: String, among table: [ConfigurationKey], at place: ConfigurationPlace
    ) -> ConfigurationFault {
        let shown = Self.clipped(name)
        if name == "<<" { return place.fault("merge keys (<<) are not read", "write the keys out, or use defaults:") }
        let known = table.filter { $0.presence != .reserved }.map(\.name)
        if let near = Spelling.nearest(to: name, among: known) {
            return place.fault("unknown key \"\(shown)\"", "did you mean \"\(near)\"?")
        }
        return place.fault("unknown key \"\(shown)\"", "keys here are \(known.joined(separator: ", "))")
    }

    private func place(of node: Node, else fallback: ConfigurationPlace) -> ConfigurationPlace {
        // libyaml puts a value that is not there wherever it looked last; the key is where a person looks.
        guard let mark = node.mark, !ConfigurationYAML.isEmpty(node) || node.scalar?.string != "" else {
            return fallback
        }
        return ConfigurationPlace(file: file, line: mark.line, column: mark.column)
    }

    /// A node for an error message.
    private static func shown(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): "\"\(clipped(scalar.string))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// One line of at most 60 characters, with nothing in it that a terminal would obey.
    static func clipped(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if shown.count == 60 { return String(shown) + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}

extension ConfigurationMappingKind {
    /// For error messages.
    var noun: String {
        switch self {
        case .main: "a main file"
        case .sourcesFile: "a file of sources"
        case .entitiesFile: "a file of entities"
        case .topic: "a topic"
        case .source: "a source"
        case .entity: "an entity"
        case .example: "a test"
        case .against: "an item of \"against\""
        case .expect: "\"expect\""
        case .links: "\"links\""
        case .atMost: "\"at_most\""
        case .quiet: "\"quiet\""
        default: "a mapping"
        }
    }
}
