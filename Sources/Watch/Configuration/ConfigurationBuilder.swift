import News

/// Merged mappings to the values that the rest of feedwatch works on, and the checks that look across files.
struct ConfigurationBuilder {
    let layers: ConfigurationLayers
    let folder: String
    /// The package's folder; nil when there is none.
    private let vendor: String?
    private(set) var faults: [ConfigurationFault]
    private(set) var warnings: [ConfigurationFault]
    private let asksForContact: Bool

    /// - Parameters:
    ///   - folder: the administrator's, for warnings about what is in no file.
    ///   - asksForContact: sources that are read without a contact are worth a warning.
    init(_ layers: ConfigurationLayers, folder: String, vendor: String? = nil, asksForContact: Bool) {
        self.layers = layers
        self.folder = folder
        self.vendor = vendor
        self.asksForContact = asksForContact
        faults = layers.faults
        warnings = layers.warnings
    }

    /// What it returns is of use only when there are no `faults` afterwards.
    mutating func build() -> Configuration {
        let settings = settings()
        let proxies = settings.proxies.keys.sorted()
        warnAboutMetrics(settings)
        let packs = Set(settings.packs)
        var sources: [Source] = []
        var offered: [Source] = []
        for (id, given) in Self.sorted(layers.sources) {
            let isInPlay = Self.isInPlay(given, packs: packs)
            guard let source = source(id, given, isInPlay: isInPlay) else { continue }
            judgeAccess(of: source, given, proxies: proxies)
            if isInPlay { sources.append(source) } else { offered.append(source) }
        }
        warnAboutTwins(sources)
        warnAboutEmptySets(sources, offered: offered)
        let entities = Self.sorted(layers.entities).compactMap { entity($0, $1) }
        let topics = Self.sorted(layers.topics).map { topic($0, $1) }
        if layers.sources.isEmpty, faults.isEmpty {
            warnings.append(
                ConfigurationFault(
                    file: folder, message: "names no source", hint: "write one into sources.d/10-mine.yaml"))
        }
        if sources.contains(where: \.enabled) { warnAboutContact(settings) }
        return Configuration(
            settings: settings, sources: sources, offered: offered, topics: topics, entities: entities,
            files: layers.files,
            hash: layers.hash, warnings: warnings.sorted())
    }

    private static func sorted(_ known: [String: ConfigurationMapping]) -> [(String, ConfigurationMapping)] {
        known.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }
}

// MARK: - Settings

extension ConfigurationBuilder {
    private mutating func settings() -> Settings {
        let main = ConfigurationKeys.completed(layers.main, as: .main)
        let digest = ConfigurationKeys.completed(main.mapping("digest"), as: .digest)
        let polling = ConfigurationKeys.completed(main.mapping("polling"), as: .polling)
        let keep = ConfigurationKeys.completed(main.mapping("keep"), as: .keep)
        reportUnknownPacks()
        if let interval = layers.main.mapping("polling")?["interval"] { warnAboutHaste(interval) }
        let proxies = proxies(main.mapping("proxies"))
        var settings = Settings(
            contact: main.text("contact") ?? "", timezone: main.text("timezone") ?? "",
            digestAt: digest.time("at") ?? LocalTime(hour: 0, minute: 0),
            digestCutoff: digest.duration("cutoff") ?? .zero, digestFolder: digest.text("folder") ?? "",
            belowTheLine: digest.number("below_the_line") ?? 0, excerpt: main.number("excerpt") ?? 0,
            pollInterval: polling.duration("interval") ?? .zero, transfers: polling.number("transfers") ?? 0,
            bytesInFlight: polling.number("in_flight") ?? 0, packs: main.texts("packs"),
            metrics: main.text("metrics") ?? "", keep: Self.kept(keep))
        settings.proxies = proxies
        settings.leaving = leaving(main)
        settings.indicators = indicators(main.mapping("indicators"))
        return settings
    }

    /// A text is not kept for longer than the row that it stands in.
    private static func kept(_ given: ConfigurationMapping) -> Keep {
        let metadata = given.duration("metadata") ?? .zero
        return Keep(
            text: min(given.duration("text") ?? .zero, metadata),
            versions: min(given.duration("versions") ?? .zero, metadata), metadata: metadata)
    }

