import GRDB
import News

/// A file of a published issue, as it was when it was published.
public struct PublishedFile: Sendable, Hashable {
    /// Relative to the state folder.
    public var name: String
    /// Of its bytes, in hexadecimal.
    public var sha256: String

    public init(name: String, sha256: String) {
        self.name = name
        self.sha256 = sha256
    }

    public init(name: String, bytes: [UInt8]) { self.init(name: name, sha256: Hash.hex(bytes)) }
}

extension Store {
    /// Notes the files of a day's issue; what is noted already stays.
    public func record(_ files: [PublishedFile], of day: String) throws(StoreError) {
        try write { db in try Store.record(files, of: day, db) }
    }

    static func record(_ files: [PublishedFile], of day: String, _ db: Database) throws {
        for file in files {
            try db.execute(
                sql: "INSERT INTO published(file, day, sha256) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [file.name, day, file.sha256])
        }
    }

    /// The files of the newest issues that were delivered, newest day first.
    /// - Parameter days: of so many issues.
    public func publishedFiles(ofLast days: Int) throws(StoreError) -> [PublishedFile] {
        try read { db in
            try Store.publishedFiles("day IN (SELECT day FROM digest ORDER BY number DESC LIMIT ?)", [days], db)
        }
    }

    /// The files of a day's issue, where it was delivered.
    public func publishedFiles(of day: String) throws(StoreError) -> [PublishedFile] {
        try read { db in try Store.publishedFiles("day = ?", [day], db) }
    }

    private static func publishedFiles(
        _ condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [PublishedFile] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT file, sha256 FROM published WHERE \(condition) AND NOT EXISTS(
                    SELECT 1 FROM outbox WHERE stem = 'digests/' || published.day AND delivered IS NULL)
                ORDER BY day DESC, file
                """, arguments: arguments
        ).map { PublishedFile(name: $0["file"], sha256: $0["sha256"]) }
    }
}
