import News

/// `feeds/stories.atom`: the stories of the newest issues, each once as the newest of them tells it.
struct StoriesFeed {
    private(set) var items: [AtomFeed.Item] = []
    private var told: Set<StoryID> = []
    private var newest: Digest?

    /// Whether older issues have nothing to add.
    var isFull: Bool { items.count >= Limits.storiesFeedMax }

    /// - Parameter digest: older than those before it.
    mutating func add(_ digest: Digest) {
        let now = newest?.issued ?? digest.issued
        if newest == nil { newest = digest }
        let words = Words(zone: digest.zone, today: digest.zone.local(digest.issued).date)
        for item in digest.stories where !isFull && told.insert(item.story.id).inserted {
            let entry = Self.item(item, words, digest)
            if entry.isOpen(at: now) { items.append(entry) }
        }
    }

    /// Nil without an issue.
    var text: String? {
        newest.map { digest in
            AtomFeed(
                name: "stories", title: "feedwatch stories", updated: digest.issued, version: digest.version,
                items: items
            ).text
        }
    }

    private static func item(_ item: DigestStory, _ words: Words, _ digest: Digest) -> AtomFeed.Item {
        let story = StoryWords(story: item.story, words: words, changesAfter: digest.window.from)
        var lines: [Line] = [StatusWords(item: item, words: words).line]
        if let excerpt = item.story.excerpt { lines.append("\(excerpt.text, language: story.excerptLanguage)") }
        if let byline = story.byline { lines.append("— \(byline)") }
        lines.append("\(strong: "Said by") \(story.saidBy)")
        lines += story.names.map { "\(strong: $0.label) \($0.words)" }
        lines += story.changes.map { "\($0.label) \($0.words)" }
        lines.append(story.links)
        return AtomFeed.Item(
            id: "story/\(item.story.id)", title: item.story.title,
            language: ShownLanguage.ofText(item.story.title, told: item.story.language), at: digest.issued,
            link: item.story.members.lazy.compactMap(\.url).first, paragraphs: lines.map(HTML.write),
            categories: item.story.topics.map(\.name), embargo: item.story.embargo)
    }
}
