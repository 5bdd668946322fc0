import News

extension ConfigurationBuilder {
    mutating func topic(_ id: String, _ given: ConfigurationMapping) -> Topic {
        var topic = Topic(id: id, name: given.text("name") ?? id)
        topic.about = given.text("about")
        topic.belongs = given.texts("belongs")
        topic.doesNot = given.texts("does_not")
        topic.words = phrases(given.mapping("words"))
        topic.strongEntities = entityIDs(given, "strong")
        topic.weakEntities = entityIDs(given, "weak")
        topic.require = require(given.items("require"))
        topic.against = given.mappings("against").map { against($0) }
        for key in ["not_within", "elsewhere"] { warnAboutEmptyPhrases(given.items(key)) }
        warnAboutRegions(given.items("elsewhere"))
        topic.notWithin = given.texts("not_within")
        topic.elsewhere = given.texts("elsewhere")
        topic.likelyFrom = given.mapping("thresholds")?.number("likely")
        topic.clearFrom = given.mapping("thresholds")?.number("clear")
        if let clear = given.mapping("thresholds")?["clear"], topic.clearFrom ?? 60 < topic.likelyFrom ?? 50 {
            record(clear.valuePlace.fault("clear is less than likely", "write the greater number at clear:"))
        }
        topic.digestFrom = given.mapping("digest")?.choice("from") ?? .likely
        topic.alertAnyOf = (given.mapping("alert")?.mappings("any_of") ?? []).map { condition($0) }
        readAlert(given.mapping("alert"), into: &topic)
        topic.tests = given.mappings("tests").compactMap { example($0) }
        warnAboutSilence(topic, given)
        warnAboutStrength(topic, given)
        warnAboutContradictions(given)
        let isFaulty = given["words"].map { $0.isFaulty } ?? false || given["entities"].map { $0.isFaulty } ?? false
        if topic.words.isEmpty, topic.strongEntities.isEmpty, topic.weakEntities.isEmpty, !isFaulty {
            record(
                (given["topic"]?.valuePlace ?? given.place).fault(
                    "topic \"\(id)\" has neither words nor entities, so nothing can match it",
                    "add words: or entities:"))
        }
        return topic
    }

    /// What holds an alert, and what alerts again.
    private mutating func readAlert(_ given: ConfigurationMapping?, into topic: inout Topic) {
        topic.alertNeverOnOnly = (given?.texts("never_on_only") ?? []).compactMap(Source.Affiliation.init(rawValue:))
        let again = ConfigurationKeys.completed(given?.mapping("again"), as: .again)
        topic.alertAgain = Topic.Again(
            after: again.duration("after") ?? .zero,
            when: again.texts("when").compactMap(Topic.Again.Reason.init(rawValue:)))
        if let most = given?.mapping("at_most"), let count = most.number("count"), let per = most.duration("per") {
            topic.alertAtMost = Topic.AtMost(count: count, per: per)
        }
        guard let quiet = given?.mapping("quiet"), let from = quiet.time("from"), let to = quiet.time("to") else {
            return
        }
        if from == to, let place = quiet["to"]?.valuePlace {
            record(
                place.fault(
                    "quiet hours that end as they begin",
                    "write another time, or remove alert: to have no alerts of the topic"))
        }
        warnAboutEmptyPhrases(quiet.items("unless"))
        topic.alertQuiet = Topic.Quiet(from: from, to: to, unless: quiet.texts("unless"))
    }

    /// An alert that was asked for and can never come.
    private mutating func warnAboutSilence(_ topic: Topic, _ given: ConfigurationMapping) {
        guard let alert = given["alert"], case .mapping(let mapping) = alert.value, !mapping.hasUnknownKeys else {
            return
        }
        let anyOf = mapping["any_of"]
        if let anyOf { guard case .list(let items) = anyOf.value, items.isEmpty else { return } }
        warn(
            (anyOf ?? alert).place.fault(
                "\"\(anyOf?.key ?? "alert")\" has no condition, so topic \"\(topic.id)\" never alerts",
                "write any_of: [{match: clear}] if it should"))
    }

    /// One phrase that is said to be two things; spellings that are matched alike are one.
    private mutating func warnAboutContradictions(_ given: ConfigurationMapping) {
        func folded(_ item: ConfigurationItem) -> String? {
            item.text.map { String(decoding: FoldedText($0).bytes, as: UTF8.self).lowercased() }
        }
        var words: Set<String> = []
        for language in given.mapping("words")?.entries ?? [] {
            guard case .mapping(let lists) = language.value else { continue }
            var strengths: [String: String] = [:]
            for strength in Topic.Strength.allCases.map(\.rawValue) {
                for item in lists.items(strength) {
                    guard let phrase = folded(item) else { continue }
                    words.insert(phrase)
                    guard let other = strengths.updateValue(strength, forKey: phrase), other != strength else {
                        continue
                    }
                    warn(
                        item.place.fault(
                            "\"\(ConfigurationReader.clipped(item.text ?? ""))\" is \(strength) and \(other) in \(language.key)",
                            "keep one of them"))
                }
            }
        }
        let against = given.mappings("against").flatMap { $0.items("words") }.map {
            ($0, "speaks for the topic and against it")
        }
        let silenced = given.items("not_within").map {
            ($0, "is a word of the topic, which not_within then never lets count")
        }
        for (item, what) in against + silenced {
            guard let phrase = folded(item), words.contains(phrase) else { continue }
            warn(
                item.place.fault("\"\(ConfigurationReader.clipped(item.text ?? ""))\" \(what)", "remove it on one side")
            )
        }
    }

