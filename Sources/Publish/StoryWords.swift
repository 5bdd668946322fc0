import News

/// The words on one story. Every one is from the text or a count.
struct StoryWords {
    let story: PublishedStory
    let words: Words
    /// Changes of the text up to then stood in earlier issues; nil for alerts, which tell all.
    var changesAfter: Timestamp?

    var title: Line { "\(headline: story.title, language: story.language)" }
    var id: Line { "\(code: story.shownID)" }
    var onlySide: Line? { story.onlySide.map { "\(tag: "ONE SIDE ONLY (\($0))", .oneSide)" } }

    var embargo: EmbargoWords? { story.embargo.map { EmbargoWords(embargo: $0, words: words) } }

    /// Of the quotation, where it is not English.
    var excerptLanguage: String? {
        story.excerpt.flatMap { excerpt in
            let isThere = story.members.indices.contains(excerpt.member)
            return ShownLanguage.ofText(excerpt.text, told: isThere ? story.members[excerpt.member].language : nil)
        }
    }

    var topics: Line {
        guard let first = story.topics.first else { return "" }
        let rest: [Line] = story.topics.dropFirst().map { "\($0.name)" }
        return rest.isEmpty ? "\(first.name)" : "\(first.name), also \(Words.list(rest, max: 5))"
    }

    /// `*Harbour Times* (US, private), dateline TOKYO, published 03:41, read 03:58`
    var byline: Line? {
        let index = story.excerpt?.member ?? 0
        guard story.members.indices.contains(index) else { return nil }
        let member = story.members[index]
        var parts = [Self.outlet(member)]
        if let credit = member.credit, credit.lowercased() != member.outlet.lowercased() {
            parts = ["\(credit, language: Self.languageOfName(credit, member)), in \(parts[0])"]
        }
        if let dateline = member.dateline {
            parts.append("dateline \(dateline, language: Self.languageOfName(dateline, member))")
        }
        if let published = member.published { parts.append("published \(words.time(published))") }
        parts.append("read \(words.time(member.read))")
        if member.version > 1 { parts.append("version \(member.version)") }
        return Words.joined(parts, ", ")
    }

    private static func languageOfName(_ name: String, _ member: PublishedMember) -> String? {
        ShownLanguage.ofName(name, told: member.language)
    }

    /// `*Strait Daily* (CN, party-state, zh-Hans, read over plain http)`
    static func outlet(_ member: PublishedMember) -> Line {
        var facts = [member.country, member.affiliation?.rawValue].compactMap { $0 }
        if let language = member.language, !language.lowercased().hasPrefix("en") { facts.append(language) }
        if let reliability = member.reliability { facts.append("reliability \(reliability.rawValue)") }
        if member.isPlainHTTP { facts.append("read over plain http") }
        let name: Line = "\(name: member.outlet, language: member.language)"
        return facts.isEmpty ? name : "\(name) (\(Words.joined(facts.map { "\($0)" }, ", ")))"
    }

    var saidBy: Line {
        let kinds: [(PublishedText.Kind, Line)] = [
            (.official, "official"), (.report, "reporting"), (.analysis, "analysis"), (.unknown, "origin not stated"),
        ]
        let groups: [Line] = kinds.compactMap { kind, label in
            let texts = Self.counted(story.texts.filter { $0.kind == kind }.map(self.text))
            return texts.isEmpty ? nil : "\(label): \(Words.list(texts, max: 6))"
        }
        return "\(Words.joined(groups, " · ")). \(newsrooms)"
    }

    private var newsrooms: Line {
        if story.onlySide != nil { return "No outlet of another side among those that were read." }
        return story.newsroomsAtLeast == 0
            ? "No newsroom is known by name." : "At least \(Words.count(story.newsroomsAtLeast, "newsroom"))."
    }

    /// Each once, with how often it stands there where that is more.
    private static func counted(_ items: [Line]) -> [Line] {
        unique(items).map { item in
            let count = items.filter { $0 == item }.count
            return count == 1 ? item : "\(item), \(count) texts"
        }
    }

    /// Who stands behind the one outlet of a text, `JP, private`, as its article says.
    private func standing(of text: PublishedText) -> Line? {
        guard text.outlets.count == 1, let member = story.members.first(where: { $0.outlet == text.outlets[0] }) else {
            return nil
        }
        var facts = [member.country, member.affiliation?.rawValue].compactMap { $0 }
        if member.isPlainHTTP { facts.append("read over plain http") }
        return facts.isEmpty ? nil : Words.joined(facts.map { "\($0)" }, ", ")
    }

