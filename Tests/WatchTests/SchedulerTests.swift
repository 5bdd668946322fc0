import News
import Storage
import Testing

@testable import Watch

@Suite struct SchedulerTests {
    private let start = Timestamp(seconds: 2_000_000_000)
    private let clock = ManualClock(Timestamp(seconds: 2_000_000_000))

    private func poll(_ source: SourceID, at time: Timestamp) -> DueJob { DueJob(kind: .poll, key: source, at: time) }

    @Test("Due times that were read before a poll ended do not take the place of what it has found")
    func overtaken() {
        let scheduler = Scheduler(clock: clock.wall, width: 8)
        let due = [poll("one", at: start), poll("two", at: start)]
        scheduler.set(due)
        #expect(scheduler.turn().jobs.map(\.key) == ["one", "two"])
        scheduler.finished("two", next: poll("two", at: start + .seconds(7200)))
        let moment = scheduler.moment()
        // Here a reload reads the table, in which the poll of "one" is not yet; and there is a new source.
        scheduler.finished("one", next: poll("one", at: start + .seconds(3600)))
        let read = [poll("one", at: start), poll("two", at: start + .seconds(600)), poll("new", at: start)]
        #expect(scheduler.set(read, readAfter: moment) == ["one"])
        #expect(scheduler.turn().jobs.map(\.key) == ["new"])
        scheduler.finished("new", next: nil)
        #expect(scheduler.turn().next == start + .seconds(600))
        clock.advance(.seconds(3599))
        #expect(scheduler.turn().jobs.map(\.key) == ["two"])
        clock.advance(.seconds(1))
        #expect(scheduler.turn().jobs.map(\.key) == ["one"])
    }

    @Test("A poll under way is not begun twice, and due times that were read after a poll ended hold")
    func underWay() {
        let scheduler = Scheduler(clock: clock.wall, width: 8)
        scheduler.set([poll("one", at: start)])
        #expect(scheduler.turn().jobs.count == 1)
        #expect(scheduler.set([poll("one", at: start)], readAfter: scheduler.moment()) == [])
        #expect(scheduler.turn().jobs.isEmpty)
        scheduler.finished("one", next: poll("one", at: start + .seconds(3600)))
        #expect(scheduler.set([poll("one", at: start)], readAfter: scheduler.moment()) == [])
        #expect(scheduler.turn().jobs.map(\.key) == ["one"])
        // One that has left no time knows nothing better.
        let moment = scheduler.moment()
        scheduler.finished("one", next: nil)
        #expect(scheduler.set([poll("one", at: start)], readAfter: moment) == [])
        #expect(scheduler.turn().jobs.map(\.key) == ["one"])
    }
}
