import Glibc
import News
import Synchronization
import Testing

@testable import Fetch

@Suite struct ResolverTests {
    private static let address = IPAddress("192.0.2.1")!

    @Test("A name is looked up once for all who ask, and remembered")
    func once() async throws {
        let count = Atomic<Int>(0)
        let resolver = Resolver(lookup: { _ in
            count.add(1, ordering: .relaxed)
            usleep(20_000)
            return [Self.address]
        })
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    guard case .addresses(let found) = await resolver.addresses(of: "a.test") else {
                        Issue.record("not resolved")
                        return
                    }
                    #expect(found == [Self.address])
                }
            }
        }
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test("A failure is remembered too")
    func failures() async throws {
        let count = Atomic<Int>(0)
        let resolver = Resolver(lookup: { _ in
            count.add(1, ordering: .relaxed)
            throw SystemLookup.Failure(description: "no such name")
        })
        for _ in 0..<3 {
            guard case .failed("no such name") = await resolver.addresses(of: "a.test") else {
                Issue.record("not the failure")
                return
            }
        }
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test(
        "Whoever waits for a hanging lookup is let go at the deadline and the name counts as failed, but no other name does",
        .timeLimit(.minutes(1)))
    func deadline() async throws {
        let clock = ManualTicks()
        let begun = Atomic<Int>(0)
        let released = Atomic<Bool>(false)
        let resolver = Resolver(
            lookup: { _ in
                begun.add(1, ordering: .relaxed)
                while !released.load(ordering: .relaxed) { usleep(1000) }
                return [Self.address]
            }, deadline: .milliseconds(50), threadsMax: 2, ticks: clock.ticks)
        // Nobody is released before all were let go: were they to wait for the lookup, this would never end.
        let failed = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<100 {
                group.addTask {
                    switch await resolver.addresses(of: "n\(n).test") {
                    case .failed: return true
                    case .congested: return false
                    default:
                        Issue.record("resolved")
                        return false
                    }
                }
            }
            while resolver.waiting < 99 || begun.load(ordering: .relaxed) < 1 { await Task.yield() }
            await clock.advanceWhenSomebodySleeps(.milliseconds(50))
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        // Only a name that was asked for fails, and two threads take one new name at a time.
        #expect(failed == 1)
        released.store(true, ordering: .relaxed)
    }

    @Test("Names that wait for a thread far longer than the deadline are all resolved while lookups come back in time")
    func longLine() async throws {
        let clock = ManualTicks()
        let count = Atomic<Int>(0)
        let resolver = Resolver(
            lookup: { _ in
                count.add(1, ordering: .relaxed)
                clock.advance(.milliseconds(15))
                return [Self.address]
            }, deadline: .milliseconds(600), threadsMax: 2, ticks: clock.ticks)
        let resolved = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<120 {
                group.addTask {
                    if case .addresses = await resolver.addresses(of: "n\(n).test") { true } else { false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(resolved == 120)
        #expect(count.load(ordering: .relaxed) == 120)
    }

    @Test(
        "While lookups hang only so many names wait: others are sent away at once, known ones answered, until one comes back",
        .timeLimit(.minutes(1)))
    func stuck() async throws {
        let isDead = Atomic<Bool>(true)
        let hanging = Atomic<Int>(0)
        let resolver = Resolver(
            lookup: { host in
                if host.hasSuffix(".dead") {
                    hanging.add(1, ordering: .relaxed)
                    while isDead.load(ordering: .relaxed) { usleep(1000) }
                }
                return [Self.address]
            }, deadline: .seconds(1), threadsMax: 2, waitingMax: 3)
        func isCongested(_ host: String) async -> Bool {
            if case .congested = await resolver.addresses(of: host) { true } else { false }
        }
        guard case .addresses = await resolver.addresses(of: "known.test") else { throw CancellationError() }
        // One is looked up and hangs; the others wait for its thread until the deadline.
        let waiting = (0..<4).map { n in Task { await isCongested("n\(n).dead") } }
        var congested = 0
        for task in waiting where await task.value { congested += 1 }
        #expect(congested == 3)
        for n in 0..<100 { #expect(await isCongested("more\(n).dead")) }
        #expect(resolver.waiting == 3 && hanging.load(ordering: .relaxed) == 1)
        guard case .addresses = await resolver.addresses(of: "known.test") else { throw CancellationError() }
        isDead.store(false, ordering: .relaxed)
        while await isCongested("more1.dead") { await Task.yield() }
        #expect(hanging.load(ordering: .relaxed) == 2)
    }

    @Test("A new name does not wait for those that were sent away and come again", .timeLimit(.minutes(1)))
    func newNames() async throws {
        let wave = Atomic<Int>(0)
        let begun = Atomic<Int>(0)
        let resolver = Resolver(
            lookup: { host in
                guard host.hasSuffix(".dead") else { return [Self.address] }
                let own = wave.load(ordering: .relaxed)
                begun.add(1, ordering: .relaxed)
                while wave.load(ordering: .relaxed) == own { usleep(1000) }
                throw SystemLookup.Failure(description: "no answer")
            }, deadline: .seconds(1), threadsMax: 4, waitingMax: 3)
        func askAll() async {
            await withTaskGroup(of: Void.self) { group in
                for n in 0..<10 { group.addTask { _ = await resolver.addresses(of: "n\(n).dead") } }
            }
        }
        await askAll()
        #expect(begun.load(ordering: .relaxed) == 3)
        wave.store(1, ordering: .relaxed)
        while begun.load(ordering: .relaxed) < 5 { await askAll() }
        // Until the last of the first three has come back, new ones are sent away, too.
        var number = 0
        while true {
            if case .addresses = await resolver.addresses(of: "new\(number).test") { break }
            number += 1
            await askAll()
        }
        #expect(begun.load(ordering: .relaxed) == 5, "two of those that were sent away, and no third")
        wave.store(2, ordering: .relaxed)
    }

    @Test("A name for which nobody waits any more is not looked up", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let isDead = Atomic<Bool>(true)
        let asked = Mutex<[String]>([])
        let resolver = Resolver(
            lookup: { host in
                asked.withLock { $0.append(host) }
                while isDead.load(ordering: .relaxed) { usleep(1000) }
                return [Self.address]
            }, threadsMax: 2)
        let hanging = Task { await resolver.addresses(of: "first.test") }
        while asked.withLock({ $0.isEmpty }) { await Task.yield() }
        let waiting = Task { await resolver.addresses(of: "second.test") }
        while resolver.waiting == 0 { await Task.yield() }
        waiting.cancel()
        guard case .cancelled = await waiting.value else { throw CancellationError() }
        isDead.store(false, ordering: .relaxed)
        guard case .addresses = await hanging.value else { throw CancellationError() }
        guard case .addresses = await resolver.addresses(of: "third.test") else { throw CancellationError() }
        #expect(asked.withLock { $0 } == ["first.test", "third.test"])
    }

    @Test(
        "A name that has grown old is looked up first; where no answer comes in two seconds, or none is to be had, the old one serves for a day",
        .timeLimit(.minutes(1)))
    func stale() async throws {
        let clock = ManualTicks()
        let dns = Mutex<[IPAddress]?>([Self.address])
        let isHanging = Atomic<Bool>(false)
        let begun = Atomic<Int>(0)
        let resolver = Resolver(
            lookup: { _ in
                begun.add(1, ordering: .relaxed)
                while isHanging.load(ordering: .relaxed) { usleep(1000) }
                guard let found = dns.withLock({ $0 }) else { throw SystemLookup.Failure(description: "no answer") }
                return found
            }, ticks: clock.ticks)
        func found() async -> [IPAddress]? {
            if case .addresses(let found) = await resolver.addresses(of: "a.test") { found } else { nil }
        }
        #expect(await found() == [Self.address])
        // The host has moved: the first request after the answer's time goes to where it is now.
        let moved = IPAddress("192.0.2.2")!
        dns.withLock { $0 = [moved] }
        #expect(await found() == [Self.address] && begun.load(ordering: .relaxed) == 1)
        clock.advance(.seconds(Limits.resolvedSeconds))
        #expect(await found() == [moved] && begun.load(ordering: .relaxed) == 2)
        // No answer: the old one, at once from then on.
        dns.withLock { $0 = nil }
        clock.advance(.seconds(Limits.resolvedSeconds))
        #expect(await found() == [moved])
        #expect(await found() == [moved] && begun.load(ordering: .relaxed) == 3)
        // A lookup that hangs is waited for, but not for its whole deadline.
        isHanging.store(true, ordering: .relaxed)
        clock.advance(.seconds(Limits.unresolvedSeconds))
        let hasAnswer = Atomic<Bool>(false)
        let waiting = Task {
            let answer = await found()
            hasAnswer.store(true, ordering: .relaxed)
            return answer
        }
        while begun.load(ordering: .relaxed) < 4 { await Task.yield() }
        for _ in 0..<3 { await clock.advanceWhenSomebodySleeps(.milliseconds(500)) }
        await clock.waitForSleepers()
        let isEarly = hasAnswer.load(ordering: .relaxed)
        #expect(!isEarly)
        clock.advance(.milliseconds(500))
        #expect(await waiting.value == [moved])
        #expect(await found() == [moved] && begun.load(ordering: .relaxed) == 4)
        isHanging.store(false, ordering: .relaxed)
        // A day after it was learned nothing serves any more.
        clock.advance(.seconds(Limits.staleNameSeconds))
        #expect(await found() == nil)
        dns.withLock { $0 = [Self.address] }
        clock.advance(.seconds(Limits.unresolvedSeconds))
        #expect(await found() == [Self.address])
    }

    @Test("The end of the resolver lets everybody go")
    func stop() async throws {
        let released = Atomic<Bool>(false)
        let resolver = Resolver(lookup: { _ in
            while !released.load(ordering: .relaxed) { usleep(1000) }
            return []
        })
        let task = Task { await resolver.addresses(of: "a.test") }
        await Task.yield()
        resolver.stop()
        guard case .stopped = await task.value else {
            Issue.record("not stopped")
            return
        }
        released.store(true, ordering: .relaxed)
    }
}

/// Time that a test sets.
private final class ManualTicks: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [(until: ContinuousClock.Instant, wakes: OneShot<Void>)] = []
    }

    private let state = Mutex(State())

    var ticks: Resolver.Ticks {
        Resolver.Ticks(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                let wakes = OneShot<Void>()
                self.state.withLock { $0.sleepers.append(($0.now.advanced(by: duration), wakes)) }
                await wakes.wait()
            })
    }

    func advance(_ duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            defer { state.sleepers.removeAll { $0.until <= state.now } }
            return state.sleepers.filter { $0.until <= state.now }
        }
        for sleeper in woken { sleeper.wakes.give(()) }
    }

    func waitForSleepers() async {
        while state.withLock({ $0.sleepers.isEmpty }) { await Task.yield() }
    }

    func advanceWhenSomebodySleeps(_ duration: Duration) async {
        await waitForSleepers()
        advance(duration)
    }
}
