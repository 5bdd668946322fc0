import Foundation
import GRDB
import News

extension Store {
    /// One serial filing: everything that the desk decides about a batch, on the disk together or not at all.
    public func file(_ body: (DeskTransaction) throws -> Void) throws(StoreError) {
        try writeDurably { db in try body(DeskTransaction(db: db)) }
    }
}

/// The operations of the desk inside its transaction.
public struct DeskTransaction {
    let db: Database

    /// The article filed under this key, with its story; nil when it is new to the desk.
    public func filed(_ key: MemberKey) throws -> (member: StoryMember, story: StoryID)? {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT member, story FROM article WHERE source = ? AND key = ?"),
                arguments: [key.source, key.key])
        else { return nil }
        return (try JSONColumn.decode(StoryMember.self, from: row["member"]), row["story"])
    }

    public func isShownIDTaken(_ prefix: String) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM story WHERE shown_id = ?)"), arguments: [prefix])
            ?? false
    }

    public func hasStory(_ id: StoryID) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM story WHERE id = ?)"), arguments: [id]) ?? false
    }

    public func open(story id: StoryID, shownID: String, firstSeen: Timestamp) throws {
        try db.cachedStatement(sql: "INSERT INTO story(id, shown_id, first_seen) VALUES (?, ?, ?)")
            .execute(arguments: [id, shownID, firstSeen.seconds])
    }

    /// Adds an article at the end of a story.
    /// - Parameter article: the same one as it is placed.
    /// - Returns: its turn.
    @discardableResult
    public func add(
        _ member: StoryMember, _ article: IndexedArticle, validators: Validators = .none, to story: StoryID
    ) throws -> Int64 {
        let turn = try nextTurn()
        try db.cachedStatement(
            sql: """
                INSERT INTO article(source, key, story, first_seen, url, member, page_fault, etag, last_modified, turn)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            member.source, member.key, story, member.firstSeen.seconds, member.url, JSONColumn.encode(member),
            member.article.pageFault, validators.etag, validators.lastModified, turn,
        ])
        try Fingerprints.put(article, turn: turn, db)
        try Store.note(names: member.entities, at: member.firstSeen, db)
        try raise(story, by: member)
        return turn
    }

    /// Puts a new version of an article in its place; `member.changes` has said what changed.
    /// - Parameter now: the time of the decision, by which an issue lists the change.
    /// - Returns: its turn.
    @discardableResult
    public func replace(
        _ member: StoryMember, _ article: IndexedArticle, validators: Validators = .none, in story: StoryID,
        at now: Timestamp
    ) throws -> Int64 {
        let turn = try nextTurn()
        try db.cachedStatement(
            sql: """
                UPDATE article SET url = ?, member = ?, page_fault = ?, changed_at = ?,
                etag = ?, last_modified = ?, turn = ? WHERE source = ? AND key = ?
                """
        ).execute(arguments: [
            member.url, JSONColumn.encode(member), member.article.pageFault, now.seconds, validators.etag,
            validators.lastModified, turn, member.source, member.key,
        ])
        try Fingerprints.put(article, turn: turn, db)
        try Store.note(names: member.entities, at: now, db)
        try raise(story, by: member)
        return turn
    }

    private func nextTurn() throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(turn), 0) + 1 FROM article")) ?? 1
    }

    /// The entry is filed: it leaves the queue, unless a poll has brought another text since, which waits as a new version.
    public func markFiled(_ entry: PendingEntry) throws {
        for place in ["key = ?2 AND name IS NULL", "name = ?2"] {
            try db.cachedStatement(
                sql: """
                    UPDATE entry SET version = version + (content_hash <> ?3),
                    state = CASE content_hash WHEN ?3 THEN 'filed' ELSE state END,
                    payload = CASE content_hash WHEN ?3 THEN NULL ELSE payload END
                    WHERE source = ?1 AND \(place) AND state = 'pending'
                    """
            ).execute(arguments: [entry.source, entry.key, entry.contentHash])
            if db.changesCount > 0 { return }
        }
    }

    public func story(_ id: StoryID) throws -> Story? { try Story.fetch(id, db) }

    /// A story with its first and its newest articles alone, so many of each, in order.
    public func storyEnds(_ id: StoryID, most: Int) throws -> Story? { try Story.fetch(id, endsMost: most, db) }

    /// A story's first alert has this time for good.
    public func markAlerted(_ story: StoryID, at time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE story SET alerted_at = coalesce(alerted_at, ?) WHERE id = ?")
            .execute(arguments: [time.seconds, story])
    }

    /// Puts a parcel into the outbox. One that is there already stays as it is.
    public func put(_ parcel: Parcel) throws { try Store.put(parcel, db) }

    private func raise(_ story: StoryID, by member: StoryMember) throws {
        let score = member.topics.map(\.score).max() ?? 0
        let matched = member.topics.contains { $0.match >= .likely }
        try db.cachedStatement(
            sql: "UPDATE story SET score = max(score, ?), matched = max(matched, ?) WHERE id = ?"
        ).execute(arguments: [score, matched, story])
    }
}

extension Story {
    /// - Parameter endsMost: so many of its first and of its newest articles; nil for all.
    static func fetch(_ id: StoryID, endsMost: Int? = nil, _ db: Database) throws -> Story? {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT id, shown_id, first_seen, alerted_at, muted_until FROM story WHERE id = ?"),
                arguments: [id])
        else { return nil }
        let members = try Data.fetchAll(
            db.cachedStatement(sql: endsMost == nil ? Self.allMembers : Self.endMembers),
            arguments: endsMost.map { [id, $0] } ?? [id]
        ).map { try JSONColumn.decode(StoryMember.self, from: $0) }
        var story = Story(
            id: row["id"], shownID: row["shown_id"], firstSeen: Timestamp(seconds: row["first_seen"]), members: members,
            alertedAt: (row["alerted_at"] as Int64?).map(Timestamp.init(seconds:)),
            mutedUntil: (row["muted_until"] as Int64?).map(Timestamp.init(seconds:)),
            alerts: try Store.alertLife(id, db))
        story.verdicts = try Store.verdicts(on: id, db)
        return story
    }

    private static let allMembers = "SELECT member FROM article WHERE story = ? ORDER BY position"
    private static let endMembers = """
        SELECT member FROM article WHERE position IN (
            SELECT * FROM (SELECT position FROM article WHERE story = ?1 ORDER BY position LIMIT ?2)
            UNION SELECT * FROM (SELECT position FROM article WHERE story = ?1 ORDER BY position DESC LIMIT ?2))
        ORDER BY position
        """
}
