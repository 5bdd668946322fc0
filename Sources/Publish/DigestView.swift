import News

/// What the template of an issue shows: lines of Markdown in the places of the page. Names are the template's.
struct DigestView {
    struct Story {
        let title: String
        let id: String
        let status: String
        let excerpt: String?
        let byline: String?
        let saidBy: String
        let changes: [String]
        let whyHere: String
        let links: String
    }

    let title: String
    let sight: String
    let window: String
    let next: String
    let minute: [String]
    let stories: [Story]
    let hasStories: Bool
    let below: [String]
    let hasBelow: Bool
    let belowCount: String
    let hasCorrections: Bool
    let corrections: [String]
    let coverage: [String]
    let footer: String

    init(_ digest: Digest) {
        let words = Words(zone: digest.zone, today: digest.zone.local(digest.issued).date)
        let heading = "\(Words.fullDay(digest.day)), \(digest.zone.local(digest.issued).clock)"
        title = "feedwatch · \(heading) (\(Markdown.text(digest.zone.name)))"
        sight = SightWords(digest: digest, words: words).line
        window = Self.window(digest, words)
        let next = digest.zone.local(digest.nextIssue)
        self.next =
            "Next issue \(Words.shortDay(next.date)), \(next.clock). If that has passed, feedwatch is not running."
        minute = MinuteWords(digest: digest, words: words).lines
        stories = digest.stories.map { Self.story($0, words, digest.window.from) }
        hasStories = !stories.isEmpty
        below = digest.nearMisses.map {
            "\(Markdown.code($0.shownID)) \(Markdown.text($0.title)) · \(Markdown.text($0.topic)): \(Markdown.text($0.reason))"
        }
        hasBelow = !below.isEmpty
        belowCount = Words.number(below.count)
        corrections = digest.corrections.map { Self.correction($0, words) }
        hasCorrections = !corrections.isEmpty
        coverage = CoverageWords(digest: digest, words: words).rows
        footer = Self.footer(digest, words)
    }

    /// `First seen Sat 06:20 – Sun 06:20, 23 hours (clocks went forward).`
    private static func window(_ digest: Digest, _ words: Words) -> String {
        let window = digest.window
        // The first window begins a second before the first poll: minutes are rounded.
        let minutes = (window.to.withinReach.seconds - window.from.withinReach.seconds + 30) / 60
        let length =
            minutes % 60 == 0 ? Words.count(Int(minutes / 60), "hour") : "\(minutes / 60) h \(minutes % 60) min"
        let turn = digest.zone.span(at: window.to).offsetSeconds - digest.zone.span(at: window.from).offsetSeconds
        let note = turn == 0 ? "" : turn > 0 ? " (clocks went forward)" : " (clocks went back)"
        let span = "First seen \(words.dayAndTime(window.from)) – \(words.dayAndTime(window.to)), \(length)\(note)."
        guard let previous = window.previousTo else { return span + " This is the first issue." }
        guard previous < window.from else { return span }
        return span + " **No issue covers \(words.dayAndTime(previous)) – \(words.dayAndTime(window.from)).**"
    }

    private static func story(_ item: DigestStory, _ words: Words, _ from: Timestamp) -> Story {
        let lines = StoryWords(story: item.story, words: words, changesAfter: from)
        return Story(
            title: lines.title, id: lines.id, status: StatusWords(item: item, words: words).line,
            excerpt: lines.excerpt,
            byline: lines.byline, saidBy: lines.saidBy, changes: lines.changes, whyHere: lines.whyHere,
            links: lines.links)
    }

    /// ``- Fri 28 March, `b1ns` *Bay News*: “9 ships” → “7 ships”, Sat 16:40.``
    private static func correction(_ item: Digest.Correction, _ words: Words) -> String {
        let day = Words.shortDay(item.issueDay ?? words.zone.local(item.storyFirstSeen).date)
        let change = StoryWords.change(item.change) ?? "a correction notice stands in the text"
        let title = Markdown.link(item.title, item.url)
        return "\(day), \(Markdown.code(item.shownID)) \(title) · *\(Markdown.text(item.outlet))*, "
            + "\(words.dayAndTime(item.change.at)): \(change)"
    }

    private static func footer(_ digest: Digest, _ words: Words) -> String {
        var parts = [
            Markdown.code("feedwatch \(digest.version)"), "configuration \(Markdown.code(digest.configuration))",
        ]
        let previous = digest.window.previousTo.map { ", previous \(words.cutoff($0))" } ?? ""
        parts.append("cut-off \(words.cutoff(digest.window.to))\(previous)")
        parts.append("excerpts belong to their publishers")
        return parts.joined(separator: " · ")
    }
}

extension Timestamp {
    /// A document from elsewhere may hold any number; differences of these cannot overflow.
    var withinReach: Timestamp { Timestamp(seconds: min(max(seconds, -1 << 40), 1 << 40)) }
}
