import News
import Testing

@Suite struct HTTPPollScheduleTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private func wait(
        _ outcome: PollSchedule.Outcome, _ headers: [(String, String)] = [], interval: Int = 3600, jitter: Double = 0
    ) -> Int64? {
        PollSchedule.next(
            after: outcome, interval: .seconds(interval), headers: HTTPHeaders(headers), now: Self.now, jitter: jitter
        ).map { $0.seconds - Self.now.seconds }
    }

    @Test(
        "A poll that went well comes again after the interval, later when the server's answer stays fresh, never sooner"
    )
    func freshness() {
        #expect(wait(.read) == 3600)
        #expect(wait(.unchanged, [("Cache-Control", "max-age=60")]) == 3600)
        #expect(wait(.unchanged, [("Cache-Control", "max-age=7200")]) == 7200)
        #expect(wait(.read, [("Cache-Control", "max-age=31536000")]) == 86_400)
    }

    @Test("Failures double the wait up to a day, or the interval where that is longer")
    func backoff() {
        #expect(
            [1, 2, 3, 4, 5, 6, 1000].map { wait(.failed(inARow: $0)) } == [
                3600, 7200, 14400, 28800, 57600, 86400, 86400,
            ])
        #expect(wait(.failed(inARow: 3), interval: 200_000) == 200_000)
        #expect(wait(.failed(inARow: 0), interval: 0) == 1)
        #expect(wait(.failed(inARow: .max), interval: .max) == 604_800)
    }

    @Test("A bare 429 slows down at once, and Retry-After is honoured where it is longer")
    func throttling() {
        #expect(wait(.throttled(inARow: 1)) == 7200)
        #expect(wait(.throttled(inARow: 2)) == 14400)
        #expect(wait(.throttled(inARow: 1), [("Retry-After", "10000")]) == 10_000)
        #expect(wait(.throttled(inARow: 1), [("Retry-After", "60")]) == 7200)
        #expect(wait(.failed(inARow: 1), [("Retry-After", "99999999")]) == 604_800)
    }

    @Test("A source that was not reached is tried again within a quarter of an hour, however often that went wrong")
    func unreached() {
        #expect(wait(.unreached) == 900)
        #expect(wait(.unreached, interval: 300) == 300)
    }

    @Test("A shorter interval pulls in what only the longer one had put off", arguments: [0, 0.05, 0.1])
    func pulledIn(jitter: Double) {
        func due(_ wait: Int) -> Int64 {
            PollSchedule.pulledIn(
                Self.now + .seconds(wait), tried: Self.now, from: .seconds(36_000), to: .seconds(3600)
            ).seconds - Self.now.seconds
        }
        #expect(due(36_000 + Int(36_000 * jitter)) == 3600 + Int64(3600 * jitter))
        #expect(due(40_000) == 40_000, "the server's words")
        #expect(due(-5) == -5)
        #expect(
            PollSchedule.pulledIn(Self.now + .seconds(60), tried: Self.now, from: .seconds(60), to: .seconds(90))
                == Self.now + .seconds(60))
    }

    @Test("A source's own jitter is the same each time, and sources differ")
    func ownJitter() {
        let all = (0..<1000).map { PollSchedule.jitter(of: "source-\($0)") }
        #expect(all.allSatisfy { (0..<1).contains($0) } && Set(all).count == 1000)
        #expect((0.4...0.6).contains(all.reduce(0, +) / 1000))
        #expect(all[7] == PollSchedule.jitter(of: "source-7"))
    }

    @Test("The least jitter of a running service makes sixty-one minutes of an hour")
    func leastJitter() {
        let due = PollSchedule.next(
            after: .unchanged, interval: .seconds(3600), headers: HTTPHeaders(), now: Self.now,
            jitter: PollSchedule.jitterLeast)
        #expect(due == Self.now + .seconds(3660))
    }

    @Test("Gone ends polling")
    func gone() { #expect(wait(.gone, [("Retry-After", "60")]) == nil) }

    @Test("Jitter only adds, and at most a tenth", arguments: [0, 0.25, 0.999, 7, -1])
    func jitter(fraction: Double) throws {
        let seconds = try #require(wait(.read, jitter: fraction))
        #expect((3600...3960).contains(seconds))
        #expect(wait(.read, jitter: 0.5) == 3780)
    }

    @Test(
        "A rest holds for a day at most, the later of two, and not one that was written before the clock was set back")
    func rests() {
        let now = Timestamp(seconds: 1_000_000)
        func rest(_ since: Int64, _ until: Int64) -> Rest {
            Rest(domain: "outlet.example", since: now - .seconds(since), until: now + .seconds(until))
        }
        #expect(PollSchedule.rest(nil, nil, at: now) == nil)
        #expect(PollSchedule.rest(rest(60, 60), rest(0, 90), at: now) == rest(0, 90))
        #expect(PollSchedule.rest(rest(60, 60), nil, at: now) == rest(60, 60))
        #expect(PollSchedule.rest(rest(60, 0), nil, at: now) == nil)
        #expect(PollSchedule.rest(rest(86_400, 60), rest(0, 90), at: now) == nil, "it is asked once")
        #expect(PollSchedule.rest(rest(-60, 90_000), nil, at: now) == nil)
        #expect(
            PollSchedule.wish(due: now, tried: nil, fault: nil, rest: rest(0, 90), now: now) == .resting(rest(0, 90)))
    }
}
