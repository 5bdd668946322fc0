/// What a reader wants to know about, as written in one file of `topics.d`.
public struct Topic: Sendable, Hashable, Codable {
    public var id: TopicID
    public var name: String
    public var about: String?
    public var belongs: [String] = []
    public var doesNot: [String] = []
    public var words: [Phrase] = []
    public var strongEntities: [EntityID] = []
    public var weakEntities: [EntityID] = []
    public var require = Require()
    public var against: [Against] = []
    /// Longer phrases in which one of its words means something else.
    public var notWithin: [String] = []
    /// Names of other regions: where they outweigh the topic's own names, the article is about those.
    public var elsewhere: [String] = []
    /// Where the match is likely and clear, in hundredths of the score; nil is `TopicScale`'s.
    public var likelyFrom: Int?
    public var clearFrom: Int?
    /// A story enters the digest from this match on.
    public var digestFrom: Match = .likely
    public var alertAnyOf: [AlertCondition] = []
    /// Affiliations that do not alert alone: a text of another must stand in the story.
    public var alertNeverOnOnly: [Source.Affiliation] = []
    public var alertAgain = Again.standard
    public var alertAtMost: AtMost?
    public var alertQuiet: Quiet?
    public var tests: [Example] = []

    public init(id: TopicID, name: String) {
        self.id = id
        self.name = name
    }

    /// Strong decides, normal supports, weak only adds.
    public enum Strength: String, Sendable, Hashable, Codable, CaseIterable { case strong, normal, weak }

    /// How well an article fits, in the two words that readers see, and neither.
    public enum Match: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        case nothing, likely, clear
        public static func < (a: Match, b: Match) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .nothing ? 0 : self == .likely ? 1 : 2 }
    }

    public struct Phrase: Sendable, Hashable, Codable {
        public var text: String
        /// BCP 47 language of the list that it stands in.
        public var language: String
        public var strength: Strength
        public init(_ text: String, language: String, strength: Strength) {
            self.text = text
            self.language = language
            self.strength = strength
        }
    }

    /// Conditions that all must hold, or it is no match at all.
    public struct Require: Sendable, Hashable, Codable {
        /// So many different strong words or strong entities.
        public var anyStrong: Int?
        /// So many of them in the headline or the lead.
        public var strongAhead: Int?
        /// So many different words and entities, weak ones aside, in the headline.
        public var inTitle: Int?
        /// So many different countries among the entities found.
        public var countries: Int?
        public init() {}
    }

    /// Words that speak against the topic, unless an exception holds.
    public struct Against: Sendable, Hashable, Codable {
        public var words: [String]
        /// How much one of them takes away.
        public var strength: Strength = .strong
        /// An entity hit of this strength of the topic lifts it.
        public var unlessEntity: Strength?
        /// One of these words anywhere in the article lifts it.
        public var unlessNear: [String] = []
        public init(words: [String]) { self.words = words }
    }

    /// One line of `alert.any_of`: all of its conditions together.
    public struct AlertCondition: Sendable, Hashable, Codable {
        public var match: Match?
        /// Of the source: one of these; so with all lists.
        public var origin: [Source.Origin] = []
        public var affiliation: [Source.Affiliation] = []
        public var reliability: Source.Reliability?
        /// Of the source, ISO 3166-1.
        public var country: [String] = []
        /// Of the article, BCP 47; `zh` takes `zh-Hans`, too.
        public var language: [String] = []
        /// So many are known to have written of the story for themselves.
        public var newsrooms: Int?
        /// Found in the article.
        public var entity: [EntityID] = []
        /// In the article.
        public var words: [String] = []
        /// One of the words stands near one of these.
        public var near: [String] = []
        /// Both count in headline and lead only.
        public var ahead = false
        public init() {}
    }

    /// A test inside the topic's file, run by `feedwatch check`.
    public struct Example: Sendable, Hashable, Codable {
        public enum Expectation: String, Sendable, Hashable, Codable, CaseIterable { case alert, digest, nothing }
        public var title: String
        public var text: String?
        /// Where it is from.
        public var source = Origin()
        public var expect: Expectation
        /// Where it stands, `file:line`.
        public var place: String
        public init(title: String, text: String? = nil, expect: Expectation, place: String = "") {
            self.title = title
            self.text = text
            self.expect = expect
            self.place = place
        }

        /// What a test says of its source; what it leaves out is as in the configured source that it names.
        public struct Origin: Sendable, Hashable, Codable {
            public var id: SourceID?
            public var origin: Source.Origin?
            public var affiliation: Source.Affiliation?
            public var reliability: Source.Reliability?
            public var country: String?
            /// Of the article.
            public var language: String?
            /// Known to have written of its story for themselves; nil is one.
            public var newsrooms: Int?
            public init() {}
        }
    }
}

