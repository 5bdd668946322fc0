import News
import Testing

@Suite struct HTTPHeaderTests {
    private static let now = Timestamp(rfc3339: "2026-11-24T04:00:00Z")!

    @Test("Header names compare without case, and repeated fields keep their order")
    func headers() {
        let headers = HTTPHeaders([("ETag", "\"1\""), ("cache-control", "a"), ("Cache-Control", "b")])
        #expect(headers["etag"] == "\"1\"")
        #expect(headers.all("CACHE-CONTROL") == ["a", "b"])
        #expect(headers["e-tag"] == nil)
    }

    @Test("A 200 replaces both validators, a 304 only what it carries, and errors leave them")
    func validators() {
        let old = Validators(etag: "W/\"1\"", lastModified: "yesterday, as sent")
        #expect(old.updated(by: HTTPHeaders([("etag", "\"2\"")]), status: 200) == Validators(etag: "\"2\""))
        #expect(old.updated(by: HTTPHeaders(), status: 200) == .none)
        #expect(
            old.updated(by: HTTPHeaders([("ETag", "\"2\"")]), status: 304)
                == Validators(etag: "\"2\"", lastModified: "yesterday, as sent"))
        #expect(old.updated(by: HTTPHeaders(), status: 304) == old)
        for status in [301, 404, 410, 429, 500, 503] {
            #expect(old.updated(by: HTTPHeaders([("ETag", "\"9\"")]), status: status) == old)
        }
    }

    @Test(
        "Validators that could not be sent back as they came are not kept",
        arguments: ["", "a\r\nHost: x", "a\u{0}b", "\u{FFFD}", String(repeating: "a", count: 2049)])
    func hostileValidators(value: String) {
        #expect(Validators(etag: value, lastModified: value).isEmpty)
    }

    @Test(
        "HTTP dates are read in all three forms",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "sun, 6 nov 1994 08:49:37 gmt",
        ])
    func dates(text: String) {
        #expect(HTTPDate.parse(text, now: Self.now)?.rfc3339 == "1994-11-06T08:49:37Z")
    }

    @Test("Two-digit years lie at most 50 years ahead")
    func twoDigitYears() {
        #expect(HTTPDate.parse("Sunday, 06-Nov-76 08:49:37 GMT", now: Self.now)?.rfc3339 == "2076-11-06T08:49:37Z")
        #expect(HTTPDate.parse("Sunday, 06-Nov-77 08:49:37 GMT", now: Self.now)?.rfc3339 == "1977-11-06T08:49:37Z")
    }

    @Test(
        "What is no HTTP date is nothing",
        arguments: [
            "", "0", "-1", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 +0900", "06 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
            String(repeating: "Sun, ", count: 1000),
        ])
    func badDates(text: String) {
        #expect(HTTPDate.parse(text, now: Self.now) == nil)
    }

    @Test(
        "Freshness is max-age, else Expires less Date, less Age, at most a day",
        arguments: [
            ([("Cache-Control", "max-age=600")], 600),
            ([("Cache-Control", "public, Max-Age=\"600\"")], 600),
            ([("Cache-Control", "max-age=600"), ("Age", "100")], 500),
            ([("Cache-Control", "max-age=600"), ("Age", "700")], 0),
            ([("Cache-Control", "s-maxage=600")], 0),
            ([("Cache-Control", "max-age=600"), ("Cache-Control", "no-cache")], 0),
            ([("Cache-Control", "max-age=600, max-age=5")], 600),
            ([("Cache-Control", "max-age=-5")], 0),
            ([("Cache-Control", "max-age=99999999999999999999")], 86_400),
            ([("Cache-Control", "max-age=60"), ("Expires", "Tue, 24 Nov 2026 05:00:00 GMT")], 60),
            ([("Expires", "Tue, 24 Nov 2026 05:00:00 GMT")], 3600),
            ([("Expires", "Tue, 24 Nov 2026 05:00:00 GMT"), ("Date", "Tue, 24 Nov 2026 04:30:00 GMT")], 1800),
            ([("Expires", "0")], 0),
            ([("Expires", "Tue, 24 Nov 2020 05:00:00 GMT")], 0),
            ([], 0),
        ] as [([(String, String)], Int)])
    func freshness(fields: [(String, String)], seconds: Int) {
        #expect(Freshness.remaining(HTTPHeaders(fields), now: Self.now) == .seconds(seconds))
    }

    @Test(
        "Retry-After is seconds or a date, up to a week",
        arguments: [
            ("120", 120), ("0", 0), ("999999999999999999999", 604_800), ("Tue, 24 Nov 2026 04:10:00 GMT", 600),
            ("Tue, 24 Nov 2020 04:10:00 GMT", 0), ("soon", nil), ("-5", nil), ("1.5", nil), ("", nil),
        ] as [(String, Int?)])
    func retryAfter(value: String, seconds: Int?) {
        let delay = RetryAfter.delay(HTTPHeaders([("Retry-After", value)]), now: Self.now)
        #expect(delay == seconds.map { .seconds($0) })
    }
}
