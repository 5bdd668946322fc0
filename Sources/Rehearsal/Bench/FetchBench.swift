import Fetch
import Foundation
import News

/// `Fetcher` alone against libcurl with nothing on top, both against the same nginx.
struct FetchBench {
    let bench: Bench
    let server: BenchServer?

    private struct Kind {
        var name: String
        var isHTTP2: Bool
        var isTLS: Bool
        /// Fewer hosts than addresses: connections are kept and used again.
        var hosts: Int
        var count: Int
        var showsUnchanged: Bool
    }

    private static let kinds = [
        Kind(name: "h1", isHTTP2: false, isTLS: false, hosts: 64, count: 2000, showsUnchanged: true),
        Kind(
            name: "h1, new connections", isHTTP2: false, isTLS: false, hosts: 2000, count: 2000, showsUnchanged: false),
        Kind(name: "h2 over TLS", isHTTP2: true, isTLS: true, hosts: 64, count: 2000, showsUnchanged: true),
        Kind(name: "TLS, new connections", isHTTP2: false, isTLS: true, hosts: 500, count: 500, showsUnchanged: false),
    ]

    static let parallel = 64
    static let documents = 200

    func run() async throws {
        guard let server else {
            return bench.row("fetch", "not measured", floor: bench.missing("server"))
        }
        try writeDocuments(server)
        for kind in Self.kinds { try await measure(kind, server) }
    }

    /// Feeds of 20 KB.
    func writeDocuments(_ server: BenchServer) throws {
        var news = BenchNews(names: ["Harbour Board", "Northern Fleet"], seed: 20)
        for number in 0..<Self.documents {
            let feed = news.feed(id: "\(number)", entries: 20, words: 110...130, hour: 4)
            try Data(feed).write(to: URL(fileURLWithPath: "\(server.folder)/fetch-\(number).xml"))
        }
    }

    private func measure(_ kind: Kind, _ server: BenchServer) async throws {
        let port = kind.isTLS ? server.tlsPort : server.port
        let urls = (0..<kind.count).map { number in
            let host = number % kind.hosts
            return
                "\(kind.isTLS ? "https" : "http")://h\(host).o\(host % 16).example:\(port)/fetch-\(number % Self.documents).xml"
        }
        let list = bench.work + "/urls"
        try Data(urls.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
        let warm = kind.hosts < kind.count ? kind.hosts : 0
        var ours: [[Double]] = []
        var floors: [[Double]] = []
        for _ in 0..<Bench.rounds {
            let floor = try bench.floor(
                "fetch",
                [kind.isHTTP2 ? "2" : "1", list, "\(Self.parallel)", "\(warm)", bench.work + "/ca.pem", "\(port)"])
            if let floor { floors.append(floor) }
            ours.append(try await passes(urls, warm: warm))
        }
        for (pass, status) in ["200", "304"].enumerated() where pass == 0 || kind.showsUnchanged {
            let cost = ours.map { $0[pass] }.min() ?? 0
            let floor = floors.map { $0[pass] }.min()
            bench.row(
                "fetch, \(kind.name), \(status)", perThousand(cost, kind.count),
                floor: floor.map { "libcurl \(perThousand($0, kind.count))" } ?? bench.missing("fetch"),
                ratio: floor.map { cost / $0 })
        }
    }

    private func perThousand(_ seconds: Double, _ count: Int) -> String {
        String(format: "%.4f s/1,000", seconds / Double(count) * 1000)
    }

    /// CPU seconds of a pass without validators, then of one with those that it brought.
    private func passes(_ urls: [String], warm: Int) async throws -> [Double] {
        let fetcher = makeFetcher()
        _ = try await fetch(Array(urls.prefix(warm)), [], expecting: 200, fetcher)
        var validators: [Validators] = []
        let first = try await bench.seconds { validators = try await fetch(urls, [], expecting: 200, fetcher) }
        _ = try await fetch(Array(urls.prefix(warm)), [], expecting: 200, fetcher)
        let second = try await bench.seconds { _ = try await fetch(urls, validators, expecting: 304, fetcher) }
        await fetcher.shutdown()
        return [first, second]
    }

    func makeFetcher() -> Fetcher {
        var options = FetchOptions(userAgent: "bench/0")
        options.caBundle = bench.work + "/ca.pem"
        options.lookup = { _ in [IPAddress(v4: 0x7F00_0001)] }
        options.transfersMax = Self.parallel * 4
        return Fetcher(options: options)
    }

    /// So many tasks as there are transfers at a time, each with every so-many-th address: no task is made for a single one.
    ///
    /// - Returns: the validators of each answer, in order.
    func fetch(
        _ urls: [String], _ known: [Validators], expecting status: Int, _ fetcher: Fetcher
    ) async throws -> [Validators] {
        try await withThrowingTaskGroup(of: [(Int, Validators)].self) { group in
            for first in 0..<min(Self.parallel, urls.count) {
                group.addTask {
                    var found: [(Int, Validators)] = []
                    for number in stride(from: first, to: urls.count, by: Self.parallel) {
                        let request = FetchRequest(
                            url: urls[number], kind: .feed, validators: known.isEmpty ? .none : known[number],
                            allowsPrivateHosts: true)
                        let response = try await fetcher.fetch(request)
                        guard response.status == status else {
                            throw Broken("\(request.url): status \(response.status), not \(status)")
                        }
                        found.append((number, Validators(etag: response.headers["ETag"])))
                    }
                    return found
                }
            }
            var all = [Validators](repeating: .none, count: urls.count)
            for try await found in group {
                for (number, validators) in found { all[number] = validators }
            }
            return all
        }
    }
}
