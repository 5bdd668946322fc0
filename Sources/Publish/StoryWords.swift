import News

/// The lines of one story, in Markdown. Every word is from the text or a count.
struct StoryWords {
    let story: PublishedStory
    let words: Words
    /// Changes of the text up to then stood in earlier issues; nil for alerts, which tell all.
    var changesAfter: Timestamp?

    var title: String { Markdown.text(story.title) }
    var id: String { Markdown.code(story.shownID) }

    var topics: String {
        guard let first = story.topics.first else { return "" }
        let rest = story.topics.dropFirst().map { Markdown.text($0.name) }
        return Markdown.text(first.name) + (rest.isEmpty ? "" : ", also " + Words.list(rest, max: 5))
    }

    var excerpt: String? { story.excerpt.map { Markdown.opening($0.text) } }

    /// `*Harbour Times* (US, private), dateline TOKYO, published 03:41, read 03:58`
    var byline: String? {
        let index = story.excerpt?.member ?? 0
        guard story.members.indices.contains(index) else { return nil }
        let member = story.members[index]
        var parts = [Self.outlet(member)]
        if let credit = member.credit, credit.lowercased() != member.outlet.lowercased() {
            parts = ["\(Markdown.text(credit)), in \(parts[0])"]
        }
        if let dateline = member.dateline { parts.append("dateline \(Markdown.text(dateline))") }
        if let published = member.published { parts.append("published \(words.time(published))") }
        parts.append("read \(words.time(member.read))")
        if member.version > 1 { parts.append("version \(member.version)") }
        return parts.joined(separator: ", ")
    }

    /// `*Strait Daily* (CN, party-state, zh-Hans, read over plain http)`
    static func outlet(_ member: PublishedMember) -> String {
        var facts = [member.country, member.affiliation?.rawValue].compactMap { $0 }
        if let language = member.language, !language.lowercased().hasPrefix("en") { facts.append(language) }
        if let reliability = member.reliability { facts.append("reliability \(reliability.rawValue)") }
        if member.isPlainHTTP { facts.append("read over plain http") }
        let name = "*\(Markdown.text(member.outlet))*"
        return facts.isEmpty ? name : "\(name) (\(facts.map(Markdown.text).joined(separator: ", ")))"
    }

    var saidBy: String {
        let kinds: [(PublishedText.Kind, String)] = [
            (.official, "official"), (.report, "reporting"), (.analysis, "analysis"), (.unknown, "origin not stated"),
        ]
        let groups: [String] = kinds.compactMap { kind, label in
            let texts = Self.counted(story.texts.filter { $0.kind == kind }.map(Self.text))
            return texts.isEmpty ? nil : "\(label): \(Words.list(texts, max: 6))"
        }
        return groups.joined(separator: " · ") + ". " + newsrooms
    }

    private var newsrooms: String {
        if story.onlySide != nil { return "No outlet of another side among those that were read." }
        return story.newsroomsAtLeast == 0
            ? "No newsroom is known by name." : "At least \(Words.count(story.newsroomsAtLeast, "newsroom"))."
    }

    /// Each once, with how often it stands there where that is more.
    private static func counted(_ items: [String]) -> [String] {
        var seen: Set<String> = []
        return items.filter { seen.insert($0).inserted }.map { item in
            let count = items.filter { $0 == item }.count
            return count == 1 ? item : "\(item), \(count) texts"
        }
    }

    private static func text(_ text: PublishedText) -> String {
        let outlets = text.outlets.map { "*\(Markdown.text($0))*" }
        let language = text.language.flatMap { $0.lowercased().hasPrefix("en") ? nil : Markdown.text($0) }
        guard outlets.count > 1 else {
            if text.kind == .unknown || text.kind == .official || text.origin == nil || text.isOwn {
                let facts = [text.isOwn && text.kind == .report ? "own report" : nil, language].compactMap { $0 }
                return outlets.joined() + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
            }
            let facts = ["in \(outlets.joined())", language].compactMap { $0 }
            return "\(Markdown.text(text.origin ?? "")) (\(facts.joined(separator: ", ")))"
        }
        var facts = "one text in \(outlets.count) outlets"
        if text.uncredited > 0 {
            facts += text.uncredited == 1 ? ", uncredited in one of them" : ", uncredited in \(text.uncredited) of them"
        }
        if let language { facts += ", \(language)" }
        guard let origin = text.origin else { return "\(Words.list(outlets, max: 4)) (\(facts))" }
        return "\(Markdown.text(origin)) (\(facts))"
    }

