import News

/// Heads, redirects and statuses.
extension HostileEndpoint {
    static let heads: [HostileEndpoint] = [
        HostileEndpoint("headers-many", "headers-too-large") { _ in feed((0..<600).map { ("X-\($0)", "y") }) },
        HostileEndpoint("headers-large", "headers-too-large") { _ in
            feed((0..<90).map { ("X-\($0)", String(repeating: "y", count: 3000)) })
        },
        HostileEndpoint("header-huge", "headers-too-large") { _ in
            feed([("X-Long", String(repeating: "y", count: 400_000))])
        },
        HostileEndpoint("status-line-huge", "headers-too-large") { _ in
            raw("HTTP/1.1 200 \(String(repeating: "O", count: 400_000))\r\n\r\n")
        },
        HostileEndpoint("headers-endless", "headers-too-large") { _ in
            raw("X-Again: and again\r\n", .rawEndless(after: Array("HTTP/1.1 200 OK\r\n".utf8)))
        },
        HostileEndpoint("informational-endless", "headers-too-large") { _ in
            raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", .rawEndless(after: []))
        },
        HostileEndpoint("header-with-nul", "not-http") { _ in raw("HTTP/1.1 200 OK\r\nX-A: b\u{0}c\r\n\r\nno") },
        HostileEndpoint("cookies-flood", "headers-too-large") { _ in
            feed((0..<2000).map { ("Set-Cookie", "c\($0)=\(String(repeating: "v", count: 200)); Path=/") })
        },
        HostileEndpoint("cookies-many") { visit in
            guard visit.step.isEmpty else { return feed() }
            return .init(
                status: 302,
                headers: [("Location", visit.url + "/2")] + (0..<400).map { ("Set-Cookie", "c\($0)=\($0); Path=/") })
        },
    ]

    /// Where redirects lead that nobody may follow. `/secret` is served, and counted as a stray.
    static let redirects: [HostileEndpoint] = [
        HostileEndpoint("redirect-circle", "too-many-redirects") { visit in
            .redirect(visit.step.isEmpty ? visit.url + "/2" : visit.url)
        },
        HostileEndpoint("redirect-to-itself", "too-many-redirects") { .redirect($0.url) },
        HostileEndpoint("redirect-row", "too-many-redirects") { .redirect("\($0.url)/\((Int($0.step) ?? 0) + 1)") },
        away("redirect-to-metadata", "private-address", "http://169.254.169.254/latest/meta-data/"),
        away("redirect-to-mapped", "private-address", "http://[::ffff:127.0.0.1]:PORT/secret"),
        away("redirect-to-mapped-metadata", "private-address", "http://[::ffff:169.254.169.254]/secret"),
        away("redirect-to-nat64", "private-address", "http://[64:ff9b::a9fe:a9fe]/secret"),
        away("redirect-to-6to4", "private-address", "http://[2002:a9fe:a9fe::]/secret"),
        away("redirect-to-any", "private-address", "http://0.0.0.0:PORT/secret"),
        away("redirect-to-multicast", "private-address", "http://224.0.0.1/secret"),
        away("redirect-to-file", "scheme", "file:///etc/passwd"),
        away("redirect-to-gopher", "scheme", "gopher://127.0.0.1:PORT/_GET%20/secret"),
        away("redirect-to-dict", "scheme", "dict://127.0.0.1:PORT/d:secret"),
        away("redirect-to-garbage", "bad-address", "http://[::1/secret"),
        away("redirect-very-long", "bad-address", "http://h.example/" + String(repeating: "a", count: 9000)),
        HostileEndpoint("redirect-without-location") { _ in .init(status: 302) },
        HostileEndpoint("redirect-300") { .redirect($0.url + "/2", status: 300) },
        HostileEndpoint("redirect-with-password") { visit in
            guard visit.step.isEmpty else { return feed() }
            return .redirect(visit.url.replacing("http://", with: "http://admin:hunter2@") + "/2")
        },
    ]

    static let statuses: [HostileEndpoint] = [
        HostileEndpoint("status-203") { visit in
            visit.validators[0] == "\"203\""
                ? .init(status: 304) : .init(status: 203, headers: [("ETag", "\"203\"")], body: document)
        },
        HostileEndpoint("status-204") { _ in .init(status: 204) },
        HostileEndpoint("status-205") { _ in .init(status: 205) },
        HostileEndpoint("status-206") { _ in
            .init(status: 206, headers: [("Content-Range", "bytes 0-39/9000")], body: Array(document.prefix(40)))
        },
        HostileEndpoint("status-410") { _ in .text("gone", status: 410) },
        HostileEndpoint("status-999") { _ in .text("request denied", status: 999) },
        HostileEndpoint("status-500-endless") { _ in
            .init(status: 500, body: [UInt8](repeating: 0x20, count: 8192), behaviour: .endless)
        },
        HostileEndpoint("empty-200") { _ in .init(headers: [("Content-Type", "application/rss+xml")]) },
        HostileEndpoint("html-200") { _ in
            .text("<!DOCTYPE html><title>Welcome</title><h1>Our new site</h1>", type: "text/html")
        },
        HostileEndpoint("challenge") { _ in
            .text(
                "<!DOCTYPE html><title>Just a moment...</title><p>Verify you are human to go on.</p>",
                type: "text/html", status: 403, headers: [("cf-mitigated", "challenge"), ("Server", "cloudflare")])
        },
        HostileEndpoint("challenge-200") { _ in
            .text(
                "<!DOCTYPE html><title>Just a moment...</title><p>Verify you are human to go on.</p>", type: "text/html"
            )
        },
    ]

