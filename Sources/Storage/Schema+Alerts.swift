extension Schema {
    static let alerts = """
        -- How far a story's alerts have come (`AlertLife`). held_at: when what is held is to be looked at again; the
        -- soonest of all stands in `due` as `held`.
        CREATE TABLE alert_life(
            story TEXT PRIMARY KEY REFERENCES story(id) ON DELETE CASCADE, life BLOB NOT NULL,
            held_at INTEGER) WITHOUT ROWID;
        CREATE INDEX alert_life_held ON alert_life(held_at, story) WHERE held_at IS NOT NULL;

        -- Alerts of a topic in the span that its cap counts, which began at `since`.
        CREATE TABLE alert_count(topic TEXT PRIMARY KEY, since INTEGER NOT NULL, count INTEGER NOT NULL) WITHOUT ROWID;

        -- Sources of which it was told that they are blind, until it is told that they can be read again. `file` told it;
        -- back_at is when the first of those that it told together could be read again.
        CREATE TABLE blind_told(
            source TEXT PRIMARY KEY, since INTEGER NOT NULL, file TEXT NOT NULL, back_at INTEGER) WITHOUT ROWID;

        CREATE INDEX outbox_newest ON outbox(decided DESC, stem DESC) WHERE kind <> 'digest';
        """
}
