import Foundation
import Glibc
import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

/// What must go on while every worker is busy.
@Suite struct BusyProcessTests {
    @Test("While every worker is busy and pages wait, the scheduler beats and takes jobs on", .timeLimit(.minutes(1)))
    func watchdog() async throws {
        let workers = Workers(count: 2)
        let beats = Counter()
        let scheduler = Scheduler(clock: .system, width: 8)
        let gate = Gate()
        let told = Counter()
        let served = Counter()
        let serving = Task {
            await scheduler.serve(pulse: .milliseconds(5), beat: { beats.add() }) { job in
                served.add()
                guard job.kind == .pending else { return }
                // Both workers are busy until the end; what they told the scheduler before that finds it at work.
                for _ in 0..<2 {
                    Task(executorPreference: workers) {
                        told.add()
                        scheduler.set([DueJob(kind: .desk, at: job.at)])
                        gate.wait()
                    }
                }
                while told.value < 2 { usleep(1000) }
                usleep(20_000)
            }
        }
        scheduler.set([DueJob(kind: .pending, at: Timestamp(seconds: 0))])
        #expect(try await eventually { served.value >= 2 })
        let before = beats.value
        #expect(try await eventually { beats.value >= before + 10 }, "were beats to wait for a worker, none would come")
        scheduler.set([DueJob(kind: .outbox, at: Timestamp(seconds: 0))])
        #expect(try await eventually { served.value >= 3 })
        gate.open()
        serving.cancel()
        await serving.value
    }

    @Test("However the clock is set, the scheduler waits no longer than its pulse", .timeLimit(.minutes(1)))
    func clockSetBack() async throws {
        let times = Mutex([Timestamp(seconds: 2_000_000_000)])
        let waits = Mutex<[Duration]>([])
        let clock = WallClock(
            now: {
                times.withLock { times in
                    // Every look finds the clock an hour further back.
                    times.append(times.last! - .seconds(3600))
                    return times.last!
                }
            },
            sleep: { wait in
                waits.withLock { $0.append(wait) }
                try await Task.sleep(for: .milliseconds(1))
            })
        let beats = Counter()
        let scheduler = Scheduler(clock: clock, width: 8)
        scheduler.set([DueJob(kind: .digest, at: Timestamp(seconds: 2_000_000_100))])
        let serving = Task { await scheduler.serve(pulse: .seconds(1), beat: { beats.add() }) { _ in } }
        #expect(try await eventually { beats.value >= 20 })
        serving.cancel()
        await serving.value
        #expect(waits.withLock { $0.allSatisfy { $0 <= .seconds(1) } })
    }

    @Test(
        "While pages keep every worker busy the watchdog is petted, a reload is done, and a stop reads no further page",
        .timeLimit(.minutes(1)))
    func busyWorkers() async throws {
        let workers = max(2, ProcessInfo.processInfo.activeProcessorCount)
        let page = "<article><h1>Ferries</h1><p>The whole text of the page about ferries.</p></article>"
        let pages = try (0..<workers + 5).map { _ in
            try LoopbackServer { _ in
                .init(status: 200, headers: [("Content-Type", "text/html")], body: Array(page.utf8))
            }
        }
        defer { for server in pages { server.stop() } }
        let links = pages.map { $0.url("/page") }
        let polls = Counter()
        let server = try LoopbackServer { _ in
            let items = links.prefix(polls.add() == 1 ? 1 : links.count).map {
                "<item><guid>\($0)</guid><title>Ferry \($0)</title><link>\($0)</link></item>"
            }
            return .init(
                status: 200, headers: [("Content-Type", "text/xml")],
                body: Array("<rss version=\"2.0\"><channel>\(items.joined())</channel></rss>".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}\n")
        defer { playground.remove() }
        try await playground.pass(at: Timestamp(seconds: Int64(time(nil))) - .seconds(7200))

        let read = Counter()
        let recorder = Recorder()
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: .system, log: recorder.logger,
            patience: Daemon.patience,
            observe: { stage, _ in
                guard stage == .read else { return }
                read.add()
                while !Task.isCancelled { usleep(1000) }
            })
        let (signals, control) = AsyncStream<ServiceSignal>.makeStream()
        let socket = try NotifySocket(isAbstract: true)
        defer { socket.close() }
        let running = Task {
            let daemon = Daemon(
                station, location: playground.location, notifier: ServiceNotifier(address: socket.address))
            try await daemon.run(signals: signals, watchdog: .milliseconds(40))
        }
        #expect(try await eventually { read.value == workers })
        // From here on what it tells is read all the while, as systemd does it.
        _ = socket.all()
        var pets = 0
        let petted = try await eventually {
            pets += socket.all().count { $0 == "WATCHDOG=1" }
            return pets >= 5
        }
        #expect(petted)
        control.yield(.reload)
        var isReady = false
        let reloaded = try await eventually {
            isReady = isReady || socket.all().contains { $0.hasPrefix("READY=1") }
            return isReady && recorder.lines.contains { $0.contains("reloaded: 1 sources") }
        }
        #expect(reloaded)
        control.yield(.stop)
        #expect(try await eventually { socket.all().contains { $0.hasPrefix("STOPPING=1") } })
        try await running.value
        #expect(read.value == workers)
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.pendingEntries().count >= 4)
    }
}
