import News

/// Bodies that are not what was announced.
extension HostileEndpoint {
    static let lengths: [HostileEndpoint] = [
        HostileEndpoint("length-too-short") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + text)
        },
        HostileEndpoint("length-too-long", "interrupted") { _ in
            .init(body: document + document, behaviour: .truncate(afterBytes: 150))
        },
        HostileEndpoint("length-too-long-held", "too-slow") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + text, .rawStall)
        },
        HostileEndpoint("length-huge", "too-slow", page: "too-large") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n" + text, .rawStall)
        },
        HostileEndpoint("length-negative", "not-http") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + text)
        },
        HostileEndpoint("length-garbage", "not-http") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + text)
        },
        HostileEndpoint("body-cut", "interrupted") { _ in
            .init(body: document + [UInt8](repeating: 0x20, count: 5000), behaviour: .truncate(afterBytes: 100))
        },
        HostileEndpoint("body-endless", "too-large", isCut: true) { _ in .init(body: blanks, behaviour: .endless) },
        HostileEndpoint("closed-at-once", "interrupted") { _ in .init(behaviour: .close) },
        HostileEndpoint("ssh-banner", "not-http") { _ in raw("\u{0}\u{1}SSH-2.0-OpenSSH\r\n\r\nno") },
        HostileEndpoint("http-0.9", "not-http") { _ in raw(text) },
    ]

    static let chunks: [HostileEndpoint] = [
        HostileEndpoint("chunks-endless", "too-large", isCut: true) { _ in
            chunked(again: "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n")
        },
        HostileEndpoint("chunks-broken", "interrupted") { _ in raw(chunkedHead + "zz\r\n" + text + "\r\n0\r\n\r\n") },
        HostileEndpoint("chunks-cut", "interrupted") { _ in raw(chunkedHead + "1000\r\n" + text) },
        HostileEndpoint("chunk-size-overflows", "interrupted") { _ in
            raw(chunkedHead + "fffffffffffffffff\r\n" + text + "\r\n0\r\n\r\n")
        },
        HostileEndpoint("chunk-extension-endless", "too-slow") { _ in
            chunked(first: "5;", again: String(repeating: "x", count: 4096))
        },
        HostileEndpoint("trailers-endless", "headers-too-large") { _ in
            chunked(first: "5\r\n<rss>\r\n0\r\n", again: "X-Trailer: on and on\r\n")
        },
    ]

    static let slowness: [HostileEndpoint] = [
        HostileEndpoint("silent", "too-slow") { _ in raw("", .rawStall) },
        HostileEndpoint("head-then-silent", "too-slow") { _ in
            raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", .rawStall)
        },
        HostileEndpoint("headers-drip", "too-slow") { _ in
            raw("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Slow: yes\r\n", count: 1000), .rawDrip(bytesPerSecond: 20))
        },
        HostileEndpoint("body-drip", "too-slow") { _ in .init(body: blanks, behaviour: .drip(bytesPerSecond: 40)) },
        HostileEndpoint("body-drip-for-ever", "timed-out") { _ in
            .init(body: (0..<8).flatMap { _ in blanks }, behaviour: .drip(bytesPerSecond: 400))
        },
    ]

    /// Answers in a coding, honest or not; what unpacks to megabytes is a few bytes to thousands.
    static let codings: [HostileEndpoint] = [
        bomb("bomb-gzip", "gzip", Gzip.zeros(12 << 20)),
        bomb("bomb-deflate", "deflate", Gzip.zlibZeros(12 << 20)),
        bomb("bomb-br", "br", Brotli.blanks),
        bomb("bomb-zstd", "zstd", Zstd.blanks(blocks: 128)),
        bomb("bomb-stacked", "gzip, gzip", Gzip.stored(Gzip.zeros(8 << 20))),
        bomb("bomb-in-bomb", "br, gzip", Gzip.stored(Brotli.blanks)),
        HostileEndpoint("codings-too-many", "bad-encoding") { _ in
            coded(Array(repeating: "gzip", count: 50).joined(separator: ", "), document)
        },
        HostileEndpoint("coding-false", "bad-encoding") { _ in coded("gzip", document) },
        HostileEndpoint("coding-unsupported", "bad-encoding") { _ in coded("compress", [0x1F, 0x9D, 0x90] + document) },
        HostileEndpoint("coding-unknown") { _ in coded("utf-8", document) },
        HostileEndpoint("gzip-and-more") { _ in coded("gzip", Gzip.stored(document) + Array("<!-- cached -->".utf8)) },
        HostileEndpoint("gzip-and-endless") { _ in
            raw(codedHead("gzip"), .rawEndless(after: Array(codedHead("gzip").utf8) + Gzip.stored(document)))
        },
        HostileEndpoint("gzip-members") { _ in
            coded("gzip", Gzip.stored(Array(document.prefix(60))) + Gzip.stored(Array(document.dropFirst(60))))
        },
        HostileEndpoint("gzip-breaks-off") { _ in
            coded("gzip", Array(Gzip.stored(document + document).prefix(document.count + 20)))
        },
        HostileEndpoint("gzip-uncalled") { _ in .init(body: Gzip.stored(document)) },
        nothing("gzip-of-nothing", "gzip", Gzip.emptyBlocks(1000)),
        nothing("deflate-of-nothing", "deflate", Array(Gzip.emptyBlocks(1000).dropFirst(10)), after: [0x78, 0x9C]),
        nothing("zstd-of-nothing", "zstd", [UInt8](repeating: 0, count: 3000), after: Zstd.blanks(blocks: 0)),
        HostileEndpoint("coding-cut", "interrupted") { _ in
            .init(
                headers: [("Content-Encoding", "gzip")], body: Gzip.stored(document),
                behaviour: .truncate(afterBytes: 60))
        },
    ]

    private static let text = String(decoding: document, as: UTF8.self)
    private static let blanks = [UInt8](repeating: 0x20, count: 8192)
    private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func chunked(first: String = "", again: String) -> LoopbackServer.Response {
        raw(again, .rawEndless(after: Array((chunkedHead + first).utf8)))
    }

    private static func codedHead(_ coding: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Encoding: \(coding)\r\n\r\n"
    }

    /// Bytes without end that unpack to none.
    private static func nothing(
        _ name: String, _ coding: String, _ bytes: [UInt8], after first: [UInt8] = []
    ) -> HostileEndpoint {
        let (head, again) = coding == "gzip" ? (Array(bytes.prefix(10)), Array(bytes.dropFirst(10))) : (first, bytes)
        return HostileEndpoint(name, "too-large") { _ in
            .init(body: again, behaviour: .rawEndless(after: Array(codedHead(coding).utf8) + head))
        }
    }

    private static func coded(_ coding: String, _ body: [UInt8]) -> LoopbackServer.Response {
        .init(headers: [("Content-Type", "application/rss+xml"), ("Content-Encoding", coding)], body: body)
    }

    private static func bomb(_ name: String, _ coding: String, _ body: [UInt8]) -> HostileEndpoint {
        HostileEndpoint(name, "compression") { _ in coded(coding, body) }
    }
}
