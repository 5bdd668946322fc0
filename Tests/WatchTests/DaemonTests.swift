import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite struct DaemonTests {
    let rss = Playground.rss([("1", "Ferries run", "On time.")])

    @Test("The daemon polls, reloads all or nothing, and stops; its state is free afterwards")
    func life() async throws {
        let server = try LoopbackServer { [rss] _ in rss }
        defer { server.stop() }
        let first = "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/one"))\n"
        let playground = try Playground(sources: first)
        defer { playground.remove() }
        let clock = ManualClock(Timestamp(rfc3339: "2025-03-30T08:00:00Z")!)
        let service = try Service(playground, clock: clock.wall)
        let recorder = service.recorder
        #expect(throws: StateError.self) { try playground.state.lock() }
        #expect(try await service.hasPolled(1))

        try playground.write(first + "  two: \(server.url("/two"))\n  three: {fed: x}\n", to: "sources.d/test.yaml")
        service.control.yield(.reload)
        #expect(try await service.says("was not reloaded"))
        #expect(recorder.lines.contains { $0.contains("test.yaml:5:") && $0.contains("fed") })
        clock.advance(.seconds(3700))
        #expect(try await service.hasPolled(2))
        #expect(server.hits("/one") == 2, "the old configuration goes on")
        #expect(server.hits("/two") == 0)

        try playground.write(first + "  two: \(server.url("/two"))\n", to: "sources.d/test.yaml")
        service.control.yield(.reload)
        #expect(try await eventually { server.hits("/two") == 1 })
        #expect(server.hits("/one") == 2, "a reload is no reason to poll what is not due")
        #expect(try await service.says("reloaded: sources added: 1 (two)"), "\(recorder.lines)")
        service.control.yield(.reload)
        #expect(try await service.says("reloaded: nothing has changed"))

        try await service.stop()
        try playground.state.lock().release()
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.dueJobs().filter { $0.kind == .poll }.map(\.key).sorted() == ["one", "two"])
    }

    @Test("A clock that is set back by a day keeps no source from being asked within its interval")
    func clockSetBack() async throws {
        let server = try LoopbackServer { [rss] _ in rss }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources: {one: {feed: \"\(server.url("/one"))\", private_hosts: true, interval: 60m}}\n")
        defer { playground.remove() }
        let clock = ManualClock(Timestamp(rfc3339: "2025-03-30T08:00:00Z")!)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.hasPolled(1))
        let store = try Store(path: playground.state.database, readOnly: true)
        clock.advance(.seconds(-86_400))
        #expect(try await service.says("the clock was set back"))
        #expect(
            try await eventually {
                try store.dueTime(of: .poll, "one").map { $0 - clock.now == .seconds(3600) } ?? false
            }
        )
        clock.advance(.seconds(3600))
        #expect(try await eventually { server.hits("/one") == 2 })
        try await service.stop()
    }

    @Test("A stop ends transfers under way, and what they were is no fault of the source")
    func stopInFlight() async throws {
        let asked = Counter()
        let server = try LoopbackServer { _ in
            asked.add()
            return .init(
                status: 200, headers: [("Content-Type", "text/xml")], body: Array("<rss>".utf8), behaviour: .stall)
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n  hanging: \(server.url("/rss"))\n")
        defer { playground.remove() }
        let (signals, control) = AsyncStream<ServiceSignal>.makeStream()
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: .system,
            log: Recorder().logger,
            patience: Daemon.patience)
        let running = Task {
            let daemon = Daemon(station, location: playground.location, notifier: ServiceNotifier(address: nil))
            try await daemon.run(signals: signals, watchdog: nil)
        }
        #expect(try await eventually { asked.value == 1 })
        control.yield(.stop)
        try await running.value
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.health(from: Timestamp(seconds: 0), to: Timestamp(seconds: 1)).allSatisfy { $0.fault == nil })
    }

    @Test("Reloads that are asked for while one is under way are fewer than those who asked, and each is answered")
    func foldedReloads() async throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        let station = try playground.open(at: Timestamp(rfc3339: "2025-03-30T08:00:00Z")!)
        let configuration = try Configuration.load(playground.location)
        let (loads, asked) = (Counter(), Counter())
        let gate = DispatchSemaphore(value: 0)
        let daemon = Daemon(station, notifier: ServiceNotifier(address: nil)) {
            if loads.add() == 1 { gate.wait() }
            return configuration
        }
        let answers = try await withThrowingTaskGroup(of: ControlAnswer.self) { group in
            group.addTask { await daemon.reload() }
            #expect(try await eventually { loads.value == 1 })
            for _ in 0..<20 {
                group.addTask {
                    _ = asked.add()
                    return await daemon.reload()
                }
            }
            #expect(try await eventually { asked.value == 20 })
            gate.signal()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 21 && answers.allSatisfy { $0.exit == 0 })
        #expect((2..<21).contains(loads.value), "\(loads.value)")
        await station.close()
    }

    @Test("A stop while a page is read leaves its entry pending, to be read whole after the next start")
    func stopWhileReading() async throws {
        let polls = Counter()
        let pages = Counter()
        let server = try LoopbackServer { request in
            guard request.path == "/rss" else {
                return pages.add() == 1
                    ? .init(status: 200, headers: [("Content-Type", "text/html")], body: [0x20], behaviour: .stall)
                    : .init(
                        status: 200, headers: [("Content-Type", "text/html")],
                        body: Array(
                            "<article><h1>Ferries</h1><p>The whole text of the page about ferry 1.</p></article>".utf8))
            }
            let links = polls.add() == 1 ? ["0"] : ["1", "0"]
            let items = links.map {
                "<item><guid>\($0)</guid><title>Ferry \($0)</title><link>/page\($0)</link><description>Short.</description></item>"
            }
            return .init(
                status: 200, headers: [("Content-Type", "text/xml")],
                body: Array("<rss version=\"2.0\"><channel>\(items.joined())</channel></rss>".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}\n")
        defer { playground.remove() }
        let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
        try await playground.pass(at: start)

        let station = try playground.open(at: start + .seconds(7200))
        let pass = Task { try await station.onePass() }
        #expect(try await eventually { pages.value == 1 })
        pass.cancel()
        await #expect(throws: CancellationError.self) { try await pass.value }
        #expect(try station.store.pendingEntries().map(\.entry.title) == ["Ferry 1"])
        await station.close()

        try await playground.pass(at: start + .seconds(7300))
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.pendingEntries().isEmpty)
        let filed = try store.story(at: server.url("/page1"))
        #expect(filed?.members.first?.article.text.contains("whole text of the page") == true)
    }

    @Test("A scheduler that no longer beats is not petted for")
    func deadScheduler() async throws {
        let pets = Counter()
        let heart = Heart(interval: .milliseconds(1)) { pets.add() }
        heart.beat()
        #expect(try await eventually { pets.value == 1 })
        try await Task.sleep(for: .milliseconds(50))
        #expect(pets.value == 1)
        heart.beat()
        #expect(try await eventually { pets.value == 2 })
    }

    @Test("Service notifications arrive as one datagram, at a path and at an abstract name", arguments: [true, false])
    func notification(isAbstract: Bool) throws {
        let socket = try NotifySocket(isAbstract: isAbstract)
        defer { socket.close() }
        #expect(ServiceNotifier(address: socket.address).send("READY=1\nSTATUS=watching"))
        #expect(socket.next() == "READY=1\nSTATUS=watching")
        #expect(!ServiceNotifier(address: nil).send("READY=1"))
    }

    @Test(
        "While systemd does not read, a pet is left out and nobody waits; what has to be told finds room when it does")
    func fullQueue() async throws {
        let socket = try NotifySocket(isAbstract: true)
        defer { socket.close() }
        let notifier = ServiceNotifier(address: socket.address)
        var pets = 0
        while pets < 100_000, notifier.pet() { pets += 1 }
        #expect(pets > 0 && pets < 100_000)
        let told = Task { try await onThread { notifier.send("STOPPING=1") } }
        var read: [String] = []
        let isTold = try await eventually {
            read += socket.all()
            return read.count > pets
        }
        #expect(isTold && read == Array(repeating: "WATCHDOG=1", count: pets) + ["STOPPING=1"])
        #expect(try await told.value)
    }
}
