import Testing

@testable import News

@Suite("What a topic learns from examples")
struct TopicModelTests {
    private static let topic: Topic = {
        var topic = Topic(id: "arms", name: "Arms")
        topic.words = [
            Topic.Phrase("missile", language: "en", strength: .strong),
            Topic.Phrase("導彈", language: "zh-Hant", strength: .strong),
        ]
        return topic
    }()

    private static func label(_ title: String, _ belongs: Bool) -> TopicLabel {
        TopicLabel(TopicExample(title: title, paragraphs: ["The missile stands where it stood."]), belongs: belongs)
    }

    /// What is fired belongs, what is dismantled does not, though the rules see a missile in both.
    private static func labels(_ count: Int) -> [TopicLabel] {
        let places = ["coast", "island", "harbour", "valley", "border", "desert", "river", "plain", "forest", "lake"]
        return (0..<count).flatMap { index in
            let place = places[index % places.count]
            return [
                label("A missile is fired near the \(place) \(index)", true),
                label("A missile is dismantled near the \(place) \(index)", false),
            ]
        }
    }

    private static func engine(_ count: Int) -> TopicEngine {
        TopicEngine(topics: [topic], entities: [], examples: ["arms": labels(count)])
    }

    private static func match(_ engine: TopicEngine, _ title: String) throws -> TopicMatch {
        try #require(engine.assess(label(title, true).article).topics.first)
    }

    @Test("ten of either answer make a model, and nine do not", arguments: [(9, false), (10, true)])
    func least(count: Int, isLearned: Bool) throws {
        let match = try Self.match(Self.engine(count), "A missile is fired at sea")
        #expect((match.learned != nil) == isLearned)
        #expect(match.learned?.examples == (isLearned ? 20 : nil))
    }

    @Test(
        "a trial of examples that just make a model judges each with what the others teach",
        arguments: [(9, false), (10, true)])
    func smallTrial(count: Int, isLearned: Bool) throws {
        let labels = Self.labels(count)
        let trial = try #require(Self.engine(0).trial(labels, of: "arms"))
        #expect((trial.model != nil) == isLearned)
        #expect(trial.outcomes.allSatisfy { ($0.match.learned != nil) == isLearned })
    }

    @Test("terms of the headline speak for and against, and say by how much")
    func terms() throws {
        let engine = Self.engine(20)
        let rules = try Self.match(Self.engine(0), "A missile is fired at sea").score
        let fired = try Self.match(engine, "A missile is fired at sea")
        let dismantled = try Self.match(engine, "A missile is dismantled at sea")
        #expect(fired.score > rules && dismantled.score < rules)
        let learned = try #require(dismantled.learned)
        #expect(learned.shift < 0)
        #expect(learned.terms.first?.text == "dismantled" || learned.terms.first?.text == "is dismantled")
        let sum = learned.terms.reduce(0) { $0 + $1.points }
        #expect(abs(sum - learned.shift) < 1e-9 || abs(learned.shift) == TopicModel.shiftMax)
    }

    @Test("a headline of unknown terms, and one that the rules find nothing in, stay as they are")
    func unknown() throws {
        let engine = Self.engine(20)
        let known = try Self.match(Self.engine(0), "Rockets over the mountain")
        #expect(try Self.match(engine, "Rockets over the mountain").score == known.score)
        var article = Article()
        article.title = "A vase is fired"
        #expect(engine.assess(article).topics.isEmpty)
    }

    @Test("no headline moves a match by more than the limit, however often its terms are given")
    func bounded() throws {
        let shift = try #require(try Self.match(Self.engine(400), "Fired").learned).shift
        #expect(shift <= TopicModel.shiftMax && shift > 0)
    }

    @Test("examples whose answers have nothing to do with their headlines are worth little")
    func noise() throws {
        let words = ["harbour", "island", "admiral", "river", "budget", "lake", "winter"]
        let noise = (0..<280).map { index in
            // What the bits of a hash say has nothing to do with the words.
            let chance = FNV.mix(UInt64(index + 1))
            return Self.label(
                "\(words[index % 7]) and \(words[Int(chance >> 8 % 7)])", chance & 1 == 0)
        }
        let lessons = Self.engine(0).lessons(noise, of: "arms")
        let model = try #require(TopicModel(lessons))
        let telling = try #require(TopicModel(Self.engine(0).lessons(Self.labels(20), of: "arms")))
        #expect(model.worth < 0.6, "\(model.worth)")
        #expect(telling.worth > 0.6, "\(telling.worth)")
    }