    /// Each form of RFC 9110 §10.2.3, and what is none: three hours after the server's clock where it is a date.
    static let retryAfter: [HostileEndpoint] = [
        throttling("retry-seconds-429", 429) { _ in "10800" },
        throttling("retry-seconds-503", 503) { _ in "10800" },
        throttling("retry-date", 429) { HTTPDateForm.fixed.text($0 + .seconds(10_800)) },
        throttling("retry-date-rfc850", 503) { HTTPDateForm.rfc850.text($0 + .seconds(10_800)) },
        throttling("retry-date-asctime", 429) { HTTPDateForm.asctime.text($0 + .seconds(10_800)) },
        throttling("retry-date-past", 503) { HTTPDateForm.fixed.text($0 - .seconds(10_800)) },
        throttling("retry-date-absurd", 429) { _ in "Fri, 31 Dec 9999 23:59:59 GMT" },
        throttling("retry-negative", 429) { _ in "-10800" },
        throttling("retry-zero", 429) { _ in "0" },
        throttling("retry-absurd", 503) { _ in "99999999999999999999" },
        throttling("retry-garbage", 429) { _ in "after the weekend" },
        HostileEndpoint("retry-absent-429") { _ in .text("slow down", status: 429) },
        HostileEndpoint("retry-absent-503") { _ in .text("slow down", status: 503) },
        HostileEndpoint("retry-on-500") { _ in .text("broken", status: 500, headers: [("Retry-After", "10800")]) },
        HostileEndpoint("retry-on-200") { _ in feed([("Retry-After", "10800")]) },
        HostileEndpoint("retry-on-302-to-nowhere") { _ in .init(status: 302, headers: [("Retry-After", "10800")]) },
        HostileEndpoint("retry-on-redirect") { visit in
            guard visit.step.isEmpty else { return feed() }
            return .init(status: 302, headers: [("Location", visit.url + "/2"), ("Retry-After", "10800")])
        },
        HostileEndpoint("fresh-for-hours") { _ in feed([("Cache-Control", "max-age=10800")]) },
        HostileEndpoint("fresh-for-years") { _ in feed([("Cache-Control", "max-age=315360000")]) },
        HostileEndpoint("fresh-by-expires") { visit in
            let dates = [("Expires", visit.now + .seconds(11_000)), ("Date", visit.now)]
            return feed(dates.map { ($0, HTTPDateForm.fixed.text($1)) } + [("Age", "200")])
        },
        HostileEndpoint("expired-since-1970") { _ in feed([("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")]) },
    ]

    private static func away(_ name: String, _ word: String, _ location: String) -> HostileEndpoint {
        HostileEndpoint(name, word) { visit in
            .redirect(location.replacing("PORT", with: visit.request.header("Host")?.split(separator: ":").last ?? ""))
        }
    }

    private static func throttling(
        _ name: String, _ status: Int, _ value: @escaping @Sendable (Timestamp) -> String
    ) -> HostileEndpoint {
        HostileEndpoint(name) { .text("slow down", status: status, headers: [("Retry-After", value($0.now))]) }
    }
}

/// The three forms of RFC 9110 §5.6.7.
enum HTTPDateForm {
    case fixed, rfc850, asctime

    func text(_ time: Timestamp) -> String {
        let days = time.seconds / 86_400
        let civil = CivilDate(daysSince1970: Int(days))
        let second = Int(time.seconds % 86_400)
        func padded(_ number: Int, with filler: String = "0") -> String {
            number < 10 ? "\(filler)\(number)" : "\(number)"
        }
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0) }.joined(separator: ":")
        let weekday = Self.weekdays[Int((days + 4) % 7)]
        let month = Self.months[civil.month - 1]
        return switch self {
        case .fixed: "\(weekday.prefix(3)), \(padded(civil.day)) \(month) \(civil.year) \(clock) GMT"
        case .rfc850: "\(weekday), \(padded(civil.day))-\(month)-\(padded(civil.year % 100)) \(clock) GMT"
        case .asctime: "\(weekday.prefix(3)) \(month) \(padded(civil.day, with: " ")) \(clock) \(civil.year)"
        }
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
