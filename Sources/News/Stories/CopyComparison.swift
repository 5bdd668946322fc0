/// What two texts have in common, as far as it says whether one is a copy of the other.
public struct CopyComparison: Sendable, Hashable, Codable {
    /// The share of the shorter text that the other one has too, 0 to 1.
    public var containment: Double
    /// The share of either text's beginning that stands anywhere in the other, 0 to 1, the larger one first; nil where too
    /// little is known of them.
    public var beginnings: [Double]?
    /// Both have the same words around other numbers: weather, markets, contracts of the day.
    public var isOfOneTemplate = false
    /// Most of what they do not share is in a third text: one of both is made of two others.
    public var isMadeOfTwo = false
    /// Only what both are found by was compared: a few hashes, but enough to say no.
    public var isOfProbes = false

    enum CodingKeys: String, CodingKey {
        case containment, beginnings
        case isOfOneTemplate = "template"
        case isMadeOfTwo = "made_of_two"
        case isOfProbes = "of_probes"
    }

    init(containment: Double, beginnings: [Double]?) {
        self.containment = containment
        self.beginnings = beginnings
    }

    /// Whether they share enough: nearly all of the shorter text, or the beginning, which must be the more alike the less else
    /// they share.
    public var isEnough: Bool {
        if containment >= StoryScale.copy { return true }
        guard let beginnings else { return containment >= StoryScale.copyOfUnknownBeginning }
        guard containment >= StoryScale.copyThatBeginsAlike, beginnings[0] >= StoryScale.beginsAlike
        else { return false }
        let mean = beginnings.reduce(0, +) / Double(beginnings.count)
        return containment + mean >= StoryScale.containmentAndBeginning
    }

    public var isCopy: Bool { isEnough && !isOfOneTemplate && !isMadeOfTwo }
}