    /// Prometheus's node_exporter reads no other names.
    private mutating func warnAboutMetrics(_ settings: Settings) {
        guard let entry = layers.main["metrics"], !settings.metrics.isEmpty, !settings.metrics.hasSuffix(".prom")
        else { return }
        warnings.append(
            entry.valuePlace.fault(
                "\"metrics\" does not end in .prom, and node_exporter passes such files over",
                "name it feedwatch.prom"))
    }

    private mutating func warnAboutContact(_ settings: Settings) {
        guard settings.contact.isEmpty, asksForContact else { return }
        let place = layers.main["contact"]?.place ?? ConfigurationPlace(file: "\(folder)/feedwatch.yaml")
        warnings.append(
            place.fault("\"contact\" is empty", "write mailto:you@example.org, so that a webmaster can reach you"))
    }

    private mutating func warnAboutHaste(_ interval: ConfigurationEntry) {
        guard case .number(let seconds) = interval.value, seconds < 3600 else { return }
        let written = ConfigurationType.written(seconds, ConfigurationType.durationUnits)
        let warning = interval.place.fault(
            "\"interval\" of \(written) is below 60m",
            "write 60m or more, unless the publisher is glad of it: servers may refuse whoever comes too often")
        // One line of per-file defaults can reach many sources, and is told once.
        if !warnings.contains(warning) { warnings.append(warning) }
    }
}

// MARK: - Sources and entities

extension ConfigurationBuilder {
    private mutating func source(_ id: String, _ given: ConfigurationMapping, isInPlay: Bool) -> Source? {
        let mapping = ConfigurationKeys.completed(given, as: .source)
        guard let (kind, address) = address(of: id, given) else { return nil }
        guard let url = mapping.text(kind.rawValue) else { return nil }
        var source = Source(id: id, name: mapping.text("name"), url: url, kind: kind)
        if let links = mapping["links"] { source.links = rules(links, of: source) }
        source.enabled = isInPlay && (mapping.flag("enabled") ?? true)
        source.packs = mapping.texts("packs")
        source.because = mapping.text("because")
        source.country = mapping.text("country")
        source.language = mapping.text("language")
        source.timezone = mapping.text("timezone")
        source.interval = mapping.duration("interval")
        source.tags = mapping.texts("tags")
        source.affiliation = mapping.choice("affiliation")
        source.reliability = mapping.choice("reliability")
        source.origin = mapping.choice("origin")
        source.topics = topics(of: id, mapping.mapping("topics"))
        source.fullText = mapping.choice("full_text") ?? source.fullText
        source.article = mapping.text("article").flatMap { try? Selector($0) }
        source.time = mapping.choice("time") ?? .published
        source.ids = mapping.choice("ids")
        source.foldsCopies = mapping.flag("fold_copies") ?? true
        source.excerpt = mapping.number("excerpt")
        source.firstRead = mapping.choice("first_read") ?? .silent
        source.expectEvery = mapping.mapping("expect")?.duration("every")
        source.critical = mapping.flag("critical") ?? false
        source.privateHosts = mapping.flag("private_hosts") ?? false
        source.localFile = mapping.flag("local_file") ?? false
        source.login = login(mapping.mapping("login"))
        source.via = mapping.text("via")
        source.asking = asking(mapping)
        source.robots = robots(mapping.mapping("robots"))
        source.isShipped = vendor.map { address.valuePlace.file.hasPrefix("\($0)/") } ?? false
        if source.enabled { warn(about: source, address, interval: mapping["interval"]) }
        return source
    }

    /// Two sources of one document would be two witnesses for whatever it says.
    private mutating func warnAboutTwins(_ sources: [Source]) {
        var first: [String: SourceID] = [:]
        for source in sources where source.enabled {
            guard let other = first[source.url] else {
                first[source.url] = source.id
                continue
            }
            guard let place = layers.sources[source.id]?[source.kind.rawValue]?.valuePlace else { continue }
            warnings.append(
                place.fault("\"\(source.id)\" reads the same URL as \"\(other)\"", "keep one of them, or disable one"))
        }
    }

