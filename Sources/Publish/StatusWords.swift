import News

/// What is new about a story, in a word, and when it was alerted.
struct StatusWords {
    let item: DigestStory
    let words: Words
    /// The document tells below the line why and until when it is held, and what was folded in.
    var isHeldBelow = false
    var isFoldedBelow = false

    private var status: Line {
        switch item.status {
        case .new: "\(tag: "NEW", .new)"
        case .day: "\(tag: "DAY \(item.dayNumber)", .day)"
        case .updated: "\(tag: "UPDATED", .updated)"
        case .late: "\(tag: "LATE", .late)"
        }
    }

    private var corrected: Line { Self.corrected(newestCorrection()?.change) }

    static func corrected(_ change: PublishedChange?) -> Line {
        change?.isWithdrawn == true ? "\(tag: "WITHDRAWN", .corrected)" : "\(tag: "CORRECTED", .corrected)"
    }

    /// The one word that matters most at a glance.
    var word: Line {
        if item.isCorrected { return corrected }
        return item.story.onlySide == nil ? status : "\(tag: "ONE SIDE ONLY", .oneSide)"
    }

    /// `NEW · Indo-Pacific deterrence, also Munitions · alerted 04:12`
    var line: Line {
        let story = StoryWords(story: item.story, words: words)
        var labels: [Line] = []
        if let side = story.onlySide { labels.append(side) }
        if item.isCorrected { labels.append(corrected) }
        labels.append(item.status == .new ? status : "\(status), since \(words.time(item.story.firstSeen))")
        if item.status == .late { labels.append("first seen in an earlier window, read too late for its issue") }
        labels.append(story.topics)
        if let embargo = story.embargo { labels.append(embargo.label) }
        labels += alerts
        return Words.joined(labels, " · ")
    }

    /// `alerted 04:12, again 10:12 (a correction)`, and what came of the rest.
    private var alerts: [Line] {
        guard let alertedAt = item.story.alertedAt else { return [item.held.map(waiting) ?? "no alert"] }
        var line: Line = "alerted \(words.time(alertedAt))"
        for update in (item.updates ?? []).suffix(Self.updatesShown) {
            let why: [Line] = update.why.map { "\(UpdateWords.name($0))" }
            line += ", again \(words.time(update.at)) (\(Words.joined(why, ", ")))"
        }
        var lines = [line]
        if let folded = item.folded {
            var outlets: [Line] = []
            for name in folded.map({ "\(name: $0.outlet)" as Line }) where !outlets.contains(name) {
                outlets.append(name)
            }
            let count = Words.count(folded.count, "later text")
            lines.append(
                isFoldedBelow
                    ? "\(jump: "\(count) folded in", to: BelowWords.id)"
                    : "\(count) folded in without an alert "
                        + "(\(Words.list(outlets, max: Self.outletsShown))): nothing of again.when is new")
        }
        if let held = item.held {
            lines.append(
                isHeldBelow
                    ? "\(jump: "an update is held", to: BelowWords.id)"
                    : "an update is held until \(words.time(held.until))")
        }
        return lines
    }

    private func waiting(_ held: DigestStory.Held) -> Line {
        if isHeldBelow { return "\(jump: "its alert is held", to: BelowWords.id)" }
        return switch held.by {
        case .alone: "no alert: nobody but affiliations of never_on_only has written of it"
        case .quiet: "its alert is held until \(words.time(held.until)) by quiet hours"
        case .atMost, .again: "its alert is held until \(words.time(held.until)) by at_most"
        }
    }

    private static let updatesShown = 3
    private static let outletsShown = 4

    /// What is new, who says it and when it was alerted, for *In one minute*.
    /// - Parameter since: the window's begin.
    func news(since: Timestamp) -> Line {
        var parts: [Line] = []
        if item.story.onlySide != nil, let side = item.story.members.lazy.compactMap(\.affiliation).first {
            parts.append("\(side.rawValue)")
        }
        if item.status == .day {
            let named = (item.story.names ?? []).filter { $0.firstNamed > since }.map { "\($0.name)" as Line }
            let count: Line = "\(Words.count(item.newArticles, "article"))"
            parts.append("new: \(Words.list([count] + named, max: 1 + Self.namesShown))")
        }
        if let change = correction(since: since) {
            parts.append(change)
        } else if item.changes > 0 {
            parts.append("\(Words.count(item.changes, "changed text"))")
        }
        if item.story.newsroomsAtLeast > 1 { parts.append("at least \(item.story.newsroomsAtLeast) newsrooms") }
        if let alerted = item.story.alertedAt { parts.append("alerted \(words.time(alerted))") }
        if let again = item.updates?.last { parts.append("again \(words.time(again.at))") }
        return parts.isEmpty ? "" : " · \(Words.joined(parts, ", "))"
    }

    /// The words that the newest correction of the window has changed, or whose text is withdrawn.
    private func correction(since: Timestamp) -> Line? {
        guard let (change, member) = newestCorrection(), change.at > since else { return nil }
        if change.isWithdrawn == true { return "by \(name: member.outlet, language: member.language)" }
        return StoryWords.firstWords(change, language: member.language)
    }

