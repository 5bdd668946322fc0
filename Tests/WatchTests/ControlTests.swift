import Foundation
import Glibc
import GRDB
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// Commands that change something, with the service and without it.
@Suite struct ControlTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    static let old = (id: "0", title: "Ferries run", text: "On time.")
    /// Two texts of one story: the second alone would alert.
    static let quiet = (
        id: "1", title: "Ministers of the allies meet in Canberra on Tuesday over the new staff",
        text:
            "Ministers of the allies meet in Canberra on Tuesday to talk over the new staff in the harbour town of Darwin."
    )
    static let loud = (
        id: "2", title: "Ministers of the allies meet in Canberra on Tuesday over a joint headquarters",
        text:
            "Ministers of the allies meet in Canberra on Tuesday to talk over the new staff in the harbour town of Darwin. It is to be a joint headquarters."
    )

    /// A state with one story that has not alerted, and a feed that shows its next text from now on.
    private func withStory(_ body: (Playground, LoopbackServer, Story) async throws -> Void) async throws {
        let polls = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss(
                [[Self.old], [Self.quiet, Self.old]].dropFirst(polls.add() - 1).first ?? [Self.loud, Self.quiet])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.start + .seconds(7200))
        let store = try Store(path: playground.state.database, readOnly: true)
        let story = try #require(try store.story(at: "https://outlet.example/1"))
        store.close()
        #expect(story.alertedAt == nil)
        try await body(playground, server, story)
    }

    private func mute(_ playground: Playground, _ subject: String, _ seconds: Int64, at time: Timestamp) throws
        -> ControlAnswer
    {
        try ControlClient.carryOut(
            .mute(story: subject, seconds: seconds), state: playground.state, clock: .standing(at: time))
    }

    @Test("A muted story does not alert until then; one that is not muted, or no more, does", arguments: [true, false])
    func muted(isLifted: Bool) async throws {
        try await withStory { playground, _, story in
            let time = Self.start + .seconds(7300)
            let answer = try mute(playground, "https://www.outlet.example/1", 86_400, at: time)
            #expect(answer.words == ["\(story.shownID) does not alert before 2025-03-31T10:01:40Z"])
            #expect(answer.mute == Muting.Outcome(story: story.shownID, until: time + .seconds(86_400)))
            if isLifted {
                #expect(try mute(playground, story.shownID, 0, at: time).words == ["\(story.shownID) may alert again"])
            }
            let pass = try await playground.pass(at: Self.start + .seconds(14_400))
            #expect(pass.new == 1 && pass.alerts == (isLifted ? 1 : 0))
            let store = try Store(path: playground.state.database, readOnly: true)
            let now = try #require(try store.story(named: story.shownID))
            #expect(now.members.count == 2 && now.mutedUntil == (isLifted ? nil : time + .seconds(86_400)))
            guard !isLifted else { return }
            for (hours, words) in [
                (4, "Muted until Mon 10:01, in 22 h: it does not alert before."), (48, "it was muted until"),
            ] {
                let explainer = try Explainer(
                    try Configuration.load(playground.location), state: playground.state,
                    clock: .standing(at: Self.start + .seconds(Int64(hours) * 3600)))
                let explanation = try explainer.story(named: story.shownID)
                #expect(explanation.story?.mutedUntil == now.mutedUntil)
                let text = Printing.plain.text(explainer.lines(explanation))
                #expect(text.contains(words), "\(text)")
            }
        }
    }

    @Test("When its time is over, the next text of a story that was muted alerts")
    func mutedNoMore() async throws {
        try await withStory { playground, _, story in
            _ = try mute(playground, story.shownID, 3600, at: Self.start + .seconds(7200))
            #expect(try await playground.pass(at: Self.start + .seconds(14_400)).alerts == 1)
            let told = try mute(playground, story.shownID, 3600, at: Self.start + .seconds(14_500))
            #expect(told.words.last == "it has alerted already, at 2025-03-30T12:00:00Z")
        }
    }

    @Test("The service does what is asked over its socket: mute, poll, reload, status; who asked stands in the log")
    func service() async throws {
        try await withStory { playground, server, story in
            let clock = ManualClock(Self.start + .seconds(7200 + 30))
            let service = try Service(playground, clock: clock.wall)
            #expect(try await service.says("watching 1 sources"))
            let state = playground.state
            @Sendable func ask(_ request: ControlRequest) async throws -> ControlAnswer {
                try await onThread { try ControlClient.carryOut(request, state: state, clock: .system) }
            }
            let status = try await ask(.status)
            #expect(status.status?.process == getpid() && status.status?.sources == 1)
            #expect(status.status?.configuration == service.station.configuration.hash)

            #expect(try await ask(.mute(story: story.shownID, seconds: 86_400)).exit == 0)
            let unknown = try await ask(.mute(story: "zzzz", seconds: 60))
            #expect(unknown.exit == 1 && unknown.words[0].hasPrefix("no story is known as \"zzzz\""))

            #expect(
                try await ask(.poll(source: "outlet")).words == [
                    "outlet was asked 30 s ago – once a minute is the most"
                ])
            #expect(try await ask(.poll(source: "outlte")).words[0].contains("did you mean \"outlet\"?"))
            clock.advance(.seconds(60))
            #expect(try await ask(.poll(source: "outlet")) == ControlAnswer(words: ["outlet is asked now"]))
            #expect(try await eventually { server.hits("/rss") == 3 })
            clock.advance(.seconds(60))
            #expect(try await service.says("1 new, 0 alerts"), "\(service.recorder.lines)")

            try playground.write("timezone: UTC\ntimezon: UTC\n", to: "feedwatch.yaml")
            let faulty = try await ask(.reload)
            #expect(faulty.exit == 78 && faulty.words[0].contains("was not reloaded"))
            #expect(faulty.words.contains { $0.contains("feedwatch.yaml:2:1") && $0.contains("timezon") })
            try playground.write("timezone: UTC\ndigest: {at: \"09:30\"}\n", to: "feedwatch.yaml")
            let reloads = try await withThrowingTaskGroup(of: ControlAnswer.self) { group in
                for _ in 0..<8 { group.addTask { try await ask(.reload) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(reloads.allSatisfy { $0.exit == 0 })
            // Those that were asked for while one was under way are one.
            let found = reloads.count { $0.words != ["nothing has changed"] }
            #expect(found >= 1, "\(reloads.map(\.words))")
            #expect(
                service.recorder.lines.contains { $0.contains("told: \(story.shownID) does not alert before") })
            try await service.stop()
            #expect(try Store(path: state.database, readOnly: true).story(named: story.shownID)?.mutedUntil != nil)
        }
    }

    @Test("A source whose server asked for rest, and one that is off, are not asked at a wish")
    func rest() async throws {
        let server = try LoopbackServer { _ in
            .init(status: 429, headers: [("Retry-After", "7200")], body: Array("later".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  tired: \(server.url("/rss"))
                  off: {feed: "\(server.url("/off"))", enabled: false}

                """)
        defer { playground.remove() }
        let clock = ManualClock(Self.start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.hasPolled(1))
        #expect(try await service.says("429"))
        clock.advance(.seconds(600))
        let state = playground.state
        let tired = try await onThread {
            try ControlClient.carryOut(.poll(source: "tired"), state: state, clock: .system)
        }
        #expect(tired.exit == 75 && tired.words[0].contains("asked for rest – it is asked again at 2025-03-30T10:00"))
        let off = try await onThread { try ControlClient.carryOut(.poll(source: "off"), state: state, clock: .system) }
        #expect(off.exit == 1 && off.words[0].hasPrefix("off is off"))
        try await service.stop()
        #expect(server.hits("/rss") == 1 && server.hits("/off") == 0)
    }

    @Test("A client that says nothing holds up neither the service nor its stop", .timeLimit(.minutes(1)))
    func silentClient() async throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        let service = try Service(playground, clock: .system)
        #expect(try await service.says("watching"))
        let socket = playground.state.servedSocket
        #expect(socket == playground.state.path + "/run/control.sock")
        let lines = try (0..<5).map { _ in try ControlLine(socket) }
        try await service.stop()
        #expect(try await onThread { lines.allSatisfy { $0.line() == nil } })
        #expect(access(socket, F_OK) != 0)
    }

    @Test("A service whose socket cannot be made watches all the same, and says what is wrong")
    func noSocket() async throws {
        let server = try LoopbackServer { _ in Playground.rss([Self.old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try playground.state.create()
        try Data().write(to: URL(fileURLWithPath: playground.state.path + "/run"))
        let service = try Service(playground, clock: .system)
        #expect(try await service.says("no command can be given to this process"))
        #expect(try await eventually { server.hits("/rss") == 1 })
        try await service.stop()
    }

    @Test("RUNTIME_DIRECTORY has the socket, of several the first; a command finds it in the lock")
    func runtimeFolder() throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        let folder = RuntimeFolder(of: playground.state, environment: ["RUNTIME_DIRECTORY": "/run/a:/run/b"])
        #expect(folder.controlSocket == "/run/a/control.sock")
        try playground.state.create()
        let lock = try playground.state.lock()
        #expect(playground.state.servedSocket == playground.state.path + "/run/control.sock")
        lock.note(socket: folder.controlSocket)
        #expect(playground.state.servedSocket == "/run/a/control.sock")
        lock.release()
        #expect(playground.state.servedSocket == playground.state.path + "/run/control.sock")
    }

    @Test("The program: two on one state, commands with and without a service, a held lock without a socket")
    func program() async throws {
        try await withStory { playground, _, story in
            let folders = ["--config", playground.config, "--state", playground.state.path]
            let state = ["--state", playground.state.path]
            for (arguments, words) in [
                ([], "say how long"), (["--for", "3d", "--off"], "say how long"), (["--for", "3"], "such as 3d"),
                (["--for", "0m"], "such as 3d"), (["for"], "say how long"), (["for", "3"], "such as 3d"),
                (["for", "3d", "--for", "3d"], "say how long"), (["until", "3d"], "say how long"),
                (["for", "3d", "--off"], "say how long"),
            ] {
                let run = try await CommandRun(["mute", story.shownID] + arguments + state)
                #expect(run.status == 64 && run.words.contains(words), "\(run)")
            }
            let alone = try await CommandRun(["mute", story.shownID, "for", "90m"] + state)
            #expect(alone.status == 0 && alone.words.hasPrefix("\(story.shownID) does not alert before"), "\(alone)")
            let reload = try await CommandRun(["reload"] + state)
            #expect(reload.status == 75 && reload.words.contains("no feedwatch that takes commands runs"), "\(reload)")

            let lock = try playground.state.lock()
            let held = try await CommandRun(["mute", story.shownID, "--off"] + state)
            #expect(
                held.status == 75 && held.words.contains("(process \(getpid())) – which takes no commands"), "\(held)")
            lock.release()

            let service = try Service(playground, clock: .standing(at: Self.start + .seconds(7300)))
            #expect(try await service.says("watching"))
            for command in ["run", "once"] {
                let second = try await CommandRun([command] + folders)
                let words =
                    "is in use by another feedwatch (process \(getpid())) – stop it or name another --state folder"
                #expect(second.status == 75 && second.words.contains(words), "\(second)")
            }
            let beside = try await CommandRun(["mute", story.shownID, "--off"] + state)
            #expect(beside.status == 0 && beside.words == "\(story.shownID) may alert again\n", "\(beside)")
            #expect(try await CommandRun(["reload"] + state).words == "nothing has changed\n")
            try await service.stop()
        }
    }

    @Test("Without a database there is no story to mute, and none is made")
    func noState() async throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        #expect(throws: UnknownName.self) { try mute(playground, "k7f2", 60, at: Self.start) }
        #expect(access(playground.state.path, F_OK) != 0)
    }
}