    private func text(_ text: PublishedText) -> Line {
        let outlets: [Line] = text.outlets.map { "\(name: $0, language: text.language)" }
        let language: Line? = text.language.flatMap { $0.lowercased().hasPrefix("en") ? nil : "\($0)" }
        let origin = text.origin ?? ""
        let from: Line = "\(origin, language: ShownLanguage.ofName(origin, told: text.language))"
        guard outlets.count > 1 else {
            let outlet = outlets.first ?? ""
            if text.kind == .unknown || text.kind == .official || text.origin == nil || text.isOwn {
                let own: Line? = text.isOwn && text.kind == .report ? "own report" : nil
                let relayed: Line? = text.relays.map {
                    "passes on \($0, language: ShownLanguage.ofName($0, told: text.language))"
                }
                let facts = [standing(of: text), own, relayed, language].compactMap { $0 }
                return facts.isEmpty ? outlet : "\(outlet) (\(Words.joined(facts, ", ")))"
            }
            return "\(from) (\(Words.joined(["in \(outlet)", standing(of: text), language].compactMap { $0 }, ", ")))"
        }
        var facts: Line = "one text in \(outlets.count) outlets"
        if text.uncredited == 1 { facts += ", uncredited in one of them" }
        if text.uncredited > 1 { facts += ", uncredited in \(text.uncredited) of them" }
        if let language { facts += ", \(language)" }
        return text.origin == nil ? "\(Words.list(outlets, max: 4)) (\(facts))" : "\(from) (\(facts))"
    }

    /// The things that it names: beside Chinese, Japanese and Korean ones the gazetteer's English, and what is new to our file.
    var names: [(label: Line, words: Line)] {
        let all = story.names ?? []
        let foreign = all.filter { $0.written.map(Self.isForeign) ?? false }
        var rows: [(label: Line, words: Line)] = []
        if !foreign.isEmpty {
            rows.append(
                (
                    "Names in English",
                    "\(Words.list(Self.pairs(foreign), max: 8, separator: " · ")) (dictionary, not a translation)"
                ))
        }
        let others = all.filter { name in !foreign.contains { $0.id == name.id } }.map(Self.named)
        if !others.isEmpty { rows.append(("Named", Words.list(others, max: 10))) }
        if let news { rows.append(("New to our file", news)) }
        return rows
    }

    private var news: Line? {
        let all = story.names ?? []
        let new = all.filter(\.isNew).map { "\($0.name)" as Line }
        guard !new.isEmpty else { return nil }
        let line = Words.list(new, max: 6, separator: " · ")
        let known = all.filter { !$0.isNew && $0.isStrong }.compactMap { name in
            name.knownSince.map { "\(name.name) (since \(words.day($0)))" as Line }
        }
        return known.isEmpty ? line : "\(line). \(strong: "Already known") \(Words.list(known, max: 4))"
    }

    /// `日米 = Japan, United States`: what is written once stands once.
    private static func pairs(_ names: [PublishedName]) -> [Line] {
        let written = unique(names.map { $0.written ?? "" })
        let byWritten = Dictionary(grouping: names) { $0.written ?? "" }
        return written.map { way in
            let same = byWritten[way] ?? []
            let english = Words.joined(same.map { "\($0.name)" }, ", ")
            return "\(way, language: same.first?.language) = \(english)"
        }
    }

    /// ``AMRAAM (“MRAAM”)``; of a name that decides nothing it does not matter.
    private static func named(_ name: PublishedName) -> Line {
        guard name.isStrong, let written = name.written, !name.name.lowercased().contains(written.lowercased()),
            !written.lowercased().contains(name.name.lowercased())
        else { return "\(name.name)" }
        return "\(name.name) (\(Line.quoted(written, language: ShownLanguage.ofName(written, told: name.language))))"
    }

    private static func isForeign(_ written: String) -> Bool { ShownLanguage.ofName(written, told: nil) != nil }

    /// One for each article that changed, with what is said of it: corrected, or without notice.
    var changes: [(label: Line, words: Line)] {
        story.members.flatMap { member in
            member.changes.filter { change in changesAfter.map { change.at > $0 } ?? true }.suffix(3).compactMap {
                change in
                Self.change(change, language: member.language).map {
                    (
                        label: Self.label(change),
                        words: "\(name: member.outlet, language: member.language), version \(change.version) "
                            + "(\(words.time(change.at))): \($0)"
                    )
                }
            }
        }
    }

    private static func label(_ change: PublishedChange) -> Line {
        change.isCorrection
            ? correctedLabel(isWithdrawn: change.isWithdrawn) : "\(tag: "Changed without notice", .updated)"
    }

    static func correctedLabel(isWithdrawn: Bool?) -> Line {
        isWithdrawn == true ? "\(tag: "Withdrawn", .corrected)" : "\(tag: "Corrected", .corrected)"
    }

    /// `"9 ships" → "7 ships"; new: "…"; and 2 more sentences`
    static func change(_ change: PublishedChange, language: String? = nil) -> Line? {
        var parts: [Line] = []
        if let title = change.title { parts.append("headline \(pair(cut(title), language))") }
        parts += change.words.prefix(Self.changesMax).map { pair($0, language) }
        let more = (change.more ?? 0) + max(0, change.words.count - Self.changesMax)
        if more > 0 { parts.append("and \(Words.count(more, "more sentence"))") }
        return parts.isEmpty ? nil : Words.joined(parts, "; ")
    }

