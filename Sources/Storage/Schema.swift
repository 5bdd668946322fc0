import GRDB

/// The tables, from day one by migrations: a released migration is never edited, a new one is added.
enum Schema {
    /// `fwdb`: tells our file from any other SQLite file.
    static let applicationID = 0x6677_6462

    /// Of the tables as this program has them: how many migrations made them.
    static var number: Int { migrator.migrations.count }

    /// Whether it is a database of ours that a migration is still to be made in.
    static func isBehind(_ db: Database) throws -> Bool {
        try !migrator.appliedIdentifiers(db).isEmpty && !migrator.hasCompletedMigrations(db)
    }

    static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    /// Makes an empty database ours before anything is in it: cut off between the first table and this, it would be taken for
    /// another program's.
    static func claim(_ db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: first tables") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: first)
        }
        migrator.registerMigration("2: names, outages, turns") { db in try db.execute(sql: second) }
        migrator.registerMigration("3: what a due time was computed for") { db in
            try db.execute(sql: "ALTER TABLE due ADD COLUMN url TEXT; ALTER TABLE due ADD COLUMN interval INTEGER")
        }
        migrator.registerMigration("4: stories that the reader has muted") { db in
            try db.execute(sql: "ALTER TABLE story ADD COLUMN muted_until INTEGER")
        }
        migrator.registerMigration("5: alerts") { db in try db.execute(sql: alerts) }
        migrator.registerMigration("6: care") { db in try db.execute(sql: care) }
        migrator.registerMigration("7: clock") { db in try db.execute(sql: clock) }
        migrator.registerMigration("8: torture") { db in try db.execute(sql: suspects) }
        migrator.registerMigration("9: robots.txt") { db in
            try db.execute(
                sql: """
                    CREATE TABLE robots(
                        origin TEXT PRIMARY KEY, rules BLOB, read INTEGER NOT NULL, good_until INTEGER NOT NULL) WITHOUT ROWID
                    """)
        }
        migrator.registerMigration("10: poll speed") { db in try db.execute(sql: pollSpeed) }
        migrator.registerMigration("11: rest") { db in try db.execute(sql: rest) }
        migrator.registerMigration("12: site memory") { db in try db.execute(sql: siteMemory) }
        migrator.registerMigration("13: learning") { db in try db.execute(sql: learning) }
        migrator.registerMigration("14: verdicts alone") { db in try db.execute(sql: verdictsAlone) }
        migrator.registerMigration("15: rearranging") { db in try db.execute(sql: rearranging) }
        migrator.registerMigration("16: re-reads") { db in try db.execute(sql: rereads) }
        migrator.registerMigration("17: known names") { db in try db.execute(sql: knownNames) }
        migrator.registerMigration("18: indicators") { db in try db.execute(sql: indicators) }
        migrator.registerMigration("19: sendings") { db in try db.execute(sql: sendings) }
        migrator.registerMigration("20: fingerprints") { db in try moveFingerprints(db) }
        migrator.registerMigration("21: alerts of indicators") { db in try db.execute(sql: indicatorRises) }
        return migrator
    }

    private static let suspects = """
        -- What processes were reading when they died: `key` is an entry's, or empty for the source's own document.
        CREATE TABLE suspect(
            source TEXT NOT NULL, key TEXT NOT NULL, deaths INTEGER NOT NULL, last INTEGER NOT NULL,
            made_with TEXT NOT NULL, PRIMARY KEY(source, key)) WITHOUT ROWID;
        """

    /// Times are whole seconds since 1970 (`Timestamp`); JSON columns hold the values of `News`.
    private static let first = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;

        -- Everything that has a next time. A job's next time commits with its result.
        CREATE TABLE due(
            kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
        CREATE INDEX due_at ON due(at);

        -- How each source has fared. Validators belong to `url` and change only together with the entries.
        CREATE TABLE source(
            id TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, last_modified TEXT, body_hash TEXT,
            baseline_at INTEGER, last_tried INTEGER, last_read INTEGER, blind_since INTEGER,
            failures INTEGER NOT NULL DEFAULT 0, fault TEXT, newest_entry INTEGER,
            listed INTEGER NOT NULL DEFAULT 0, markup_faults TEXT) WITHOUT ROWID;

        -- Every entry ever listed. state: baseline, pending (payload holds the Entry), filed.
        CREATE TABLE entry(
            source TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, seen INTEGER NOT NULL, last_listed INTEGER NOT NULL,
            content_hash TEXT NOT NULL, payload BLOB, PRIMARY KEY(source, key)) WITHOUT ROWID;
        CREATE INDEX entry_pending ON entry(seen, source, key) WHERE state = 'pending';
        CREATE INDEX entry_first_seen ON entry(first_seen);

        CREATE TABLE story(
            id TEXT PRIMARY KEY, shown_id TEXT NOT NULL UNIQUE, first_seen INTEGER NOT NULL, alerted_at INTEGER,
            score REAL NOT NULL DEFAULT 0, matched INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

        -- One row per filed entry, in the order in which the desk filed them.
        CREATE TABLE article(
            position INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, key TEXT NOT NULL,
            story TEXT NOT NULL REFERENCES story(id), first_seen INTEGER NOT NULL, url TEXT,
            member BLOB NOT NULL, fingerprint BLOB NOT NULL, changed_at INTEGER,
            UNIQUE(source, key));
        CREATE INDEX article_story ON article(story);
        CREATE INDEX article_first_seen ON article(first_seen);
        CREATE INDEX article_changed ON article(changed_at) WHERE changed_at IS NOT NULL;
        CREATE INDEX article_url ON article(url) WHERE url IS NOT NULL;

        -- What readers get, whole, until and after it is delivered.
        CREATE TABLE outbox(
            stem TEXT PRIMARY KEY, kind TEXT NOT NULL, json BLOB NOT NULL, decided INTEGER NOT NULL,
            delivered INTEGER, attempts INTEGER NOT NULL DEFAULT 0, fault TEXT) WITHOUT ROWID;
        CREATE INDEX outbox_waiting ON outbox(decided, stem) WHERE delivered IS NULL;

        -- Published issues: abutting windows of first-seen time, after window_from and up to window_to.
        CREATE TABLE digest(
            day TEXT PRIMARY KEY, window_from INTEGER NOT NULL, window_to INTEGER NOT NULL, stem TEXT NOT NULL,
            filed_to INTEGER NOT NULL) WITHOUT ROWID;
        """

    private static let second = """
        -- `key` is what the next document is looked up by. `name` is what the desk knows the entry by, where that is
        -- something else: its id has changed, or has been used again for another text.
        ALTER TABLE entry ADD COLUMN name TEXT;
        ALTER TABLE entry ADD COLUMN sketch BLOB;
        ALTER TABLE entry ADD COLUMN twin INTEGER;
        CREATE INDEX entry_name ON entry(source, name) WHERE name IS NOT NULL;
        CREATE INDEX entry_twin ON entry(source, twin) WHERE twin IS NOT NULL;

        -- The first document that was read, which may have been empty or cut; the baseline is complete at baseline_at.
        ALTER TABLE source ADD COLUMN first_read INTEGER;
        UPDATE source SET first_read = baseline_at;

        -- Spans in which a source was not seen and that are over: failed polls (why: the fault's code), or none at all.
        CREATE TABLE outage(
            source TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, why TEXT NOT NULL,
            PRIMARY KEY(source, since)) WITHOUT ROWID;
        CREATE INDEX outage_until ON outage(until);

        -- `turn` counts filings, new versions included: an index in memory is restored in this order.
        -- `page_fault` is why the page behind an entry could not be read, so that only the feed's words were.
        ALTER TABLE article ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE article ADD COLUMN page_fault TEXT;
        UPDATE article SET turn = position;
        CREATE INDEX article_turn ON article(turn);
        CREATE INDEX article_page_fault ON article(first_seen) WHERE page_fault IS NOT NULL;
        """
}
