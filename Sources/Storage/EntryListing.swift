import Foundation
import GRDB
import News

/// One document's entries, taken into the database inside the poll's transaction.
struct EntryListing {
    let db: Database
    let result: PollResult
    let entries: [ListedEntry]
    let baseline: Baseline
    /// Of all entries of the document, by key: `contentHash`.
    private lazy var texts: [String: Set<String>] = entries.reduce(into: [:]) {
        $0[$1.key, default: []].insert($1.contentHash)
    }
    /// There are entries that were forgotten, and such as readers have from before this database.
    private let hasForgotten: Bool
    private let hasPublished: Bool
    private let statements: Statements
    private(set) var tally = PollTally()
    private var newest: Timestamp?
    /// Entries that were known, and those of them that stood under another id, or whose id was another's.
    private var knownCount = 0
    private var otherIDs = 0

    init(db: Database, result: PollResult, entries: [ListedEntry], baseline: Baseline) throws {
        hasForgotten = try Marks.exist(.forgotten, db)
        hasPublished = try Marks.exist(.published, db)
        self.db = db
        self.result = result
        self.entries = entries
        self.baseline = baseline
        statements = try Statements(db)
    }

    private var source: SourceID { result.source.id }

    /// Never later than the poll: a date in the future says nothing.
    var newestEntry: Timestamp { min(newest ?? result.at, result.at) }

    /// Most of the entries that were known stood under other ids than before, and their addresses would tell them apart.
    var hasOtherIDs: Bool {
        guard otherIDs >= Limits.changedIDsMin, otherIDs * 2 >= knownCount else { return false }
        let addresses = entries.compactMap { EntryIdentity.url(for: $0.entry) }
        return addresses.count == entries.count && Set(addresses).count == addresses.count
    }

    /// A known entry is touched or becomes a new version; everything else is news, or part of the silent baseline.
    ///
    /// An id alone may not tell: feeds give one id to several entries, use an id again for another text, number their entries
    /// by place, or change all ids when they move. So a text that is known under its id and words together is known, and one
    /// with the address and the words of an entry that is no longer listed under its id is that entry.
    mutating func take(_ listed: ListedEntry) throws {
        let time = result.source.time == .firstSeen ? nil : listed.entry.published ?? listed.entry.updated
        newest = max(newest ?? Timestamp(seconds: .min), time ?? result.at)
        tally.listed += 1
        if hasForgotten, try Marks.isForgotten(listed, of: source, db) { return }
        let known = try lookUp(listed.key, listed) ?? respelt(listed)
        if let known, known.isSame { return try touch(known) }
        let textKey = listed.textKey
        if let known = try lookUp(textKey, listed) { return try touch(known) }
        if listed.isKeyShared { return try add(listed, key: textKey) }
        guard let known else {
            if try rename(to: listed) { return }
            return try add(listed, key: listed.key)
        }
        if let before = known.sketch, listed.sketch.isAnotherText(than: before),
            !(listed.isNotice && listed.sketch.isAtPlace(of: before))
        {
            try setAside(known)
            knownCount += 1
            otherIDs += 1
            if try rename(to: listed) { return }
            return try add(listed, key: listed.key)
        }
        try update(known, listed)
    }

    private mutating func add(_ listed: ListedEntry, key: String) throws {
        let isSilent =
            try baseline.keepsSilent(about: listed.entry, for: result)
            || baseline.hasExpired(listed.entry, result.source)
            || hasPublished && Marks.isPublished(listed, db)
        let insert = statements.insert
        // The desk knows another entry by this id, which had it before.
        let name = try isNameTaken(key) ? listed.textKey : nil
        insert.bind(1, source)
        insert.bind(2, key)
        insert.bind(3, name)
        insert.bind(4, isSilent ? "baseline" : "pending")
        insert.bind(5, result.at.seconds)
        insert.bind(6, listed.contentHash)
        insert.bind(7, bytes: listed.sketch.bytes)
        insert.bind(8, listed.twin)
        insert.bind(9, bytes: isSilent ? nil : JSONColumn.bytes(listed.entry))
        try insert.run()
        if isSilent { tally.baseline += 1 } else { tally.new += 1 }
    }

