extension Schema {
    static let care = """
        -- The first good read after a long time without one, and when the newest entry that has expired was first seen.
        ALTER TABLE source ADD COLUMN resumed_at INTEGER;
        ALTER TABLE source ADD COLUMN expired_to INTEGER;

        -- What is no news though no entry says so, as hashes (`EntryMark`). why: forgotten, published (a file in the
        -- readers' folders has it, and the database that knew was lost).
        CREATE TABLE mark(
            mark TEXT NOT NULL, why TEXT NOT NULL, sketch BLOB, at INTEGER NOT NULL, PRIMARY KEY(mark, why)) WITHOUT ROWID;
        """
}
