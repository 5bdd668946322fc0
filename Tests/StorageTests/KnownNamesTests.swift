import Foundation
import GRDB
import News
import Testing

@testable import Storage

@Suite struct KnownNamesTests {
    private let start = Timestamp(seconds: 1_743_300_000)

    private func file(_ key: String, names: [EntityID], after seconds: Int64, in store: Store) throws {
        let time = start + .seconds(seconds)
        let member = StoryMember(
            source: "paper", key: key, url: nil, article: Article(), firstSeen: time, readAt: time, relation: .first,
            topics: [], entities: names, strongEntities: [])
        try store.file { transaction in
            try transaction.open(story: key + "aaaaaaaa", shownID: key, firstSeen: time)
            try transaction.add(member, IndexedArticle(member, fingerprint: .none), to: key + "aaaaaaaa")
        }
    }

    private func known(_ store: Store) throws -> [EntityID: Timestamp] {
        try store.issueMaterial(from: start, to: start, filedAfter: 0, limit: 0).knownSince
    }

    @Test(
        "A name is known since the first article that has it, whatever the order of filing and what is forgotten later")
    func first() throws {
        let store = try Store(path: try temporaryDatabase())
        try file("late", names: ["cape", "fleet"], after: 500, in: store)
        try file("early", names: ["cape"], after: 100, in: store)
        try file("last", names: ["cape", "fleet"], after: 900, in: store)
        let expected = ["cape": start + .seconds(100), "fleet": start + .seconds(500)]
        #expect(try known(store) == expected)
        _ = try store.forget("earlyaaaaaaaa", at: start)
        #expect(try known(store) == expected)
    }

    @Test(
        "A database of an earlier version knows the names of the articles that it has; what cannot be read names nothing"
    )
    func upgrade() throws {
        let path = try temporaryDatabase()
        do {
            let store = try Store(path: path)
            try file("a", names: ["cape"], after: 100, in: store)
            try file("b", names: ["cape", "fleet"], after: 50, in: store)
            try file("c", names: ["reef"], after: 70, in: store)
            store.close()
        }
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    DROP TABLE known_name; DELETE FROM grdb_migrations WHERE identifier = '17: known names';
                    UPDATE article SET member = CAST('{"entities": ' AS BLOB) WHERE key = 'c'
                    """)
        }
        try queue.close()
        let queueAgain = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queueAgain)
        let names = try queueAgain.read { try Store.knownNames($0) }
        #expect(names == ["cape": start + .seconds(50), "fleet": start + .seconds(50)])
    }
}
