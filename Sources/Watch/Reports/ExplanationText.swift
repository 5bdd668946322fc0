import News
import Publish
import Storage

/// `feedwatch explain` in words.
struct ExplanationText {
    let explanation: Explanation
    let topics: [TopicID: Topic]
    let ages: Ages

    /// Of a story without an article.
    static let gone = StyledLine("Its articles are no longer kept: they were dropped (keep.metadata), or forgotten.")

    var lines: [StyledLine] {
        var lines = head
        if let fault = explanation.fault {
            lines.append(StyledLine("It could not be read now: \(fault)", .bad))
        }
        for (index, article) in explanation.articles.enumerated() {
            lines.append(StyledLine())
            lines += self.lines(article, number: explanation.articles.count > 1 ? index + 1 : nil)
        }
        return lines
    }

    private var head: [StyledLine] {
        guard let story = explanation.story else { return knownLines + readLines }
        let copies = explanation.articles.count { $0.relation == .copy }
        let count = Words.count(explanation.articles.count, "article")
        let folded = copies == 0 ? "" : ", \(Words.count(copies, "copy", "copies")) among them"
        let first =
            StyledLine("Story \(story.shownID)", .heading)
            + StyledLine(", first seen \(ages.both(story.firstSeen)): \(count)\(folded)")
        return [first] + (explanation.articles.isEmpty ? [Self.gone] : []) + decision(story) + said(story)
    }

    /// What the reader said of topics of which nothing was found in any article.
    private func said(_ story: Explanation.StoryFacts) -> [StyledLine] {
        let told = Set(explanation.articles.flatMap(\.topics).map(\.found.id))
        return story.verdicts.filter { !told.contains($0.key) }.sorted { $0.key < $1.key }.map { topic, verdict in
            let note = verdict.note.map { ": \($0)" } ?? "."
            return StyledLine("You said \(verdict.verdict.rawValue) to \(name(topic)) \(ages.both(verdict.at))\(note)")
        }
    }

    /// Whether the story was alerted, and by what; or what stands in the way.
    private func decision(_ story: Explanation.StoryFacts) -> [StyledLine] {
        if let at = story.alertedAt {
            let file = story.alertFile.map { " (\($0).md)" } ?? ""
            let reasons = story.alertRules.map { "\(name($0.topic)), by the line \"\($0.rule)\"" }
            return [
                StyledLine(
                    "Alerted \(ages.both(at))\(file): \(reasons.isEmpty ? "its rule is not kept" : reasons.joined(separator: "; "))"
                )
            ] + afterwards(story)
        }
        if let held = story.held { return [self.held(held, story)] }
        if let ended = story.ended { return [Self.ended(ended, ages)] }
        if let until = story.mutedUntil, Story.isMuted(until: until, at: ages.now) {
            return [
                StyledLine(
                    "Muted until \(ages.wall(until)), \(ages.relative(until)): it does not alert before. "
                        + "\"feedwatch mute --off\" lifts it.")
            ]
        }
        let judged = explanation.articles.flatMap(\.topics).map(\.found)
        let wanted = judged.filter { $0.reader?.verdict != .no && $0.blocked == nil }
        if wanted.contains(where: { $0.alert?.contains { $0.unmet.isEmpty } ?? false }) {
            let then = story.mutedUntil.map { "it was muted until \(ages.wall($0)), or none did" } ?? "none did"
            return [
                StyledLine(
                    "Not alerted. A line holds by the configuration as it is now; when the story was filed \(then). "
                        + "What is filed is not alerted later.")
            ]
        }
        return [StyledLine("Not alerted: \(Self.obstacle(judged))")]
    }

    /// What came of a story after its alert, and what it takes to alert again.
    private func afterwards(_ story: Explanation.StoryFacts) -> [StyledLine] {
        var lines = story.updates.map { update in
            StyledLine("Again \(ages.both(update.at)) (\(update.file).md): \(Self.words(update.why))")
        }
        if story.folded > 0 {
            lines.append(
                StyledLine(
                    "\(Words.count(story.folded, "later text")) folded in without an alert: no reason for another."))
        }
        if let held = story.held {
            lines.append(self.held(held, story))
        } else if let until = story.mutedUntil, Story.isMuted(until: until, at: ages.now) {
            lines.append(
                StyledLine("Muted until \(ages.wall(until)), \(ages.relative(until)): it does not alert again before."))
        } else if let after = story.againAfter, after > ages.now {
            lines.append(
                StyledLine("It alerts again only for a reason of again.when, after \(ages.wall(after)) at the soonest.")
            )
        } else {
            lines.append(StyledLine("It alerts again only for a reason of again.when; all else is in the digest."))
        }
        return lines
    }

    private static func ended(_ ended: AlertLife.Ended, _ ages: Ages) -> StyledLine {
        StyledLine(
            "Not alerted: it was held until \(ages.wall(ended.at)), and then "
                + "its topic \(ended.topics.joined(separator: ", ")) was no longer configured.")
    }