/// A named thing of `entities.d` with its names in several languages.
public struct Entity: Sendable, Hashable, Codable {
    public var id: EntityID
    /// In English, for readers.
    public var name: String
    /// Topics judge `place`, `country` and `exercise` in ways of their own; any other word is for readers.
    public var type: String?
    /// ISO 3166-1 alpha-2.
    public var country: String?
    /// By BCP 47 language. The name itself counts as an English alias.
    public var aliases: [String: [String]] = [:]
    /// Names that count only beside what settles them in the same topic (`TopicRule`).
    public var ambiguous: [String: [String]] = [:]
    /// Longer phrases in which one of the names means something else.
    public var notWithin: [String: [String]] = [:]

    public init(id: EntityID, name: String) {
        self.id = id
        self.name = name
    }
}

/// How one article fits one topic, and why.
public struct TopicMatch: Sendable, Hashable, Codable {
    public var topic: TopicID
    public var match: Topic.Match
    /// 0 to 1, for ranking; not a probability.
    public var score: Double
    /// What counted, strongest first, then what was found and ignored.
    public var evidence: [Evidence]
    /// What a model of examples added; nil where the topic has none or the rules found nothing to add to.
    public var learned: Learned?
    /// Set where the source decides, whatever the article says.
    public var bySource: Source.TopicRuling?

    public init(topic: TopicID, match: Topic.Match, score: Double, evidence: [Evidence], learned: Learned? = nil) {
        self.topic = topic
        self.match = match
        self.score = score
        self.evidence = evidence
        self.learned = learned
    }

    /// The part of a match that comes from examples.
    public struct Learned: Sendable, Hashable, Codable {
        /// How many examples the model knows.
        public var examples: Int
        /// Points added to those of the evidence, or taken away.
        public var shift: Double
        /// The weightiest terms of the headline; all of them together make the shift, up to `TopicModel.shiftMax`.
        public var terms: [Term]

        public struct Term: Sendable, Hashable, Codable {
            public var text: String
            public var points: Double

            public init(text: String, points: Double) {
                self.text = text
                self.points = points
            }
        }

        public init(examples: Int, shift: Double, terms: [Term]) {
            self.examples = examples
            self.shift = shift
            self.terms = terms
        }
    }
}

/// One phrase or name found in an article.
public struct Evidence: Sendable, Hashable, Codable {
    public enum Field: String, Sendable, Hashable, Codable { case title, lead, text }
    /// As it stands in the article.
    public var phrase: String
    public var field: Field
    public var strength: Topic.Strength
    /// Set when the phrase is a name of an entity.
    public var entity: EntityID?
    /// How often in that field.
    public var count: Int
    /// Its part of the score; 0 when ignored.
    public var contribution: Double
    /// Why it did not count: `ambiguous`, `against`, `elsewhere`, `part of a longer name`.
    public var ignored: String?
    /// UTF-8 offsets of the first place in the field.
    public var start: Int
    public var end: Int

    public init(
        phrase: String, field: Field, strength: Topic.Strength, entity: EntityID? = nil, count: Int = 1,
        contribution: Double, ignored: String? = nil, start: Int, end: Int
    ) {
        self.phrase = phrase
        self.field = field
        self.strength = strength
        self.entity = entity
        self.count = count
        self.contribution = contribution
        self.ignored = ignored
        self.start = start
        self.end = end
    }
}
