/// The short id that readers see.
public enum ShownID {
    /// Characters of the shortest.
    public static let lengthMin = 4

    /// The shortest prefix of at least four characters that no earlier story has; the whole id when all are taken.
    ///
    /// Called in the transaction that creates the story; `isTaken` looks at all stories ever shown.
    public static func shortest(for id: StoryID, isTaken: (String) throws -> Bool) rethrows -> String {
        for length in lengthMin..<max(lengthMin, id.utf8.count) {
            let prefix = String(id.prefix(length))
            if try !isTaken(prefix) { return prefix }
        }
        return id
    }
}
