extension Schema {
    /// Why and until when a source was put off (`Rest`): its domain, or one that it leads to, has asked for rest.
    static let rest = "ALTER TABLE source ADD COLUMN rest TEXT"
}