    private func newestCorrection() -> (change: PublishedChange, member: PublishedMember)? {
        item.story.members.flatMap { member in member.changes.map { (change: $0, member: member) } }
            .filter(\.change.isCorrection).max { $0.change.at < $1.change.at }
    }

    private static let namesShown = 2
}

/// *In one minute*: at most five stories, and the topics on which there is nothing.
struct MinuteWords {
    struct Item {
        let tag: Line?
        let words: Line
    }

    let digest: Digest
    let words: Words

    /// The heading under which corrections stand in a page.
    static let correctionsID = "the-corrections"

    var items: [Item] {
        var items = digest.stories.prefix(Self.storiesMax).map(item)
        let more = digest.stories.count - items.count
        if more > 0 {
            items.append(Item(tag: nil, words: "and \(Words.count(more, "more story", "more stories")) below"))
        }
        let told = Set(digest.stories.prefix(Self.storiesMax).map(\.story.shownID))
        for correction in digest.corrections.prefix(Self.storiesMax) where !told.contains(correction.shownID) {
            let place: Line = "\(code: correction.shownID) \(headline: correction.title, language: correction.language)"
            let words: Line = StoryWords.firstWords(correction.change).map { " · \($0)" } ?? ""
            items.append(
                Item(
                    tag: StatusWords.corrected(correction.change),
                    words: "\(jump: place, to: Self.correctionsID)\(words)"))
        }
        if let quiet { items.append(Item(tag: nil, words: quiet)) }
        return items
    }

    private func item(_ item: DigestStory) -> Item {
        let status = StatusWords(item: item, words: words)
        let story = StoryWords(story: item.story, words: words)
        let place: Line = "\(jump: "\(story.id) \(story.title)", to: item.story.shownID)"
        return Item(tag: status.word, words: place + status.news(since: digest.window.from))
    }

    private var quiet: Line? {
        let sight = SightWords(digest: digest, words: words)
        let topics = Words.list(digest.quietTopics.map { "\($0.name)" }, max: 8)
        if digest.stories.isEmpty {
            return "\(topics.isEmpty ? "No topic is configured" : "No story on \(topics)" as Line). \(sight.quiet)"
        }
        return topics.isEmpty ? nil : "\(topics): nothing. \(sight.quiet)"
    }

    private static let storiesMax = 5
}

/// How far an issue saw.
struct SightWords {
    let digest: Digest
    let words: Words

    private var sight: Sight { digest.sight }
    private var isNothingConfigured: Bool { sight.due == 0 && digest.coverage.notDue.isEmpty }

    /// `**Sight: impaired.** 72 of 74 sources read since 05:20. Blind: *Nansei* since 01:40 (timed out).`
    var line: Line {
        if isNothingConfigured { return "\(strong: "Sight: blind.") No source is configured." }
        if sight.grade == .idle {
            let sources = Words.count(digest.coverage.notDue.count, "source")
            return "\(strong: "Sight: idle.") None of \(sources) was due in this window."
        }
        let since: Line = sight.readSince.map { " since \(words.time($0))" } ?? ""
        var line: Line =
            "\(strong: "Sight: \(sight.grade.rawValue).") \(Words.number(sight.read)) of "
            + "\(Words.count(sight.due, "source")) read\(since)."
        let blind: [Line] = digest.coverage.blind.map {
            "\(name: $0.name) since \(words.time($0.since)) (\($0.why))"
        }
        if !blind.isEmpty { line += " Blind: \(Words.list(blind, max: 4))." }
        if let resting = digest.coverage.resting {
            let names: [Line] = resting.map {
                "\(name: $0.name) until \(words.dayAndTime($0.until)) (\($0.domain) asked for rest)"
            }
            line += " Put off: \(Words.list(names, max: 4))."
        }
        if !digest.coverage.overdue.isEmpty {
            line += " Not tried: \(Words.list(digest.coverage.overdue.map { "\(name: $0)" }, max: 4))."
        }
        return line + gaps
    }

    /// `3 of them were not seen for a time, the longest 10 h.`
    private var gaps: Line {
        guard let longest = digest.coverage.interrupted.first else { return "" }
        let count = Set(digest.coverage.interrupted.map(\.source)).count
        let length = Words.duration(seconds: longest.until.withinReach.seconds - longest.since.withinReach.seconds)
        return " \(strong: "With gaps:") \(Words.count(count, "source")) not seen for a time, at the longest \(length)."
    }

    private var all: String {
        sight.due == 1 ? "The one source was read" : "All \(Words.number(sight.due)) sources were read"
    }

    /// Whether nothing means nothing.
    var quiet: Line {
        switch sight.grade {
        case .full where !digest.coverage.interrupted.isEmpty:
            return "\(all), with gaps: silence, unless a list rolled over."
        case .full where digest.coverage.maybeMissed != nil:
            return
                "\(all); a list rolled over between two reads, so something "
                + "may have been missed."
        case .full:
            return "\(all), so this is silence, not blindness."
        case .impaired:
            let unread = sight.due - sight.read
            return "\(Words.number(sight.read)) of \(Words.count(sight.due, "source")) were read; "
                + "\(Words.number(unread)) could not be, so it may be blindness."
        case .blind: return "No source was read: this is blindness, not silence."
        case .idle: return "No source was due, so there was nothing to miss."
        }
    }
}
