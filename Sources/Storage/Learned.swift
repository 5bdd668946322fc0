import Foundation
import GRDB
import News

/// What the reader said of stories and topics, with the texts that it was said of.
///
/// It outlives the story itself, which is dropped in its time, and ends with the other word or, text by text, with `forget`.
extension Store {
    /// One text of an example, by the article that it was.
    private struct Text: Codable {
        var source: SourceID
        var key: String
        /// As `TopicExample` prints it, with the lead alone.
        var text: String
    }

    /// Keeps a verdict in place of an earlier one.
    ///
    /// - Parameters:
    ///   - texts: the story's own; none where they are no longer kept.
    /// - Returns: the verdict before; nil when there was none.
    @discardableResult
    public func learn(
        _ verdict: ReaderVerdict, of topic: TopicID, on story: StoryID, texts: [(key: MemberKey, example: TopicExample)]
    ) throws(StoreError) -> ReaderVerdict? {
        var before: ReaderVerdict?
        try writeDurably { db in
            before = try Store.verdicts(on: story, db)[topic]
            let kept = texts.map { Text(source: $0.key.source, key: $0.key.key, text: $0.example.text) }
            try db.execute(
                sql: """
                    INSERT INTO learned(story, topic, verdict, note, at, texts) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET verdict = excluded.verdict, note = coalesce(excluded.note, note),
                    at = excluded.at, texts = CASE WHEN ? THEN texts ELSE excluded.texts END
                    """,
                arguments: [
                    story, topic, verdict.verdict.rawValue, verdict.note, verdict.at.seconds, JSONColumn.encode(kept),
                    kept.isEmpty,
                ])
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

    /// All that a model can learn from: the newest `Limits.examplesMax`, in the order in which it was said.
    public func learnedExamples() throws(StoreError) -> [LabelledExample] {
        try read { db in
            var examples: [LabelledExample] = []
            let rows = try Row.fetchCursor(
                db, sql: "SELECT topic, verdict, note, texts FROM learned ORDER BY at DESC, story DESC, topic DESC")
            while examples.count < Limits.examplesMax, let row = try rows.next() {
                guard let word = ReaderVerdict.Word(rawValue: row["verdict"]) else { continue }
                for text in try JSONColumn.decode([Text].self, from: row["texts"]).reversed() {
                    guard let example = try? TopicExample(parsing: text.text) else { continue }
                    examples.append(
                        LabelledExample(topic: row["topic"], verdict: word, example: example.noted(row["note"])))
                }
            }
            return examples.prefix(Limits.examplesMax).reversed()
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

    /// Takes the texts of articles that are forgotten out of what was learned; all of it where the story has none left.
    static func unlearn(_ gone: Set<MemberKey>, of story: StoryID, isEmptied: Bool, _ db: Database) throws {
        if isEmptied { return try db.execute(sql: "DELETE FROM learned WHERE story = ?", arguments: [story]) }
        for row in try Row.fetchAll(db, sql: "SELECT topic, texts FROM learned WHERE story = ?", arguments: [story]) {
            let texts = try JSONColumn.decode([Text].self, from: row["texts"])
            let rest = texts.filter { !gone.contains(MemberKey(source: $0.source, key: $0.key)) }
            guard rest.count < texts.count else { continue }
            try db.execute(
                sql: "UPDATE learned SET texts = ? WHERE story = ? AND topic = ?",
                arguments: [JSONColumn.encode(rest), story, row["topic"] as String])
        }
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
}
