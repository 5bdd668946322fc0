import News

/// Runs the tests that stand inside topic files, as promtool does for its rules.
public enum TopicTests {
    /// A fault for each test whose outcome is not the expected one, in the order of topics and tests.
    public static func run(_ configuration: Configuration) -> [ConfigurationFault] {
        let engine = TopicEngine(configuration, state: nil)
        return configuration.topics.flatMap { topic in topic.tests.compactMap { fault(of: $0, in: topic, engine) } }
    }

    private static func fault(
        of example: Topic.Example, in topic: Topic, _ engine: TopicEngine
    ) -> ConfigurationFault? {
        var article = Article()
        article.title = example.title
        article.paragraphs = example.text.map { [$0] } ?? []
        var source = Source(id: "test", url: "https://test.example/")
        source.origin = example.origin
        source.reliability = example.reliability
        let match = engine.assess(article).topics.first { $0.topic == topic.id }
        let outcome = outcome(of: match, topic, article, source)
        guard outcome != example.expect else { return nil }
        let found =
            match?.evidence.prefix(4).map { "\"\($0.phrase)\"\($0.ignored.map { " ignored: \($0)" } ?? "")" } ?? []
        let (file, line) = place(example.place)
        return ConfigurationFault(
            file: file, line: line, column: 1,
            message: "test \"\(example.title)\" expects \(example.expect.rawValue) and is \(outcome.rawValue)",
            hint: found.isEmpty ? "nothing was found in it" : "found: \(found.joined(separator: ", "))")
    }

    private static func outcome(
        of match: TopicMatch?, _ topic: Topic, _ article: Article, _ source: Source
    ) -> Topic.Example.Expectation {
        guard let match else { return .nothing }
        if AlertRules.firstRule(of: topic, match: match, article: article, source: source) != nil { return .alert }
        return match.match >= topic.digestFrom && match.match > .nothing ? .digest : .nothing
    }

    /// `file:line`
    private static func place(_ text: String) -> (file: String, line: Int) {
        guard let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) else {
            return (text, 0)
        }
        return (String(text[..<colon]), line)
    }
}
