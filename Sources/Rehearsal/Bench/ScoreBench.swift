import Foundation
import News
import Watch

/// Topics, entities and fingerprints of an article against one look-up a byte in a table of the same phrases.
struct ScoreBench {
    let bench: Bench
    let configuration: Configuration
    let articles: Int

    func run() throws {
        var news = BenchNews(names: configuration.entities.map(\.name), seed: 22)
        let english = (0..<articles).map { _ in news.article() }
        try measure("English", english)
        measureGrowth(english)
        try measure("mixed scripts", (0..<articles / 4).map { _ in Self.mixed(news.article(), configuration.entities) })
    }

    private func measure(_ script: String, _ articles: [Article]) throws {
        let engine = TopicEngine(topics: configuration.topics, entities: configuration.entities)
        let text = articles.map { [$0.title ?? "", $0.text].joined(separator: "\n\n") }.joined(separator: "\n\n")
        let phrasesFile = bench.work + "/phrases"
        let textFile = bench.work + "/text"
        try Data((phrases.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: phrasesFile))
        try Data(text.utf8).write(to: URL(fileURLWithPath: textFile))
        var matching: [Double] = []
        var sketching: [Double] = []
        var floors: [Double] = []
        for _ in 0..<Bench.rounds {
            if let floor = try bench.floor("match", [phrasesFile, textFile, "3"]) { floors.append(floor[0]) }
            let start = CPUTime.ofThisProcess
            for article in articles { _ = engine.assess(article) }
            let middle = CPUTime.ofThisProcess
            for article in articles { _ = Fingerprint(article: article) }
            matching.append(middle - start)
            sketching.append(CPUTime.ofThisProcess - middle)
        }
        let floor = floors.min()
        let megabytes = Double(text.utf8.count) / 1e6
        let table = floor.map { "table of the phrases \(Bench.number(megabytes / $0)) MB/s" } ?? bench.missing("match")
        for (stage, seconds) in [("match", matching), ("fingerprint", sketching)] {
            let cost = seconds.min() ?? 0
            bench.row(
                "\(stage), \(script)",
                "\(Bench.number(Double(articles.count) / cost))/s, \(Bench.number(megabytes / cost)) MB/s",
                floor: table,
                ratio: floor.map { cost / $0 })
        }
    }

    /// The same articles with ten times the phrases, of which none stands in a text that did not before.
    private func measureGrowth(_ articles: [Article]) {
        var grown = configuration.topics
        for (number, phrase) in phrases.enumerated() {
            for copy in 0..<9 {
                // Half of them begin as phrases do that are found.
                let text =
                    (copy % 2 == 0 ? phrase : String(phrase.reversed())) + " zq" + String(repeating: "x", count: copy)
                grown[number % grown.count].words.append(Topic.Phrase(text, language: "en", strength: .weak))
            }
        }
        let engines = [configuration.topics, grown].map { TopicEngine(topics: $0, entities: configuration.entities) }
        var costs: [[Double]] = [[], []]
        for _ in 0..<Bench.rounds {
            for (number, engine) in engines.enumerated() {
                let start = CPUTime.ofThisProcess
                for article in articles { _ = engine.assess(article) }
                costs[number].append(CPUTime.ofThisProcess - start)
            }
        }
        let least = costs.map { $0.min() ?? 0 }
        bench.row(
            "match, English, ten times the phrases", "\(Bench.number(Double(articles.count) / least[1]))/s",
            floor: "with \(phrases.count) phrases \(Bench.number(Double(articles.count) / least[0]))/s",
            ratio: least[1] / least[0])
    }

    private var phrases: [String] {
        var all: Set<String> = []
        for entity in configuration.entities {
            all.insert(entity.name)
            for names in entity.notWithin.values { all.formUnion(names) }
            for list in [entity.aliases, entity.ambiguous] { for names in list.values { all.formUnion(names) } }
        }
        for topic in configuration.topics {
            all.formUnion(topic.words.map(\.text) + topic.notWithin + topic.elsewhere)
            for against in topic.against { all.formUnion(against.words + against.unlessNear) }
        }
        return all.sorted()
    }

    /// Every second paragraph is made of names in the entities' other languages.
    private static func mixed(_ article: Article, _ entities: [Entity]) -> Article {
        let names = entities.flatMap { entity in
            ["ja", "ko", "zh-Hans", "zh-Hant"].flatMap { entity.aliases[$0] ?? [] }
        }
        guard !names.isEmpty else { return article }
        var article = article
        for index in article.paragraphs.indices where index % 2 == 0 {
            let start = article.paragraphs[index].utf8.count * 31 % names.count
            article.paragraphs[index] = (0..<20).map { names[(start + $0 * 7) % names.count] }.joined(separator: "、")
        }
        return article
    }
}