    /// - Parameter listed: what the document has now.
    private func lookUp(_ key: String, _ listed: ListedEntry) throws -> Known? {
        statements.known.bind(1, source)
        statements.known.bind(2, key)
        return try statements.known.first { row in
            let contentHash = row.text(1) ?? ""
            let isSame = contentHash == listed.contentHash
            return Known(
                key: key, state: row.text(0).flatMap(Known.State.init) ?? .baseline, contentHash: contentHash,
                isSame: isSame, lastListed: row.number(2) ?? 0,
                sketch: isSame ? nil : row.bytes(3).flatMap(EntrySketch.init))
        }
    }

    private func isNameTaken(_ name: String) throws -> Bool {
        let select = statements.named
        select.bind(1, source)
        select.bind(2, name)
        return try select.first { _ in true } ?? false
    }

    /// The same entry under another id: the one that has its address and its words and is no longer listed.
    private mutating func rename(to listed: ListedEntry) throws -> Bool {
        guard let twin = listed.twin else { return false }
        let select = statements.twins
        select.bind(1, source)
        select.bind(2, twin)
        let others = try select.all { $0.text(0) ?? "" }
        guard others.count == 1, texts[others[0]]?.contains(listed.contentHash) != true else { return false }
        try move(others[0], to: listed.key)
        knownCount += 1
        otherIDs += 1
        return true
    }

    /// The same entry under the same id in another spelling, which is no longer listed: the site has moved to https, or left
    /// `www.` out, and its words may have changed since.
    private mutating func respelt(_ listed: ListedEntry) throws -> Known? {
        guard !listed.isKeyShared else { return nil }
        let spellings = EntryIdentity.spellings(of: listed.key)
        guard !spellings.isEmpty else { return nil }
        // Nearly always there is none of them, and a question for each is what a new entry would cost.
        let select = statements.spelt
        select.bind(1, source)
        for (place, key) in spellings.enumerated() { select.bind(CInt(2 + place), key) }
        let kept = try select.all { $0.text(0) ?? "" }
        guard let key = spellings.first(where: { kept.contains($0) && texts[$0] == nil }),
            var known = try lookUp(key, listed)
        else { return nil }
        try move(key, to: listed.key)
        known.key = listed.key
        return known
    }

    /// The id is used for another text from now on; this one is known by id and words.
    private func setAside(_ known: Known) throws {
        try move(known.key, to: EntryIdentity.textKey(known.key, contentHash: known.contentHash))
    }

    /// The desk goes on knowing it by its name. An entry that stands at `other` made its id up to be there, and gives way.
    private func move(_ key: String, to other: String) throws {
        try db.cachedStatement(
            sql:
                "UPDATE OR REPLACE entry SET key = ?1, name = coalesce(name, key), last_listed = ?2 WHERE source = ?3 AND key = ?4"
        ).execute(arguments: [other, result.at.seconds, source, key])
    }

    /// Not yet filed: the newer text is the one to file. Filed: a new version waits. Part of the baseline: nothing to tell.
    private mutating func update(_ known: Known, _ listed: ListedEntry) throws {
        knownCount += 1
        let isBaseline = known.state == .baseline
        try db.cachedStatement(
            sql: """
                UPDATE entry SET version = version + (state = 'filed'), last_listed = ?1, content_hash = ?2, sketch = ?3,
                twin = ?4, seen = CASE state WHEN 'baseline' THEN seen ELSE ?1 END,
                payload = CASE state WHEN 'baseline' THEN NULL ELSE ?5 END,
                state = CASE state WHEN 'baseline' THEN state ELSE 'pending' END WHERE source = ?6 AND key = ?7
                """
        ).execute(arguments: [
            result.at.seconds, listed.contentHash, Data(listed.sketch.bytes), listed.twin,
            isBaseline ? nil : Data(JSONColumn.bytes(listed.entry)), source, known.key,
        ])
        if known.state == .filed { tally.changed += 1 }
    }

