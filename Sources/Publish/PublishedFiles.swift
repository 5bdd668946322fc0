import News

/// The files that readers have: the record of what was published. They are read, never changed.
public struct PublishedFiles: Sendable {
    private let root: String
    private let files = Files(beforeStep: { _ in })

    /// - Parameter root: the state folder.
    public init(root: String) { self.root = root }

    /// A file of an issue or an alert, by the stem under which it was delivered.
    public struct Record: Sendable {
        public var stem: String
        public var json: [UInt8]
    }

    /// Stems of all issues and alerts of a day or later, in their order.
    public func stems(since day: CivilDate) -> [String] {
        let digests = names("digests").filter { Self.day(of: $0.dropLast(5)).map { $0 >= day } ?? false }
            .filter { $0.hasSuffix(".json") }.map { "digests/\($0.dropLast(5))" }
        let days = names("alerts").filter { Self.day(of: $0[...]).map { $0 >= day } ?? false }
        let alerts = days.flatMap { folder in
            names("alerts/\(folder)").filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
                .map { "alerts/\(folder)/\($0.dropLast(5))" }
        }
        return digests.sorted() + alerts.sorted()
    }

    /// The JSON of one of them, of at most `Limits.issueBytesMax` bytes; nil when it cannot be had.
    public func json(of stem: String) -> [UInt8]? {
        (try? files.readSmall("\(root)/\(stem).json", bytesMax: Limits.issueBytesMax)).flatMap { $0 }
    }

    /// Files that hold one of these byte sequences, relative to the root: issues and alerts of a day or later in all their
    /// forms, lists, and examples.
    public func quoting(_ texts: [String], since day: CivilDate) -> [String] {
        let needles = texts.filter { !$0.isEmpty }.map { Array($0.utf8) }
        let found = stems(since: day).filter { stem in json(of: stem).map { holds($0, needles) } ?? false }
        let inLists = needles + found.map { Array($0.utf8) }
        let lists =
            [
                "digests/latest.json", "digests/latest.md", "digests/latest.html", "alerts/alerts.log",
                "alerts/alerts.atom",
            ]
            + names("feeds").map { "feeds/\($0)" } + examples
        return found.flatMap { stem in [".json", ".md", ".html"].map { stem + $0 } }
            + lists.filter { path in
                (try? files.read("\(root)/\(path)")).flatMap { $0 }.map { holds($0, inLists) } ?? false
            }
    }

    private var examples: [String] {
        names("examples").flatMap { topic in
            ["yes", "no"].flatMap { verdict in
                names("examples/\(topic)/\(verdict)").map { "examples/\(topic)/\(verdict)/\($0)" }
            }
        }
    }

    private func names(_ folder: String) -> [String] {
        ((try? files.names(in: "\(root)/\(folder)", max: Limits.folderNamesMax)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// Whether one of them stands there; an address only where it does not go on as another.
    private func holds(_ bytes: [UInt8], _ needles: [[UInt8]]) -> Bool {
        needles.contains { needle in
            guard needle.starts(with: "http".utf8) else { return bytes.firstRange(of: needle) != nil }
            var rest = bytes[...]
            while let range = rest.firstRange(of: needle) {
                guard let next = bytes[range.upperBound...].first, Self.goesOn(next) else { return true }
                rest = bytes[range.upperBound...]
            }
            return false
        }
    }

    /// Of an address (RFC 3986 §2): what may follow within it, without what may also end a sentence or a link.
    private static func goesOn(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_~/?#%=+@$&".utf8.contains(byte)
        }
    }

    /// `2025-03-30`, and nothing like it.
    private static func day(of name: Substring) -> CivilDate? {
        CivilDate(String(name)).flatMap { $0.description == name ? $0 : nil }
    }
}
