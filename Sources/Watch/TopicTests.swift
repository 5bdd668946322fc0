import News

/// Runs the tests that stand inside topic files, as promtool does for its rules.
public enum TopicTests {
    /// A fault for each test whose outcome is not the expected one, in the order of topics and tests.
    public static func run(_ configuration: Configuration) -> [ConfigurationFault] {
        let engine = TopicEngine(configuration, state: nil)
        let sources = Dictionary(
            (configuration.sources + configuration.offered).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
        return configuration.topics.flatMap { topic in
            topic.tests.compactMap { fault(of: $0, in: topic, engine, sources) }
        }
    }

    private static func fault(
        of example: Topic.Example, in topic: Topic, _ engine: TopicEngine, _ sources: [SourceID: Source]
    ) -> ConfigurationFault? {
        var article = Article()
        article.title = example.title
        article.paragraphs = TopicExample.paragraphs(
            of: (example.text ?? "").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline))
        article.language = example.source.language
        let source = source(of: example, sources)
        let assessment = engine.assess(article).ruled(by: source)
        let match = assessment.topics.first { $0.topic == topic.id }
        let subject = AlertRules.Subject(
            article, of: source, entities: assessment.entities, newsrooms: example.source.newsrooms ?? 1)
        let outcome = outcome(of: match, topic, subject)
        guard outcome != example.expect else { return nil }
        let (file, line) = place(example.place)
        return ConfigurationFault(
            file: file, line: line, column: 1,
            message: "test \"\(example.title)\" expects \(example.expect.rawValue) and is \(outcome.rawValue)",
            hint: hint(match, topic, subject, wanted: example.expect))
    }

    /// A test's source: the configured one that it names, but for what it says itself.
    private static func source(of example: Topic.Example, _ sources: [SourceID: Source]) -> Source {
        let given = example.source
        var source = given.id.flatMap { sources[$0] } ?? Source(id: "test", url: "https://test.example/")
        source.origin = given.origin ?? source.origin
        source.affiliation = given.affiliation ?? source.affiliation
        source.reliability = given.reliability ?? source.reliability
        source.country = given.country ?? source.country
        return source
    }

    private static func outcome(
        of match: TopicMatch?, _ topic: Topic, _ subject: AlertRules.Subject
    ) -> Topic.Example.Expectation {
        guard let match else { return .nothing }
        if AlertRules.firstRule(of: topic, match: match, for: subject) != nil, !isAlone(topic, subject) {
            return .alert
        }
        return match.match >= topic.digestFrom && match.match > .nothing ? .digest : .nothing
    }

    /// The story of a test is its one article.
    private static func isAlone(_ topic: Topic, _ subject: AlertRules.Subject) -> Bool {
        subject.source.affiliation.map(topic.alertNeverOnOnly.contains) ?? false
    }

    /// What was found, and where an alert fell short, what stood in its way.
    private static func hint(
        _ match: TopicMatch?, _ topic: Topic, _ subject: AlertRules.Subject, wanted: Topic.Example.Expectation
    ) -> String {
        guard let match else { return "nothing was found in it" }
        var parts: [String] = []
        if let ruling = match.bySource { parts.append("its source has the topic \(ruling.rawValue)") }
        let found = match.evidence.prefix(4).map { "\"\($0.phrase)\"\($0.ignored.map { " ignored: \($0)" } ?? "")" }
        parts.append(found.isEmpty ? "nothing was found in it" : "found: \(found.joined(separator: ", "))")
        if wanted == .alert, AlertRules.firstRule(of: topic, match: match, for: subject) != nil {
            parts.append("never_on_only holds it")
        } else if wanted == .alert {
            parts += AlertRules.verdicts(of: topic, match: match, for: subject).flatMap(\.unmet).prefix(3)
        }
        return parts.joined(separator: "; ")
    }

    /// `file:line`
    private static func place(_ text: String) -> (file: String, line: Int) {
        guard let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) else {
            return (text, 0)
        }
        return (String(text[..<colon]), line)
    }
}
