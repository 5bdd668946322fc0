import Foundation
import GRDB
import GRDBSQLite
import News

/// What was forgotten, and what there still is of it.
public struct Forgotten: Sendable, Hashable {
    public struct Article: Sendable, Hashable {
        public var source: SourceID
        public var title: String?
        public var url: String?
        /// The shown id of its story.
        public var story: String
        public var storyID: StoryID
        public var firstSeen: Timestamp
    }

    public var articles: [Article] = []
    /// Entries that no article was made of.
    public var entries: [KnownEntry] = []
    /// Shown ids of stories that have no article any more.
    public var emptied: [String] = []
    /// Articles by others that have the same text and stay.
    public var copiesLeft = 0
    /// What waits to be written and quotes it: decided already, it is written as it is.
    public var waiting: [String] = []

    public var isEmpty: Bool { articles.isEmpty && entries.isEmpty }
}

extension Store {
    /// Forgets the article at one of these spellings of an address, in every source that listed it.
    /// - Returns: empty when nothing is known there.
    public func forget(at spellings: [String], at now: Timestamp) throws(StoreError) -> Forgotten {
        let urls = spellings
        return try forget(at: now) { forgetting in
            let list = try JSONColumn.text(urls)
            let rows = try Row.fetchAll(
                forgetting.db,
                sql: "SELECT position, member, story FROM article WHERE url IN (SELECT value FROM json_each(?))",
                arguments: [list])
            try forgetting.drop(rows)
            while let entry = try Store.entry(at: urls, forgetting.db) { try forgetting.drop(entry) }
        }
    }

    /// Forgets all articles of a story.
    public func forget(_ story: StoryID, at now: Timestamp) throws(StoreError) -> Forgotten {
        try forget(at: now) { forgetting in
            let rows = try Row.fetchAll(
                forgetting.db, sql: "SELECT position, member, story FROM article WHERE story = ?", arguments: [story])
            try forgetting.drop(rows)
        }
    }

    /// What is dropped is overwritten with zeros in the database (`PRAGMA secure_delete`), and the log is emptied into it.
    private func forget(
        at now: Timestamp, _ body: (inout Forgetting) throws -> Void
    ) throws(StoreError) -> Forgotten {
        guard let pool else { throw StoreError(code: "read-only", detail: "the database is open for reading only") }
        do {
            return try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL")
                defer { try? db.execute(sql: "PRAGMA secure_delete = OFF; PRAGMA synchronous = NORMAL") }
                var forgetting = Forgetting(db: db, now: now)
                try db.inTransaction(.immediate) {
                    try body(&forgetting)
                    try forgetting.mend()
                    return .commit
                }
                // Readers may hold a part of the log open; it goes with the next checkpoint.
                _ = try? db.checkpoint(.truncate)
                return forgetting.forgotten
            }
        } catch { throw StoreError(reading: error, path: pool.path) }
    }
}

/// One forgetting inside its transaction.
private struct Forgetting {
    let db: Database
    let now: Timestamp
    var forgotten = Forgotten()
    private var gone: [StoryID: Set<MemberKey>] = [:]
    /// The members of these stories before.
    private var members: [StoryID: [(position: Int64, member: StoryMember)]] = [:]

    init(db: Database, now: Timestamp) {
        self.db = db
        self.now = now
    }

    /// Drops articles and the entries behind them, and leaves their marks.
    mutating func drop(_ rows: [Row]) throws {
        for row in rows {
            let story: StoryID = row["story"]
            if members[story] == nil { members[story] = try fetchMembers(of: story) }
            let member = try JSONColumn.decode(StoryMember.self, from: row["member"])
            gone[story, default: []].insert(MemberKey(source: member.source, key: member.key))
            let shown = try String.fetchOne(db, sql: "SELECT shown_id FROM story WHERE id = ?", arguments: [story])
            forgotten.articles.append(
                Forgotten.Article(
                    source: member.source, title: member.article.title, url: member.url, story: shown ?? story,
                    storyID: story, firstSeen: member.firstSeen))
            let sketch = try dropEntries(of: member.source, named: member.key)
            let places = [member.url, member.article.canonicalURL].compactMap(EntryMark.url)
            try Marks.add([EntryMark.key(member.source, member.key)] + places, .forgotten, sketch: sketch, at: now, db)
            try db.execute(sql: "DELETE FROM article WHERE position = ?", arguments: [row["position"] as Int64])
            try dropParcels(of: member, in: story, shown: shown ?? story)
        }
    }

    /// Drops an entry that no article was made of.
    mutating func drop(_ entry: KnownEntry) throws {
        forgotten.entries.append(entry)
        let payload = try Data.fetchOne(
            db, sql: "SELECT payload FROM entry WHERE source = ? AND key = ? AND payload IS NOT NULL",
            arguments: [entry.source, entry.key])
        let listed = try payload.map { ListedEntry(try JSONColumn.decode(Entry.self, from: $0)) }
        let sketch = try dropEntries(of: entry.source, named: entry.key)
        let places = listed?.placeMarks ?? [EntryMark.url(entry.key)].compactMap { $0 }
        try Marks.add([EntryMark.key(entry.source, entry.key)] + places, .forgotten, sketch: sketch, at: now, db)
    }

