import Foundation
import GRDB
import News

/// What came of a story's article being put elsewhere.
public struct Rearranged: Sendable, Hashable {
    /// The story that the articles are in now, and the one that they were in, by their shown ids.
    public var story: String
    public var from: String
    /// How many were moved.
    public var articles: Int
}

extension Store {
    /// Takes an article, with the copies of its text, out of its story into one of its own, in one transaction.
    ///
    /// It holds for ever: articles stay in the story that their row names, whatever new versions bring, and copies follow
    /// their text.
    /// - Parameters:
    ///   - spellings: of its address. Of several articles there the one filed last is meant.
    ///   - reserved: shown ids that are not to be given.
    /// - Returns: nil when there is no such article, or the story is nothing else.
    public func part(
        at spellings: [String], reason: String, reserved: Set<String>
    ) throws(StoreError) -> Rearranged? {
        try rearrange { rearranging in
            let row = try Row.fetchOne(
                rearranging.db,
                sql: """
                    SELECT source, key, story FROM article WHERE url IN (SELECT value FROM json_each(?))
                    ORDER BY position DESC LIMIT 1
                    """, arguments: [JSONColumn.text(spellings)])
            guard let row else { return nil }
            let key = MemberKey(source: row["source"], key: row["key"])
            return try rearranging.part(key, from: row["story"], reason: reason, reserved: reserved)
        }
    }

    /// Puts all articles of a story into another one, whose id stays; the other's leads there from now on.
    /// - Returns: nil when they are one already.
    public func join(_ story: StoryID, into target: StoryID, reason: String) throws(StoreError) -> Rearranged? {
        guard story != target else { return nil }
        return try rearrange { try $0.join(story, into: target, reason: reason) }
    }

    private func rearrange(_ body: (Rearranging) throws -> Rearranged?) throws(StoreError) -> Rearranged? {
        var done: Rearranged?
        try writeDurably { db in
            done = try body(Rearranging(transaction: DeskTransaction(db: db)))
            try DeskTransaction(db: db).scheduleHeld()
        }
        return done
    }
}

/// One rearrangement inside its transaction.
private struct Rearranging {
    let transaction: DeskTransaction
    var db: Database { transaction.db }

    func part(_ key: MemberKey, from old: StoryID, reason: String, reserved: Set<String>) throws -> Rearranged? {
        guard let story = try Story.fetch(old, db),
            let (left, stayed) = StoryMember.part(key, from: story.members, reason: reason)
        else { return nil }
        let id = try freeID(for: key)
        let shown = try ShownID.shortest(for: id) { try reserved.contains($0) || transaction.isShownIDTaken($0) }
        let lives = story.alerts.parted(left: left, stayed: stayed.map(\.member))
        try db.execute(
            sql: "INSERT INTO story(id, shown_id, first_seen, muted_until) VALUES (?, ?, ?, ?)",
            arguments: [id, shown, left.map(\.firstSeen.seconds).min(), story.mutedUntil?.seconds])
        try write(left, into: id)
        try write(stayed.filter(\.isChanged).map(\.member), into: old)
        try settle(id, lives.left, alertedAt: story.alertedAt, members: left)
        try settle(old, lives.stayed, alertedAt: story.alertedAt, members: stayed.map(\.member))
        return Rearranged(story: shown, from: story.shownID, articles: left.count)
    }

    func join(_ id: StoryID, into target: StoryID, reason: String) throws -> Rearranged? {
        guard let story = try Story.fetch(id, db), let other = try Story.fetch(target, db) else { return nil }
        let life = other.alerts.joined(story.alerts, members: other.members, others: story.members)
        let joined = StoryMember.join(story.members, reason: reason)
        try write(joined, into: target)
        try db.execute(sql: "DELETE FROM alert_life WHERE story = ?", arguments: [id])
        try db.execute(
            sql: "UPDATE story SET alerted_at = coalesce(min(alerted_at, ?1), alerted_at, ?1) WHERE id = ?2",
            arguments: [story.alertedAt?.seconds, target])
        try settle(target, life, alertedAt: nil, members: other.members + joined)
        try db.execute(sql: "UPDATE OR IGNORE learned SET story = ? WHERE story = ?", arguments: [target, id])
        try Store.weigh(target, db)
        try Store.weigh(id, db)
        try db.execute(sql: "UPDATE joined SET into_story = ? WHERE into_story = ?", arguments: [target, id])
        try db.execute(sql: "DELETE FROM joined WHERE story = ?", arguments: [target])
        try db.execute(
            sql: "INSERT INTO joined(story, into_story) VALUES (?, ?)", arguments: [id, target])
        return Rearranged(story: other.shownID, from: story.shownID, articles: joined.count)
    }

    /// The id that the article would have opened a story by, or the next that nobody has.
    private func freeID(for key: MemberKey) throws -> StoryID {
        var number = 1
        while true {
            let id = Hash.base32("\(key.source)\n\(key.key)" + (number == 1 ? "" : "\n\(number)"))
            if try !transaction.hasStory(id) { return id }
            number += 1
        }
    }

    private func write(_ members: [StoryMember], into story: StoryID) throws {
        for member in members {
            try db.cachedStatement(sql: "UPDATE article SET story = ?, member = ? WHERE source = ? AND key = ?")
                .execute(arguments: [story, JSONColumn.encode(member), member.source, member.key])
            try Fingerprints.setOriginal(of: member, db)
        }
    }

    /// - Parameter alertedAt: of the story that it was a part of, where it has been told as that.
    private func settle(
        _ story: StoryID, _ life: AlertLife, alertedAt: Timestamp?, members: [StoryMember]
    ) throws {
        let isTold = members.contains { member in alertedAt.map { member.firstSeen <= $0 } ?? false }
        try db.execute(
            sql: """
                UPDATE story SET first_seen = ?1, alerted_at = CASE WHEN ?2 IS NULL THEN alerted_at WHEN ?3 THEN ?2 END
                WHERE id = ?4
                """, arguments: [members.map(\.firstSeen.seconds).min(), alertedAt?.seconds, isTold, story])
        if life.isEmpty {
            try db.execute(sql: "DELETE FROM alert_life WHERE story = ?", arguments: [story])
        } else {
            try transaction.keep(life, of: story)
        }
        try Store.weigh(story, db)
    }
}
