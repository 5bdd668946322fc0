extension Schema {
    /// Every poll moves its source's due time, and nothing but a start reads them in order.
    static let pollSpeed = "DROP INDEX due_at"
}
