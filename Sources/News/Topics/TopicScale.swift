/// The numbers by which evidence becomes a match: all in one place.
///
/// What is done (words) and who is named (entities) are added up apart and joined by their geometric mean: many names without
/// a deed, or a deed without a name, come to little, as in "weighted actors times actions". Strong evidence vouches in part
/// for the other side, so that "deter China" in a headline needs no list of names; a place is where deeds are done and adds
/// no more to them than they weigh, so that places alone come to nothing.
enum TopicScale {
    /// Pieces of evidence kept for one match.
    static let evidenceMax = 40
    /// Points from which a match is likely, and clear: scores of 0.5 and 0.6.
    static let likely = 15.5
    static let clear = 23.25
    /// Either side ends here: a long text is not a better match.
    private static let sideMax = 20.0
    /// The part of one side's strong points that counts for the other.
    private static let vouching = 0.35

    /// Points of one phrase or entity in one field; repetition adds little and ends at eight.
    static func points(_ strength: Topic.Strength, isEntity: Bool, _ field: Evidence.Field, _ count: Int) -> Double {
        let weight: Double =
            switch strength {
            case .strong: isEntity ? 1.5 : 4
            case .normal: isEntity ? 1.25 : 1.5
            case .weak: isEntity ? 1.25 : 0.5
            }
        return weight * factor(field) * damped(count)
    }

    /// Points that a group of words against takes away.
    static func against(_ strength: Topic.Strength, _ field: Evidence.Field, _ count: Int) -> Double {
        let weight: Double =
            switch strength {
            case .strong: 6
            case .normal: 3
            case .weak: 1.5
            }
        return weight * factor(field) * damped(count)
    }

    /// Points of a name of another region; strong where a headline names it as where something goes or happens.
    static func elsewhere(_ strength: Topic.Strength, _ field: Evidence.Field, _ count: Int) -> Double {
        (strength == .strong ? 4 : 2) * points(.normal, isEntity: true, field, count)
    }

    /// The part that is left where other regions are named: all while they weigh no more than this one.
    private static func anchoring(_ sum: Tally.Sum) -> Double {
        guard sum.elsewhere > 0 else { return 1 }
        return min(1, 2 * sum.home / (sum.home + sum.elsewhere))
    }

    static func points(_ sum: Tally.Sum) -> Double {
        let places = min(vouching * sum.strongPlaces, sum.words)
        let words = min(sum.words + vouching * sum.strongEntities + places, sideMax)
        let entities = min(sum.entities + vouching * sum.strongWords, sideMax)
        return max(0, 2 * (words * entities).squareRoot() * anchoring(sum) - sum.against)
    }

    /// 0.5 is where a match is likely.
    static func score(_ points: Double, meetsAll: Bool) -> Double {
        let points = points * (meetsAll ? 1 : 0.4)
        return points / (points + likely)
    }

    /// Clear needs something strong where the article says what it is about: in the headline or the lead.
    static func match(_ points: Double, _ sum: Tally.Sum, _ topic: Topic) -> Topic.Match {
        if points >= pointsFrom(topic.clearFrom, clear) && sum.strongAhead > 0 { return .clear }
        return points >= pointsFrom(topic.likelyFrom, likely) ? .likely : .nothing
    }

    /// Whether a score is at least so many hundredths.
    static func reaches(_ score: Double, _ hundredths: Int) -> Bool { score * 100 >= Double(hundredths) }

    /// Points of a score in hundredths.
    private static func pointsFrom(_ hundredths: Int?, _ standard: Double) -> Double {
        guard let hundredths else { return standard }
        let score = Double(min(max(hundredths, 1), 99)) / 100
        return likely * score / (1 - score)
    }

    private static func factor(_ field: Evidence.Field) -> Double {
        switch field {
        case .title: 5
        case .lead: 1.5
        case .text: 0.3
        }
    }

    /// 1, 1.25, 1.5, 1.75 for one, two, four, eight.
    private static func damped(_ count: Int) -> Double {
        let bounded = min(max(count, 1), 8)
        return 1 + Double(Int.bitWidth - 1 - bounded.leadingZeroBitCount) / 4
    }
}
