// libFuzzer's entry point: any bytes at all give a feed, an article, links or a named error. Built by Tests/Fuzz/run.

import Markup
import News

/// The first byte chooses the reader; the selector of a listing page is its first line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let body = Array(bytes.dropFirst())
    switch choice % 4 {
    case 0: _ = try? SitemapReader.read(body, contentType: nil, url: "https://fuzz.example/sitemap.xml")
    case 1: _ = try? ArticleReader.read(page: body, contentType: nil, url: "https://fuzz.example/page")
    case 2: _ = try? FeedParser.parse(body, contentType: nil, url: "https://fuzz.example/feed")
    default:
        let line = String(decoding: body.prefix { $0 != 0x0A }, as: UTF8.self)
        let rules = Source.LinkRules(select: try? Selector(line))
        _ = try? ListingReader.feed(page: body, contentType: nil, url: "https://fuzz.example/list", rules: rules)
    }
    return 0
}
