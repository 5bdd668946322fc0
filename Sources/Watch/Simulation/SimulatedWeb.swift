import Fetch
import Foundation
import News

/// The web that a simulation sees: the configured sources with invented content, in the form that each kind has, with
/// validators, and with the faults that the web has: errors, answers that never come, outages of days, dead addresses.
///
/// A pure function of the seed, the address and the moment.
public struct SimulatedWeb: Sendable {
    private let seed: UInt64
    private let numbers: [String: Int]
    private let kinds: [Source.Kind]
    private let traffic: SimulatedTraffic

    /// Entries that a document lists.
    private static let listedMax = 30

    public init(_ configuration: Configuration, seed: UInt64) {
        self.seed = seed
        let sources = configuration.sources.filter(\.enabled)
        numbers = Dictionary(sources.enumerated().map { ($1.url, $0) }, uniquingKeysWith: { first, _ in first })
        kinds = sources.map(\.kind)
        traffic = SimulatedTraffic(seed: seed, sourceCount: sources.count, topics: configuration.topics)
    }

    public func answer(_ url: String, _ validators: Validators, at now: Timestamp) throws(FetchError) -> StandInAnswer {
        if let source = numbers[url] { return try document(of: source, url, validators, at: now) }
        guard let (source, id) = Self.article(at: url), source < kinds.count, let item = traffic.item(id, of: source),
            item.at <= now
        else { return StandInAnswer(status: 404) }
        return Self.html(SimulatedDocument.article(item))
    }

    private func document(
        of source: Int, _ url: String, _ validators: Validators, at now: Timestamp
    ) throws(FetchError) -> StandInAnswer {
        if let fault = try SimulatedFaults(seed: seed).answer(source, url, at: now) { return fault }
        let items = traffic.listed(of: source, at: now, most: Self.listedMax)
        // Items come in order: the newest one says which of them are listed.
        let etag = "\"\(items.first?.id ?? "none")\""
        if validators.etag == etag { return StandInAnswer(status: 304, headers: [(name: "ETag", value: etag)]) }
        let entries = items.map { (item: $0, url: Self.address(of: $0, source, on: url)) }
        var answer =
            switch kinds[source] {
            case .feed: Self.xml(SimulatedDocument.feed(entries), type: "application/rss+xml")
            case .page: Self.html(SimulatedDocument.listing(entries))
            case .sitemap: Self.xml(SimulatedDocument.sitemap(entries), type: "application/xml")
            }
        answer.headers.append((name: "ETag", value: etag))
        return answer
    }

    private static func xml(_ text: String, type: String) -> StandInAnswer {
        StandInAnswer(headers: [(name: "Content-Type", value: type)], body: Array(text.utf8))
    }

    private static func html(_ text: String) -> StandInAnswer { xml(text, type: "text/html; charset=utf-8") }

    /// `https://HOST/simulated/12/o12-20201-3`
    private static func address(of item: SimulatedTraffic.Item, _ source: Int, on url: String) -> String {
        let origin = url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
        return "\(origin)/simulated/\(source)/\(item.id)"
    }

    private static func article(at url: String) -> (source: Int, id: String)? {
        let parts = url.split(separator: "/")
        guard parts.count == 5, parts[2] == "simulated", let source = Int(parts[3]) else { return nil }
        return (source, String(parts[4]))
    }
}

/// How the web fails, by chance that the seed settles.
private struct SimulatedFaults {
    let seed: UInt64

    /// An answer that is none of a document; nil where all is well.
    func answer(_ source: Int, _ url: String, at now: Timestamp) throws(FetchError) -> StandInAnswer? {
        // One in forty does not exist any more.
        if share(1, source, 0) < 0.025 { return StandInAnswer(status: 404) }
        if isOut(source, on: now.seconds.floorDivided(by: 86_400)) {
            throw FetchError(.refusedConnection, "\(url): connection refused (simulated)")
        }
        switch share(2, source, now.seconds) {
        case ..<0.005: throw FetchError(.timedOut, "\(url): no answer within 60 s (simulated)")
        case ..<0.015: return StandInAnswer(status: 500)
        case ..<0.016: return StandInAnswer(status: 503, headers: [(name: "Retry-After", value: "3600")])
        default: return nil
        }
    }

    /// One to three days, about once in four months.
    private func isOut(_ source: Int, on day: Int64) -> Bool {
        (0..<3).contains { age in
            let chance = share(3, source, day - Int64(age))
            return chance < 1.0 / 120 && Double(age) < 1 + chance * 120 * 2
        }
    }

    /// From 0 to 1.
    private func share(_ use: UInt64, _ source: Int, _ time: Int64) -> Double {
        var mixed = SplitMix64(seed: seed &+ use &* 1_000_003)
        mixed = SplitMix64(seed: mixed.next() ^ UInt64(source))
        mixed = SplitMix64(seed: mixed.next() ^ UInt64(bitPattern: time))
        return Double(mixed.next() >> 11) / Double(UInt64(1) << 53)
    }
}
