import Foundation
import News
import Publish
import Watch

/// A day of many stories: composed, encoded, and written in both forms, against one pass over the page's bytes.
struct IssueBench {
    let bench: Bench
    let configuration: Configuration
    let stories: Int

    func run() throws {
        let input = input()
        let markdown = try MarkdownRenderer()
        let html = try HTMLRenderer()
        var seconds = [Double](repeating: .infinity, count: 4)
        var sizes = [0, 0, 0]
        var floor = Double.infinity
        for _ in 0..<3 {
            var marks = [CPUTime.ofThisProcess]
            let digest = Digest.compose(input)
            marks.append(CPUTime.ofThisProcess)
            let json = try PublicJSON.encode(digest)
            marks.append(CPUTime.ofThisProcess)
            let text = markdown.render(digest)
            marks.append(CPUTime.ofThisProcess)
            let page = html.render(digest)
            marks.append(CPUTime.ofThisProcess)
            sizes = [json.count, text.utf8.count, page.utf8.count]
            for index in seconds.indices { seconds[index] = min(seconds[index], marks[index + 1] - marks[index]) }
            var marked = 0
            for byte in page.utf8 where byte == 0x3C || byte == 0x26 { marked += 1 }
            floor = min(floor, CPUTime.ofThisProcess - marks[4])
            guard marked > stories else { throw Broken("the page has only \(marked) marks") }
        }
        for (index, name) in ["compose", "JSON", "Markdown", "HTML"].enumerated() {
            let size = index == 0 ? "" : ", \(Bench.number(Double(sizes[index - 1]) / 1e6)) MB"
            bench.row(
                "issue of \(stories) stories, \(name)", "\(Bench.number(seconds[index])) s\(size)",
                floor: index == 3 ? "a look at each byte of it \(Bench.number(floor)) s" : "",
                ratio: index == 3 ? seconds[3] / floor : nil)
        }
    }

    /// Each story of three articles, the second a copy, with what topics and gazetteer find in them.
    private func input() -> DigestInput {
        let engine = TopicEngine(topics: configuration.topics, entities: configuration.entities)
        var news = BenchNews(names: configuration.entities.map(\.name), seed: 31)
        let end = Timestamp(seconds: 1_743_308_400)
        let sources = ["harbour", "minami", "quay"].map { Source(id: $0, url: "https://\($0).example/rss") }
        let stories = (0..<stories).map { number in
            let id = Hash.base32("\(number)")
            let members = sources.enumerated().map { place, source in
                let article = news.article(words: 200...300)
                var found = engine.assess(article)
                if found.topics.isEmpty {
                    found.topics = [
                        TopicMatch(topic: configuration.topics[0].id, match: .likely, score: 0.5, evidence: [])
                    ]
                }
                found.topics[0].match = .likely
                let seen = end - .seconds(Int64(1 + (number * 3 + place) % 80_000))
                return StoryMember(
                    source: source.id, key: "\(number)", url: "https://\(source.id).example/\(number)",
                    article: article,
                    firstSeen: seen, readAt: seen, relation: place == 0 ? .first : place == 1 ? .copy : .followUp,
                    copyOf: place == 1 ? MemberKey(source: sources[0].id, key: "\(number)") : nil,
                    topics: found.topics, entities: found.entities, strongEntities: found.strongEntities)
            }
            return Story(id: id, shownID: String(id.prefix(8)), firstSeen: members[0].firstSeen, members: members)
        }
        return DigestInput(
            day: CivilDate(daysSince1970: 20_177), window: (end - .seconds(86_400))..<end, previousTo: nil, issued: end,
            nextIssue: end + .seconds(86_400), zone: .utc, stories: stories, nearMisses: [], health: [],
            sources: Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) }), topics: configuration.topics,
            gazetteer: Gazetteer(configuration.entities), excerptMax: 240, belowTheLine: 10, version: "bench",
            configurationHash: "0000")
    }
}
