import News
import NewsTesting
import Synchronization

/// Made-up news of ten days from eight outlets on loopback, a function of the step alone: stories on a topic and others, the
/// same text in a second outlet, follow-ups, texts that change under their id, and outlets that answer badly for a time.
final class Traffic: Sendable {
    private static let writers = ["anchor", "beacon", "compass", "drift", "ebb"]
    private static let others = ["fathom", "gale", "halyard"]
    private static let events = (0..<64).map(Event.init)
    /// A feed lists so many entries, the newest first.
    private static let listed = 12

    private let shown = Shown()
    private let server: LoopbackServer

    init() throws { server = try LoopbackServer { [shown] in Self.answer($0, at: shown.step) } }

    /// What is published from now on.
    func show(_ step: Int) { shown.step = step }

    func stop() { server.stop() }

    /// A file of `sources.d`.
    var sources: String {
        "defaults: {interval: 60m, private_hosts: true}\nsources:\n"
            + (Self.writers + Self.others).map { name in
                "  \(name): {name: \(name.capitalized), feed: \"\(server.url("/" + name))\", language: en, "
                    + "full_text: \(name == "beacon" ? "fetch" : "feed"), critical: \(name == "fathom")}\n"
            }.joined()
    }

    private static func answer(_ request: LoopbackServer.Request, at step: Int) -> LoopbackServer.Response {
        let parts = request.path.split(separator: "/").map(String.init)
        guard let outlet = parts.first else { return .init(status: 404) }
        switch outlet {
        case "fathom" where (20..<45).contains(step): return .init(status: 503)
        case "gale": return .init(status: 404)
        case "halyard" where (30..<33).contains(step): return .init(status: 200, behaviour: .close)
        default: break
        }
        let items = items(of: outlet, at: step)
        if parts.count > 1 {
            guard let item = items.first(where: { $0.id == parts[1] }) else { return .init(status: 404) }
            return .text(item.page, type: "text/html; charset=utf-8")
        }
        let body = Array(feed(items.prefix(listed), at: "http://\(request.header("Host") ?? "")/\(outlet)").utf8)
        let etag = "\"\(Hash.hex(body).prefix(32))\""
        if request.header("If-None-Match") == etag { return .init(status: 304, headers: [("ETag", etag)]) }
        return .init(headers: [("Content-Type", "application/rss+xml"), ("ETag", etag)], body: body)
    }

    private static func feed(_ items: some Sequence<Item>, at url: String) -> String {
        "<rss version=\"2.0\"><channel><title>Outlet</title>"
            + items.map { item in
                "<item><guid isPermaLink=\"false\">\(item.id)</guid><link>\(url)/\(item.id)</link>"
                    + "<title>\(item.title)</title><description>\(item.html.replacing("<", with: "&lt;"))</description></item>"
            }.joined() + "</channel></rss>"
    }

    /// Everything that an outlet has published up to a step, the newest first.
    private static func items(of outlet: String, at step: Int) -> [Item] {
        var items = [
            Item(id: "welcome", title: "\(outlet.capitalized) opens its desk", paragraphs: ["Welcome, reader."])
        ]
        guard let place = writers.firstIndex(of: outlet) else { return items }
        for event in events.prefix(step) {
            let number = event.number
            let isOwn = number % writers.count == place
            let isCopy = number.isMultiple(of: 4) && (number + 1) % writers.count == place && step > number + 1
            if isOwn || isCopy {
                let isChanged = isOwn && number.isMultiple(of: 6) && step > number + 2
                items.append(event.report(ships: isChanged ? 4 : 3))
            }
            if isOwn, number.isMultiple(of: 5), step > number + 3 { items.append(event.followUp) }
        }
        return items.reversed()
    }
}

private final class Shown: Sendable {
    private let number = Mutex(0)

    var step: Int {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }
}

private struct Item {
    var id: String
    var title: String
    var paragraphs: [String]

    var html: String { paragraphs.map { "<p>\($0)</p>" }.joined() }
    var page: String { "<html><body><article><h1>\(title)</h1>\(html)</article></body></html>" }
}

/// Something that happened: names and words of its own, so that no two are taken for one story. Each second is on the topic.
private struct Event {
    private static let consonants = "bcdfglmnprstvk".map(String.init)
    private static let vowels = "aeiou".map(String.init)
    private static let deeds = ["plan a joint headquarters", "deploy a carrier group", "declare a closed sea area"]

    let number: Int
    private let names: [String]
    private let sentences: [String]

    init(_ number: Int) {
        self.number = number
        var random = SplitMix64(seed: UInt64(number))
        names = (0..<3).map { _ in Self.word(using: &random).capitalized }
        sentences = (0..<9).map { _ in
            (0..<12).map { _ in Self.word(using: &random) }.joined(separator: " ").capitalized + "."
        }
    }

    func report(ships: Int) -> Item {
        let deed = number.isMultiple(of: 2) ? Self.deeds[number / 2 % 3] : "open a market for pears"
        return Item(
            id: "e\(number)", title: "\(names[0]) and \(names[1]) \(deed) at \(names[2])",
            paragraphs: [
                "\(names[0]) and \(names[1]) \(deed) at \(names[2]), with \(ships) ships.",
                sentences[..<5].joined(separator: " "),
            ])
    }

    var followUp: Item {
        Item(
            id: "f\(number)", title: "\(names[2]) answers \(names[0]) and \(names[1])",
            paragraphs: ["\(names[2]) answers \(names[0]) and \(names[1]).", sentences[5...].joined(separator: " ")])
    }

    private static func word(using random: inout SplitMix64) -> String {
        (0..<Int.random(in: 2...4, using: &random)).map { _ in
            let syllable = Int.random(in: 0..<70, using: &random)
            return consonants[syllable / 5] + vowels[syllable % 5]
        }.joined()
    }
}
