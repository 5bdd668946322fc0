import Foundation
import GRDB
import News

extension Store {
    /// The story that a reader names by its shown id, or by any longer part of its whole id; where it was put into another
    /// one, that.
    public func story(named name: String) throws(StoreError) -> Story? {
        try read { db in
            try String.fetchOne(
                db,
                sql: "SELECT id FROM story WHERE shown_id = ?1 OR (length(?1) > 4 AND substr(id, 1, length(?1)) = ?1)",
                arguments: [name.lowercased()]
            ).flatMap { id in
                let target = try String.fetchOne(
                    db, sql: "SELECT into_story FROM joined WHERE story = ?", arguments: [id])
                return try Story.fetch(target ?? id, db)
            }
        }
    }

    /// The story with an article at this address.
    public func story(at url: String) throws(StoreError) -> Story? { try story(at: [url]) }

    /// The story with an article at one of these spellings of an address; the one filed last.
    public func story(at spellings: [String]) throws(StoreError) -> Story? {
        try read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT story FROM article WHERE url IN (SELECT value FROM json_each(?)) ORDER BY position DESC LIMIT 1
                    """, arguments: [JSONColumn.text(spellings)]
            ).flatMap { try Story.fetch($0, db) }
        }
    }

    /// Lets a story not alert before a time; nil lifts it.
    public func mute(_ story: StoryID, until: Timestamp?) throws(StoreError) {
        try writeDurably { db in
            try db.execute(sql: "UPDATE story SET muted_until = ? WHERE id = ?", arguments: [until?.seconds, story])
        }
    }

    /// Shown ids, newest story first.
    public func shownIDs(limit: Int) throws(StoreError) -> [String] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT shown_id FROM story ORDER BY first_seen DESC, id LIMIT ?", arguments: [limit])
        }
    }

    /// The alert of a story, as it lies or lay in the outbox.
    public func alert(of story: Story) throws(StoreError) -> Parcel? {
        guard let alertedAt = story.alertedAt else { return nil }
        return try read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT stem, json FROM outbox WHERE kind = 'alert' AND decided = ? AND substr(stem, -length(?2)) = ?2
                    """, arguments: [alertedAt.seconds, "-\(story.shownID)"]
            ).map { row in
                let json: Data = row["json"]
                return Parcel(kind: .alert, stem: row["stem"], json: [UInt8](json), decided: alertedAt)
            }
        }
    }

    /// An entry that is known by one of these spellings of its address: as its key, or as the link of one that is pending.
    ///
    /// An entry with a key of its own that is not pending cannot be found so: of those only the key is kept.
    public func entry(at spellings: [String]) throws(StoreError) -> KnownEntry? {
        try read { try Store.entry(at: spellings, $0) }
    }

    static func entry(at spellings: [String], _ db: Database) throws -> KnownEntry? {
        let keyed = try Row.fetchOne(
            db,
            sql: """
                SELECT entry.source, entry.key, state, first_seen, last_listed FROM source
                JOIN entry ON entry.source = source.id AND entry.key IN (SELECT value FROM json_each(?))
                ORDER BY first_seen, entry.source LIMIT 1
                """, arguments: [JSONColumn.text(spellings)])
        if let keyed { return KnownEntry(keyed) }
        let pending = try Row.fetchCursor(
            db,
            sql: "SELECT source, key, state, first_seen, last_listed, payload FROM entry WHERE state = 'pending'")
        while let row = try pending.next() {
            let entry = try JSONColumn.decode(Entry.self, from: row["payload"])
            if let url = EntryIdentity.url(for: entry), spellings.contains(url) { return KnownEntry(row) }
        }
        return nil
    }
}

/// An entry that was listed, whatever became of it.
public struct KnownEntry: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        /// There at the first, silent read of its source.
        case baseline
        /// In the queue, to be filed.
        case pending
        case filed
    }

    public var source: SourceID
    public var key: String
    public var state: State
    public var firstSeen: Timestamp
    /// To a day.
    public var lastListed: Timestamp
    /// Of a pending or filed one.
    public var title: String?
    /// The story that it was filed into, by its shown id.
    public var story: String?

    enum CodingKeys: String, CodingKey {
        case source, key, state, title, story
        case firstSeen = "first_seen"
        case lastListed = "last_listed"
    }

    init?(_ row: Row) {
        guard let state = State(rawValue: row["state"]) else { return nil }
        self.init(
            source: row["source"], key: row["key"], state: state, firstSeen: Timestamp(seconds: row["first_seen"]),
            lastListed: Timestamp(seconds: row["last_listed"]))
    }

    private init(source: SourceID, key: String, state: State, firstSeen: Timestamp, lastListed: Timestamp) {
        self.source = source
        self.key = key
        self.state = state
        self.firstSeen = firstSeen
        self.lastListed = lastListed
    }
}
