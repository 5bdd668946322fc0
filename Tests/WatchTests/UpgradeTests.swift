import Foundation
import GRDB
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// A state that the first version wrote, taken over by this one.
@Suite struct UpgradeTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test(
        "What the first version has listed alerts nobody after an upgrade, though it would alert as news; what is new does"
    )
    func noOldAlert() async throws {
        let texts = [
            (id: "1", title: "Patrols deter China, the chief says", text: "It is what coast guards are for."),
            (id: "2", title: "Allies open a joint headquarters", text: "The staff moved in on Monday."),
        ]
        let news = (id: "3", title: "Destroyers deter China, admirals say", text: "Three of them left port at night.")
        let isLater = Counter()
        let server = try LoopbackServer { _ in Playground.rss(isLater.value > 0 ? [news] + texts : texts) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try playground.state.create()
        try Self.write(playground.state.database, url: server.url("/rss"))

        let first = try await playground.pass(at: Self.start)
        #expect(first.polled == 1 && first.listed == 2 && first.new == 0 && first.alerts == 0)
        #expect(first.changed == 1, "the first version made the hash of a text in another way")
        #expect(playground.files("alerts.log").isEmpty)
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.pendingEntries().isEmpty)
        #expect(try store.story(named: "k7f2")?.members.count == 1)
        let last = try #require(try store.lastDigest())
        #expect(last.day == "2025-03-30" && last.to == Self.start - .seconds(43_200))
        #expect(try store.digest(before: last)?.day == "2025-03-29")
        #expect(try store.publishedFiles(ofLast: 9).isEmpty, "nobody knows what they were")
        var probes: [[UInt32]] = []
        try store.eachFiled(since: Timestamp(seconds: 0)) { trace, _ in probes.append(trace.probes) }
        #expect(probes.contains([1]), "its text is recognised as before")
        store.close()
        isLater.add()
        #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 1)
        #expect(playground.text("alerts/alerts.log").contains("Destroyers"))
    }

    /// An entry of the baseline, and one that was filed and did not alert, for its topic had no words for it then.
    private static func write(_ path: String, url: String) throws {
        let pool = try DatabasePool(path: path)
        try pool.write { db in
            try db.execute(sql: "PRAGMA application_id = 0x66776462")
            try db.execute(sql: tables)
            let member = """
                {"article":{"authors":[],"faults":[],"paragraphs":["The staff moved in on Monday."],\
                "title":"Allies open a joint headquarters"},"changes":[],"entities":[],"firstSeen":"2025-03-29T20:00:00Z",\
                "key":"2","readAt":"2025-03-29T20:00:00Z","reason":"no earlier article on the same event",\
                "relation":"first","source":"outlet","strongEntities":[],"topics":[],"url":"https://outlet.example/2"}
                """
            let time = start.seconds
            try db.execute(
                sql: """
                    INSERT INTO meta VALUES ('created', :before);
                    INSERT INTO due VALUES ('poll', 'outlet', :before), ('digest', '', :later);
                    INSERT INTO digest VALUES
                        ('2025-03-30', :before - 60, :before, 'digests/2025-03-30', 1),
                        ('2025-03-29', :before - 90, :before - 60, 'digests/2025-03-29', 0);
                    INSERT INTO source(id, url, baseline_at, last_tried, last_read, listed)
                        VALUES ('outlet', :url, :before, :before, :before, 2);
                    INSERT INTO entry VALUES
                        ('outlet', '1', 'baseline', 1, :before, :before, :before, 'older', NULL),
                        ('outlet', '2', 'filed', 1, :before, :before, :before, 'older', NULL);
                    INSERT INTO story(id, shown_id, first_seen) VALUES ('k7f2aaaaaaaa', 'k7f2', :before);
                    INSERT INTO article(source, key, story, first_seen, url, member, fingerprint) VALUES
                        ('outlet', '2', 'k7f2aaaaaaaa', :before, 'https://outlet.example/2', :member, :fingerprint);
                    """,
                arguments: [
                    "before": time - 43_200, "later": time + 86_400, "url": url, "member": Data(member.utf8),
                    "fingerprint": Data(#"{"hashes":[1],"shingleCount":1}"#.utf8),
                ])
        }
        try pool.close()
    }

    /// The tables of schema 1, as released.
    private static let tables = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1: first tables');
        CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE due(
            kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
        CREATE INDEX due_at ON due(at);
        CREATE TABLE source(
            id TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, last_modified TEXT, body_hash TEXT,
            baseline_at INTEGER, last_tried INTEGER, last_read INTEGER, blind_since INTEGER,
            failures INTEGER NOT NULL DEFAULT 0, fault TEXT, newest_entry INTEGER,
            listed INTEGER NOT NULL DEFAULT 0, markup_faults TEXT) WITHOUT ROWID;
        CREATE TABLE entry(
            source TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, seen INTEGER NOT NULL, last_listed INTEGER NOT NULL,
            content_hash TEXT NOT NULL, payload BLOB, PRIMARY KEY(source, key)) WITHOUT ROWID;
        CREATE INDEX entry_pending ON entry(seen, source, key) WHERE state = 'pending';
        CREATE INDEX entry_first_seen ON entry(first_seen);
        CREATE TABLE story(
            id TEXT PRIMARY KEY, shown_id TEXT NOT NULL UNIQUE, first_seen INTEGER NOT NULL, alerted_at INTEGER,
            score REAL NOT NULL DEFAULT 0, matched INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE article(
            position INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, key TEXT NOT NULL,
            story TEXT NOT NULL REFERENCES story(id), first_seen INTEGER NOT NULL, url TEXT,
            member BLOB NOT NULL, fingerprint BLOB NOT NULL, changed_at INTEGER,
            UNIQUE(source, key));
        CREATE INDEX article_story ON article(story);
        CREATE INDEX article_first_seen ON article(first_seen);
        CREATE INDEX article_changed ON article(changed_at) WHERE changed_at IS NOT NULL;
        CREATE INDEX article_url ON article(url) WHERE url IS NOT NULL;
        CREATE TABLE outbox(
            stem TEXT PRIMARY KEY, kind TEXT NOT NULL, json BLOB NOT NULL, decided INTEGER NOT NULL,
            delivered INTEGER, attempts INTEGER NOT NULL DEFAULT 0, fault TEXT) WITHOUT ROWID;
        CREATE INDEX outbox_waiting ON outbox(decided, stem) WHERE delivered IS NULL;
        CREATE TABLE digest(
            day TEXT PRIMARY KEY, window_from INTEGER NOT NULL, window_to INTEGER NOT NULL, stem TEXT NOT NULL,
            filed_to INTEGER NOT NULL) WITHOUT ROWID;
        """
}