    /// Still listed: noted once a day, which is enough to tell entries that are gone from those that stay.
    private mutating func touch(_ known: Known) throws {
        knownCount += 1
        guard known.lastListed + 86_400 < result.at.seconds else { return }
        let update = statements.touch
        update.bind(1, result.at.seconds)
        update.bind(2, source)
        update.bind(3, known.key)
        try update.run()
    }
}

/// What each of a document's entries is asked and written with, found once for all of them.
private struct Statements {
    let known: Prepared
    let spelt: Prepared
    let named: Prepared
    let twins: Prepared
    let insert: Prepared
    let touch: Prepared

    init(_ db: Database) throws {
        known = try Prepared(
            "SELECT state, content_hash, last_listed, sketch FROM entry WHERE source = ? AND key = ?", db)
        spelt = try Prepared("SELECT key FROM entry WHERE source = ? AND key IN (?, ?, ?)", db)
        named = try Prepared("SELECT 1 FROM entry WHERE source = ? AND name = ?", db)
        twins = try Prepared("SELECT key FROM entry WHERE source = ? AND twin = ? LIMIT 2", db)
        insert = try Prepared(
            """
            INSERT INTO entry(source, key, name, state, version, first_seen, seen, last_listed, content_hash, sketch,
            twin, payload) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?5, ?6, ?7, ?8, ?9)
            """, db)
        touch = try Prepared("UPDATE entry SET last_listed = ? WHERE source = ? AND key = ?", db)
    }
}

/// What is known of an entry.
private struct Known {
    enum State: String { case baseline, pending, filed }

    var key: String
    var state: State
    var contentHash: String
    /// Its text is the one that is listed; then nobody asks for a sketch of it.
    var isSame: Bool
    var lastListed: Int64
    var sketch: EntrySketch?
}

/// What a source listed when it was first read: known from then on, and not news.
struct Baseline {
    /// The first document was read.
    var openedAt: Timestamp?
    /// It was whole, and had no entry.
    var isEmpty: Bool
    /// A document was whole and had entries.
    var isComplete: Bool
    /// When the newest entry that has expired was first seen.
    var expiredTo: Timestamp?
    /// Until when readers have issues from a database that was lost.
    var lostAt: Timestamp?

    static func lostAt(_ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT value FROM meta WHERE name IN ('lost_news', 'lost') ORDER BY name DESC LIMIT 1")
        ).map(Timestamp.init(seconds:))
    }

    /// Whether an unseen entry was published in a span of which entries have expired: an archive that lists it again is no
    /// news of today.
    func hasExpired(_ entry: Entry, _ source: Source) -> Bool {
        guard source.time == .published, let openedAt, let expiredTo, let time = entry.published ?? entry.updated
        else { return false }
        return time >= openedAt && time <= expiredTo
    }

    /// An empty first document, or one that was cut, does not complete it; a second one does, be it cut as well.
    func closes(isEmpty: Bool, isCut: Bool) -> Bool { !isEmpty && (!isCut || openedAt != nil) }

    /// Whether an unseen entry belongs to the baseline: while that is not complete, unless it was published on the last day
    /// before the first document was read or later (dates are often hours older than the listing), or on the last day and
    /// the source's `first_read` wants that. What has no date and follows an empty document is news: more is lost by silence.
    func keepsSilent(about entry: Entry, for result: PollResult) -> Bool {
        if isComplete { return false }
        guard result.source.time == .published, let time = entry.published ?? entry.updated else {
            return openedAt == nil || !isEmpty
        }
        // The last poll before the loss may have been an hour ago.
        if let lostAt, time + .seconds(3600) > lostAt { return false }
        let lastDay = time + .seconds(86_400)
        if let openedAt, lastDay > openedAt { return false }
        return result.source.firstRead == .silent || lastDay < result.at
    }
}
