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
        /// The name did not resolve or no way led to the server: as likely the own network's fault as the source's.
        case unreached
        /// 410: the publisher asks that nobody comes again.
        case gone
        /// The `inARow`-th 429 or 503, from 1.
        case throttled(inARow: Int)
    }

    /// Failures double the interval up to this, or up to the interval where that is longer.
    public static let backoffLongest: Duration = .seconds(86_400)
    /// A source that was not reached is tried again after this, or after its interval where that is shorter: when the own
    /// network is back, so is everything else.
    public static let unreachedLongest: Duration = .seconds(900)
    /// The share of a wait that is added by chance at most, so that sources polled together drift apart.
    public static let jitterShare = 0.1
    /// The least that chance adds, as a part of that share: a minute to an hour, for servers that allow one request an hour count
    /// one that comes a second early.
    public static let jitterLeast = 1.0 / 6
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
        case .unreached: wait = min(interval, unreachedLongest)
        case .failed(let inARow): wait = backoff(interval, doublings: inARow - 1)
        // A bare 429 or 503 asks for less from the first time on.
        case .throttled(let inARow): wait = backoff(interval, doublings: inARow)
        }
        let asked = max(wait, RetryAfter.delay(headers, now: now) ?? .zero, .seconds(1))
        let seconds = min(asked.components.seconds, Int64(Limits.retryAfterSeconds))
        let extra = Int64(Double(seconds) * jitterShare * min(max(jitter, 0), 1))
        return now + .seconds(seconds + extra)
    }

    /// What becomes of the wish that a source be asked before it is due.
    public enum Wish: Sendable, Hashable {
        case due
        /// Asked at that time, less than `askedAgain` ago.
        case justAsked(Timestamp)
        /// Its server has asked for rest (429, 503) until then.
        case throttled(Timestamp)
        /// Its domain, or one that it leads to, has.
        case resting(Rest)
    }

    /// How soon a source may be asked again when somebody wants it.
    public static let askedAgain: Duration = .seconds(60)

    /// Whether a source may be asked now though it is not due.
    /// - Parameters:
    ///   - fault: the code of what is wrong with it.
    ///   - rest: one that holds.
    public static func wish(
        due: Timestamp?, tried: Timestamp?, fault: String?, rest: Rest? = nil, now: Timestamp
    ) -> Wish {
        if let rest { return .resting(rest) }
        if let due, due <= now { return .due }
        if fault == "throttled", let due { return .throttled(due) }
        if let tried, tried <= now, now - tried < askedAgain { return .justAsked(tried) }
        return .due
    }

    /// Which rest holds for a source, if any: the one that it was put off by, or what has been said since.
    /// - Parameters:
    ///   - kept: of its last poll. Whoever was put off for long enough by it is asked once.
    ///   - said: what the domain's memory has.
    public static func rest(_ kept: Rest?, _ said: Rest?, at now: Timestamp) -> Rest? {
        if let kept, kept.isLongEnough(at: now) { return nil }
        return [kept, said].compactMap(\.self).filter { $0.holds(at: now) }.max { $0.until < $1.until }
    }

    /// A due time under a shorter interval than `old`, by which it was computed. What backoff or the server's own words have
    /// made longer stays as it is.
    public static func pulledIn(
        _ due: Timestamp, tried: Timestamp, from old: Duration, to new: Duration
    ) -> Timestamp {
        let (wait, before, after) = ((due - tried).components.seconds, old.components.seconds, new.components.seconds)
        guard after < before, wait > 0, wait <= before + Int64(Double(before) * jitterShare) else { return due }
        return tried + .seconds(Int64(Double(wait) * Double(after) / Double(before)))
    }

    /// How long a server's own words ask not to come again, at least.
    public static func rest(_ headers: HTTPHeaders, now: Timestamp) -> Duration {
        max(Freshness.remaining(headers, now: now), RetryAfter.delay(headers, now: now) ?? .zero)
    }

    /// A fraction from 0 to 1 that is the source's own: runs with `--now` are the same each time.
    public static func jitter(of source: SourceID) -> Double {
        Double(UInt64(Hash.hex(Array(source.utf8)).prefix(13), radix: 16) ?? 0) / Double(UInt64(1) << 52)
    }

    private static func backoff(_ interval: Duration, doublings: Int) -> Duration {
        let seconds = min(max(1, interval.components.seconds), Int64(Limits.retryAfterSeconds))
        let doubled = seconds << Int64(min(max(0, doublings), 20))
        return .seconds(max(seconds, min(doubled, backoffLongest.components.seconds)))
    }
}
