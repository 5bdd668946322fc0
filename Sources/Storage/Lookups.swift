import Foundation
import GRDB
import News

/// An article as the story index needs it after a start.
public struct IndexedRow: Sendable {
    public var member: StoryMember
    public var fingerprint: Fingerprint
    public var story: StoryID
}

extension Store {
    /// Hands over every filed article first seen at `from` or later, in the order in which it, or its newest version, was filed.
    /// Rows are read one by one: memory does not grow with the window.
    public func eachFiled(since from: Timestamp, _ body: (IndexedRow) -> Void) throws(StoreError) {
        try read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT member, fingerprint, story FROM article WHERE first_seen >= ? ORDER BY turn",
                arguments: [from.seconds])
            while let row = try rows.next() {
                body(
                    IndexedRow(
                        member: try JSONColumn.decode(StoryMember.self, from: row["member"]),
                        fingerprint: try JSONColumn.decode(Fingerprint.self, from: row["fingerprint"]),
                        story: row["story"]))
            }
        }
    }

    /// The story that a reader names by its shown id, or by any longer part of its whole id.
    public func story(named name: String) throws(StoreError) -> Story? {
        try read { db in
            try String.fetchOne(
                db,
                sql: "SELECT id FROM story WHERE shown_id = ?1 OR (length(?1) > 4 AND substr(id, 1, length(?1)) = ?1)",
                arguments: [name.lowercased()]
            ).flatMap { try Story.fetch($0, db) }
        }
    }

    /// The story with an article at this address.
    public func story(at url: String) throws(StoreError) -> Story? {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT story FROM article WHERE url = ? ORDER BY position DESC LIMIT 1", arguments: [url]
            ).flatMap { try Story.fetch($0, db) }
        }
    }
}
