import ArgumentParser
import Foundation
import News
import NewsTesting
import Storage

/// `make hostile`: bad servers among good ones, and names on a dead resolver, in real time.
struct HostileCommand: AsyncParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument { case servers, names }

    static let configuration = CommandConfiguration(
        commandName: "hostile",
        abstract: "Polls good sources among hostile servers and among names that nobody resolves.",
        discussion: """
            feedwatch runs as a process of its own, in which every name leads to loopback. A good source is polled on time \
            when its requests come no later than its interval with its jitter after the one before.
            """)

    @OptionGroup var repository: RepositoryOptions
    @Option(help: "Good sources.") var good = 1000
    @Option(help: "Sources at hostile endpoints.") var bad = 200
    @Option(help: "Sources whose names hang.") var names = 10_000
    @Option(help: "Minutes among the hostile; as many with a dead resolver.") var minutes = 5
    @Option(help: "Seconds that a poll may come late.") var late = 5
    @Option(help: "Megabytes that feedwatch may take.") var memory = 300
    @Option(help: "Threads that feedwatch may have.") var threads = 32
    @Option(help: "Only these parts.") var only: [Part] = Part.allCases

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        do {
            if only.contains(.servers) { try servers() }
            if only.contains(.names) { try deadNames() }
        } catch let broken as Broken {
            say("\nA promise does not hold: \(broken)")
            throw ExitCode(1)
        }
    }

    private func servers() throws {
        say("\(bad) hostile endpoints among \(good) good sources, \(minutes) minutes")
        let honest = try HonestServer()
        let server = try HostileServer()
        defer { honest.stop(); server.stop() }
        let endpoints = HostileEndpoint.all
        let hostile = (0..<bad).map { number in
            let endpoint = endpoints[number % endpoints.count].name
            let host = "bad\(number).example"
            return Crowd.Source(id: "bad-\(number)", url: server.url(endpoint, scope: "s\(number)", host: host))
        }
        let crowd = try Crowd(repository, sources: hostile + honest.sources(good))
        defer { crowd.remove() }
        let watch = try crowd.start()
        watch.sample(seconds: minutes * 60)
        watch.stop()
        try judge(honest, watch)
        let words = try crowd.faults { $0.hasPrefix("bad-") }
        say("  what the hostile came to: " + words.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))
        let strays = server.strays.filter { $0 == "/secret" }.count
        say("  requests where redirects must not lead, from sources that may use private hosts: \(strays)")
    }

    private func deadNames() throws {
        say("\(names) names on a dead resolver beside \(good) good sources, \(minutes) minutes, then recovery")
        let honest = try HonestServer()
        let revived = try HonestServer()
        defer { honest.stop(); revived.stop() }
        let crowd = try Crowd(repository, sources: honest.sources(good))
        defer { crowd.remove() }
        let watch = try crowd.start()
        watch.sample(seconds: 70)
        try crowd.add(
            (0..<names).map {
                Crowd.Source(
                    id: "dead-\($0)", url: "http://n\($0).dead.example:\(revived.port)/dead-\($0)", interval: "5m")
            })
        watch.tell("reload")
        watch.sample(seconds: minutes * 60)
        say("  polled through names that hang: \(revived.count)")
        watch.tell("revive")
        // What was put off comes back within two minutes; a name whose lookup hung, after its source's interval.
        var seconds = 0
        var most = 0
        while revived.polled < names, seconds < 1200 {
            watch.sample(seconds: 1)
            seconds += 1
            if revived.polled * 100 < names * 99 { most = seconds }
        }
        watch.stop()
        try judge(honest, watch)
        let burst = revived.burst
        say(
            "  recovery: \(revived.polled) of \(names) polled within \(seconds) s, 99 % within \(most + 1) s; "
                + "at most \(burst.perSecond) in one second, \(burst.atOnce) at once, \(revived.count) requests")
        guard revived.polled == names else { throw Broken("not all names were polled again") }
    }

    private func judge(_ honest: HonestServer, _ watch: WatchProcess) throws {
        let report = honest.report(of: good, from: watch.begun, to: watch.ended)
        say(
            "  good sources: \(report.onTime) of \(report.due) polls on time, \(report.sources) of \(good) sources; "
                + "lateness at most \(report.latest) s, half at most \(report.median) s; the first within \(report.first) s"
        )
        say(
            "  feedwatch: peak \(watch.peakMegabytes) MB, threads at most \(watch.threadsMax), CPU \(watch.cpuSeconds) s"
        )
        guard report.latest <= late, report.sources == good else { throw Broken("good sources were polled late") }
        guard watch.peakMegabytes <= memory else { throw Broken("more than \(memory) MB were taken") }
        guard watch.threadsMax <= threads else { throw Broken("there were more than \(threads) threads") }
    }

    /// At once, though it goes into a file.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
