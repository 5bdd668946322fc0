import News

// What alert rules look at, what a source rules for all its articles, and the tests that hold a topic to its word.
extension ConfigurationBuilder {
    /// One line of `any_of`.
    mutating func condition(_ mapping: ConfigurationMapping) -> Topic.AlertCondition {
        var condition = Topic.AlertCondition()
        condition.match = mapping.choice("match")
        condition.origin = mapping.choices("origin")
        condition.affiliation = mapping.choices("affiliation")
        condition.reliability = mapping.choice("reliability")
        condition.country = mapping.texts("country")
        condition.language = mapping.texts("language")
        condition.newsrooms = mapping.number("newsrooms")
        condition.entity = mapping.texts("entity")
        condition.words = mapping.texts("words")
        condition.near = mapping.texts("near")
        condition.ahead = mapping.flag("ahead") ?? false
        for item in mapping.items("entity") {
            if let id = item.text { recordUnknown(entity: id, at: item.place) }
        }
        for key in ["words", "near"] { warnAboutEmptyPhrases(mapping.items(key)) }
        for key in ["origin", "affiliation", "country", "language", "entity", "words", "near"] {
            guard let entry = mapping[key], case .list(let items) = entry.value, items.isEmpty else { continue }
            let what = key == "words" || key == "near" ? "words" : "one"
            record(entry.place.fault("\"\(key)\" is empty, so nothing can meet it", "write \(what), or remove it"))
        }
        for (key, what) in [("near", "what is to stand near one of these"), ("ahead", "what is to stand there")] {
            guard let entry = mapping[key], mapping["words"] == nil else { continue }
            record(entry.place.fault("\"\(key)\" without \"words\" says nothing", "add words: \(what)"))
        }
        if mapping.isEmpty {
            record(mapping.place.fault("an alert condition is empty, so that everything alerts", "write match: clear"))
        }
        return condition
    }

    mutating func example(_ mapping: ConfigurationMapping) -> Topic.Example? {
        guard let title = mapping.text("title"), let expect: Topic.Example.Expectation = mapping.choice("expect") else {
            return nil
        }
        var example = Topic.Example(
            title: title, text: mapping.text("text"), expect: expect,
            place: "\(mapping.place.file):\(mapping.place.line)")
        guard let given = mapping.mapping("source") else { return example }
        example.source.id = given.text("id")
        example.source.origin = given.choice("origin")
        example.source.affiliation = given.choice("affiliation")
        example.source.reliability = given.choice("reliability")
        example.source.country = given.text("country")
        example.source.language = given.text("language")
        example.source.newsrooms = given.number("newsrooms")
        if let id = given["id"], let name = example.source.id, layers.sources[name] == nil, !layers.hasUnknownSources {
            let near = Spelling.nearest(to: name, among: layers.sources.keys.sorted())
            record(
                id.valuePlace.fault(
                    "no source \"\(name)\" in any file of sources.d",
                    near.map { "did you mean \"\($0)\"?" } ?? "add it there, or write origin:, country: and so on"))
        }
        return example
    }

    /// What a source rules; a topic that no file has, or that it rules both ways, is a fault at its place.
    mutating func topics(of source: SourceID, _ given: ConfigurationMapping?) -> [TopicID: Source.TopicRuling] {
        var rulings: [TopicID: Source.TopicRuling] = [:]
        for ruling in Source.TopicRuling.allCases {
            for item in given?.items(ruling.rawValue) ?? [] {
                guard let id = item.text else { continue }
                if let other = rulings[id] {
                    let what = other == ruling ? "twice" : "both always and never"
                    record(item.place.fault("\"\(source)\" has topic \"\(id)\" \(what)", "keep one of them"))
                }
                rulings[id] = ruling
                guard layers.topics[id] == nil, !layers.hasUnknownTopics else { continue }
                let near = Spelling.nearest(to: id, among: layers.topics.keys.sorted())
                record(
                    item.place.fault(
                        "no topic \"\(id)\" in any file of topics.d",
                        near.map { "did you mean \"\($0)\"?" } ?? "add it there, or remove it here"))
            }
        }
        return rulings
    }
}

extension ConfigurationMapping {
    fileprivate func choices<Choice: RawRepresentable<String>>(_ key: String) -> [Choice] {
        texts(key).compactMap(Choice.init(rawValue:))
    }
}
