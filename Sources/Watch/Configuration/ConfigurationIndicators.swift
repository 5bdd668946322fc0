import News

extension ConfigurationBuilder {
    /// In the order in which they are declared.
    mutating func indicators(_ given: ConfigurationMapping?) -> [Indicator] {
        var indicators: [Indicator] = []
        for entry in given?.entries ?? [] {
            guard case .mapping(let mapping) = entry.value else { continue }
            indicators.append(indicator(entry.key, mapping, at: entry.place))
        }
        return indicators
    }

    private mutating func indicator(
        _ id: String, _ given: ConfigurationMapping, at place: ConfigurationPlace
    ) -> Indicator {
        let mapping = ConfigurationKeys.completed(given, as: .indicator)
        var indicator = Indicator(id: id, name: mapping.text("name") ?? id)
        warnAboutEmptyPhrases(given.items("words"))
        indicator.words = mapping.texts("words")
        for item in given.items("entities") {
            guard let id = item.text else { continue }
            recordUnknown(entity: id, at: item.place)
            indicator.entities.append(id)
        }
        indicator.sources = mapping.mappings("sources").map { set($0) }
        if indicator.sources.count > Indicator.setsMax, let sources = given["sources"] {
            record(sources.valuePlace.fault("more than \(Indicator.setsMax) source sets", "write fewer, larger ones"))
        }
        let seconds = mapping.number("window") ?? 86_400
        indicator.windowDays = max(1, seconds / 86_400)
        if seconds % 86_400 != 0, let window = given["window"] {
            record(window.valuePlace.fault("\"window\" is no whole number of days", "write 1d to 7d"))
        }
        indicator.threshold = mapping.number("threshold") ?? indicator.threshold
        indicator.alert = mapping.number("alert")
        if let alert = indicator.alert, alert < indicator.threshold, let key = given["alert"] ?? given["threshold"] {
            record(
                key.valuePlace.fault(
                    "it alerts at what is told as usual: \"alert\" is \(alert), \"threshold\" \(indicator.threshold)",
                    "write an alert of \(indicator.threshold) or more, or a lower threshold"))
        }
        let isFaulty = ["words", "entities"].contains { given[$0]?.isFaulty ?? false }
        if indicator.words.isEmpty, indicator.entities.isEmpty, !isFaulty {
            record(
                place.fault(
                    "indicator \"\(ConfigurationReader.clipped(id))\" has neither words nor entities",
                    "add words: or entities:, or it would count every story"))
        }
        return indicator
    }

    /// What it names and no file has is a warning: a pack that is off may have it.
    private mutating func set(_ given: ConfigurationMapping) -> Indicator.SourceSet {
        let set = Self.named(given)
        for item in given.items("ids") {
            guard let id = item.text, layers.sources[id] == nil, !layers.hasUnknownSources else { continue }
            let near = Spelling.nearest(to: id, among: layers.sources.keys.sorted())
            record(
                item.place.fault(
                    "no source \"\(ConfigurationReader.clipped(id))\" in any file of sources.d",
                    near.map { "did you mean \"\($0)\"?" } ?? "check the id"))
        }
        if set == Indicator.SourceSet(), !given.hasUnknownKeys, !given.entries.contains(where: \.isFaulty) {
            record(given.place.fault("the source set is empty", "name ids, country, affiliation, origin or tags"))
        }
        return set
    }

    private static func named(_ given: ConfigurationMapping) -> Indicator.SourceSet {
        var set = Indicator.SourceSet()
        set.ids = given.texts("ids")
        set.country = given.texts("country")
        set.affiliation = given.texts("affiliation").compactMap(Source.Affiliation.init(rawValue:))
        set.origin = given.texts("origin").compactMap(Source.Origin.init(rawValue:))
        set.tags = given.texts("tags")
        return set
    }

    /// A set without a source that is read counts nothing, and looks like silence.
    /// - Parameters:
    ///   - sources: in play, disabled ones too.
    ///   - offered: those of packs that are off.
    mutating func warnAboutEmptySets(_ sources: [Source], offered: [Source]) {
        guard !sources.isEmpty else { return }
        let sets = (layers.main.mapping("indicators")?.entries ?? []).flatMap { entry -> [ConfigurationMapping] in
            if case .mapping(let mapping) = entry.value { mapping.mappings("sources") } else { [] }
        }
        for given in sets {
            let set = Self.named(given)
            if sources.contains(where: { $0.enabled && set.contains($0) }) { continue }
            let keys = given.entries.map(\.key).joined(separator: ", ")
            let isOff = (sources + offered).contains { set.contains($0) }
            warn(
                given.place.fault(
                    isOff ? "every source of this set is switched off" : "no source is in this set",
                    isOff ? "switch one on, or its pack; until then it counts nothing" : "check \(keys)"))
        }
    }
}