    private func held(_ held: Explanation.StoryFacts.Held, _ story: Explanation.StoryFacts) -> StyledLine {
        let what = held.why.isEmpty ? "An alert" : "An update (\(Self.words(held.why)))"
        let until = "until \(ages.wall(held.until)), \(ages.relative(held.until))"
        let topics = held.topics.map(name).joined(separator: ", ")
        let muted = story.mutedUntil.map { Story.isMuted(until: $0, at: ages.now) } ?? false
        let silence = muted ? " The story is muted: unless that is lifted it ends in silence." : ""
        switch held.by {
        case .again: return StyledLine("\(what) is held \(until): again.after of \(topics).\(silence)")
        case .quiet: return StyledLine("\(what) is held \(until): quiet hours of \(topics).\(silence)")
        case .atMost: return StyledLine("\(what) is held \(until): at_most of \(topics) is reached.\(silence)")
        case .alone:
            return StyledLine(
                "\(what) waits for another outlet, \(until): never_on_only of \(topics).\(silence)")
        }
    }

    private static func words(_ why: [Topic.Again.Reason]) -> String { why.map(\.rawValue).joined(separator: ", ") }

    private static func obstacle(_ judged: [PublishedTopic]) -> String {
        let matched = judged.filter { $0.match >= .likely }
        if judged.isEmpty { return "no topic's words or names were found." }
        if matched.isEmpty { return "no topic matches; what was found is below." }
        if matched.allSatisfy({ $0.reader?.verdict == .no }) { return "you said no to what matches." }
        if matched.contains(where: { $0.blocked != nil }) { return "what holds an alert back is below." }
        if matched.allSatisfy({ $0.alert?.isEmpty ?? false }) { return "its topics have no alert: lines." }
        return "no alert line of its topics holds; which condition failed is below."
    }

    private var knownLines: [StyledLine] {
        guard let known = explanation.known else {
            if explanation.read != nil, explanation.subject.contains("://") {
                return [
                    StyledLine("No story has an article at this address, and no source has listed it under it."),
                    StyledLine(
                        "An entry that was filed or known under an id of its own is found only by its story.", .faint),
                ]
            }
            return []
        }
        let seen = ages.both(known.firstSeen)
        switch known.state {
        case .baseline:
            return [
                StyledLine(
                    "\(known.source) listed it at its first read, \(seen): the first read of a source is silent, so it was "
                        + "not filed and did not alert."),
                StyledLine("first_read: last-24h files what is younger than a day at the first read.", .faint),
            ]
        case .pending:
            return [StyledLine("\(known.source) listed it \(seen); it waits to be filed, and is judged then.")]
        case .filed: return [StyledLine("\(known.source) listed it \(seen), and it was filed under another address.")]
        }
    }

    private var readLines: [StyledLine] {
        guard let read = explanation.read, explanation.fault == nil else { return [] }
        guard read.contains("://") else {
            return [StyledLine("Read now from \(read), by the configuration as it is now.")]
        }
        let source = explanation.judgedAs.map { "as an article of \($0)" } ?? "as an article of no source"
        return [StyledLine("Fetched now and judged by the configuration as it is now, \(source).")]
    }

    private func lines(_ article: ArticleExplanation, number: Int?) -> [StyledLine] {
        let outlet = article.outlet ?? article.source ?? "page"
        let relation = article.relation.map { " · \($0 == .first ? "opened the story" : $0.rawValue)" } ?? ""
        var lines = [StyledLine((number.map { "\($0). " } ?? "") + outlet, .heading) + StyledLine(relation)]
        if let url = article.url { lines.append(StyledLine(url, .faint)) }
        if let grouping = article.grouping, !grouping.isEmpty { lines.append(StyledLine("Grouped: \(grouping)")) }
        if let original = article.copyOf { lines.append(StyledLine("Copy of: \(title(of: original))")) }
        if let seen = article.firstSeen, let alerted = explanation.story?.alertedAt, seen > alerted {
            lines.append(
                StyledLine("Seen \(ages.wall(seen)), when the story was already alerted (\(ages.wall(alerted)))."))
        }
        for version in article.versions {
            let notice = version.withdrawn == true ? "notice of withdrawal" : "correction notice"
            let word = version.correction ? ", with a \(notice)" : ""
            lines.append(StyledLine("Version \(version.version), \(ages.both(version.at))\(word)"))
        }
        for fault in article.faults { lines.append(StyledLine("\(fault.code): \(fault.detail)", .bad)) }
        if let at = article.textExpiredAt {
            lines.append(
                StyledLine(
                    "Its text was kept until \(ages.wall(at)) (keep.text): what was found in it then is shown."))
        }
        if let words = article.article.terms?.words { lines.append(StyledLine("Its publisher asks: \(words).")) }
        // The text of a copy is its original's.
        if article.relation == .copy {
            lines.append(StyledLine(article.title ?? "(no headline)"))
        } else {
            lines.append(StyledLine())
            lines += HighlightedText(article.article, places: article.topics.flatMap(\.places)).lines
        }
        for topic in article.topics { lines += self.lines(topic, isCopy: article.relation == .copy) }
        if article.topics.isEmpty { lines += [StyledLine(), StyledLine("No topic's words or names were found.")] }
        if !article.alsoNow.isEmpty {
            lines.append(
                StyledLine(
                    "By the configuration as it is now also: \(article.alsoNow.map(name).joined(separator: ", "))."))
        }
        return lines
    }

