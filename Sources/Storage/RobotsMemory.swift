import Foundation
import GRDB
import News

/// What a server's robots.txt said when it was last asked for.
public struct KnownRobots: Sendable, Hashable {
    /// `https://outlet.example`; a word may follow, of who asks for it in another way than everybody.
    public var key: String
    /// Nil while it has not been had at all.
    public var rules: RobotsRules?
    /// When it was read or, without rules, asked for; older rules stand while it cannot be read.
    public var read: Timestamp
    /// Not asked for again before.
    public var goodUntil: Timestamp

    public init(key: String, rules: RobotsRules?, read: Timestamp, goodUntil: Timestamp) {
        self.key = key
        self.rules = rules
        self.read = read
        self.goodUntil = goodUntil
    }
}

extension Store {
    public func robots(of key: String) throws(StoreError) -> KnownRobots? {
        try read { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT rules, read, good_until FROM robots WHERE origin = ?"),
                arguments: [key]
            ).map { row in
                KnownRobots(
                    key: key,
                    rules: try (row["rules"] as Data?).map { try JSONColumn.decode(RobotsRules.self, from: $0) },
                    read: Timestamp(seconds: row["read"]), goodUntil: Timestamp(seconds: row["good_until"]))
            }
        }
    }

    /// Keeps it, and lets go of servers that nobody has asked about for a month.
    public func keep(_ robots: KnownRobots, at now: Timestamp) throws(StoreError) {
        try write { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO robots(origin, rules, read, good_until) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET rules = excluded.rules, read = excluded.read, good_until = excluded.good_until
                    """
            ).execute(arguments: [
                robots.key, try robots.rules.map(JSONColumn.encode), robots.read.seconds, robots.goodUntil.seconds,
            ])
            try db.cachedStatement(sql: "DELETE FROM robots WHERE good_until < ?")
                .execute(arguments: [now.seconds - Int64(Limits.robotsKeptSeconds)])
        }
    }
}
