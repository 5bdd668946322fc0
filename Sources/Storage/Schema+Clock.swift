extension Schema {
    static let clock = """
        -- Issues in the order in which they were published, whatever the clock showed; `turn_to` is for changes what
        -- `filed_to` is for articles.
        ALTER TABLE digest ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE digest ADD COLUMN turn_to INTEGER NOT NULL DEFAULT 0;
        UPDATE digest SET number = (SELECT count(*) FROM digest AS other WHERE other.window_to <= digest.window_to),
            turn_to = (SELECT coalesce(max(turn), 0) FROM article);

        -- The files of published issues, relative to the state folder: they are the record.
        CREATE TABLE published(file TEXT PRIMARY KEY, day TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX published_day ON published(day);
        """
}
