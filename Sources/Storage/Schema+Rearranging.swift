extension Schema {
    static let rearranging = """
        -- A story that the reader has put into another one: its shown id still leads there.
        CREATE TABLE joined(story TEXT PRIMARY KEY, into_story TEXT NOT NULL) WITHOUT ROWID;
        """
}
