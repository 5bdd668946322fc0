import News

/// The configuration as it is in effect, each value with the place that it comes from: `feedwatch config show`.
///
/// Built anew from the files; a running daemon keeps no places.
public struct ConfigurationShow: Sendable {
    /// One value. The public JSON is an array of these.
    public struct Item: Sendable, Hashable, Encodable {
        /// `digest.at`, `sources.jmod.interval`, `topics.port-access.words.en.strong`, `….alert.any_of.1` from 1.
        public var key: String
        /// As it would be written in a file, in one line.
        public var value: String
        /// Where it is given; nil for a default.
        public var file: String?
        public var line: Int?

        public var isDefault: Bool { file == nil }
    }

    private let layers: ConfigurationLayers
    private let configuration: Configuration

    /// - Throws: every fault of every file, as `Configuration.load` does.
    public init(_ location: ConfigurationLocation) throws(ConfigurationErrors) {
        layers = ConfigurationLayers.read(location)
        var builder = ConfigurationBuilder(layers, folder: location.folder, asksForContact: false)
        configuration = builder.build()
        guard builder.faults.isEmpty else { throw ConfigurationErrors(builder.faults) }
    }

    /// The main file's values, or what the keys name: a key or a group of them, `sources`, `sources.ID`, `topics.ID.alert`.
    /// - Throws: `UnknownName`.
    public func items(_ keys: [String]) throws -> [Item] {
        if keys.isEmpty { return main }
        return try keys.flatMap(items)
    }

    /// How much stands in the folders, for people.
    public var summary: [String] {
        let off = configuration.sources.count { !$0.enabled }
        func line(_ part: String, _ count: Int, _ note: String) -> String {
            let files = configuration.files.count { $0.contains("/\(part).d/") }
            return "# \(part): \(count)\(note), from \(files) \(files == 1 ? "file" : "files") of \(part).d; "
                + "\"feedwatch config show \(part).ID\" shows one"
        }
        return [
            line("sources", configuration.sources.count, off > 0 ? " (\(off) off)" : ""),
            line("entities", configuration.entities.count, ""), line("topics", configuration.topics.count, ""),
        ]
    }

    /// Keys, values and places in columns.
    public static func lines(_ items: [Item]) -> [StyledLine] {
        let texts = items.map { "\($0.key): \($0.value)" }
        // A long list does not push the places of all others away.
        let width = texts.map(DisplayWidth.columns).filter { $0 <= 60 }.max() ?? 0
        return zip(items, texts).map { item, text in
            let place = item.file.map { "\($0):\(item.line ?? 0)" } ?? "default"
            return StyledLine(DisplayWidth.padded(text, to: width)) + StyledLine("  # \(place)", .faint)
        }
    }
}

extension ConfigurationShow {
    private var main: [Item] { items(of: layers.main, as: .main, prefix: "") }

    private func items(_ key: String) throws -> [Item] {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let folders: [(name: String, kind: ConfigurationMappingKind, known: [String: ConfigurationMapping])] = [
            ("sources", .source, layers.sources), ("entities", .entity, layers.entities),
            ("topics", .topic, layers.topics),
        ]
        guard let folder = folders.first(where: { $0.name == parts[0] }) else {
            return try Self.chosen(key, from: main, among: main.map(\.key))
        }
        guard parts.count > 1 else {
            return folder.known.sorted { $0.key < $1.key }.flatMap { id, mapping in
                items(of: mapping, as: folder.kind, prefix: "\(folder.name).\(id).")
            }
        }
        guard let mapping = folder.known[parts[1]] else {
            throw UnknownName(
                folder.kind.rawValue, parts[1], among: folder.known.keys.sorted(),
                hint: "\"feedwatch config show \(folder.name)\" shows all")
        }
        let all = items(of: mapping, as: folder.kind, prefix: "\(folder.name).\(parts[1]).")
        return parts.count == 2 ? all : try Self.chosen(key, from: all, among: all.map(\.key))
    }

    /// The value of that key, or all those below it.
    private static func chosen(_ key: String, from items: [Item], among known: [String]) throws -> [Item] {
        let found = items.filter { $0.key == key || $0.key.hasPrefix(key + ".") }
        guard found.isEmpty else { return found }
        let groups = Set(known.compactMap { $0.split(separator: ".").first.map(String.init) })
        throw UnknownName(
            "key", key, among: known + groups.sorted(), hint: "\"feedwatch config keys\" prints all of them")
    }

    /// In the order of the table; what is neither given nor has a default is left out.
    private func items(of mapping: ConfigurationMapping?, as kind: ConfigurationMappingKind, prefix: String) -> [Item] {
        ConfigurationKeys.keys(of: kind).filter { $0.presence != .reserved }.flatMap { row -> [Item] in
            let key = prefix + row.name
            guard let entry = mapping?[row.name] else {
                if case .mapping(let inner) = row.type, inner.hasDefaults {
                    return items(of: nil, as: inner, prefix: key + ".")
                }
                return row.standard.map { [Item(key: key, value: $0)] } ?? []
            }
            return items(of: entry, as: row.type, key: key)
        }
    }

    private func items(of entry: ConfigurationEntry, as type: ConfigurationType, key: String) -> [Item] {
        switch (type, entry.value) {
        case (.mapping(let kind), .mapping(let mapping)): return items(of: mapping, as: kind, prefix: key + ".")
        case (.byLanguage(let inner), .mapping(let mapping)):
            return mapping.entries.flatMap { items(of: $0, as: inner, key: "\(key).\($0.key)") }
        case (.list(.mapping(let kind)), .list(let list)) where !list.isEmpty:
            return list.enumerated().map { index, item in
                Item(
                    key: "\(key).\(index + 1)", value: ConfigurationType.mapping(kind).written(item.value),
                    file: item.place.file, line: item.place.line)
            }
        default:
            return [
                Item(
                    key: key, value: type.written(entry.value), file: entry.valuePlace.file,
                    line: entry.valuePlace.line)
            ]
        }
    }
}

extension ConfigurationMappingKind {
    fileprivate var hasDefaults: Bool { !isOff && ConfigurationKeys.keys(of: self).contains { $0.standard != nil } }
}
