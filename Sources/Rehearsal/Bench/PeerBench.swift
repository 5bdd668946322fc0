import Fetch
import Foundation
import News

/// Other programs at the same feeds of the same server, each host met for the first time.
struct PeerBench {
    let bench: Bench
    let daemon: BenchDaemon
    let feeds: Int

    /// CPU seconds and seconds by the clock.
    private struct Spent {
        var cpu: Double
        var clock: Double
    }

    func run() async throws {
        guard let server = daemon.server else {
            return bench.row("peers", "not measured", floor: bench.missing("server"))
        }
        let fetching = FetchBench(bench: bench, server: server)
        try fetching.writeDocuments(server)
        let urls = (0..<feeds).map { daemon.url($0, document: "fetch-\($0 % FetchBench.documents).xml") }
        let alone = try await best { try await fetch(urls, fetching) }
        try await row("fetch alone", alone, "curl", package: "curl") { try curl(urls, $0) }
        let place = try daemon.place(urls: urls)
        defer { try? FileManager.default.removeItem(atPath: place.folder) }
        let whole = try await best {
            try? FileManager.default.removeItem(atPath: place.state)
            let arguments = [
                "once", "--config", place.config, "--state", place.state, "--now", "2025-03-30T04:00:00Z",
            ]
            return try timed {
                let run = try Run(BenchDaemon.program, arguments)
                guard run.status == 0 else { throw Broken("once ended with \(run.status): \(run.words)") }
            }
        }
        try await row("once, all new", whole, "newsboat", package: "newsboat") { try newsboat(urls, $0) }
        try await row("once, all new", whole, "sfeed_update", package: "sfeed") { try sfeed(urls, $0) }
    }

    private func row(
        _ what: String, _ ours: Spent, _ peer: String, package: String, _ run: (String) throws -> Spent
    ) async throws {
        let stage = "\(what), \(feeds) feeds"
        let program = "/usr/bin/\(peer)"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            return bench.row(stage, words(ours), floor: "no \(peer): apt install \(package)")
        }
        let theirs = try await best { try run(program) }
        bench.row(stage, words(ours), floor: "\(peer) \(words(theirs))", ratio: ours.cpu / theirs.cpu)
    }

    private func words(_ spent: Spent) -> String {
        "\(Bench.number(Double(feeds) / spent.clock))/s, \(Bench.number(spent.cpu / Double(feeds) * 1000)) s/1,000"
    }

    /// The least of each of three.
    private func best(_ run: () async throws -> Spent) async throws -> Spent {
        var best = try await run()
        for _ in 0..<2 {
            let next = try await run()
            best = Spent(cpu: min(best.cpu, next.cpu), clock: min(best.clock, next.clock))
        }
        return best
    }

    private func fetch(_ urls: [String], _ fetching: FetchBench) async throws -> Spent {
        let fetcher = fetching.makeFetcher()
        let (clock, before) = (ContinuousClock(), CPUTime.ofThisProcess)
        let begin = clock.now
        _ = try await fetching.fetch(urls, [], expecting: 200, fetcher)
        let spent = Spent(cpu: CPUTime.ofThisProcess - before, clock: begin.duration(to: clock.now) / .seconds(1))
        await fetcher.shutdown()
        return spent
    }

    /// What a child costs.
    private func timed(_ run: () throws -> Void) throws -> Spent {
        let (clock, before) = (ContinuousClock(), CPUTime.ofChildren)
        let begin = clock.now
        try run()
        return Spent(cpu: CPUTime.ofChildren - before, clock: begin.duration(to: clock.now) / .seconds(1))
    }

    private func curl(_ urls: [String], _ program: String) throws -> Spent {
        let list = urls.map { "url = \"\($0)\"\noutput = /dev/null\n" }.joined()
        let file = try written(list, "curl.config")
        let options = ["--parallel", "--parallel-max", "\(FetchBench.parallel)", "--silent", "--config", file]
        return try timed { try check(Run(program, options)) }
    }

    private func newsboat(_ urls: [String], _ program: String) throws -> Spent {
        let folder = try emptied("newsboat")
        let urls = try written(urls.joined(separator: "\n") + "\n", "newsboat/urls")
        let config = try written("reload-threads \(FetchBench.parallel)\n", "newsboat/config")
        return try timed {
            let options = ["-u", urls, "-C", config, "-c", folder + "/cache", "-x", "reload"]
            try check(Run("/usr/bin/env", ["HOME=\(folder)", program] + options))
        }
    }

    private func sfeed(_ urls: [String], _ program: String) throws -> Spent {
        let folder = try emptied("sfeed")
        let feeds = urls.enumerated().map { "feed s\($0) '\($1)'\n" }.joined()
        let text = "sfeedpath='\(folder)/feeds'\nmaxjobs=\(FetchBench.parallel)\nfeeds() {\n\(feeds)}\n"
        let file = try written(text, "sfeed/sfeedrc")
        return try timed { try check(Run(program, [file])) }
    }

    private func check(_ run: Run) throws {
        guard run.status == 0 else { throw Broken("a peer ended with \(run.status): \(run.words.prefix(300))") }
    }

    private func emptied(_ name: String) throws -> String {
        let folder = bench.work + "/" + name
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private func written(_ text: String, _ name: String) throws -> String {
        let file = bench.work + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
