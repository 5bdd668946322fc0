import News

/// `alerts/alerts.atom` (RFC 4287): the newest alerts, a function of their JSON and of which embargoes are over.
///
/// What is embargoed is left out until then, and for good where its time could not be read: a feed is for other machines.
struct AlertFeed {
    private struct Item {
        /// The alert's file, and of several stories in one file the story.
        var id: String
        var title: String
        var at: Timestamp
        var link: String?
        /// HTML.
        var paragraphs: [String]
        var categories: [String] = []
        var embargo: Embargo?
    }

    private let items: [Item]
    private let updated: Timestamp
    private let version: String
    /// When the next embargo of these alerts ends.
    let nextEmbargoEnd: Timestamp?

    /// - Parameter newest: alerts of every kind, newest first; what cannot be decoded is left out.
    init(_ newest: [Parcel], now: Timestamp) {
        let all = newest.flatMap(Self.items)
        items = all.filter { item in
            guard let embargo = item.embargo else { return true }
            return embargo.until.map { $0 <= now } ?? false
        }
        updated = newest.first?.decided ?? now
        nextEmbargoEnd = all.compactMap { $0.embargo?.until }.filter { $0 > now }.min()
        version = newest.lazy.compactMap { try? PublicJSON.decode(Version.self, from: $0.json) }.first?.version ?? ""
    }

    private struct Version: Decodable {
        var version: String
    }

    /// The document, UTF-8. Ids are `tag:` URIs (RFC 4151), made of the file's name: the same for good.
    var text: String {
        var text = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
            <title>feedwatch alerts</title>
            <id>\(Self.tag("alerts"))</id>
            <updated>\(updated)</updated>
            <link rel="self" href="alerts.atom"/>
            <author><name>feedwatch</name></author>
            <generator version="\(HTML.text(version))">feedwatch</generator>

            """
        for item in items { text += Self.entry(item) }
        return text + "</feed>\n"
    }

    private static func entry(_ item: Item) -> String {
        let link = item.link.flatMap(Line.address).map { "<link rel=\"alternate\" href=\"\(HTML.text($0))\"/>\n" } ?? ""
        let categories = item.categories.map { "<category term=\"\(HTML.text($0))\"/>\n" }.joined()
        let content = item.paragraphs.map { "<p>\($0)</p>" }.joined()
        return """
            <entry>
            <id>\(tag(item.id))</id>
            <title>\(HTML.text(item.title))</title>
            <updated>\(item.at)</updated>
            \(link)\(categories)<content type="html">\(HTML.escape(content))</content>
            </entry>

            """
    }

    /// Its authority is a name that nobody will ever have (RFC 2606 §2): an alert belongs to no domain.
    private static func tag(_ name: String) -> String { "tag:feedwatch.invalid,2026:\(HTML.text(name))" }

    private static func items(_ parcel: Parcel) -> [Item] {
        switch parcel.kind {
        case .digest: return []
        case .alert:
            guard let alert = try? PublicJSON.decode(Alert.self, from: parcel.json) else { return [] }
            let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
            return [item(alert.story, update: alert.updateOf, words, id: parcel.stem, at: alert.decided, note: nil)]
        case .more:
            guard let held = try? PublicJSON.decode(HeldAlerts.self, from: parcel.json) else { return [] }
            let words = Words(zone: held.zone, today: held.zone.local(held.decided).date)
            return held.stories.map { story in
                item(
                    story.story, update: story.updateOf, words, id: "\(parcel.stem)/\(story.story.shownID)",
                    at: held.decided, note: "held since \(words.time(story.heldSince))")
            }
        case .blind:
            guard let blind = try? PublicJSON.decode(BlindAlert.self, from: parcel.json) else { return [] }
            let view = BlindView(blind, as: .html)
            let names = blind.sources.prefix(5).map(\.name).joined(separator: ", ")
            let state = blind.state == .blind ? "Cannot be read" : "Can be read again"
            return [
                Item(
                    id: parcel.stem, title: "\(state): \(names)", at: blind.decided,
                    paragraphs: view.sources.map { "\($0.name): \($0.words)" } + [view.summary])
            ]
        }
    }

    private static func item(
        _ story: PublishedStory, update: AlertUpdate?, _ words: Words, id: String, at: Timestamp, note: Line?
    ) -> Item {
        let view = StoryWords(story: story, words: words)
        var lines: [Line] = []
        if let update { lines.append(UpdateWords(update: update, words: words).line) }
        if let note { lines.append(note) }
        if let excerpt = story.excerpt { lines.append("\(excerpt.text)") }
        lines.append(view.topics)
        lines.append(view.saidBy)
        return Item(
            id: id, title: (update == nil ? "" : "Update: ") + story.title, at: at,
            link: story.members.lazy.compactMap(\.url).first, paragraphs: lines.map { HTML.write($0) },
            categories: story.topics.map(\.name), embargo: story.embargo)
    }
}
