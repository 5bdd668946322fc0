import ArgumentParser
import Fetch
import Foundation
import News
import Watch

/// `make bench`: what each stage costs in CPU time, beside a floor or a peer from the same run. `Tests/Bench/run` starts it.
///
/// Subject and floor take turns, and the least of each is kept, as these machines are noisy: ratios say more than figures.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the cost of each stage beside its floor.")

    @OptionGroup var repository: RepositoryOptions
    @Option(help: "The folder with the compiled floors and the list of pages.") var work: String
    @Option(help: "The folder that the server shows.") var www: String
    @Option(help: "The server's port for plain HTTP, 0 when there is no server.") var port: UInt16
    @Option(help: "The server's port for TLS.") var tlsPort: UInt16
    @Option(help: "Folder of the common corpora; what is not there is not measured.") var corpora: String
    @Option(help: "Feeds of the whole poll.") var feeds = 10_000
    @Option(help: "Articles to score and file.") var articles = 2000
    @Option(help: "Articles in the window of the story index, the first to compare with.")
    var window = [10_000, 100_000, 300_000]
    @Option(
        help: """
            Only the parts of these names: fetch, parse, read, score, index, desk, issue, poll, peers, schedule, start.
            """)
    var only: [String] = []

    func run() async throws {
        HeapTuning.apply()
        let bench = Bench(work: work)
        let configuration = try Configuration.load(ConfigurationLocation(folder: repository.config))
        var parts: [(name: String, measure: () async throws -> Void)] = []
        let server = port > 0 ? BenchServer(folder: www, port: port, tlsPort: tlsPort) : nil
        parts.append(("fetch", { try await FetchBench(bench: bench, server: server).run() }))
        parts.append(("parse", { try ParseBench(bench: bench, corpora: corpora).run() }))
        parts.append(("read", { try ReadBench(bench: bench).run() }))
        let desk = DeskBench(bench: bench, configuration: configuration, articles: articles)
        parts.append(
            ("score", { try ScoreBench(bench: bench, configuration: configuration, articles: articles).run() }))
        parts.append(("index", { try IndexBench(bench: bench, sizes: window).run() }))
        parts.append(("desk", { try await desk.run() }))
        parts.append(("issue", { try IssueBench(bench: bench, configuration: configuration, stories: 5000).run() }))
        let daemon = BenchDaemon(repository: repository, server: server, bench: bench)
        let poll = WholePollBench(bench: bench, daemon: daemon, feeds: feeds, filed: min(feeds, 200))
        parts.append(("poll", { try await poll.run() }))
        parts.append(("peers", { try await PeerBench(bench: bench, daemon: daemon, feeds: min(feeds, 300)).run() }))
        parts.append(("schedule", { await ScheduleBench(bench: bench).run() }))
        parts.append(("start", { try await StartBench(bench: bench, daemon: daemon).run() }))
        bench.header()
        for part in parts where only.isEmpty || only.contains(part.name) { try await part.measure() }
    }
}

/// The server of the run.
struct BenchServer {
    /// What it shows below `/`.
    var folder: String
    var port: UInt16
    var tlsPort: UInt16
}
