/// The numbers by which evidence becomes a match: all in one place.
enum TopicScale {
    /// Pieces of evidence kept for one match.
    static let evidenceMax = 40
    /// What a phrase adds in a second field.
    static let again = 0.25
    /// Points from which a match is likely, and clear.
    static let likely = 5.0
    static let clear = 8.0

    /// Points of one phrase or entity in one field; repetition adds little and ends at eight.
    static func points(_ strength: Topic.Strength, isEntity: Bool, _ field: Evidence.Field, _ count: Int) -> Double {
        let weight: Double =
            switch strength {
            case .strong: isEntity ? 2 : 3
            case .normal: isEntity ? 1.5 : 2
            case .weak: isEntity ? 1 : 0.5
            }
        return weight * factor(field) * damped(count)
    }

    static func against(_ field: Evidence.Field) -> Double { 4 * factor(field) }

    static func score(_ sum: Tally.Sum, meetsAll: Bool) -> Double {
        let points = max(0, sum.words + min(sum.entities, 8) - sum.against) * (meetsAll ? 1 : 0.4)
        return points / (points + clear)
    }

    static func match(_ sum: Tally.Sum) -> Topic.Match {
        let points = sum.words + min(sum.entities, 8) - sum.against
        if points >= clear && sum.strongAhead > 0 { return .clear }
        return points >= likely ? .likely : .nothing
    }

    private static func factor(_ field: Evidence.Field) -> Double {
        switch field {
        case .title: 2
        case .lead: 1.5
        case .text: 0.5
        }
    }

    /// 1, 1.25, 1.4, 1.5 … 1.75: logarithmic.
    private static func damped(_ count: Int) -> Double {
        var doublings = 0.0
        var rest = min(count, 8)
        while rest > 1 {
            doublings += 1
            rest /= 2
        }
        return 1 + doublings / 4
    }
}
