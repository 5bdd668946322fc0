import News

/// An Atom document (RFC 4287) of ours, as text.
struct AtomFeed {
    struct Item {
        /// Behind the tag's authority, the same for good.
        var id: String
        var title: String
        /// BCP 47, of the title where it is not English.
        var language: String?
        var at: Timestamp
        var link: String?
        /// HTML.
        var paragraphs: [String]
        var categories: [String] = []
        var embargo: Embargo?

        /// A feed is for other machines: what is embargoed stays out until then, and for good where its time could not be read.
        func isOpen(at now: Timestamp) -> Bool {
            guard let embargo else { return true }
            return embargo.until.map { $0 <= now } ?? false
        }
    }

    /// Of the file, without extension; its id is made of it.
    let name: String
    let title: String
    let updated: Timestamp
    /// Of feedwatch.
    let version: String
    let items: [Item]

    /// The document, UTF-8. Ids are `tag:` URIs (RFC 4151).
    var text: String {
        var text = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
            <title>\(HTML.text(title))</title>
            <id>\(Self.tag(name))</id>
            <updated>\(updated)</updated>
            <link rel="self" href="\(name).atom"/>
            <author><name>feedwatch</name></author>
            <generator version="\(HTML.text(version))">feedwatch</generator>

            """
        for item in items { text += Self.entry(item) }
        return text + "</feed>\n"
    }

    private static func entry(_ item: Item) -> String {
        let link = item.link.flatMap(Line.address).map { "<link rel=\"alternate\" href=\"\(HTML.text($0))\"/>\n" } ?? ""
        let categories = item.categories.map { "<category term=\"\(HTML.text($0))\"/>\n" }.joined()
        let content = item.paragraphs.map { "<p>\($0)</p>" }.joined()
        let language = item.language.map { " xml:lang=\"\($0)\"" } ?? ""
        return """
            <entry>
            <id>\(tag(item.id))</id>
            <title\(language)>\(HTML.text(item.title))</title>
            <updated>\(item.at)</updated>
            \(link)\(categories)<content type="html">\(HTML.escape(content))</content>
            </entry>

            """
    }

    /// Its authority is a name that nobody will ever have (RFC 2606 §2): what we tell belongs to no domain.
    private static func tag(_ name: String) -> String { "tag:feedwatch.invalid,2026:\(HTML.text(name))" }
}
