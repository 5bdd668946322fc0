import Foundation
import GRDB
import News
import Storage
import Testing

@Suite struct StoryAndOutboxTests {
    let path: String
    let store: Store
    let start = Timestamp(seconds: 1_743_300_000)

    init() throws {
        path = try temporaryDatabase()
        store = try Store(path: path)
    }

    @Test("A batch that throws leaves nothing behind")
    func rollback() throws {
        struct Stop: Error {}
        #expect(throws: StoreError.self) {
            try store.file { transaction in
                try transaction.open(story: "abcdefgh", shownID: "abcd", firstSeen: start)
                try transaction.put(Parcel(kind: .alert, stem: "alerts/x", json: [1], decided: start))
                throw Stop()
            }
        }
        #expect(try store.story(named: "abcd") == nil)
        #expect(try store.undelivered().isEmpty)
    }

    @Test("A story comes back with its members in the order of filing, by shown id, whole id and address")
    func story() throws {
        try fill()
        let story = try #require(try store.story(named: "ABCD"))
        #expect(story.members.map(\.key) == ["z", "a"] && story.firstSeen == start && story.alertedAt == start)
        #expect(try store.story(named: "abcdef") == story)
        #expect(try store.story(named: "abcx") == nil)
        #expect(try store.story(at: "https://harbour.example/z") == story)
    }

    @Test("A parcel is delivered once, in the order of decision, and a second one under its stem changes nothing")
    func outbox() throws {
        let late = Parcel(kind: .digest, stem: "digests/2025-03-30", json: [2], decided: start + .seconds(5))
        let early = Parcel(kind: .alert, stem: "alerts/2025-03-30/z", json: [1], decided: start)
        try store.file { for parcel in [late, early] { try $0.put(parcel) } }
        try store.file { try $0.put(Parcel(kind: .alert, stem: early.stem, json: [9], decided: start)) }
        #expect(try store.undelivered() == [early, late])
        try store.markDelivered(early, at: start)
        try store.deferDelivery(of: late, because: "no space", until: start + .seconds(60))
        #expect(try store.undelivered() == [late])
        #expect(
            try store.dueJobs() == [
                DueJob(kind: .feed, at: Timestamp(seconds: 0)), DueJob(kind: .outbox, at: start + .seconds(60)),
            ])
        #expect(try store.parcel(stem: early.stem) == early)
    }

    @Test("Windows abut: a story is in the issue in which it was first seen, and in no other")
    func windows() throws {
        try fill()
        let edge = start + .seconds(10)
        #expect(try store.stories(from: start - .seconds(1), to: start, filedAfter: 0).count == 1)
        #expect(try store.stories(from: start, to: edge, filedAfter: 2).count == 1)
        #expect(try store.stories(from: edge, to: edge + .seconds(10), filedAfter: 2).isEmpty)
    }

    @Test("What was first seen before an issue and filed after it stands in the next one")
    func lateFiling() throws {
        try fill()
        let later = start + .seconds(1000)
        #expect(try store.stories(from: later, to: later + .seconds(10), filedAfter: 1).count == 1)
        #expect(try store.stories(from: later, to: later + .seconds(10), filedAfter: 2).isEmpty)
    }

    @Test("An issue is published once for its day, with the next due time")
    func issue() throws {
        let record = PublishedDigest(
            day: "2025-03-30", from: start, to: start + .seconds(9), stem: "digests/x", filedTo: 2)
        try store.publish(
            record, as: Parcel(kind: .digest, stem: "digests/x", json: [1], decided: start),
            nextDue: start + .seconds(99))
        var again = record
        again.to = start + .seconds(50)
        try store.publish(
            again, as: Parcel(kind: .digest, stem: "digests/y", json: [2], decided: start),
            nextDue: start + .seconds(100))
        #expect(try store.lastDigest() == record)
        #expect(try store.undelivered().map(\.stem) == ["digests/x"])
        #expect(try store.dueJobs() == [DueJob(kind: .digest, at: start + .seconds(100))])
    }

    @Test("A reader opens the database beside the writer and after a clean stop")
    func reader() throws {
        try fill()
        let beside = try Store(path: path, readOnly: true)
        #expect(try beside.story(named: "abcd") != nil)
        beside.close()
        store.close()
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        let after = try Store(path: path, readOnly: true)
        #expect(try after.story(named: "abcd") != nil)
        #expect(throws: StoreError.self) { try after.setDue([]) }
    }

    @Test("A database of another program and one of a later version are refused and left whole")
    func refused() throws {
        let foreign = try temporaryDatabase()
        try run("CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1);", on: foreign)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: foreign))
        let error = #expect(throws: StoreError.self) { try Store(path: foreign) }
        #expect(error?.code == "foreign" && error?.detail.contains(foreign) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: foreign)) == bytes)

        store.close()
        try run("INSERT INTO grdb_migrations VALUES ('999: of tomorrow');", on: path)
        let newer = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(newer?.code == "newer" && newer?.detail.contains(path) == true)

        let junk = try temporaryDatabase()
        try Data("this is no database, it is a letter to the editor of some length".utf8).write(
            to: URL(fileURLWithPath: junk))
        let damaged = #expect(throws: StoreError.self) { try Store(path: junk) }
        #expect(damaged?.code == "damaged")
    }

    private func run(_ sql: String, on path: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    private func fill() throws {
        try store.file { transaction in
            try transaction.open(story: "abcdefgh", shownID: "abcd", firstSeen: start)
            for (key, offset) in [("z", 0), ("a", 10)] {
                var article = Article()
                article.title = "Headline \(key)"
                let match = TopicMatch(topic: "deterrence", match: .clear, score: 0.9, evidence: [])
                let member = StoryMember(
                    source: "harbour", key: key, url: "https://harbour.example/\(key)", article: article,
                    firstSeen: start + .seconds(offset), readAt: start, relation: .first, topics: [match], entities: [],
                    strongEntities: [])
                try transaction.add(member, IndexedArticle(member, fingerprint: .none), to: "abcdefgh")
            }
            try transaction.markAlerted("abcdefgh", at: start)
        }
    }
}
