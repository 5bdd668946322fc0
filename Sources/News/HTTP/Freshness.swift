/// How long a server says that its answer stays good (RFC 9111 §4.2). Used to poll later, never sooner.
public enum Freshness {
    /// The time left from now on: `max-age`, else `Expires` − `Date`, minus `Age`; 0 to `Limits.freshnessSeconds`.
    ///
    /// Zero when nothing is promised, or `no-cache` or `no-store` takes it back. `s-maxage` is for shared caches.
    public static func remaining(_ headers: HTTPHeaders, now: Timestamp) -> Duration {
        var maxAge: Int64?
        for directive in directives(headers) {
            switch directive.name {
            case "no-cache", "no-store": return .zero
            case "max-age" where maxAge == nil: maxAge = directive.value.flatMap(deltaSeconds) ?? 0
            default: continue
            }
        }
        guard let lifetime = maxAge ?? expires(headers, now: now) else { return .zero }
        let age = headers["Age"].flatMap(deltaSeconds) ?? 0
        return .seconds(min(max(0, lifetime - age), Int64(Limits.freshnessSeconds)))
    }

    /// Digits only (RFC 9111 §1.2.2); more than 2^31 is 2^31.
    static func deltaSeconds(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return min(Int64(text) ?? 1 << 31, 1 << 31)
    }

    /// An `Expires` that is no date means "already" (RFC 9111 §5.3).
    private static func expires(_ headers: HTTPHeaders, now: Timestamp) -> Int64? {
        guard let text = headers["Expires"] else { return nil }
        guard let expires = HTTPDate.parse(text, now: now) else { return 0 }
        let date = headers["Date"].flatMap { HTTPDate.parse($0, now: now) } ?? now
        return expires.seconds - date.seconds
    }

    private static func directives(_ headers: HTTPHeaders) -> [(name: String, value: String?)] {
        headers.all("Cache-Control").flatMap { $0.split(separator: ",") }.prefix(64).map { part in
            let pair = part.split(separator: "=", maxSplits: 1)
            let clean = pair.map { String($0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }) }
            // Both `max-age=60` and `max-age="60"` are to be accepted (RFC 9111 §5.2).
            return (clean.first?.lowercased() ?? "", clean.count > 1 ? clean[1].filter { $0 != "\"" } : nil)
        }
    }
}

/// `Retry-After` (RFC 9110 §10.2.3), sent with 429, 503 and redirects.
public enum RetryAfter {
    /// The wait that is asked for, as seconds or as a date; 0 to `Limits.retryAfterSeconds`; nil where there is none or it
    /// cannot be read. The longest of several.
    public static func delay(_ headers: HTTPHeaders, now: Timestamp) -> Duration? {
        headers.all("Retry-After").compactMap { text in
            let seconds =
                Freshness.deltaSeconds(text) ?? HTTPDate.parse(text, now: now).map { $0.seconds - now.seconds }
            return seconds.map { .seconds(min(max(0, $0), Int64(Limits.retryAfterSeconds))) }
        }.max()
    }
}
