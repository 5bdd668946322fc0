import News

/// Documents of invented content: what a feed, a listing page, a sitemap and an article's page look like.
enum SimulatedDocument {
    typealias Entry = (item: SimulatedTraffic.Item, url: String)

    /// RSS 2.0 with the dates of Dublin Core.
    static func feed(_ entries: [Entry]) -> String {
        let items = entries.map { entry in
            """
            <item><guid isPermaLink="true">\(entry.url)</guid><link>\(entry.url)</link>\
            <title>\(escaped(entry.item.title))</title><dc:date>\(entry.item.at)</dc:date>\
            <description>\(escaped(entry.item.paragraphs.joined(separator: " ")))</description></item>
            """
        }
        return """
            <?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\
            <title>Simulated</title>\(items.joined())</channel></rss>
            """
    }

    static func listing(_ entries: [Entry]) -> String {
        let items = entries.map { entry in
            """
            <article><h2><a href="\(entry.url)">\(escaped(entry.item.title))</a></h2>\
            <time datetime="\(entry.item.at)">\(entry.item.at)</time></article>
            """
        }
        return page("<main>\(items.joined(separator: "\n"))</main>")
    }

    /// With Google's news extension, for the headline.
    static func sitemap(_ entries: [Entry]) -> String {
        let items = entries.map { entry in
            """
            <url><loc>\(entry.url)</loc><lastmod>\(entry.item.at)</lastmod><news:news><news:publication_date>\
            \(entry.item.at)</news:publication_date><news:title>\(escaped(entry.item.title))</news:title></news:news></url>
            """
        }
        return """
            <?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
            xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\(items.joined())</urlset>
            """
    }

    static func article(_ item: SimulatedTraffic.Item) -> String {
        let text = item.paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
        return page(
            """
            <article><h1>\(escaped(item.title))</h1><time datetime="\(item.at)">\(item.at)</time>
            \(text)</article>
            """)
    }

    private static func page(_ body: String) -> String {
        "<!DOCTYPE html><html lang=\"en\"><head><title>Simulated</title></head><body>\(body)</body></html>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
