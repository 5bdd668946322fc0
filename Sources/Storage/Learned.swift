import Foundation
import GRDB
import News

/// What the reader said of stories and topics. The texts that it was said of are files: the reader's own (`ExampleFolder`).
///
/// It outlives the story itself, which is dropped in its time, and ends with the other word, or when all of the story is forgotten.
extension Store {
    /// Keeps a verdict in place of an earlier one.
    ///
    /// - Returns: the verdict before; nil when there was none.
    @discardableResult
    public func learn(
        _ verdict: ReaderVerdict, of topic: TopicID, on story: StoryID
    ) throws(StoreError) -> ReaderVerdict? {
        var before: ReaderVerdict?
        try writeDurably { db in
            before = try Store.verdicts(on: story, db)[topic]
            try db.execute(
                sql: """
                    INSERT INTO learned(story, topic, verdict, note, at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET verdict = excluded.verdict, note = coalesce(excluded.note, note), at = excluded.at
                    """,
                arguments: [story, topic, verdict.verdict.rawValue, verdict.note, verdict.at.seconds])
            try Store.weigh(story, db)
        }
        return before
    }

    /// What the reader said of a story, by topic.
    public func verdicts(on story: StoryID) throws(StoreError) -> [TopicID: ReaderVerdict] {
        try read { db in try Store.verdicts(on: story, db) }
    }

    static func verdicts(on story: StoryID, _ db: Database) throws -> [TopicID: ReaderVerdict] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT topic, verdict, note, at FROM learned WHERE story = ?"), arguments: [story]
        ).reduce(into: [:]) { verdicts, row in
            guard let word = ReaderVerdict.Word(rawValue: row["verdict"]) else { return }
            verdicts[row["topic"]] = ReaderVerdict(word, note: row["note"], at: Timestamp(seconds: row["at"]))
        }
    }

    /// Whether a story stands in issues, and how near it came to one, by its articles and by what the reader said.
    static func weigh(_ story: StoryID, _ db: Database) throws {
        let verdicts = try verdicts(on: story, db)
        let members = try Data.fetchAll(
            db.cachedStatement(sql: "SELECT member FROM article WHERE story = ?"), arguments: [story]
        )
        var topics: [TopicMatch] = []
        for member in members {
            topics += try JSONColumn.decode(StoryMember.self, from: member).topics.filter {
                verdicts[$0.topic]?.verdict != .no
            }
        }
        let isMatch = topics.contains { $0.match >= .likely } || verdicts.values.contains { $0.verdict == .yes }
        try db.cachedStatement(sql: "UPDATE story SET score = ?, matched = ? WHERE id = ?")
            .execute(arguments: [topics.map(\.score).max() ?? 0, isMatch, story])
    }
}

extension DeskTransaction {
    /// The topics that the reader has said no to.
    public func refusedTopics(of story: StoryID) throws -> Set<TopicID> {
        try Set(Store.verdicts(on: story, db).filter { $0.value.verdict == .no }.keys)
    }
}

extension Schema {
    static let learning = """
        -- What the reader said of a story and a topic, and the leads of its texts then, to learn from.
        CREATE TABLE learned(
            story TEXT NOT NULL, topic TEXT NOT NULL, verdict TEXT NOT NULL, note TEXT, at INTEGER NOT NULL,
            texts BLOB NOT NULL, PRIMARY KEY(story, topic)) WITHOUT ROWID;
        """

    /// The examples are files, which the topics learn from: the leads beside the verdict were a second copy.
    static let verdictsAlone = "ALTER TABLE learned DROP COLUMN texts"
}
