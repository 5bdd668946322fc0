/// The numbers by which articles are joined: all in one place.
enum StoryScale {
    /// Shingles of a text that can be called a copy; shorter ones are captions.
    static let shinglesMin = 8
    /// Containment from which a text is a copy however it begins, and from which it is one when it begins alike.
    static let copy = 0.75
    static let copyThatBeginsAlike = 0.35
    /// The share of the opening that two texts which begin alike have in common.
    static let beginsAlike = 0.4
    /// From here on differing numbers do not matter.
    static let copyWhateverNumbers = 0.95
    /// The share of the shorter text's numbers that must be in the other.
    static let sharedNumbers = 0.7
    /// Days between a story's article and a follow-up.
    static let windowDays = 3
    /// Cosine of the terms from which two texts seen at the same time are on one event, and what each day between them adds:
    /// the longer ago, the more they must have in common.
    static let sameEvent = 0.22
    static let sameEventPerDay = 0.04
    /// The least mean likeness to the story's members, as a part of what one member must reach.
    static let sameStory = 0.75
    /// Articles that every term is thought to be absent from before any was seen.
    static let prior = 40
    /// Bits of rarity of a headline word that is not on everybody's lips.
    static let rare = 3.0
    /// Terms of an article by which others are looked up.
    static let probesMax = 24
}
