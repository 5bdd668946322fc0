import Foundation
import News

/// How parcels quote an article: whole strings of their JSON, so that `/n1` is not found in `/n12`.
struct ParcelQuote {
    /// Its address as readers get it; where it has none the id of its story.
    let address: Data
    let shownID: Data
    /// Its headline, which stands alone in lists of near misses.
    let title: Data?

    init(of member: StoryMember, in story: StoryID, shown: String) throws {
        address = try JSONColumn.encode(member.url.flatMap(PublishedMember.shownURL) ?? story)
        shownID = try JSONColumn.encode(shown)
        title = try CleanText.shown(member.article.title).map { try JSONColumn.encode($0) }
    }

    /// A parcel's JSON without the stories and lines that quote it; nil when nothing is left, or when it is not understood.
    func rest(of json: Data, kind: Parcel.Kind?) throws -> Data? {
        switch kind {
        case .more:
            guard var held = try? JSONColumn.decode(HeldAlerts.self, from: json) else { return nil }
            try held.stories.removeAll(where: isQuoted)
            try held.also.removeAll(where: isQuoted)
            return held.count == 0 ? nil : try JSONColumn.encode(held)
        case .digest:
            guard var digest = try? JSONColumn.decode(Digest.self, from: json) else { return nil }
            try digest.stories.removeAll(where: isQuoted)
            try digest.nearMisses.removeAll(where: isQuoted)
            try digest.held?.removeAll(where: isQuoted)
            try digest.folded?.removeAll(where: isQuoted)
            try digest.corrections.removeAll(where: isQuoted)
            return try JSONColumn.encode(digest)
        // It names stories by their ids, which stay.
        case .indicator: return json
        case .alert, .blind, nil: return nil
        }
    }

    private func isQuoted(in part: some Encodable) throws -> Bool {
        let json = try JSONColumn.encode(part)
        func holds(_ text: Data) -> Bool { json.range(of: text) != nil }
        return holds(address) || holds(shownID) && (title.map(holds) ?? false)
    }
}
