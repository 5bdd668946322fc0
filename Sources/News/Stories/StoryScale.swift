/// The numbers by which articles are joined: all in one place.
enum StoryScale {
    /// Shingles of a text that can be called a copy; shorter ones are captions.
    static let shinglesMin = 8
    /// Containment from which a text is a copy.
    static let copy = 0.5
    /// From here on differing numbers do not matter.
    static let copyWhateverNumbers = 0.95
    /// The share of the shorter text's numbers that must be in the other.
    static let sharedNumbers = 0.5
    /// Days between a story's article and a follow-up.
    static let windowDays = 3
    /// Cosine of the terms from which two texts are on one event.
    static let sameEvent = 0.30
    /// The least mean cosine to the story's members.
    static let sameStory = 0.20
    /// Articles that every term is thought to be absent from before any was seen.
    static let prior = 40
    /// Bits of rarity of a headline word that is not on everybody's lips.
    static let rare = 3.0
    /// Terms of an article by which others are looked up.
    static let probesMax = 24
    /// What a shared strong entity adds, at most `entityBonusMax` in all.
    static let entityBonus = 0.02
    static let entityBonusMax = 0.06
}
