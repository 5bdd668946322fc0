import News

/// The decisions about redirects (RFC 9110 §15.4).
enum Redirects {
    /// The target, when the answer is a redirect that names one. 300 and 304 are answers.
    static func location(status: Int, _ headers: HTTPHeaders) -> String? {
        guard [301, 302, 303, 307, 308].contains(status), let location = headers["Location"], !location.isEmpty
        else { return nil }
        return location
    }

    /// Refuses a circle, and more than `max` hops.
    static func judge(_ hops: [Hop], max: Int) throws(FetchError) {
        guard let last = hops.last else { return }
        if hops.contains(where: { $0.from == last.to }) {
            throw FetchError(.tooManyRedirects, "redirects in a circle back to \(last.to)")
        }
        guard hops.count <= max else {
            throw FetchError(.tooManyRedirects, "more than \(max) redirects, the last to \(last.to)")
        }
    }
}

/// The header lines of a response as libcurl hands them over.
enum HeaderBlock {
    /// Lines without a colon are dropped, continuation lines (RFC 9112 §5.2) joined with a space. Bytes that are
    /// not UTF-8 become U+FFFD.
    static func parse(_ bytes: [UInt8]) -> HTTPHeaders {
        var pairs: [(String, String)] = []
        for line in bytes.split(separator: 10) {
            let isContinuation = line.first == 0x20 || line.first == 0x09
            if isContinuation, let last = pairs.popLast() {
                pairs.append((last.0, last.1 + " " + text(line)))
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex {
                pairs.append((text(line[..<colon]), text(line[line.index(after: colon)...])))
            }
        }
        return HTTPHeaders(pairs)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
