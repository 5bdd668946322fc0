import Foundation
import GRDB
import News

/// What articles of the last weeks are recognised by, one narrow row for each: the story index looks up a few of them for each
/// article that is filed, and is filled with all of them after a start.
enum Fingerprints {
    /// Puts a fingerprint down, of a new article or of a later version: then as many earlier ones stay as the index keeps.
    static func put(_ article: IndexedArticle, turn: Int64, _ db: Database) throws {
        let name = Int64(bitPattern: article.name)
        try db.cachedStatement(
            sql: """
                INSERT INTO fingerprint(turn, first_seen, source, name, original, addresses, text)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            turn, article.firstSeen.seconds, article.key.source, name, Int64(bitPattern: article.originalName),
            FingerprintColumn.encode(article.addresses), FingerprintColumn.encode(article.fingerprint),
        ])
        try db.cachedStatement(
            sql: """
                DELETE FROM fingerprint WHERE turn =
                    (SELECT turn FROM fingerprint WHERE name = ?1 ORDER BY turn LIMIT 1 OFFSET 1)
                AND (SELECT count(*) FROM fingerprint WHERE name = ?1) > ?2
                """
        ).execute(arguments: [name, ArticleTrace.versionsMax])
    }

    /// A reader's hand has made an article a text of its own, or the copy of another.
    static func setOriginal(of member: StoryMember, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE fingerprint SET original = ? WHERE name = ?").execute(arguments: [
            Int64(bitPattern: member.original.mark), Int64(bitPattern: MemberKey(member).mark),
        ])
    }
}

extension DeskTransaction: ArticleShelf {
    public func fingerprint(at turn: Int64) throws -> Fingerprint? {
        try Data.fetchOne(
            db.cachedStatement(sql: "SELECT text FROM fingerprint WHERE turn = ?"), arguments: [turn]
        ).map(FingerprintColumn.fingerprint)
    }

    public func article(at turn: Int64) throws -> ShelvedArticle? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT article.source, key, story, name, original FROM fingerprint AS version JOIN article
                    ON article.turn = (SELECT max(turn) FROM fingerprint WHERE name = version.name)
                    WHERE version.turn = ?
                    """), arguments: [turn]
        ).map { row in
            let key = MemberKey(source: row["source"], key: row["key"])
            let isCopy = row["name"] as Int64 != row["original"]
            // One that cannot be read back is left for its story to complain of.
            let original = isCopy ? try? filed(key)?.member.copyOf : nil
            return ShelvedArticle(key: key, original: original ?? key, story: row["story"])
        }
    }
}

extension Store {
    /// Hands over every filed article first seen at `from` or later, in the order in which it, or its newest version, was filed.
    /// Rows are read one by one: memory does not grow with the window.
    /// - Parameter body: gets the rest as well, by a call that reads it; nil where that is of an earlier version or damaged.
    public func eachFiled(
        since from: Timestamp, _ body: (ArticleTrace, () throws -> StoryIndex.Recent?) throws -> Void
    ) throws(StoreError) {
        try read { db in
            let article = try db.makeStatement(sql: "SELECT member, story FROM article WHERE turn = ?")
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT turn, first_seen, source, name, original, addresses, text FROM fingerprint
                    WHERE +first_seen >= ? ORDER BY turn
                    """, arguments: [from.seconds])
            while let row = try rows.next() {
                let trace = try ArticleTrace(row)
                try body(trace) {
                    // Of an earlier version nobody asks. One that cannot be read back is left for its story to complain of.
                    guard let row = try Row.fetchOne(article, arguments: [trace.turn]),
                        let member = try? JSONColumn.decode(StoryMember.self, from: row["member"])
                    else { return nil }
                    return StoryIndex.Recent(member, story: row["story"])
                }
            }
        }
    }
}

extension ArticleTrace {
    fileprivate init(_ row: Row) throws {
        let text = try FingerprintColumn.probes(row["text"], limit: Self.probesMax)
        self.init(
            turn: row["turn"], name: UInt64(bitPattern: row["name"]), source: row["source"],
            original: UInt64(bitPattern: row["original"]), firstSeen: Timestamp(seconds: row["first_seen"]),
            addresses: FingerprintColumn.addresses(row["addresses"]),
            probes: text.probes, shingleCount: text.shingles)
    }
}

/// Numbers as they lie in a column, little-endian.
enum FingerprintColumn {
    /// Two bytes each: hashes, places, figures; four: shingles. Then hashes, places, figures.
    private static let headLength = 10

    static func encode(_ fingerprint: Fingerprint) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            headLength + fingerprint.hashes.count * 5 + fingerprint.figures.count * MemoryLayout<UInt64>.size)
        for count in [fingerprint.hashes.count, fingerprint.places.count, fingerprint.figures.count] {
            append(UInt16(count), to: &bytes)
        }
        append(UInt32(fingerprint.shingleCount), to: &bytes)
        for hash in fingerprint.hashes { append(hash, to: &bytes) }
        bytes += fingerprint.places
        for figure in fingerprint.figures { append(figure, to: &bytes) }
        return Data(bytes)
    }

    static func encode(_ addresses: [UInt64]) -> Data {
        var bytes: [UInt8] = []
        for address in addresses { append(address, to: &bytes) }
        return Data(bytes)
    }

    private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    static func addresses(_ data: Data) -> [UInt64] {
        data.withUnsafeBytes { numbers($0, at: 0, count: $0.count / MemoryLayout<UInt64>.size) }
    }

    /// The first hashes alone, and how many shingles the text has.
    static func probes(_ data: Data, limit: Int) throws -> (probes: [UInt32], shingles: Int) {
        try data.withUnsafeBytes { bytes in
            let head = try head(bytes)
            return (numbers(bytes, at: headLength, count: min(head.hashes, limit)), head.shingles)
        }
    }

    static func fingerprint(_ data: Data) throws -> Fingerprint {
        try data.withUnsafeBytes { bytes in
            let head = try head(bytes)
            let places = headLength + head.hashes * MemoryLayout<UInt32>.size
            return Fingerprint(
                hashes: numbers(bytes, at: headLength, count: head.hashes),
                places: numbers(bytes, at: places, count: head.places),
                shingleCount: head.shingles,
                figures: numbers(bytes, at: places + head.places, count: head.figures))
        }
    }

    private static func head(
        _ bytes: UnsafeRawBufferPointer
    ) throws -> (hashes: Int, places: Int, figures: Int, shingles: Int) {
        guard bytes.count >= headLength else { throw damaged }
        let counts: [UInt16] = numbers(bytes, at: 0, count: 3)
        let shingles: [UInt32] = numbers(bytes, at: 6, count: 1)
        let (hashes, places, figures) = (Int(counts[0]), Int(counts[1]), Int(counts[2]))
        guard bytes.count == headLength + hashes * 4 + places + figures * 8 else { throw damaged }
        return (hashes, places, figures, Int(shingles[0]))
    }

    private static var damaged: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a fingerprint is not as long as it says")
    }

    private static func numbers<Number: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, at start: Int, count: Int
    ) -> [Number] {
        (0..<count).map {
            Number(
                littleEndian: bytes.loadUnaligned(
                    fromByteOffset: start + $0 * MemoryLayout<Number>.size, as: Number.self))
        }
    }
}
