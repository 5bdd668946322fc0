import News

/// `alerts/alerts.atom` (RFC 4287): the newest alerts, a function of their JSON and of which embargoes are over.
///
/// What is embargoed is left out until then, and for good where its time could not be read: a feed is for other machines.
struct AlertFeed {
    private let items: [AtomFeed.Item]
    private let updated: Timestamp
    private let version: String
    /// When the next embargo of these alerts ends.
    let nextEmbargoEnd: Timestamp?

    /// - Parameter newest: alerts of every kind, newest first; what cannot be decoded is left out.
    init(_ newest: [Parcel], now: Timestamp) {
        let all = newest.flatMap(Self.items)
        items = all.filter { $0.isOpen(at: now) }
        updated = newest.first?.decided ?? now
        nextEmbargoEnd = all.compactMap { $0.embargo?.until }.filter { $0 > now }.min()
        version = newest.lazy.compactMap { try? PublicJSON.decode(Version.self, from: $0.json) }.first?.version ?? ""
    }

    private struct Version: Decodable {
        var version: String
    }

    var text: String {
        AtomFeed(name: "alerts", title: "feedwatch alerts", updated: updated, version: version, items: items).text
    }

    private static func items(_ parcel: Parcel) -> [AtomFeed.Item] {
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
                AtomFeed.Item(
                    id: parcel.stem, title: "\(state): \(names)", at: blind.decided,
                    paragraphs: view.sources.map { "\($0.name): \($0.words)" } + [view.summary])
            ]
        case .indicator:
            guard let rise = try? PublicJSON.decode(IndicatorAlert.self, from: parcel.json) else { return [] }
            return [
                AtomFeed.Item(
                    id: parcel.stem, title: IndicatorAlertView.headline(rise), at: rise.decided,
                    paragraphs: IndicatorAlertView(rise, as: .html).rows.map { "\($0.label): \($0.words)" })
            ]
        }
    }

    private static func item(
        _ story: PublishedStory, update: AlertUpdate?, _ words: Words, id: String, at: Timestamp, note: Line?
    ) -> AtomFeed.Item {
        let view = StoryWords(story: story, words: words)
        var lines: [Line] = []
        if let update { lines.append(UpdateWords(update: update, words: words).line) }
        if let note { lines.append(note) }
        if let excerpt = story.excerpt { lines.append("\(excerpt.text)") }
        lines.append(view.topics)
        lines.append(view.saidBy)
        return AtomFeed.Item(
            id: id, title: (update == nil ? "" : "Update: ") + story.title, at: at,
            link: story.members.lazy.compactMap(\.url).first, paragraphs: lines.map { HTML.write($0) },
            categories: story.topics.map(\.name), embargo: story.embargo)
    }
}
