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

    @Test("Gone ends polling")
    func gone() { #expect(wait(.gone, [("Retry-After", "60")]) == nil) }

    @Test("Jitter only adds, and at most a tenth", arguments: [0, 0.25, 0.999, 7, -1])
    func jitter(fraction: Double) throws {
        let seconds = try #require(wait(.read, jitter: fraction))
        #expect((3600...3960).contains(seconds))
        #expect(wait(.read, jitter: 0.5) == 3780)
    }
}
