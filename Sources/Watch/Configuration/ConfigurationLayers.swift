import News

/// Both layers, file by file, merged as they are read; faults are collected, so that one run shows them all.
struct ConfigurationLayers {
    let zones: TimeZones
    private(set) var main = ConfigurationMapping(place: ConfigurationPlace(file: ""))
    /// By id, as are the next two.
    private(set) var sources: [String: ConfigurationMapping] = [:]
    private(set) var entities: [String: ConfigurationMapping] = [:]
    private(set) var topics: [String: ConfigurationMapping] = [:]
    private(set) var files: [String] = []
    private(set) var faults: [ConfigurationFault] = []
    private(set) var warnings: [ConfigurationFault] = []
    /// A file of the folder could not be read or parsed, so that what it defines is not known.
    private(set) var hasUnknownSources = false
    private(set) var hasUnknownEntities = false
    private(set) var hasUnknownTopics = false
    /// The main file of the folder that was read last is the sample as it ships: nobody has written into it yet.
    private(set) var hasSampleMain = false
    private var material: [UInt8] = []

    init(zones: TimeZones) { self.zones = zones }

    /// SHA-256 over each file's name within its layer, its length and its bytes.
    var hash: String { Hash.hex(material) }

    /// Reads both layers of a location.
    static func read(_ location: ConfigurationLocation) -> ConfigurationLayers {
        var layers = ConfigurationLayers(zones: TimeZones(folder: location.zones))
        if let vendor = location.vendor { layers.read(folder: vendor, isRequired: false) }
        layers.read(folder: location.folder, isRequired: true)
        return layers
    }

    /// Reads one topic file, and forgets the topics of the folders with their faults.
    mutating func replaceTopics(by path: String) {
        topics = [:]
        // Sources may name any of the others.
        hasUnknownTopics = true
        faults.removeAll { $0.file.contains("/topics.d/") }
        let cut = path.lastIndex(of: "/")
        let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
        guard let mapping = file(name, in: folder, as: .topic) else {
            if !faults.contains(where: { $0.file == "\(folder)/\(name)" }) {
                faults.append(
                    ConfigurationFault(file: path, message: "there is no such file", hint: "name a topic file"))
            }
            return
        }
        if let id = mapping.text("topic") { Self.merge(mapping, into: &topics, id: id) }
    }

    /// Reads one layer; a folder that must exist and does not is a fault.
    mutating func read(folder: String, isRequired: Bool) {
        do {
            warnAboutMisnamedFolders(among: try ConfigurationFile.names(in: folder), in: folder)
        } catch {
            guard isRequired || error != .missing else { return }
            let (what, hint) = error.words("there is no such folder", "make it, or name another with --config")
            faults.append(ConfigurationFault(file: folder, message: what, hint: hint))
            return
        }
        hasSampleMain = false
        if let mapping = file("feedwatch.yaml", in: folder, as: .main) { main.merge(mapping) }
        readFiles(of: folder)
    }

    private static let parts = ["sources.d", "entities.d", "topics.d"]

    private mutating func warnAboutMisnamedFolders(among names: [String], in folder: String) {
        for name in names where !Self.parts.contains(name) {
            let bare = name.hasSuffix(".d") ? name : "\(name).d"
            guard let meant = Spelling.nearest(to: bare, among: Self.parts),
                (try? ConfigurationFile.names(in: "\(folder)/\(name)")) != nil
            else { continue }
            warnings.append(
                ConfigurationFault(
                    file: "\(folder)/\(name)", message: "is a folder that is not read", hint: "did you mean \(meant)?"))
        }
    }

    private mutating func readFiles(of folder: String) {
        if let names = fileNames(in: "sources.d", of: folder) {
            for name in names { readSources(name, in: folder) }
        } else {
            hasUnknownSources = true
        }
        if let names = fileNames(in: "entities.d", of: folder) {
            for name in names { readEntities(name, in: folder) }
        } else {
            hasUnknownEntities = true
        }
        let topicNames = fileNames(in: "topics.d", of: folder)
        if topicNames == nil { hasUnknownTopics = true }
        for name in topicNames ?? [] {
            guard let mapping = file(name, in: folder, as: .topic), let id = mapping.text("topic") else {
                hasUnknownTopics = true
                continue
            }
            Self.merge(mapping, into: &topics, id: id)
        }
    }

