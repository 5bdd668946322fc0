import Foundation
import GRDB
import News

/// A part of what is stored, judged anew.
public struct ReclassifiedPart: Sendable {
    /// The last one looked at, from where the next part goes on; nil when there is nothing more.
    public var position: Int64?
    /// Each with the matches that it had before.
    public var changed: [(member: StoryMember, before: [TopicMatch])] = []
    /// Whose topics are the same now as they were.
    public var unchanged = 0
    /// Whose text is no longer kept, so that nobody can judge it.
    public var withoutText = 0
}

extension Store {
    /// Judges the next articles anew, in the order in which they were filed, in one transaction. Nothing is alerted: an alerted
    /// story counts as having said what its articles say now.
    ///
    /// - Parameters:
    ///   - position: where the part before ended; 0 for the first.
    ///   - since: articles first seen earlier are left as they are.
    ///   - rules: the keys of the lines of alerts that hold for an article in its story.
    public func reclassify(
        after position: Int64, since: Timestamp, judge: (StoryMember) -> StoryMember,
        rules: (StoryMember, Story) -> [String]
    ) throws(StoreError) -> ReclassifiedPart {
        try write { db in
            var part = ReclassifiedPart()
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT position, story, member FROM article WHERE position > ? AND first_seen >= ?
                    ORDER BY position LIMIT ?
                    """, arguments: [position, since.seconds, Limits.reclassifiedBatchMax])
            var stories: Set<StoryID> = []
            for row in rows {
                part.position = row["position"]
                let member = try JSONColumn.decode(StoryMember.self, from: row["member"])
                guard member.hasText else {
                    part.withoutText += 1
                    continue
                }
                let judged = judge(member)
                guard judged != member else {
                    part.unchanged += 1
                    continue
                }
                try db.cachedStatement(sql: "UPDATE article SET member = ? WHERE position = ?")
                    .execute(arguments: [JSONColumn.encode(judged), row["position"] as Int64])
                part.changed.append((judged, member.topics))
                stories.insert(row["story"])
            }
            for story in stories.sorted() {
                try Store.weigh(story, db)
                try Store.addToSaid(story, rules, db)
            }
            return part
        }
    }

    /// What an alerted story's articles say by another configuration is no news in it.
    private static func addToSaid(
        _ id: StoryID, _ rules: (StoryMember, Story) -> [String], _ db: Database
    ) throws {
        guard let story = try Story.fetch(id, db), !story.alerts.told.isEmpty else { return }
        var life = story.alerts
        for member in story.members {
            life.said.add(
                entities: member.strongEntities, headline: member.article.title, rules: rules(member, story))
        }
        guard life != story.alerts else { return }
        try DeskTransaction(db: db).keep(life, of: id)
    }
}

/// The stories of a span, for looking back at them.
extension Store {
    /// Ids of the stories that began in a span, in the order in which they began.
    public func storyIDs(from: Timestamp, to: Timestamp) throws(StoreError) -> [StoryID] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM story WHERE first_seen >= ? AND first_seen <= ? ORDER BY first_seen, id",
                arguments: [from.seconds, to.seconds])
        }
    }

    /// By its whole id.
    public func story(id: StoryID) throws(StoreError) -> Story? { try read { db in try Story.fetch(id, db) } }

    /// The issues that were decided since then, one after the other.
    public func eachIssue(since: Timestamp, _ body: (Parcel) throws -> Void) throws(StoreError) {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, stem, json, decided FROM outbox WHERE kind = 'digest' AND decided >= ?
                    ORDER BY decided, stem
                    """, arguments: [since.seconds])
            while let row = try rows.next() { if let parcel = Parcel(row) { try body(parcel) } }
        }
    }
}