    /// Drops the rows by which its feed knows it: under its key, or under the name by which the desk knows it.
    /// - Returns: the sketch of the text that it had last.
    private func dropEntries(of source: SourceID, named name: String) throws -> Data? {
        let rows = try Row.fetchAll(
            db, sql: "SELECT key, sketch, twin, content_hash FROM entry WHERE source = ?1 AND (key = ?2 OR name = ?2)",
            arguments: [source, name])
        for row in rows {
            let marks = [
                EntryMark.key(source, row["key"]), EntryMark.twin(row["twin"]),
                EntryMark.text(source, row["content_hash"]),
            ].compactMap { $0 }
            try Marks.add(marks, .forgotten, sketch: row["sketch"], at: now, db)
            try db.execute(
                sql: "DELETE FROM entry WHERE source = ? AND key = ?", arguments: [source, row["key"] as String])
            try db.execute(
                sql: "DELETE FROM suspect WHERE source = ? AND key = ?", arguments: [source, row["key"] as String])
        }
        try db.execute(sql: "DELETE FROM suspect WHERE source = ? AND key = ?", arguments: [source, name])
        return rows.last?["sketch"]
    }

    /// Takes it out of the database's copies of what readers have in files. What waits to be written stays: it was promised.
    private mutating func dropParcels(of member: StoryMember, in story: StoryID, shown: String) throws {
        let quote = try ParcelQuote(of: member, in: story, shown: shown)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT stem, kind, json, decided, delivered FROM outbox
                WHERE instr(json, ?1) OR instr(json, ?2) AND instr(json, ?3)
                """, arguments: [quote.address, quote.shownID, quote.title ?? quote.address])
        for row in rows {
            let stem: String = row["stem"]
            guard row["delivered"] != nil as Int64? else {
                if !forgotten.waiting.contains(stem) { forgotten.waiting.append(stem) }
                continue
            }
            if let rest = try quote.rest(of: row["json"], kind: Parcel.Kind(rawValue: row["kind"])) {
                try db.execute(sql: "UPDATE outbox SET json = ? WHERE stem = ?", arguments: [rest, stem])
            } else {
                // Its file goes on being known.
                try Marks.add([EntryMark.stem(stem)], .forgotten, at: now, db)
                try db.execute(sql: "DELETE FROM outbox WHERE stem = ?", arguments: [stem])
            }
            try Store.setDue(DueJob(kind: .feed, at: now), db)
        }
    }

    /// Mends what is left of the stories.
    mutating func mend() throws {
        for (story, gone) in gone.sorted(by: { $0.key < $1.key }) {
            let before = members[story] ?? []
            let rest = StoryMember.rest(of: before.map(\.member), without: gone)
            let positions = before.filter { !gone.contains(MemberKey(source: $0.member.source, key: $0.member.key)) }
                .map(\.position)
            for (position, item) in zip(positions, rest) where item.isChanged {
                try db.execute(
                    sql: "UPDATE article SET member = ? WHERE position = ?",
                    arguments: [JSONColumn.encode(item.member), position])
                try Fingerprints.setOriginal(of: item.member, db)
            }
            if rest.isEmpty { try db.execute(sql: "DELETE FROM learned WHERE story = ?", arguments: [story]) }
            try Store.weigh(story, db)
            forgotten.copiesLeft += before.count { item in
                !gone.contains(MemberKey(source: item.member.source, key: item.member.key))
                    && item.member.copyOf.map(gone.contains) ?? false
            }
            if rest.isEmpty {
                // What is held of it would be an alert of nothing.
                try db.execute(sql: "DELETE FROM alert_life WHERE story = ?", arguments: [story])
                let shown = try String.fetchOne(db, sql: "SELECT shown_id FROM story WHERE id = ?", arguments: [story])
                forgotten.emptied.append(shown ?? story)
            } else {
                try mendLife(of: story, without: gone, rest: rest.map(\.member))
            }
        }
    }

    private func mendLife(of story: StoryID, without gone: Set<MemberKey>, rest: [StoryMember]) throws {
        let life = try Store.alertLife(story, db)
        let left = life.without(gone, rest: rest)
        guard left != life else { return }
        try db.execute(
            sql: "UPDATE alert_life SET life = ?, held_at = ? WHERE story = ?",
            arguments: [JSONColumn.encode(left), left.held?.until.seconds, story])
    }

    private func fetchMembers(of story: StoryID) throws -> [(position: Int64, member: StoryMember)] {
        try Row.fetchAll(
            db, sql: "SELECT position, member FROM article WHERE story = ? ORDER BY position", arguments: [story]
        ).map { ($0["position"], try JSONColumn.decode(StoryMember.self, from: $0["member"])) }
    }
}

extension DeskTransaction {
    /// Whether an entry that was read meanwhile has been forgotten.
    public func isForgotten(_ pending: PendingEntry, canonicalURL: String?) throws -> Bool {
        guard try Marks.exist(.forgotten, db) else { return false }
        return try Marks.isForgotten(
            ListedEntry(pending.entry), names: [pending.key], url: canonicalURL, of: pending.source, db)
    }

    /// Takes a forgotten entry out of the queue.
    public func drop(_ pending: PendingEntry) throws {
        try db.execute(
            sql: "DELETE FROM entry WHERE source = ?1 AND (key = ?2 AND name IS NULL OR name = ?2)",
            arguments: [pending.source, pending.key])
    }
}
