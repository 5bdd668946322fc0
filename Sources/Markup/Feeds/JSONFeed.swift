import Foundation
import News

/// JSON Feed 1.0 and 1.1 (jsonfeed.org), each key taken as leniently as its meaning allows.
enum JSONFeed {
    /// Of a document that was cut the items that are whole are kept.
    /// - Throws: `not-a-feed` for JSON that is none, and for what is no JSON.
    static func parse(_ bytes: ArraySlice<UInt8>, url: String, contentLanguage: String?, zone: Zone?)
        throws(MarkupError) -> Feed
    {
        var faults = FaultLog()
        var object = try? JSONSerialization.jsonObject(with: Data(bytes))
        if object == nil, let repaired = JSONRepair.repaired(bytes) {
            object = try? JSONSerialization.jsonObject(with: Data(repaired.bytes))
            faults.record(repaired.faults)
        }
        guard let object else { throw MarkupError(code: "not-a-feed", detail: "JSON that cannot be read") }
        guard let root = object as? [String: Any] else {
            throw MarkupError(code: "not-a-feed", detail: "JSON, but not an object")
        }
        let version = string(root["version"]) ?? ""
        guard version.contains("jsonfeed.org") || root["items"] is [Any] else {
            let said = message(root).map { "; it says: \($0)" } ?? ""
            throw MarkupError(code: "not-a-feed", detail: "JSON, but neither a version nor items of a JSON Feed\(said)")
        }
        var feed = head(root, url: url)
        feed.language = string(root["language"]).flatMap(FeedBuilder.tag) ?? contentLanguage.flatMap(FeedBuilder.tag)
        if !version.contains("jsonfeed.org") { faults.record("no-version", "no version of JSON Feed is given") }
        let items = root["items"] as? [Any] ?? []
        if items.count > Limits.documentEntriesMax {
            faults.record("too-many-entries", "more than \(Limits.documentEntriesMax); the rest is left out")
        }
        for case let item as [String: Any] in items.prefix(Limits.documentEntriesMax) {
            feed.entries.append(entry(item, url: url, feedLanguage: feed.language, zone: zone, &faults))
        }
        feed.faults = faults.faults
        return feed
    }

    /// What an answer of an interface says went wrong.
    private static func message(_ root: [String: Any]) -> String? {
        let inner = root["error"] as? [String: Any] ?? (root["errors"] as? [Any])?.first as? [String: Any]
        for object in [inner, root] {
            for key in ["message", "detail", "error_description", "error", "title"] {
                if let text = object?[key] as? String, !text.isEmpty { return String(PlainText.line(text).prefix(100)) }
            }
        }
        return nil
    }

    private static func head(_ root: [String: Any], url: String) -> Feed {
        var feed = Feed(format: .json)
        feed.title = string(root["title"])
        feed.link = string(root["home_page_url"]).flatMap { WebURL.resolve($0, base: url) }
        feed.selfLink = string(root["feed_url"]).flatMap { WebURL.resolve($0, base: url) }
        feed.description = string(root["description"])
        feed.authors = people(root, url: url)
        for case let hub as [String: Any] in root["hubs"] as? [Any] ?? [] {
            feed.hub = feed.hub ?? string(hub["url"]).flatMap { WebURL.resolve($0, base: url) }
        }
        return feed
    }

    private static func entry(
        _ item: [String: Any], url: String, feedLanguage: String?, zone: Zone?, _ faults: inout FaultLog
    ) -> Entry {
        var entry = Entry()
        entry.id = string(item["id"])
        entry.title = string(item["title"])
        entry.titleKind = entry.title == nil ? nil : .plain
        let link = string(item["url"]) ?? string(item["external_url"])
        entry.link = link.flatMap { WebURL.resolve($0, base: url) }
        entry.summary = cut(string(item["summary"]), &faults)
        entry.summaryKind = entry.summary == nil ? nil : .plain
        let html = string(item["content_html"])
        entry.content = cut(html ?? string(item["content_text"]), &faults)
        entry.contentKind = html != nil ? .html : entry.content == nil ? nil : .plain
        entry.authors = people(item, url: url)
        entry.published = date(item["date_published"], zone, &faults)
        entry.updated = date(item["date_modified"], zone, &faults)
        entry.categories = (item["tags"] as? [Any] ?? []).prefix(Limits.categoriesMax).compactMap(string)
        entry.language = string(item["language"]).flatMap(FeedBuilder.tag) ?? feedLanguage
        for case let attachment as [String: Any] in (item["attachments"] as? [Any] ?? []).prefix(Limits.enclosuresMax) {
            guard let address = string(attachment["url"]).flatMap({ WebURL.resolve($0, base: url) }) else { continue }
            let size = (attachment["size_in_bytes"] as? NSNumber).flatMap { Int(exactly: $0.doubleValue.rounded()) }
                .flatMap { $0 >= 0 ? $0 : nil }
            entry.enclosures.append(Enclosure(url: address, type: string(attachment["mime_type"]), length: size))
        }
        return entry
    }

    /// Version 1.1's `authors`, else 1.0's `author`.
    private static func people(_ object: [String: Any], url: String) -> [Person] {
        let given = object["authors"] ?? object["author"] as Any
        let listed = (given as? [Any] ?? [given]).prefix(Limits.peopleMax)
        return listed.compactMap { value in
            if let name = string(value) { return Person(name: name) }
            guard let author = value as? [String: Any] else { return nil }
            let address = string(author["url"]).flatMap { WebURL.resolve($0, base: url) }
            let person = Person(name: string(author["name"]), url: address)
            return person.name == nil && person.url == nil ? nil : person
        }
    }

    /// Text, or a number as its digits; nil for what is empty.
    private static func string(_ value: Any?) -> String? {
        let text: String
        switch value {
        case let value as String: text = value
        case let value as NSNumber: text = value.stringValue
        default: return nil
        }
        let bytes = text.utf8.filter { $0 >= 0x20 || $0 == 9 || $0 == 10 || $0 == 13 }
        let clean = String(decoding: bytes, as: UTF8.self).trimming(\.isWhitespace)
        return clean.isEmpty ? nil : clean
    }

    private static func date(_ value: Any?, _ zone: Zone?, _ faults: inout FaultLog) -> Timestamp? {
        string(value).flatMap { faults.date($0, zone: zone) }
    }

    private static func cut(_ text: String?, _ faults: inout FaultLog) -> String? {
        guard let text, text.utf8.count > Limits.entryFieldBytesMax else { return text }
        faults.record("field-cut", "a field longer than \(Limits.entryFieldBytesMax) bytes, cut")
        return String(decoding: text.utf8.prefix(Limits.entryFieldBytesMax), as: UTF8.self)
    }
}
