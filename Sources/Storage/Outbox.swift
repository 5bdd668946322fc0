import Foundation
import GRDB
import News

extension Store {
    /// What waits to be delivered, in the order in which it was decided.
    public func undelivered() throws(StoreError) -> [Parcel] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT kind, stem, json, decided FROM outbox WHERE delivered IS NULL ORDER BY decided, stem"
            ).compactMap(Parcel.init)
        }
    }

    /// - Parameter ways: by which it is to leave the machine as well.
    public func markDelivered(_ parcel: Parcel, at time: Timestamp, ways: [String] = []) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "UPDATE outbox SET delivered = ?, attempts = attempts + 1, fault = NULL WHERE stem = ?",
                arguments: [time.seconds, parcel.stem])
            try Store.send(parcel.stem, by: ways, at: time, db)
        }
    }

    /// Notes a failed delivery and when to try again.
    public func deferDelivery(of parcel: Parcel, because fault: String, until time: Timestamp) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "UPDATE outbox SET attempts = attempts + 1, fault = ? WHERE stem = ?",
                arguments: [fault, parcel.stem])
            try Store.setDue(DueJob(kind: .outbox, at: time), db)
        }
    }

    /// Why the last try to deliver it failed; nil where none did.
    public func deliveryFault(of stem: String) throws(StoreError) -> String? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT fault FROM outbox WHERE stem = ?", arguments: [stem])
        }
    }

    /// Why `alerts.atom` could not be written when that was tried last, and since when; nil where it was.
    public func feedFault() throws(StoreError) -> FeedFault? { try read { try Store.feedFault($0) } }

    static func feedFault(_ db: Database) throws -> FeedFault? {
        try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'feed_fault'").map {
            try JSONColumn.decode(FeedFault.self, from: $0)
        }
    }

    /// Keeps it with its first time, or forgets it; writes nothing where that is known.
    public func keepFeedFault(_ words: String?, at now: Timestamp) throws(StoreError) {
        let old = try feedFault()
        guard old?.words != words else { return }
        try write { db in
            try db.execute(sql: "DELETE FROM meta WHERE name = 'feed_fault'")
            guard let words else { return }
            try db.execute(
                sql: "INSERT INTO meta(name, value) VALUES ('feed_fault', ?)",
                arguments: [JSONColumn.encode(FeedFault(words: words, since: old?.since ?? now))])
        }
    }

    /// The parcel under this stem, delivered or not.
    public func parcel(stem: String) throws(StoreError) -> Parcel? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT kind, stem, json, decided FROM outbox WHERE stem = ?", arguments: [stem])
                .flatMap(Parcel.init)
        }
    }

    static func put(_ parcel: Parcel, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO outbox(stem, kind, json, decided) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        ).execute(arguments: [parcel.stem, parcel.kind.rawValue, Data(parcel.json), parcel.decided.seconds])
        // Due at once, whatever the clock shows at delivery.
        if parcel.kind != .digest { try setDue(DueJob(kind: .feed, at: Timestamp(seconds: 0)), db) }
    }
}

/// Why the feed of alerts is not as it should be.
public struct FeedFault: Sendable, Hashable, Codable {
    public var words: String
    public var since: Timestamp
}

extension Parcel {
    /// Nil for a kind of a later version.
    init?(_ row: Row) {
        guard let kind = Kind(rawValue: row["kind"]) else { return nil }
        let json: Data = row["json"]
        self.init(kind: kind, stem: row["stem"], json: [UInt8](json), decided: Timestamp(seconds: row["decided"]))
    }
}
