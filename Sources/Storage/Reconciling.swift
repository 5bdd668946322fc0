import Foundation
import GRDB
import News

/// A file that readers have, with what it says of stories, for a database that does not know it.
public struct PublishedRecord: Sendable, Hashable {
    public struct Story: Sendable, Hashable {
        public var id: StoryID
        public var shownID: String
        public var firstSeen: Timestamp
        /// Addresses of its articles.
        public var urls: [String]

        public init(id: StoryID, shownID: String, firstSeen: Timestamp, urls: [String]) {
            self.id = id
            self.shownID = shownID
            self.firstSeen = firstSeen
            self.urls = urls
        }
    }

    public var stem: String
    public var stories: [Story]
    /// For an alert: when it was decided.
    public var decided: Timestamp?
    /// For an issue: its day and its window.
    public var issue: (day: String, from: Timestamp, to: Timestamp)?

    public init(
        stem: String, stories: [Story], decided: Timestamp?, issue: (day: String, from: Timestamp, to: Timestamp)?
    ) {
        self.stem = stem
        self.stories = stories
        self.decided = decided
        self.issue = issue
    }

    public static func == (a: PublishedRecord, b: PublishedRecord) -> Bool {
        a.stem == b.stem && a.stories == b.stories
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(stem) }
}

extension Store {
    /// The time from which on files may be there that this database does not know: a day before it was last used; for a new
    /// one a month ago.
    public func knowsFilesUntil(now: Timestamp) throws(StoreError) -> Timestamp {
        try read { db in
            let used = try Int64.fetchOne(
                db,
                sql:
                    "SELECT max(coalesce((SELECT max(last_tried) FROM source), 0), coalesce((SELECT max(window_to) FROM digest), 0))"
            )
            guard let used, used > 0 else { return now - .seconds(30 * 86_400) }
            return Timestamp(seconds: used - 86_400)
        }
    }

    /// Those of the stems that were neither delivered from this database nor taken over into it.
    public func unknown(_ stems: [String]) throws(StoreError) -> [String] {
        try read { db in
            try stems.filter { stem in
                try Bool.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT NOT EXISTS(SELECT 1 FROM outbox WHERE stem = ?)
                            AND NOT EXISTS(SELECT 1 FROM mark WHERE mark = ?)
                            """), arguments: [stem, EntryMark.stem(stem)]) ?? true
            }
        }
    }

    /// Takes over what files say that readers have: nothing of it alerts or is published again.
    ///
    /// An alerted story counts as alerted, and its shown id is taken; articles that a file names are no news when a feed lists
    /// them; an issue's day has its issue, and the next window begins where that one ended.
    public func takeOver(_ records: [PublishedRecord], at now: Timestamp) throws(StoreError) {
        try writeDurably { db in
            let filedTo = try Int64.fetchOne(db, sql: "SELECT max(position) FROM article") ?? 0
            for record in records {
                try Marks.add([EntryMark.stem(record.stem)], .published, at: now, db)
                for story in record.stories {
                    try Marks.add(story.urls.compactMap(EntryMark.url), .published, at: now, db)
                    guard let decided = record.decided else { continue }
                    try db.execute(
                        sql:
                            "INSERT INTO story(id, shown_id, first_seen, matched) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING",
                        arguments: [story.id, story.shownID, story.firstSeen.seconds])
                    try db.execute(
                        sql: "UPDATE story SET alerted_at = ? WHERE id = ? AND alerted_at IS NULL",
                        arguments: [decided.seconds, story.id])
                }
                guard let issue = record.issue else { continue }
                try db.execute(
                    sql: """
                        INSERT INTO digest(day, window_from, window_to, stem, filed_to, turn_to, number)
                        VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(turn), 0) FROM article),
                            (SELECT coalesce(max(number), 0) + 1 FROM digest))
                        ON CONFLICT DO NOTHING
                        """, arguments: [issue.day, issue.from.seconds, issue.to.seconds, record.stem, filedTo])
            }
            try Store.dropPublished(db)
        }
    }

    /// What waits to be filed and was published from a database that had filed it.
    private static func dropPublished(_ db: Database) throws {
        let rows = try Row.fetchAll(db, sql: "SELECT source, key, payload FROM entry WHERE state = 'pending'")
        for row in rows {
            guard let payload = row["payload"] as Data?, let entry = try? JSONColumn.decode(Entry.self, from: payload),
                try Marks.isPublished(ListedEntry(entry), db)
            else { continue }
            try db.execute(
                sql: """
                    UPDATE entry SET payload = NULL, state = CASE WHEN version > 1 THEN 'filed' ELSE 'baseline' END
                    WHERE source = ? AND key = ?
                    """, arguments: [row["source"] as String, row["key"] as String])
        }
    }
}
