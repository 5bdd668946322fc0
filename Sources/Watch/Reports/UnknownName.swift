/// A name that people gave and nobody knows, with the nearest that is known.
public struct UnknownName: Error, Sendable, CustomStringConvertible {
    public var description: String

    /// - Parameters:
    ///   - kind: `source`, `topic`.
    ///   - hint: what to do when nothing is near.
    init(_ kind: String, _ name: String, among known: [String], hint: String) {
        let near = Spelling.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
        let shown = ConfigurationReader.clipped(name)
        description =
            "no \(kind) is known as \"\(shown)\" – \(near ?? hint)"
    }
}
