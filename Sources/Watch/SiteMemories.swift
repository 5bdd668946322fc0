import News
import Storage

/// `feedwatch site`: what reading the pages of sites has taught, shown and forgotten.
public struct SiteMemories: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// One site, in JSON and in words.
    public struct Row: Sendable, Hashable, Encodable {
        public var site: String
        /// Pages that are remembered, and when the last one was read.
        public var pages: Int
        public var read: Timestamp
        /// Where the article stands; absent where pages differ or are few.
        public var article: String?
        public var repeated: [Line]

        public struct Line: Sendable, Hashable, Encodable {
            /// Its beginning.
            public var text: String
            public var pages: Int
        }
    }

    /// By name.
    /// - Parameter site: one alone; nil takes all.
    /// - Throws: `UnknownName`, `StoreError`.
    public func rows(_ site: String?) throws -> [Row] {
        let known = try store.knownSites()
        let name = site.map(Self.name)
        if let site, !known.contains(where: { $0.site == name }) {
            throw Self.unknown(site, among: known.map(\.site))
        }
        return known.filter { name == nil || $0.site == name }.map(Self.row)
    }

    /// - Throws: `UnknownName`, `StoreError`.
    func forget(_ site: String) throws -> ControlAnswer {
        let name = Self.name(site)
        guard try store.forgetMemory(of: name) > 0 else {
            throw Self.unknown(site, among: try store.knownSites().map(\.site))
        }
        return ControlAnswer(words: ["what the pages of \(name) have taught is forgotten"])
    }

    static func unknown(_ site: String, among known: [String]) -> UnknownName {
        UnknownName("site", site, among: known, hint: "\"feedwatch site\" lists all of which pages were read")
    }

    /// Lines for people.
    public static func lines(_ rows: [Row], isWhole: Bool) -> [String] {
        rows.flatMap { row -> [String] in
            let count = "pages \(row.pages), repeated lines \(row.repeated.count)"
            guard isWhole else { return ["\(row.site): \(count)"] }
            let place = row.article.map { "article: \($0)" } ?? "article: no place that most pages share"
            return ["\(row.site): \(count), the last read \(row.read)", place]
                + row.repeated.map { "\($0.pages) × \($0.text)" }
        }
    }

    private static func row(_ known: KnownSite) -> Row {
        let lesson = known.memory.lesson()
        let repeated = lesson.repeated.map { hash, pages in
            Row.Line(text: CleanText.line(known.memory.shown[Int(hash)] ?? "(not kept)"), pages: pages)
        }
        return Row(
            site: known.site, pages: lesson.pages, read: known.read, article: lesson.container,
            repeated: repeated.sorted { ($1.pages, $0.text) < ($0.pages, $1.text) })
    }

    /// An address stands for its site.
    private static func name(_ site: String) -> String {
        SiteMemory.site(of: site.contains("://") ? site : "https://\(site)/") ?? site
    }
}
