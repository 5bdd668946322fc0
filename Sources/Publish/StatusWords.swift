import News

/// What is new about a story, in a word, and when it was alerted.
struct StatusWords {
    let item: DigestStory
    let words: Words

    private var status: String {
        switch item.status {
        case .new: "NEW"
        case .day: "DAY \(item.dayNumber)"
        case .updated: "UPDATED"
        case .late: "LATE"
        }
    }

    /// The one word that matters most at a glance.
    var word: String {
        if item.story.onlySide != nil { return "ONE SIDE ONLY" }
        return item.isCorrected ? "CORRECTED" : status
    }

    /// `NEW · Indo-Pacific deterrence, also Munitions · alerted 04:12`
    var line: String {
        var labels: [String] = []
        if let side = item.story.onlySide { labels.append("ONE SIDE ONLY (\(Markdown.text(side)))") }
        if item.isCorrected { labels.append("CORRECTED") }
        labels.append(item.status == .new ? "NEW" : "\(status), since \(words.time(item.story.firstSeen))")
        if item.status == .late { labels.append("first seen in an earlier window, read too late for its issue") }
        labels.append(StoryWords(story: item.story, words: words).topics)
        labels.append(item.story.alertedAt.map { "alerted \(words.time($0))" } ?? "no alert")
        return labels.joined(separator: " · ")
    }

    /// `alerted 04:12` or what came in, for *In one minute*.
    var news: String {
        var parts: [String] = []
        if item.status == .day { parts.append("new: \(Words.count(item.newArticles, "article"))") }
        if item.changes > 0 { parts.append(Words.count(item.changes, "changed text")) }
        if item.story.newsroomsAtLeast > 1 { parts.append("at least \(item.story.newsroomsAtLeast) newsrooms") }
        if let alerted = item.story.alertedAt { parts.append("alerted \(words.time(alerted))") }
        return parts.isEmpty ? "" : " · " + parts.joined(separator: ", ")
    }
}

/// *In one minute*: at most five stories, and the topics on which there is nothing.
struct MinuteWords {
    let digest: Digest
    let words: Words

    var lines: [String] {
        var lines = digest.stories.prefix(Self.storiesMax).map { item in
            let status = StatusWords(item: item, words: words)
            let story = StoryWords(story: item.story, words: words)
            return "**\(status.word)** \(story.id) \(story.title)\(status.news)"
        }
        let more = digest.stories.count - lines.count
        if more > 0 { lines.append("and \(Words.count(more, "more story", "more stories")) below") }
        let told = Set(digest.stories.prefix(Self.storiesMax).map(\.story.shownID))
        for correction in digest.corrections.prefix(Self.storiesMax) where !told.contains(correction.shownID) {
            lines.append("**CORRECTED** \(Markdown.code(correction.shownID)) \(Markdown.text(correction.title))")
        }
        let sight = SightWords(digest: digest, words: words)
        let quiet = Words.list(digest.quietTopics.map { Markdown.text($0.name) }, max: 8)
        if digest.stories.isEmpty {
            let topics = quiet.isEmpty ? "No topic is configured" : "No story on \(quiet)"
            lines.append("\(topics). \(sight.quiet)")
        } else if !quiet.isEmpty {
            lines.append("\(quiet): nothing. \(sight.quiet)")
        }
        return lines
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
    var line: String {
        if isNothingConfigured { return "**Sight: blind.** No source is configured." }
        if sight.grade == .idle {
            return
                "**Sight: idle.** None of \(Words.count(digest.coverage.notDue.count, "source")) was due in this window."
        }
        let since = sight.readSince.map { " since \(words.time($0))" } ?? ""
        var line =
            "**Sight: \(sight.grade.rawValue).** \(Words.number(sight.read)) of "
            + "\(Words.count(sight.due, "source")) read\(since)."
        let blind = digest.coverage.blind.map {
            "*\(Markdown.text($0.name))* since \(words.time($0.since)) (\(Markdown.text($0.why)))"
        }
        if !blind.isEmpty { line += " Blind: \(Words.list(blind, max: 4))." }
        if !digest.coverage.overdue.isEmpty {
            line += " Not tried: \(Words.list(digest.coverage.overdue.map { "*\(Markdown.text($0))*" }, max: 4))."
        }
        return line
    }

    /// Whether nothing means nothing.
    var quiet: String {
        switch sight.grade {
        case .full:
            return sight.due == 1
                ? "The one source was read, so this is silence, not blindness."
                : "All \(Words.number(sight.due)) sources were read, so this is silence, not blindness."
        case .impaired:
            let unread = sight.due - sight.read
            return "\(Words.number(sight.read)) of \(Words.count(sight.due, "source")) were read; "
                + "\(Words.number(unread)) could not be, so it may be blindness."
        case .blind: return "No source was read: this is blindness, not silence."
        case .idle: return "No source was due, so there was nothing to miss."
        }
    }
}
