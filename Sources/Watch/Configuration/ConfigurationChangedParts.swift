import News

/// The settings that differ, one line each, and which of them have to wait.
enum SettingChanges {
    static func lines(_ old: Settings, _ new: Settings) -> [String] {
        func duration(_ value: Duration) -> String { ConfigurationType.written(value) }
        let atOnce = [
            Change.words("timezone", old.timezone, new.timezone),
            Change.words("digest.at", "\(old.digestAt)", "\(new.digestAt)"),
            Change.words("digest.cutoff", duration(old.digestCutoff), duration(new.digestCutoff)),
            Change.words("digest.folder", old.digestFolder, new.digestFolder),
            old.proxies != new.proxies ? "proxies" : nil,
            old.indicators != new.indicators ? "indicators" : nil,
            old.leaving.mail != new.leaving.mail ? "mail" : nil,
            old.leaving.webhook != new.leaving.webhook ? "webhook" : nil,
            Change.words("digest.below_the_line", "\(old.belowTheLine)", "\(new.belowTheLine)"),
            Change.words("excerpt", "\(old.excerpt)", "\(new.excerpt)"),
            Change.words("metrics", old.metrics, new.metrics),
            Change.words("keep.text", duration(old.keep.text), duration(new.keep.text)),
            Change.words("keep.versions", duration(old.keep.versions), duration(new.keep.versions)),
            Change.words("keep.metadata", duration(old.keep.metadata), duration(new.keep.metadata)),
            Change.words("polling.interval", duration(old.pollInterval), duration(new.pollInterval)),
        ]
        let later = [
            Change.words("contact", old.contact, new.contact),
            Change.words("polling.transfers", "\(old.transfers)", "\(new.transfers)"),
            Change.words("polling.in_flight", size(old.bytesInFlight), size(new.bytesInFlight)),
        ]
        let lines = atOnce.compactMap { $0 } + later.compactMap { $0.map { "\($0), at the next start" } }
        return lines.isEmpty && old != new ? ["settings"] : lines
    }

    private static func size(_ bytes: Int) -> String { ConfigurationType.written(bytes, ConfigurationType.sizeUnits) }
}

/// The keys of a source that differ.
enum SourceChanges {
    /// On and off are told apart from the rest.
    static func words(_ old: Source, _ new: Source) -> [String] {
        var same = old
        (same.enabled, same.because) = (new.enabled, new.because)
        guard same != new else { return [] }
        let words = keys.compactMap { key, value in Change.words(key, value(old), value(new)) }
        return words.isEmpty ? ["changed"] : words
    }

    private static func list(_ source: Source, _ ruling: Source.TopicRuling) -> String {
        "[\(source.topics.filter { $0.value == ruling }.keys.sorted().joined(separator: ", "))]"
    }

    private static let keys: [(String, @Sendable (Source) -> String?)] = [
        ("name", { $0.name }),
        ("kind", { $0.kind.rawValue }),
        ("address", { $0.url }),
        ("links.select", { $0.links.select?.text }),
        ("links.title", { $0.links.title?.text }),
        ("links.date", { $0.links.date?.text }),
        ("country", { $0.country }),
        ("language", { $0.language }), ("timezone", { $0.timezone }),
        ("interval", { $0.interval.map(ConfigurationType.written) }),
        ("tags", { "[\($0.tags.joined(separator: ", "))]" }),
        ("affiliation", { $0.affiliation?.rawValue }),
        ("reliability", { $0.reliability?.rawValue }),
        ("origin", { $0.origin?.rawValue }),
        ("topics.always", { list($0, .always) }),
        ("topics.never", { list($0, .never) }),
        ("full_text", { $0.fullText.rawValue }),
        ("article", { $0.article?.text }),
        ("time", { $0.time.rawValue }),
        ("excerpt", { $0.excerpt.map(String.init) }),
        ("first_read", { $0.firstRead.rawValue }),
        ("expect.every", { $0.expectEvery.map(ConfigurationType.written) }),
        ("critical", { "\($0.critical)" }),
        ("local_file", { "\($0.localFile)" }),
        ("private_hosts", { "\($0.privateHosts)" }),
        ("login", { $0.login.map { "\($0.scheme.rawValue) \($0.credential)" } }),
        ("via", { $0.via }),
        ("user_agent", { $0.asking.userAgent }),
        ("headers", { "[\($0.asking.headers.joined(separator: ", "))]" }),
        ("http", { $0.asking.http }),
        ("family", { $0.asking.family }),
        ("timeout", { $0.asking.timeout.map(ConfigurationType.written) }),
        ("body_max", { $0.asking.bodyMax.map(String.init) }),
        ("ca", { $0.asking.authorities }),
        ("certificate", { $0.asking.certificate }),
        ("insecure", { $0.asking.insecure }),
        ("robots", { $0.robots.map { $0 == .obey ? "obey" : "ignore" } }),
    ]
}

/// The parts of a topic that differ.
enum TopicChanges {
    static func words(_ old: Topic, _ new: Topic) -> [String] {
        var (before, after) = (old, new)
        // Where a test stands is no change of it.
        for index in before.tests.indices { before.tests[index].place = "" }
        for index in after.tests.indices { after.tests[index].place = "" }
        guard before != after else { return [] }
        let parts: [String?] = [
            Change.words("name", before.name, after.name),
            counted("words", Set(before.words), Set(after.words)),
            counted("strong entities", Set(before.strongEntities), Set(after.strongEntities)),
            counted("weak entities", Set(before.weakEntities), Set(after.weakEntities)),
            before.require != after.require ? "require" : nil,
            before.against != after.against ? "against" : nil,
            before.notWithin != after.notWithin ? "not_within" : nil,
            before.elsewhere != after.elsewhere ? "elsewhere" : nil,
            before.likelyFrom != after.likelyFrom || before.clearFrom != after.clearFrom ? "thresholds" : nil,
            Change.words("digest.from", before.digestFrom.rawValue, after.digestFrom.rawValue),
            before.alertAnyOf != after.alertAnyOf ? "alert" : nil,
            before.alertNeverOnOnly != after.alertNeverOnOnly ? "alert.never_on_only" : nil,
            before.alertAgain != after.alertAgain ? "alert.again" : nil,
            before.alertAtMost != after.alertAtMost ? "alert.at_most" : nil,
            before.alertQuiet != after.alertQuiet ? "alert.quiet" : nil,
            before.tests != after.tests ? "tests" : nil,
        ]
        let words = parts.compactMap { $0 }
        return words.isEmpty ? ["its description"] : words
    }

    /// `words (2 added, 1 removed)`
    private static func counted<Item: Hashable>(_ what: String, _ old: Set<Item>, _ new: Set<Item>) -> String? {
        guard old != new else { return nil }
        let added = new.subtracting(old).count
        let removed = old.subtracting(new).count
        let counts = [added > 0 ? "\(added) added" : nil, removed > 0 ? "\(removed) removed" : nil]
        return "\(what) (\(counts.compactMap { $0 }.joined(separator: ", ")))"
    }
}
