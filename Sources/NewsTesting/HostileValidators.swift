import News

/// A document, and answers around it.
extension HostileEndpoint {
    static let document = Array(
        ("<rss version=\"2.0\"><channel><title>Outlet</title><item><guid isPermaLink=\"false\">1</guid>"
            + "<title>Ferries run</title><description>On time.</description></item></channel></rss>").utf8)

    static func feed(_ headers: [(String, String)] = []) -> LoopbackServer.Response {
        .init(headers: [("Content-Type", "application/rss+xml")] + headers, body: document)
    }

    /// Bytes as they are to stand on the wire.
    static func raw(
        _ text: String, _ behaviour: LoopbackServer.Behaviour = .raw
    ) -> LoopbackServer.Response {
        .init(body: Array(text.utf8), behaviour: behaviour)
    }
}

/// What servers give to ask "has it changed?" with (RFC 9110 §8.8), and what they make of being asked.
extension HostileEndpoint {
    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    static let validators: [HostileEndpoint] = [
        conditional("etag-weak", [("ETag", "W/\"1\"")]),
        conditional("etag-unquoted", [("ETag", "5f3a-1")]),
        conditional("etag-only", [("ETag", "\"1\"")]),
        conditional("last-modified-only", [("Last-Modified", date)]),
        conditional("last-modified-odd", [("Last-Modified", "last Tuesday, about noon")]),
        conditional("both-validators", [("ETag", "\"1\""), ("Last-Modified", date)]),
        HostileEndpoint("etag-empty") { _ in feed([("ETag", "")]) },
        HostileEndpoint("etag-very-long") { _ in feed([("ETag", "\"" + String(repeating: "e", count: 5000) + "\"")]) },
        HostileEndpoint("etag-not-utf8") { _ in
            .init(
                body: Array("HTTP/1.1 200 OK\r\nContent-Length: \(document.count)\r\nETag: \"caf".utf8) + [0xE9]
                    + Array("\"\r\n\r\n".utf8) + document,
                behaviour: .raw)
        },
        HostileEndpoint("etag-changing") { feed([("ETag", "\"\($0.number)\"")]) },
        HostileEndpoint("etag-vanishes") { feed($0.number == 1 ? [("ETag", "\"1\""), ("Last-Modified", date)] : []) },
        HostileEndpoint("validators-ignored") { _ in feed([("ETag", "\"1\""), ("Last-Modified", date)]) },
        HostileEndpoint("304-new-etag") { visit in
            visit.number == 1
                ? feed([("ETag", "\"1\""), ("Last-Modified", date)])
                : .init(status: 304, headers: [("ETag", "\"\(visit.number)\"")])
        },
        HostileEndpoint("304-bare") { visit in
            visit.number == 1 ? feed([("ETag", "\"1\""), ("Last-Modified", date)]) : .init(status: 304)
        },
        HostileEndpoint("304-unasked") { _ in .init(status: 304) },
        HostileEndpoint("304-with-body") { visit in
            visit.number == 1
                ? feed([("ETag", "\"1\"")])
                : raw("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n<rss>new!")
        },
        HostileEndpoint("304-on-error") { visit in
            visit.number == 2 ? .text("down", status: 500, headers: [("ETag", "\"error\"")]) : feed([("ETag", "\"1\"")])
        },
    ]

    /// Not modified when all of these come back exactly as they were sent.
    private static func conditional(_ name: String, _ headers: [(String, String)]) -> HostileEndpoint {
        let names = ["ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"]
        return HostileEndpoint(name) { visit in
            let isSame = headers.allSatisfy { visit.request.header(names[$0.0]!) == $0.1 }
            return isSame ? .init(status: 304) : feed(headers)
        }
    }
}