    /// The one key that says what is polled; a fault where no file gives one, or several do between them.
    private mutating func address(
        of id: String, _ given: ConfigurationMapping
    ) -> (kind: Source.Kind, entry: ConfigurationEntry)? {
        let found = Source.Kind.allCases.compactMap { kind in given[kind.rawValue].map { (kind: kind, entry: $0) } }
        let name = "source \"\(ConfigurationReader.clipped(id))\""
        if found.count > 1 {
            let keys = found.map { "\"\($0.kind.rawValue)\"" }
            // The mapping is in the order of the files: the last one is what somebody added.
            let last = given.entries.last { entry in found.contains { $0.kind.rawValue == entry.key } }
            faults.append(
                (last?.place ?? given.place).fault(
                    "\(name) has \(keys.joined(separator: " and "))", "keep one of them; a source is one document"))
            return nil
        }
        if found.isEmpty, !given.isIncomplete, !layers.hasUnknownSources {
            faults.append(
                given.place.fault(
                    "\(name) has no \"feed\", \"page\" or \"sitemap\", here or in an earlier file",
                    "add one with its URL, or check the id"))
        }
        return found.first
    }

    private mutating func rules(_ links: ConfigurationEntry, of source: Source) -> Source.LinkRules {
        if source.kind != .page {
            faults.append(
                links.place.fault(
                    "\"links\" is for pages, and \"\(source.id)\" is a \(source.kind.rawValue)", "remove it"))
        }
        guard case .mapping(let mapping) = links.value else { return Source.LinkRules() }
        func selector(_ key: String) -> Selector? { mapping.text(key).flatMap { try? Selector($0) } }
        return Source.LinkRules(select: selector("select"), title: selector("title"), date: selector("date"))
    }

    private mutating func warn(
        about source: Source, _ address: ConfigurationEntry, interval: ConfigurationEntry?
    ) {
        if let interval { warnAboutHaste(interval) }
        if source.url.lowercased().hasPrefix("http:"), !source.privateHosts {
            warnings.append(
                address.valuePlace.fault(
                    "\"\(source.id)\" is read over plain http, where anyone on the way can change it",
                    "try https:"))
        }
    }

    private mutating func entity(_ id: String, _ given: ConfigurationMapping) -> Entity? {
        guard let name = given.text("name") else {
            if given["name"] == nil, !given.isIncomplete, !layers.hasUnknownEntities {
                faults.append(
                    given.place.fault(
                        "entity \"\(ConfigurationReader.clipped(id))\" has no \"name\", here or in an earlier file",
                        "add name: its name in English"))
            }
            return nil
        }
        var entity = Entity(id: id, name: name)
        entity.type = given.text("type")
        entity.country = given.text("country")
        for key in ["aliases", "ambiguous", "not_within"] {
            for language in given.mapping(key)?.entries ?? [] {
                warnAboutEmptyPhrases(given.mapping(key)?.items(language.key) ?? [])
            }
        }
        entity.aliases = Self.names(given.mapping("aliases"))
        entity.ambiguous = Self.names(given.mapping("ambiguous"))
        entity.notWithin = Self.names(given.mapping("not_within"))
        return entity
    }

    private static func names(_ byLanguage: ConfigurationMapping?) -> [String: [String]] {
        var names: [String: [String]] = [:]
        for entry in byLanguage?.entries ?? [] { names[entry.key] = byLanguage?.texts(entry.key) }
        return names
    }

    mutating func record(_ fault: ConfigurationFault) { faults.append(fault) }

    mutating func warn(_ warning: ConfigurationFault) { warnings.append(warning) }

    mutating func warnAboutEmptyPhrases(_ items: [ConfigurationItem]) {
        for item in items {
            guard let text = item.text, !text.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            warn(
                item.place.fault(
                    "\"\(ConfigurationReader.clipped(text))\" has no letter or digit, so it is no word to look for",
                    "write a word, or remove it"))
        }
    }
}
