import News

/// What another configuration changes, for the log of a reload: pure.
struct ConfigurationChanges {
    /// One change each, the weightiest first; at most `Limits.reloadLinesMax`. Never empty: no change is said too.
    let lines: [String]

    static func between(_ old: Configuration, _ new: Configuration) -> ConfigurationChanges {
        var lines = SettingChanges.lines(old.settings, new.settings)
        lines += sources(old.sources, new.sources)
        lines += topics(old.topics, new.topics)
        lines += entities(old.entities, new.entities)
        if lines.isEmpty {
            lines = [old.hash == new.hash ? "nothing has changed" : "the files have changed, and nothing in effect has"]
        }
        if lines.count > Limits.reloadLinesMax {
            let more = lines.count - Limits.reloadLinesMax + 1
            lines = lines.prefix(Limits.reloadLinesMax - 1) + ["and \(more) changes more"]
        }
        return ConfigurationChanges(lines: lines)
    }

    private static func sources(_ old: [Source], _ new: [Source]) -> [String] {
        let pairing = Pairing(old, new, id: \.id)
        let on = pairing.kept.filter { !$0.old.enabled && $0.new.enabled }.map(\.new.id)
        let off = pairing.kept.filter { $0.old.enabled && !$0.new.enabled }.map { pair in
            pair.new.id + (pair.new.because.map { " (\(ConfigurationReader.clipped($0)))" } ?? "")
        }
        let added = pairing.added.map { $0.enabled ? $0.id : "\($0.id) (off)" }
        let changed = pairing.kept.compactMap { pair -> String? in
            let changes = SourceChanges.words(pair.old, pair.new)
            return changes.isEmpty ? nil : "source \(pair.new.id): \(changes.joined(separator: ", "))"
        }
        return [
            named("sources added", added), named("sources removed", pairing.removed.map(\.id)),
            named("sources switched on", on), named("sources switched off", off),
        ].compactMap { $0 } + changed
    }

    private static func topics(_ old: [Topic], _ new: [Topic]) -> [String] {
        let pairing = Pairing(old, new, id: \.id)
        let changed = pairing.kept.compactMap { pair -> String? in
            let changes = TopicChanges.words(pair.old, pair.new)
            return changes.isEmpty ? nil : "topic \(pair.new.id): \(changes.joined(separator: ", "))"
        }
        return [
            named("topics added", pairing.added.map(\.id)), named("topics removed", pairing.removed.map(\.id)),
        ].compactMap { $0 } + changed
    }

    private static func entities(_ old: [Entity], _ new: [Entity]) -> [String] {
        let pairing = Pairing(old, new, id: \.id)
        return [
            named("entities added", pairing.added.map(\.id)), named("entities removed", pairing.removed.map(\.id)),
            named("entities changed", pairing.kept.filter { $0.old != $0.new }.map(\.new.id)),
        ].compactMap { $0 }
    }

    /// `sources added: 14 (a, b, c and 11 more)`
    private static func named(_ what: String, _ ids: [String]) -> String? {
        guard !ids.isEmpty else { return nil }
        let shown = ids.prefix(12).joined(separator: ", ")
        return "\(what): \(ids.count) (\(shown)\(ids.count > 12 ? " and \(ids.count - 12) more" : ""))"
    }
}

/// Two lists by id.
private struct Pairing<Value> {
    var added: [Value] = []
    var removed: [Value] = []
    var kept: [(old: Value, new: Value)] = []

    init(_ old: [Value], _ new: [Value], id: (Value) -> String) {
        let before = Dictionary(old.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.map(id))
        for value in new {
            if let earlier = before[id(value)] { kept.append((earlier, value)) } else { added.append(value) }
        }
        removed = old.filter { !after.contains(id($0)) }
    }
}

enum Change {
    /// `interval 60m → 2h`, or only `name` for what is long; nil where nothing differs.
    static func words(_ key: String, _ old: String?, _ new: String?) -> String? {
        guard old != new else { return nil }
        let (old, new) = (old ?? "none", new ?? "none")
        guard old.count <= 60, new.count <= 60 else { return key }
        return "\(key) \(ConfigurationReader.clipped(old)) → \(ConfigurationReader.clipped(new))"
    }
}

/// Held alerts that end because all of their topics are gone.
enum HeldOrphans {
    /// - Parameter held: of each held alert its topics.
    static func words(_ held: [[TopicID]], configured: Set<TopicID>) -> [String] {
        let orphans = held.filter { $0.allSatisfy { !configured.contains($0) } }
        guard !orphans.isEmpty else { return [] }
        let topics = Set(orphans.joined()).sorted().prefix(12).joined(separator: ", ")
        return ["held alerts that end in silence, for their topics are gone: \(orphans.count) (\(topics))"]
    }
}
