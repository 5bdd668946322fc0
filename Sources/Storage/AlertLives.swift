import Foundation
import GRDB
import News

/// What is kept of the alerts of stories and topics, inside the desk's transaction.
extension DeskTransaction {
    /// How far a story's alerts have come, and whether it is muted now. One that alerted before this was kept, or whose life
    /// cannot be read, has said what its articles say, but for those of `news`, which have just been filed.
    /// - Parameter rules: the keys of the lines that hold for an article.
    public func alertLife(
        of story: StoryID, except news: [MemberKey], at now: Timestamp, rules: (StoryMember) -> [String]
    ) throws -> (life: AlertLife, isMuted: Bool, isUnreadable: Bool) {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT alerted_at, muted_until, life, shown_id FROM story
                    LEFT JOIN alert_life ON alert_life.story = story.id WHERE story.id = ?
                    """), arguments: [story])
        let end = (row?["muted_until"] as Int64?).map(Timestamp.init(seconds:))
        let muted = end.map { Story.isMuted(until: $0, at: now) } ?? false
        let data = row?["life"] as Data?
        if let data, let life = try? JSONColumn.decode(AlertLife.self, from: data) { return (life, muted, false) }
        guard let at = (row?["alerted_at"] as Int64?).map(Timestamp.init(seconds:)) else {
            return (AlertLife(), muted, data != nil)
        }
        var life = AlertLife()
        let members = try Story.fetch(story, db)?.members ?? []
        for member in members where !news.contains(MemberKey(source: member.source, key: member.key)) {
            life.said.add(entities: member.strongEntities, headline: member.article.title, rules: rules(member))
        }
        let file = try String.fetchOne(
            db, sql: "SELECT stem FROM outbox WHERE kind = 'alert' AND decided = ? AND substr(stem, -length(?2)) = ?2",
            arguments: [at.seconds, "-\(row?["shown_id"] ?? "")"])
        if members.isEmpty { life.said.rules = nil }
        life.note(
            AlertLife.Told(file: file ?? "", at: at, why: []),
            topics: Array(Set(members.flatMap(\.topics).filter { $0.match >= .likely }.map(\.topic))))
        return (life, muted, data != nil)
    }

    /// The story as which readers have this text in the file of an alert, from before this database; nil for what is new.
    /// - Parameter id: the story that it would open.
    public func toldStory(_ entry: PendingEntry, opening id: StoryID? = nil) throws -> StoryID? {
        guard try Marks.exist(.published, db) else { return nil }
        let story = try Marks.toldStory(ListedEntry(entry.entry), id.map { [EntryMark.story($0)] } ?? [], db)
        return try story.flatMap { try hasStory($0) ? $0 : nil }
    }

    public func keep(_ life: AlertLife, of story: StoryID) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO alert_life(story, life, held_at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET life = excluded.life, held_at = excluded.held_at
                """
        ).execute(arguments: [story, JSONColumn.encode(life), life.held?.until.seconds])
    }

    /// The stories with something held, in the order in which their holds end; all, or those whose end has come.
    public func heldStories(dueBy time: Timestamp?) throws -> [StoryID] {
        try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT story FROM alert_life WHERE held_at <= ? ORDER BY held_at, story"),
            arguments: [time?.seconds ?? .max])
    }

    /// Puts the soonest time at which something held is to be looked at into the due times.
    public func scheduleHeld() throws {
        let at = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT min(held_at) FROM alert_life WHERE held_at IS NOT NULL"))
        guard let at else { return try db.cachedStatement(sql: "DELETE FROM due WHERE kind = 'held'").execute() }
        try Store.setDue(DueJob(kind: .held, at: Timestamp(seconds: at)), db)
    }

    public func alertCount(of topic: TopicID) throws -> AlertGate.Count? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT since, count FROM alert_count WHERE topic = ?"), arguments: [topic]
        ).map { AlertGate.Count(since: Timestamp(seconds: $0["since"]), count: $0["count"]) }
    }

    public func keep(_ count: AlertGate.Count, of topic: TopicID) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO alert_count(topic, since, count) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET since = excluded.since, count = excluded.count
                """
        ).execute(arguments: [topic, count.since.seconds, count.count])
    }

    /// Ends what the clock shows as yet to begin: it was set back.
    public func believe(_ now: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE alert_count SET since = ?1 WHERE since > ?1")
            .execute(arguments: [now.seconds])
    }

    /// Whether a file of this name was decided already: a clock set back shows the same second twice.
    public func isTaken(stem: String) throws -> Bool { try Store.isTaken(stem: stem, db) }
}

extension Store {
    /// Also by a file that was taken over or forgotten: no database has it, and readers do.
    static func isTaken(stem: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: "SELECT EXISTS(SELECT 1 FROM outbox WHERE stem = ?) OR EXISTS(SELECT 1 FROM mark WHERE mark = ?)"),
            arguments: [stem, EntryMark.stem(stem)]) ?? false
    }

    /// Of each held alert or update the topics that it is held for.
    public func heldTopics() throws(StoreError) -> [[TopicID]] {
        try read { db in
            try Data.fetchAll(db, sql: "SELECT life FROM alert_life WHERE held_at IS NOT NULL").compactMap {
                try? JSONColumn.decode(AlertLife.self, from: $0).held?.reasons.map(\.topic)
            }
        }
    }

    static func alertLife(_ story: StoryID, _ db: Database) throws -> AlertLife {
        let data = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT life FROM alert_life WHERE story = ?"), arguments: [story])
        // One that cannot be read is set aside with the next decision.
        return data.flatMap { try? JSONColumn.decode(AlertLife.self, from: $0) } ?? AlertLife()
    }

    /// The newest parcels of alerts of every kind, newest first; nothing of those that were forgotten. What was decided by a
    /// clock that ran ahead comes last, until its time has come: it would keep out all that are decided before that.
    public func newestAlerts(limit: Int, now: Timestamp) throws(StoreError) -> [Parcel] {
        // Alerts of one second stand in the seconds after it.
        let end = (now + .seconds(3600)).seconds
        return try read { db in
            let newest = try Store.alerts("decided <= ?1", end, limit: limit, db)
            return try newest + Store.alerts("decided > ?1", end, limit: limit - newest.count, db)
        }
    }

    private static func alerts(_ condition: String, _ time: Int64, limit: Int, _ db: Database) throws -> [Parcel] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT kind, stem, json, decided FROM outbox
                WHERE kind <> 'digest' AND delivered IS NOT NULL AND \(condition)
                ORDER BY decided DESC, stem DESC LIMIT ?2
                """, arguments: [time, limit]
        ).compactMap(Parcel.init)
    }
}