    /// One line per article that changed.
    var changes: [String] {
        story.members.flatMap { member in
            member.changes.filter { change in changesAfter.map { change.at > $0 } ?? true }.suffix(3).compactMap {
                change in
                Self.change(change).map {
                    "**\(change.isCorrection ? "Corrected" : "Changed without notice")** *\(Markdown.text(member.outlet))*, "
                        + "version \(change.version) (\(words.time(change.at))): \($0)"
                }
            }
        }
    }

    /// `"9 ships" → "7 ships"; new: "…"`
    static func change(_ change: PublishedChange) -> String? {
        var parts: [String] = []
        if let title = change.title { parts.append("headline " + pair(title)) }
        parts += change.words.prefix(4).map(pair)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func pair(_ change: WordChange) -> String {
        if change.old.isEmpty { return "new: \(quoted(change.new))" }
        if change.new.isEmpty { return "gone: \(quoted(change.old))" }
        return "\(quoted(change.old)) → \(quoted(change.new))"
    }

    private static func quoted(_ text: String) -> String { "“\(Markdown.text(text))”" }

    /// `headline "war-fighting headquarters"; text "deterrence against China"; 7 strong names. Ignored: …`
    var whyHere: String {
        guard let topic = story.topics.first else { return "" }
        let counted = topic.evidence.filter { $0.ignored == nil }
        let strong = counted.filter { $0.strength == .strong }
        let phrases = (strong.isEmpty ? counted : strong).filter { $0.entity == nil }
        var parts: [String] = []
        for (field, label) in [(Evidence.Field.title, "headline"), (.lead, "first lines"), (.text, "text")] {
            let found = unique(phrases.filter { $0.field == field }.map(\.phrase)).map(Self.quoted)
            if !found.isEmpty { parts.append("\(label) \(Words.list(found, max: 3))") }
        }
        let names = Set(strong.compactMap(\.entity)).count
        if names > 0 {
            let written = unique(strong.filter { $0.entity != nil }.map(\.phrase)).map { Markdown.text($0) }
            parts.append("\(Words.count(names, "strong name")) (\(Words.list(written, max: 6)))")
        }
        if parts.isEmpty { parts.append(Words.count(counted.count, "weaker word")) }
        let ignored = unique(topic.evidence.compactMap { item in item.ignored.map { "\(item.phrase)\u{0}\($0)" } }).map
        {
            let pair = $0.split(separator: "\u{0}", omittingEmptySubsequences: false)
            return "\(Self.quoted(String(pair[0]))) (\(Markdown.text(String(pair[pair.count - 1]))))"
        }
        let line = "\(topic.match.rawValue): " + parts.joined(separator: "; ") + "."
        return ignored.isEmpty ? line : "\(line) Ignored: \(Words.list(ignored, max: 4))."
    }

    private func unique(_ items: [String]) -> [String] {
        var seen: Set<String> = []
        return items.filter { seen.insert($0).inserted }
    }

    var links: String {
        let linked = story.members.filter { $0.url != nil }
        let shown = linked.prefix(6).map { member in
            let language = member.language.flatMap { $0.lowercased().hasPrefix("en") ? nil : ", \($0)" } ?? ""
            return Markdown.link(member.outlet + language, member.url)
        }
        let more = linked.count + story.membersLeftOut - shown.count
        let rest = more > 0 ? ["\(more) more in the JSON"] : []
        return (shown + rest + ["why? \(Markdown.code("feedwatch explain \(story.shownID)"))"]).joined(separator: " · ")
    }
}
