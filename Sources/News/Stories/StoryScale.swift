/// The numbers by which articles are joined: all in one place.
enum StoryScale {
    /// Shingles of a text that can be called a copy; shorter ones are captions.
    static let shinglesMin = 8
    /// Containment, as far as the probes tell, from which the whole of two sketches is compared. One probe in common is less where
    /// neither text is twice as long as the other.
    static let probeShareMin = 0.0625
    /// Containment from which a text is a copy however it begins.
    static let copy = 0.85
    /// The same where one is so much shorter that nothing can be said of the beginnings.
    static let copyOfUnknownBeginning = 0.75
    /// What a copy of less than that has: the least containment, the least share of one text's beginning that stands in the
    /// other, and the least sum of containment and of that share, the mean of both ways.
    static let copyThatBeginsAlike = 0.2
    static let beginsAlike = 0.65
    static let containmentAndBeginning = 1.0
    /// A text's beginning is this part of the shorter of two, and so many shingles.
    static let beginning = 0.35
    static let beginningShingles = 50...200
    /// So many hashes of it must be in the sketch for anything to be said of it.
    static let beginningHashesMin = 3
    /// Shingles that so many articles with so many different texts have are boilerplate.
    static let boilerplateArticles = 12
    static let boilerplateTexts = 8
    /// Two texts with the same words around this many numbers at least, of which less than this share are the same, were
    /// made from one template.
    static let figuresMin = 3
    static let sharedFigures = 0.7
    /// Of a text that is made of two others this much, and so many shingles and hashes, is not in the one, and this share of
    /// it in the other.
    static let rest = 0.15
    static let restShingles = 25
    static let restHashes = 4
    static let restElsewhere = 0.55
    /// Days between a story's article and a follow-up.
    static let windowDays = 3
    /// Days for which the terms of articles are kept: a day more, as what is filed late was seen earlier.
    static let termDays = 4
    /// Cosine of the terms from which two texts seen at the same time are on one event, and what each day between them adds:
    /// the longer ago, the more they must have in common.
    static let sameEvent = 0.23
    static let sameEventPerDay = 0.04
    /// The least mean likeness to the story's members, as a part of what one member must reach.
    static let sameStory = 0.75
    /// Articles that every term is thought to be absent from before any was seen.
    static let prior = 40
    /// Bits of rarity of a headline word that is not on everybody's lips.
    static let rare = 3.0
    /// Terms of an article by which others are looked up.
    static let probesMax = 24
    /// Articles that are counted by one term or another, and those of them that are looked at.
    static let visitsMax = 128
    static let alikeMax = 12
}