    private func title(of key: MemberKey) -> String {
        let original =
            explanation.articles.first { $0.source == key.source && $0.relation != .copy }
            ?? explanation.articles.first { $0.source == key.source }
        return "\(original?.outlet ?? key.source)" + (original?.title.map { ", \($0)" } ?? "")
    }

    private func name(_ topic: TopicID) -> String { CleanText.shown(topics[topic]?.name) ?? topic }

    private func lines(_ topic: TopicExplanation, isCopy: Bool) -> [StyledLine] {
        let found = topic.found
        let verdict = found.match == .nothing ? "no match" : found.match.rawValue
        var head =
            StyledLine("\(found.name): \(verdict)", .heading) + StyledLine(", score \(Self.rounded(found.score))")
        if let now = topic.now {
            head =
                head
                + StyledLine(" (by the configuration as it is now: \(now == .nothing ? "no match" : now.rawValue))")
        }
        if isCopy { return [head] }
        return [StyledLine(), head] + tally(found) + others(found) + alert(found)
    }

    /// What decides beside the words and names: a model, the source, the reader.
    private func others(_ topic: PublishedTopic) -> [StyledLine] {
        var lines: [StyledLine] = []
        if let learned = topic.learned {
            let terms = learned.terms.prefix(Self.termsShown).map { "“\($0.text)” (\(Self.signed($0.points)))" }
            lines.append(
                StyledLine(
                    "  learned  \(Self.signed(learned.shift)) from \(Words.count(learned.examples, "example"))"
                        + (terms.isEmpty ? "" : ": headline \(terms.joined(separator: ", "))")))
        }
        if let ruling = topic.bySource {
            lines.append(StyledLine("  source   has the topic \(ruling.rawValue), whatever its articles say"))
        }
        if let said = topic.reader {
            let note = said.note.map { ": \($0)" } ?? ""
            lines.append(StyledLine("  reader   said \(said.verdict.rawValue) \(ages.both(said.at))\(note)"))
        }
        return lines
    }

    private static let termsShown = 8

    /// The digest's words: strong decides, normal supports, weak only adds.
    private func tally(_ topic: PublishedTopic) -> [StyledLine] {
        let counted = topic.evidence.filter { $0.ignored == nil }
        var lines: [StyledLine] = []
        for strength in Topic.Strength.allCases {
            let found = counted.filter { $0.strength == strength }
            guard !found.isEmpty else { continue }
            let parts = [(Evidence.Field.title, "headline"), (.lead, "first lines"), (.text, "text")].compactMap {
                field, label in
                let items = found.filter { $0.field == field }.map(Self.item)
                return items.isEmpty ? nil : "\(label) \(items.joined(separator: ", "))"
            }
            lines.append(
                StyledLine("  \(DisplayWidth.padded(strength.rawValue, to: 8)) \(parts.joined(separator: "; "))"))
        }
        let against = topic.evidence.filter { $0.ignored == "against" }
        if !against.isEmpty {
            lines.append(StyledLine("  against  \(against.map(Self.item).joined(separator: ", "))"))
        }
        let ignored = topic.evidence.filter { $0.ignored != nil && $0.ignored != "against" }
        if !ignored.isEmpty {
            let items = ignored.map { "“\($0.phrase)” (\($0.ignored ?? ""))" }
            var seen: Set<String> = []
            lines.append(
                StyledLine("  Ignored: \(items.filter { seen.insert($0).inserted }.joined(separator: ", "))."))
        }
        return lines
    }

    /// `“SM-6” ×2 (+7.5)`, with the name of what is meant where the article says it otherwise.
    private static func item(_ evidence: PublishedEvidence) -> String {
        let entity = evidence.entity.map { " = \($0)" } ?? ""
        let times = evidence.count > 1 ? " ×\(evidence.count)" : ""
        return "“\(evidence.phrase)”\(entity)\(times) (\(signed(evidence.contribution)))"
    }

    private static func signed(_ number: Double) -> String { (number < 0 ? "" : "+") + rounded(number) }

    private func alert(_ topic: PublishedTopic) -> [StyledLine] {
        guard topics[topic.id] != nil else { return [StyledLine("  Alert: the topic is no longer configured.")] }
        guard let verdicts = topic.alert else { return [] }
        guard !verdicts.isEmpty else {
            return [StyledLine("  Alert: the topic has no alert: lines, so it never alerts.")]
        }
        let lines = verdicts.map { verdict in
            verdict.unmet.isEmpty
                ? StyledLine("  Alert: \(verdict.rule) – holds")
                : StyledLine("  Alert: not by \"\(verdict.rule)\": \(verdict.unmet.joined(separator: "; "))")
        }
        return lines + (topic.blocked.map { [StyledLine("  Alert: held by \($0)")] } ?? [])
    }

    /// Two decimals, whatever the locale.
    private static func rounded(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e9 else { return "0.00" }
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(hundredths.magnitude % 100, padded: 2)"
    }
}