    /// `"9 ships" → "7 ships"`: the first of them.
    static func firstWords(_ change: PublishedChange, language: String? = nil) -> Line? {
        (change.words.first { !$0.old.isEmpty && !$0.new.isEmpty } ?? change.title.map(cut) ?? change.words.first).map {
            pair($0, language)
        }
    }

    private static let changesMax = 4

    private static func cut(_ title: WordChange) -> WordChange {
        var title = title
        (title.old, title.new) = (CleanText.headline(title.old), CleanText.headline(title.new))
        return title
    }

    private static func pair(_ change: WordChange, _ language: String?) -> Line {
        let old = Line.quoted(change.old, language: language)
        let new = Line.quoted(change.new, language: language)
        if change.old.isEmpty { return "new: \(new)" }
        return change.new.isEmpty ? "gone: \(old)" : "\(old) → \(new)"
    }

    /// `headline "war-fighting headquarters"; text "deterrence against China"; 7 strong names. Ignored: …`
    var whyHere: Line {
        guard let topic = story.topics.first else { return "" }
        let counted = topic.evidence.filter { $0.ignored == nil }
        let strong = counted.filter { $0.strength == .strong }
        let phrases = (strong.isEmpty ? counted : strong).filter { $0.entity == nil }
        var parts: [Line] = []
        for (field, label) in [(Evidence.Field.title, "headline"), (.lead, "first lines"), (.text, "text")] {
            let found = Self.unique(phrases.filter { $0.field == field }.map { quoted($0.phrase) })
            if !found.isEmpty { parts.append("\(label) \(Words.list(found, max: 3))") }
        }
        let names = Self.firstOfEach(strong)
        if !names.isEmpty {
            let count = Words.count(names.count, "strong name")
            let written: [Line] = names.map { "\($0, language: ShownLanguage.ofName($0, told: commonLanguage))" }
            // Files of earlier versions do not list what a story names.
            parts.append(story.names?.isEmpty ?? true ? "\(count) (\(Words.list(written, max: 6)))" : "\(count)")
        }
        if parts.isEmpty, !counted.isEmpty { parts.append("\(Words.count(counted.count, "weaker word"))") }
        parts += Self.others(topic)
        if parts.isEmpty { parts.append("no word or name of it") }
        let line: Line = "\(topic.match.rawValue): \(Words.joined(parts, "; "))."
        let told = Set(counted.map(\.phrase))
        let ignored = Self.unique(
            topic.evidence.compactMap { item in
                told.contains(item.phrase) ? nil : item.ignored.map { "\(quoted(item.phrase)) (\($0))" as Line }
            })
        return ignored.isEmpty ? line : "\(line) Ignored: \(Words.list(ignored, max: 4))."
    }

    /// What speaks beside words and names: a model, the source, the reader.
    private static func others(_ topic: PublishedTopic) -> [Line] {
        var parts: [Line] = []
        if let learned = topic.learned, learned.shift != 0 {
            parts.append(
                "\(Words.count(learned.examples, "example")) speak \(learned.shift > 0 ? "for" : "against") it")
        }
        if topic.bySource == .always { parts.append("its source always has the topic") }
        if let said = topic.reader {
            parts.append(
                said.note.map { "you said \(said.verdict.rawValue) (\($0))" } ?? "you said \(said.verdict.rawValue)")
        }
        return parts
    }

    /// The first of the ways in which each entity is written.
    private static func firstOfEach(_ evidence: [PublishedEvidence]) -> [String] {
        var told: Set<EntityID> = []
        return evidence.compactMap { item in
            item.entity.flatMap { told.insert($0).inserted ? item.phrase : nil }
        }
    }

    private func quoted(_ phrase: String) -> Line { .quoted(phrase, language: commonLanguage) }

    /// That of all members, where they agree: evidence does not say in which of them it stands.
    private var commonLanguage: String? {
        let first = story.members.first?.language
        return story.members.allSatisfy { $0.language == first } ? first : nil
    }

    private static func unique<Item: Hashable>(_ items: [Item]) -> [Item] {
        var seen: Set<Item> = []
        return items.filter { seen.insert($0).inserted }
    }

    var links: Line {
        let linked = story.members.filter { $0.url != nil }
        var shown: [Line] = linked.prefix(6).map { member in
            let language: Line = member.language.flatMap { $0.lowercased().hasPrefix("en") ? nil : ", \($0)" } ?? ""
            let name: Line = "\(member.outlet, language: ShownLanguage.ofName(member.outlet, told: member.language))"
            return "\(link: name + language, to: member.url, language: member.language)"
        }
        let more = linked.count + story.membersLeftOut - shown.count
        if more > 0 { shown.append("\(more) more in the JSON") }
        shown.append("why? \(code: "feedwatch explain \(story.shownID)")")
        shown.append("wrong? \(code: "feedwatch no \(story.shownID)")")
        return Words.joined(shown, " · ")
    }
}