    @Test("texts of one story are no proof of each other")
    func oneStory() throws {
        func worth(byStory: Bool) throws -> Double {
            let labels = (0..<60).map { index in
                let story = index / 3
                let example = TopicExample(
                    title: "A missile near harbour\(story) and valley\(story)", paragraphs: ["Text \(index)."])
                return TopicLabel(example, belongs: story % 2 == 0, story: byStory ? "\(story)" : nil)
            }
            return try #require(TopicModel(Self.engine(0).lessons(labels, of: "arms"))).worth
        }
        // Each answer is a story's own, so that headlines of other stories say nothing.
        let (stories, texts) = (try worth(byStory: true), try worth(byStory: false))
        #expect(stories < 0.6 && texts > stories + 0.3, "\(stories), \(texts)")
    }

    @Test("the same examples give the same model, to the last bit")
    func deterministic() throws {
        let first = try Self.match(Self.engine(20), "A missile is fired near the lake")
        #expect(try Self.match(Self.engine(20), "A missile is fired near the lake") == first)
    }

    @Test(
        "terms are words and pairs of words, of East Asian text one to three characters, each once",
        arguments: [
            ("The US fires a missile", ["fires", "missile", "US fires", "fires a", "a missile"]),
            ("Talks, talks", ["Talks", "Talks, talks"]),
            ("抑止力", ["抑", "抑止", "抑止力", "止", "止力", "力"]),
            ("北 war", ["北", "war"]),
            ("the of", []),
            ("", []),
        ])
    func titleTerms(title: String, terms: [String]) {
        #expect(Set(TitleTerms(title).terms.map(\.text)) == Set(terms))
        #expect(TitleTerms(title).terms.count == terms.count)
    }

    @Test("a headline of a megabyte costs what its first words cost")
    func endlessTitle() {
        let title = String(repeating: "missile talks at sea ", count: 50_000)
        #expect(TitleTerms(title).terms.count <= 2 * Limits.titleTermWordsMax)
    }
}

@Suite("A topic on trial")
struct TopicTrialTests {
    private static func trial(_ scores: [(Double, Bool)]) -> TopicTrial {
        let outcomes = scores.map { score, belongs in
            let match = TopicMatch(topic: "arms", match: .nothing, score: score, evidence: [])
            return TopicTrial.Outcome(belongs: belongs, rules: match, match: match)
        }
        return TopicTrial(outcomes: outcomes, model: nil)
    }

    @Test("the thresholds stand in the middle of the gap that parts the answers")
    func gap() throws {
        let tuned = try #require(Self.trial([(0.2, false), (0.3, false), (0.5, true), (0.7, true)]).tuned())
        #expect(tuned.likely == 40 && tuned.clear == 40)
    }

    @Test("where answers overlap, likely finds most and clear lets nothing wrong through")
    func overlap() throws {
        let scores = [(0.1, false), (0.2, false), (0.4, true), (0.45, true), (0.5, false), (0.6, true), (0.7, true)]
        let trial = Self.trial(scores)
        let tuned = try #require(trial.tuned())
        #expect(tuned.likely == 30 && tuned.clear == 55)
        #expect(trial.count(from: tuned.likely).f1 == 8.0 / 9)
        #expect(trial.count(from: tuned.clear).precision == 1)
    }

    @Test("no threshold is found that silences a topic")
    func silence() throws {
        let trial = Self.trial([(0.1, true), (0.2, true), (0.9, false)])
        let tuned = try #require(trial.tuned())
        #expect(trial.count(from: tuned.clear).yesFound > 0)
        #expect(Self.trial([(0, true), (0.3, false)]).tuned() == nil)
    }

    @Test("one answer alone tunes nothing")
    func oneAnswer() {
        #expect(Self.trial([(0.2, false), (0.3, false)]).tuned() == nil)
        #expect(Self.trial([]).tuned() == nil)
    }
}
