import Foundation
import GRDB
import News

extension Store {
    /// The time from which on files may be there that this database does not know: a day before it was last used; for a new
    /// one a month ago. What a clock that was ahead once has left behind says nothing.
    public func knowsFilesUntil(now: Timestamp) throws(StoreError) -> Timestamp {
        try read { db in
            let used = try Int64.fetchOne(
                db,
                sql: """
                    SELECT max(at) FROM (SELECT last_tried AS at FROM source UNION ALL SELECT window_to FROM digest)
                    WHERE at <= ?
                    """, arguments: [now.seconds])
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

    /// Takes over what files say that readers have, in the order in which they were written: nothing of it alerts or is
    /// published again.
    ///
    /// An alerted story counts as alerted and holds nothing, and its shown id is taken; articles that an issue names are no
    /// news when a feed lists them, and those that only an alert names are filed as told; an issue's day has its issue, and
    /// the next window begins where that one ended; a source that is told as blind is waited for, one that is back is not; the rise of an indicator is told.
    public func takeOver(_ records: [PublishedRecord], at now: Timestamp) throws(StoreError) {
        try writeDurably { db in
            let known = try Int64.fetchOne(
                db, sql: "SELECT max(window_to) FROM digest WHERE window_to <= ?", arguments: [now.seconds])
            let ends = records.compactMap { record -> Int64? in
                guard case .issue(_, _, _, let to) = record.content, to <= now else { return nil }
                return to.seconds
            }
            let issuesTo = Timestamp(seconds: (ends + [known ?? .min]).max() ?? .min)
            for record in records {
                try Marks.add([EntryMark.stem(record.stem)], .published, at: now, db)
                switch record.content {
                case .alert(let stories, let decided):
                    for story in stories {
                        try Store.takeOver(story, of: record.stem, decided: decided, db)
                        // What an issue left out has had its day.
                        try Store.mark(story, isInIssue: decided <= issuesTo, isAlert: true, at: now, db)
                    }
                case .blind(let sources):
                    for source in sources { try Store.takeOver(source, of: record.stem, db) }
                case .indicator(let id, let told): try Store.takeOver(told, of: id, db)
                case .issue(let stories, let day, let from, let to):
                    for story in stories { try Store.mark(story, isInIssue: true, isAlert: false, at: now, db) }
                    try Store.takeOverIssue(record.stem, day: day, from: from, to: to, db)
                }
            }
            try Store.dropPublished(db)
        }
    }

    private static func mark(
        _ story: PublishedRecord.Story, isInIssue: Bool, isAlert: Bool, at now: Timestamp, _ db: Database
    ) throws {
        let stories: [StoryID?] = (isInIssue ? [nil] : []) + (isAlert ? [story.id] : [])
        for id in stories {
            for article in story.articles {
                guard let mark = EntryMark.url(article.url) else { continue }
                try Marks.add(Marks.PublishedText(title: article.title, story: id), at: mark, now, db)
            }
            if let id {
                try Marks.add(Marks.PublishedText(title: story.title, story: id), at: EntryMark.story(id), now, db)
            }
        }
    }

    private static func takeOver(
        _ story: PublishedRecord.Story, of stem: String, decided: Timestamp, _ db: Database
    ) throws {
        try db.execute(
            sql: "INSERT INTO story(id, shown_id, first_seen, matched) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING",
            arguments: [story.id, story.shownID, story.firstSeen.seconds])
        try db.execute(
            sql: "UPDATE story SET alerted_at = ? WHERE id = ? AND alerted_at IS NULL",
            arguments: [(story.first?.at ?? decided).seconds, story.id])
        // Another story is shown by its id.
        guard try db.changesCount > 0 || alertedAt(story.id, db) != nil else { return }
        var life = try alertLife(story.id, db)
        // Saved from a damaged database: what is held since is an update.
        if life.told.contains(where: { $0.file == stem }) { return }
        if life.told.isEmpty {
            life.said.rules = nil
            if let first = story.first { life.told = [first] }
        }
        life.said.take(entities: story.entities, headlines: story.articles.map(\.title) + [story.title])
        life.note(AlertLife.Told(file: stem, at: decided, why: story.why), topics: story.topics)
        try DeskTransaction(db: db).keep(life, of: story.id)
    }

    private static func alertedAt(_ story: StoryID, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT alerted_at FROM story WHERE id = ?", arguments: [story])
    }

    private static func takeOver(_ source: PublishedRecord.BlindSource, of stem: String, _ db: Database) throws {
        guard let until = source.until else {
            try db.execute(
                sql: """
                    INSERT INTO blind_told(source, since, file) VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET since = ?2, file = ?3, back_at = NULL
                    """, arguments: [source.id, source.since.seconds, stem])
            return try db.execute(
                sql: "UPDATE source SET blind_since = ?2 WHERE id = ?1 AND blind_since IS NULL",
                arguments: [source.id, source.since.seconds])
        }
        try db.execute(sql: "DELETE FROM blind_told WHERE source = ?", arguments: [source.id])
        guard
            try Bool.fetchOne(
                db, sql: "SELECT blind_since IS NOT NULL FROM source WHERE id = ?", arguments: [source.id]) == true
        else { return }
        try noteOutageEnd(of: source.id, at: until, db)
        try db.execute(
            sql: "UPDATE source SET blind_since = NULL, failures = 0, fault = NULL WHERE id = ?", arguments: [source.id]
        )
    }

    /// The rise of that time is told, as far as this database has come or not.
    private static func takeOver(_ told: IndicatorRise.Told, of indicator: String, _ db: Database) throws {
        try note(told, of: indicator, db)
        var rise = try indicatorRise(indicator, db) ?? IndicatorRise(judgedTo: told.at)
        guard rise.unusualAt.map({ $0 <= told.at }) ?? true else { return }
        (rise.unusualAt, rise.isTold) = (told.at, true)
        try IndicatorTransaction(db: db).keep(rise, of: indicator)
    }

    private static func takeOverIssue(
        _ stem: String, day: String, from: Timestamp, to: Timestamp, _ db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO digest(day, window_from, window_to, stem, filed_to, turn_to, number)
                VALUES (?, ?, ?, ?, (SELECT coalesce(max(position), 0) FROM article),
                    (SELECT coalesce(max(turn), 0) FROM article), (SELECT coalesce(max(number), 0) + 1 FROM digest))
                ON CONFLICT DO NOTHING
                """, arguments: [day, from.seconds, to.seconds, stem])
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
