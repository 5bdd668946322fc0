/// When a source is polled next: a pure function of how the last poll went.
public enum PollSchedule {
    /// How a poll ended.
    public enum Outcome: Sendable, Hashable {
        /// 304, or a body that was seen before.
        case unchanged
        /// A document with something new in it.
        case read
        /// The `inARow`-th failure since it last worked, from 1: no answer, 4xx, 5xx, or not a feed.
        case failed(inARow: Int)
        /// 410: the publisher asks that nobody comes again.
        case gone
        /// The `inARow`-th 429 or 503, from 1.
        case throttled(inARow: Int)
    }

    /// Failures double the interval up to this, or up to the interval where that is longer.
    public static let backoffLongest: Duration = .seconds(86_400)
    /// The share of a wait that is added by chance at most, so that sources polled together drift apart.
    public static let jitterShare = 0.1
    /// A stored due time further away than this comes from a clock that was set back.
    public static let longest: Duration = .seconds(8 * 86_400)

    /// The next due time; nil when polling ends (410).
    ///
    /// The server's words (freshness, `Retry-After`) lengthen the interval and never shorten it. `jitter` is a random number in 0..<1.
    public static func next(
        after outcome: Outcome, interval: Duration, headers: HTTPHeaders, now: Timestamp, jitter: Double
    ) -> Timestamp? {
        let wait: Duration
        switch outcome {
        case .gone: return nil
        case .unchanged, .read: wait = max(interval, Freshness.remaining(headers, now: now))
        case .failed(let inARow): wait = backoff(interval, doublings: inARow - 1)
        // A bare 429 or 503 asks for less from the first time on.
        case .throttled(let inARow): wait = backoff(interval, doublings: inARow)
        }
        let asked = max(wait, RetryAfter.delay(headers, now: now) ?? .zero, .seconds(1))
        let seconds = min(asked.components.seconds, Int64(Limits.retryAfterSeconds))
        let extra = Int64(Double(seconds) * jitterShare * min(max(jitter, 0), 1))
        return now + .seconds(seconds + extra)
    }

    private static func backoff(_ interval: Duration, doublings: Int) -> Duration {
        let seconds = min(max(1, interval.components.seconds), Int64(Limits.retryAfterSeconds))
        let doubled = seconds << Int64(min(max(0, doublings), 20))
        return .seconds(max(seconds, min(doubled, backoffLongest.components.seconds)))
    }
}