    /// A slip in an entity's id would be looked for as a word.
    private mutating func warnAboutRegions(_ items: [ConfigurationItem]) {
        for item in items {
            guard let id = item.text, layers.entities[id] == nil, id.utf8.count > 3,
                id.utf8.allSatisfy({ $0 == 0x2D || $0 >= 0x61 && $0 <= 0x7A }),
                let meant = Spelling.nearest(to: id, among: layers.entities.keys.sorted())
            else { continue }
            warn(item.place.fault("no entity \"\(id)\", so the word is looked for", "did you mean \"\(meant)\"?"))
        }
    }

    /// What asks for more strong words and entities than the topic has.
    private mutating func warnAboutStrength(_ topic: Topic, _ given: ConfigurationMapping) {
        let strong = topic.words.count { $0.strength == .strong } + topic.strongEntities.count
        for mapping in given.mappings("require") {
            guard let asked = mapping["any_strong"], case .number(let number) = asked.value, number > strong else {
                continue
            }
            warn(
                asked.valuePlace.fault(
                    "\"any_strong\" of \(number) is more than topic \"\(topic.id)\" has, \(strong), so nothing can match it",
                    "add strong words or entities, or ask for fewer"))
        }
        guard strong == 0 else { return }
        let lines = given.mapping("alert")?.mappings("any_of") ?? []
        let clear = lines.compactMap { $0["match"] } + [given.mapping("digest")?["from"]].compactMap { $0 }
        for entry in clear {
            guard case .text("clear") = entry.value else { continue }
            warn(
                entry.valuePlace.fault(
                    "topic \"\(topic.id)\" has no strong word or entity, so no match is ever clear",
                    "add one, or write likely"))
        }
    }

    /// In the order in which they are written.
    private mutating func phrases(_ words: ConfigurationMapping?) -> [Topic.Phrase] {
        var phrases: [Topic.Phrase] = []
        for language in words?.entries ?? [] {
            guard case .mapping(let lists) = language.value else { continue }
            for strength in Topic.Strength.allCases {
                warnAboutEmptyPhrases(lists.items(strength.rawValue))
                phrases += lists.texts(strength.rawValue).map {
                    Topic.Phrase($0, language: language.key, strength: strength)
                }
            }
        }
        return phrases
    }

    /// The ids of one strength; an id that no entities file has is a fault at its place.
    private mutating func entityIDs(_ topic: ConfigurationMapping, _ strength: String) -> [EntityID] {
        var ids: [EntityID] = []
        for item in topic.mapping("entities")?.items(strength) ?? [] {
            guard let id = item.text else { continue }
            ids.append(id)
            recordUnknown(entity: id, at: item.place)
        }
        return ids
    }

    mutating func recordUnknown(entity id: EntityID, at place: ConfigurationPlace) {
        guard layers.entities[id] == nil, !layers.hasUnknownEntities else { return }
        // Against all entities a suggestion takes time; a hundred of them are more than anyone reads.
        let near = faults.count < 100 ? Spelling.nearest(to: id, among: layers.entities.keys.sorted()) : nil
        record(
            place.fault(
                "no entity \"\(id)\" in any file of entities.d",
                near.map { "did you mean \"\($0)\"?" } ?? "add it there, or remove it here"))
    }

    private mutating func require(_ items: [ConfigurationItem]) -> Topic.Require {
        var require = Topic.Require()
        for item in items {
            guard let mapping = item.mapping else { continue }
            if mapping.isEmpty {
                record(
                    item.place.fault(
                        "an item of \"require\" is empty",
                        "write any_strong:, strong_ahead:, in_title: or countries:, or remove it")
                )
            }
            for entry in mapping.entries.dropFirst() {
                record(
                    entry.place.fault(
                        "a second condition in one item of \"require\"", "begin it with \"- \" of its own"))
            }
            if let number = mapping.number("any_strong") { require.anyStrong = max(number, require.anyStrong ?? 0) }
            if let number = mapping.number("strong_ahead") {
                require.strongAhead = max(number, require.strongAhead ?? 0)
            }
            if let number = mapping.number("in_title") { require.inTitle = max(number, require.inTitle ?? 0) }
            if let number = mapping.number("countries") { require.countries = max(number, require.countries ?? 0) }
        }
        return require
    }

    private mutating func against(_ mapping: ConfigurationMapping) -> Topic.Against {
        var against = Topic.Against(words: mapping.texts("words"))
        against.strength = mapping.choice("strength") ?? .strong
        warnAboutEmptyPhrases(mapping.items("words"))
        if let words = mapping["words"], case .list(let items) = words.value, items.isEmpty {
            record(
                words.place.fault("\"words\" is empty, so nothing speaks against", "write words, or remove the item"))
        }
        if let unless = mapping["unless"], case .mapping(let exception) = unless.value {
            against.unlessEntity = exception.choice("entity")
            against.unlessNear = exception.texts("near")
            warnAboutEmptyPhrases(exception.items("near"))
            if exception.isEmpty {
                record(unless.place.fault("\"unless\" is empty", "write entity: or near:, or remove it"))
            }
        }
        return against
    }
}

extension ConfigurationMapping {
    /// Nobody wrote anything into it.
    var isEmpty: Bool { entries.isEmpty && !hasUnknownKeys }
}

extension ConfigurationEntry {
    /// It, or something right below it, is faulty already.
    var isFaulty: Bool {
        switch value {
        case .invalid: true
        case .mapping(let mapping): mapping.hasUnknownKeys || mapping.entries.contains { $0.isFaulty }
        case .list(let items):
            items.contains { if case .invalid = $0.value { true } else { false } }
        default: false
        }
    }
}
