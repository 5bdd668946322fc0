// libFuzzer's entry point: any bytes at all give a feed, an article, links or a named error, a well-formed feed is the same feed
// when it is read as a broken one, and what pages of a site teach leaves the next one readable. Built by Tests/Fuzz/run.

import News

@testable import Markup

/// The first byte chooses the reader, the second the encoding that a server would name; the selector of a listing page, and what the
/// headers of an article's page ask, is its first line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard bytes.count > 1 else { return 0 }
    let body = Array(bytes.dropFirst(2))
    let type = charsets[Int(bytes[1]) % charsets.count].map { "text/xml; charset=\($0)" }
    switch bytes[0] % 4 {
    case 0: _ = try? SitemapReader.read(body, contentType: type, url: "https://fuzz.example/sitemap.xml")
    case 1: readSite(body, contentType: type)
    case 2:
        _ = try? FeedParser.parse(body, contentType: type, url: "https://fuzz.example/feed")
        compareReadings(body, contentType: type)
    default:
        let line = String(decoding: body.prefix { $0 != 0x0A }, as: UTF8.self)
        let rules = Source.LinkRules(select: try? Selector(line))
        _ = try? ListingReader.feed(page: body, contentType: type, url: "https://fuzz.example/list", rules: rules)
    }
    return 0
}

/// Sixteen, so that a seed's `0` names none.
private let charsets: [String?] = [
    nil, "utf-8", "iso-8859-1", "windows-1251", "shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr",
    "koi8-u", "utf-16le", "utf-16be", "iso-2022-kr", "hz-gb-2312", "no-such-charset",
]

/// Pages of one site, each of them cut from the same bytes, and the first once more by what they have taught; as the text of an
/// entry, too.
private func readSite(_ body: [UInt8], contentType: String?) {
    let line = String(decoding: body.prefix { $0 != 0x0A }, as: UTF8.self)
    let terms = PageTerms(HTTPHeaders([("X-Robots-Tag", line), ("tdm-reservation", line)]))
    var memory = SiteMemory()
    for (day, cut) in [0, 7, 90, 400].enumerated() {
        let page = Array(body.dropFirst(cut))
        let guide = ReadingGuide(
            select: day == 3 ? try? Selector(line) : nil, lesson: memory.lesson(before: day), terms: terms)
        let url = "https://fuzz.example/page/\(day)"
        guard
            let (article, lesson) = try? ArticleReader.look(
                page: page, contentType: contentType, url: url, guide: guide)
        else { continue }
        check(article)
        memory.learn(lesson, day: day)
    }
    _ = try? ArticleReader.trace(
        page: body, contentType: contentType, url: "https://fuzz.example/page/0",
        guide: ReadingGuide(lesson: memory.lesson()))
    var entry = Entry()
    entry.title = line
    entry.content = String(decoding: body, as: UTF8.self)
    check(ArticleReader.read(entry: entry, language: nil))
}

private func check(_ article: Article) {
    guard article.unquoted?.allSatisfy(article.paragraphs.indices.contains) ?? true,
        article.paragraphs.reduce(0, { $0 + $1.utf8.count }) <= Limits.articleBytesMax
    else { fatalError("beyond its limits: \(article)") }
    _ = FirstSentence.of(article.kept)
}

/// Repairing what needs no repair changes nothing and says so.
private func compareReadings(_ body: [UInt8], contentType: String?) {
    let bytes = Decoding.decode(body, contentType: contentType, kind: .xml).bytes
    guard case .xml(let root, let format) = FeedSniffer.find(bytes), !hasUnreadNames(bytes[root...]) else { return }
    let make = { FeedTarget(FeedBuilder(format: format, url: "https://fuzz.example/feed", contentLanguage: nil)) }
    let (plain, faults) = XMLReading.read(bytes, root: root, make)
    guard faults.isEmpty else { return }
    let (mended, repairs) = bytes.withUnsafeBufferPointer { XMLReading.repaired($0, root: root, make()) }
    guard !repairs.contains(where: { $0.code == "too-deep" }) else { return }
    guard repairs.isEmpty else { fatalError("well-formed, but repaired: \(repairs)") }
    let (one, other) = (plain.builder.finished(), mended.builder.finished())
    guard one == other, plain.builder.faults.faults == mended.builder.faults.faults else {
        fatalError("read otherwise when repaired: \(one) and \(other)")
    }
}

/// XML has names beyond ASCII and of any length, which the repair takes for text.
private func hasUnreadNames(_ bytes: ArraySlice<UInt8>) -> Bool {
    var quote: UInt8?
    var tagStart: Int?
    for index in bytes.indices {
        let byte = bytes[index]
        guard let start = tagStart else {
            let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
            if byte == 0x3C, next != UInt8(ascii: "!"), next != UInt8(ascii: "?") { tagStart = index }
            continue
        }
        if let open = quote {
            if byte == open { quote = nil }
        } else if byte == 0x22 || byte == 0x27 {
            quote = byte
        } else if byte == 0x3E {
            tagStart = nil
        } else if byte >= 0x80 || index - start >= Limits.elementNameBytesMax {
            return true
        }
    }
    return false
}
