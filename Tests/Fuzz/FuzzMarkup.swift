// libFuzzer's entry point: any bytes at all give a feed, an article or a named error. Built by Tests/Fuzz/run.

import Markup

/// The first byte chooses the reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let body = Array(bytes.dropFirst())
    if choice.isMultiple(of: 2) {
        _ = try? FeedParser.parse(body, contentType: nil, url: "https://fuzz.example/feed")
    } else {
        _ = try? ArticleReader.read(page: body, contentType: nil, url: "https://fuzz.example/page")
    }
    return 0
}