    private mutating func readSources(_ name: String, in folder: String) {
        guard let mapping = file(name, in: folder, as: .sourcesFile) else {
            hasUnknownSources = true
            return
        }
        let defaults = mapping.mapping("defaults")
        for entry in mapping.mapping("sources")?.entries ?? [] {
            guard case .mapping(var change) = entry.value else {
                sources[entry.key, default: ConfigurationMapping(place: entry.place)].isIncomplete = true
                continue
            }
            change.place = entry.place
            Self.merge(change, into: &sources, id: entry.key)
            if let defaults { sources[entry.key]?.fill(from: defaults) }
        }
    }

    private mutating func readEntities(_ name: String, in folder: String) {
        guard let mapping = file(name, in: folder, as: .entitiesFile) else {
            hasUnknownEntities = true
            return
        }
        for entry in mapping.mapping("entities")?.entries ?? [] {
            guard case .mapping(var change) = entry.value else {
                entities[entry.key, default: ConfigurationMapping(place: entry.place)].isIncomplete = true
                continue
            }
            change.place = entry.place
            Self.merge(change, into: &entities, id: entry.key)
        }
    }

    private static func merge(
        _ change: ConfigurationMapping, into known: inout [String: ConfigurationMapping], id: String
    ) {
        if known[id] == nil { known[id] = change } else { known[id]?.merge(change) }
    }
}

// MARK: - Files

extension ConfigurationLayers {
    /// `sources.d/10-a.yaml`, … in name order; nil when the folder cannot be read.
    ///
    /// Files of other names are left alone, as editors leave theirs, with a warning for `.yml`.
    private mutating func fileNames(in part: String, of folder: String) -> [String]? {
        do {
            var names: [String] = []
            for name in try ConfigurationFile.names(in: "\(folder)/\(part)") {
                if name.hasSuffix(".yaml") { names.append("\(part)/\(name)") }
                if name.hasSuffix(".yml") {
                    warnings.append(
                        ConfigurationFault(
                            file: "\(folder)/\(part)/\(name)", message: "is not read",
                            hint: "name it \(name.dropLast(4)).yaml"))
                }
            }
            return names
        } catch {
            guard case .unreadable(let what, let hint) = error else { return [] }
            faults.append(ConfigurationFault(file: "\(folder)/\(part)", message: what, hint: hint))
            return nil
        }
    }

    /// One file, read by the table; nil when it is not there, or could not be read or parsed.
    private mutating func file(
        _ name: String, in folder: String, as kind: ConfigurationMappingKind
    ) -> ConfigurationMapping? {
        let path = "\(folder)/\(name)"
        do {
            let bytes = try ConfigurationFile.bytes(of: path)
            files.append(path)
            if kind == .main { hasSampleMain = bytes.elementsEqual(ConfigurationSample.mainFile.utf8) }
            material.append(contentsOf: Array("\(name)\0\(bytes.count)\0".utf8))
            material.append(contentsOf: bytes)
            return parse(bytes, file: path, as: kind)
        } catch {
            // The main file need not be there, and one that was listed a moment ago may have been taken away.
            guard case .unreadable(let what, let hint) = error else { return nil }
            faults.append(ConfigurationFault(file: path, message: what, hint: hint))
            return nil
        }
    }

    private mutating func parse(_ bytes: [UInt8], file: String, as kind: ConfigurationMappingKind)
        -> ConfigurationMapping?
    {
        do {
            let root = try ConfigurationYAML(file: file).root(of: bytes)
            var reader = ConfigurationReader(file: file, zones: zones)
            let mapping = reader.read(root, as: kind)
            faults.append(contentsOf: reader.faults)
            return mapping
        } catch {
            faults.append(contentsOf: error.faults)
            return nil
        }
    }
}
