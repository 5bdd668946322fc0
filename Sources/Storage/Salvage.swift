import Foundation
import GRDB
import News

/// What a damaged database had decided and not told yet, as far as it can still be read.
public struct Salvage: Sendable, Hashable {
    /// Not delivered, in the order in which they were decided.
    public var parcels: [Parcel] = []
    public var blind: [Blindness.Told] = []
    /// Stories of which an alert is held, with their articles.
    var held: [HeldRows] = []
    /// Held alerts and parcels that are named and cannot be read.
    public var lost = 0
    /// Whether all names could be read; else there may have been more.
    public var isWhole = true

    public init() {}

    /// Rows of a story, of its life and of its articles, as they are.
    struct HeldRows: Sendable, Hashable {
        var story: [String: DatabaseValue]
        var life: [String: DatabaseValue]
        var articles: [[String: DatabaseValue]]
        var fingerprints: [[String: DatabaseValue]]
    }

    /// Of alerts and issues.
    public var count: Int { parcels.count + held.count }

    /// What was lost, in words; nil where nothing was.
    public var loss: String? {
        if lost == 0, isWhole { return nil }
        let count = lost == 0 ? "" : "held or not delivered, and not to be saved: \(lost)"
        let more = "how much else was held or not delivered cannot be read"
        return [count, isWhole ? "" : more].filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension Salvage {
    /// Reads a database that was set aside, row by row: what an index names and a page cannot give is counted as lost.
    public init(from path: String) {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        // Of an empty file SQLite throws the log away.
        guard DatabaseLife.size(path) > 0, let database = try? DatabaseQueue(path: path, configuration: configuration)
        else {
            isWhole = false
            return
        }
        defer { try? database.close() }
        // Without a transaction, so that an error ends no more than its statement.
        self = database.unsafeRead { db in
            var salvage = Salvage()
            salvage.readParcels(db)
            salvage.readHeld(db)
            salvage.readBlind(db)
            return salvage
        }
    }

    private mutating func readParcels(_ db: Database) {
        let stems = names(
            "stem", "outbox", index: ("outbox_waiting", ["decided", "stem"]), where: "delivered IS NULL", db)
        for stem in stems {
            let row = try? Row.fetchOne(
                db, sql: "SELECT kind, stem, json, decided FROM outbox WHERE stem = ?", arguments: [stem])
            if let parcel = row.flatMap(Parcel.init) { parcels.append(parcel) } else { lost += 1 }
        }
        parcels.sort { ($0.decided, $0.stem) < ($1.decided, $1.stem) }
    }

    private mutating func readHeld(_ db: Database) {
        for story in names(
            "story", "alert_life", index: ("alert_life_held", ["held_at", "story"]), where: "held_at IS NOT NULL", db)
        {
            func rows(_ table: String, _ key: String, _ value: DatabaseValue? = nil) -> [[String: DatabaseValue]] {
                let rows = try? Row.fetchAll(
                    db, sql: "SELECT * FROM \(table) WHERE \(key) = ?", arguments: [value ?? story.databaseValue])
                return (rows ?? []).map { Dictionary($0.map { ($0, $1) }, uniquingKeysWith: { first, _ in first }) }
            }
            let articles = rows("article", "story")
            guard let own = rows("story", "id").first, let life = rows("alert_life", "story").first, !articles.isEmpty
            else {
                lost += 1
                continue
            }
            let fingerprints = articles.compactMap { $0["turn"] }.flatMap { rows("fingerprint", "turn", $0) }
            held.append(HeldRows(story: own, life: life, articles: articles, fingerprints: fingerprints))
        }
    }

    private mutating func readBlind(_ db: Database) {
        for source in names("source", "blind_told", index: nil, where: "true", db) {
            guard
                let row = try? Row.fetchOne(
                    db, sql: "SELECT since, file, back_at FROM blind_told WHERE source = ?", arguments: [source])
            else { continue }
            blind.append(
                Blindness.Told(
                    source: source, since: Timestamp(seconds: row["since"]), file: row["file"],
                    backAt: (row["back_at"] as Int64?).map(Timestamp.init(seconds:))))
        }
    }

    /// Of the rows in question: from an index that has them and them only, then from the table, from both ends up to the
    /// damage.
    private mutating func names(
        _ column: String, _ table: String, index: (name: String, columns: [String])?, where condition: String,
        _ db: Database
    ) -> [String] {
        var names: Set<String> = []
        var isComplete = false
        let places = [index.map { ("INDEXED BY \($0.name)", $0.columns) }, ("NOT INDEXED", [column])]
        for (place, columns) in places.compactMap({ $0 }) {
            for order in ["ASC", "DESC"] where !isComplete {
                // As the rows lie: sorted, none would come before the damage was met.
                let ordered = columns.map { "\($0) \(order)" }.joined(separator: ", ")
                isComplete = true
                do {
                    let rows = try String.fetchCursor(
                        db, sql: "SELECT \(column) FROM \(table) \(place) WHERE \(condition) ORDER BY \(ordered)")
                    while let name = try rows.next() { names.insert(name) }
                } catch { isComplete = false }
            }
        }
        if !isComplete { isWhole = false }
        return names.sorted()
    }
}

extension Store {
    /// Takes in what was saved: it is delivered, held and waited for as if nothing had happened.
    public func take(_ salvage: Salvage) throws(StoreError) {
        try writeDurably { db in
            for parcel in salvage.parcels { try Store.put(parcel, db) }
            for held in salvage.held {
                try Store.insert(held.story, into: "story", db)
                for article in held.articles {
                    try Store.insert(article.filter { $0.key != "position" }, into: "article", db)
                }
                for fingerprint in held.fingerprints { try Store.insert(fingerprint, into: "fingerprint", db) }
                try Store.insert(held.life, into: "alert_life", db)
            }
            let blindness = BlindnessTransaction(db: db)
            for told in salvage.blind {
                try blindness.note(told)
                if let back = told.backAt { try blindness.noteFirstBack(of: told.file, at: back) }
            }
            try DeskTransaction(db: db).scheduleHeld()
            if let loss = salvage.loss {
                try db.execute(
                    sql:
                        "INSERT INTO meta(name, value) VALUES ('lost_words', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    arguments: [loss])
            }
        }
    }

    /// A row of a database of this or an earlier version: its columns are ours, or were left out since.
    private static func insert(_ row: [String: DatabaseValue], into table: String, _ db: Database) throws {
        let columns = try db.columns(in: table).map(\.name).filter { row[$0] != nil }
        try db.execute(
            sql: """
                INSERT INTO \(table)(\(columns.joined(separator: ", ")))
                VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT DO NOTHING
                """, arguments: StatementArguments(columns.map { row[$0] }))
    }
}
