/// When it is told that sources cannot be read, and that they can again. Pure.
///
/// A source is told once when it has been blind for long enough, and once when it can be read again. Where many go blind
/// together the network is down and not they: one alert names them all, and one says that they are back.
public enum Blindness {
    /// A source with `critical: true`.
    public static let criticalAfter = Duration.seconds(2 * 3600)
    public static let after = Duration.seconds(24 * 3600)
    /// How long those that were told together are waited for once the first of them is back.
    public static let regathering = Duration.seconds(2 * 3600)
    /// More than so many at once are told in one alert.
    static let apartMax = 3

    /// A source that is polled, as it fares now.
    public struct Sighting: Sendable, Hashable {
        public var source: SourceID
        public var isCritical: Bool
        /// The first failed poll since the last good one, or of all; nil when it can be read.
        public var blindSince: Timestamp?
        /// Its last poll was made in time: otherwise feedwatch itself did not look, and nobody knows.
        public var isLookedAt: Bool

        public init(source: SourceID, isCritical: Bool, blindSince: Timestamp?, isLookedAt: Bool) {
            self.source = source
            self.isCritical = isCritical
            self.blindSince = blindSince
            self.isLookedAt = isLookedAt
        }

        var toldAt: Timestamp? { blindSince.map { $0 + (isCritical ? criticalAfter : after) } }
    }

    /// A source of which it was told that it is blind.
    public struct Told: Sendable, Hashable {
        public var source: SourceID
        public var since: Timestamp
        /// What told it; the same for those that were told together.
        public var file: String
        /// When the first of those was back; nil while all are blind.
        public var backAt: Timestamp?

        public init(source: SourceID, since: Timestamp, file: String, backAt: Timestamp? = nil) {
            self.source = source
            self.since = since
            self.file = file
            self.backAt = backAt
        }
    }

    /// What is to be told now, each group in an alert of its own, and what is to be remembered.
    public struct Findings: Sendable, Hashable {
        public var blind: [[SourceID]] = []
        /// Those that are back; the others of their group go on being blind, each for itself.
        public var back: [[Told]] = []
        /// Of files of which the first source has come back now.
        public var firstBack: [String] = []
        /// Sources that are not polled any more.
        public var gone: [SourceID] = []
        /// When to look again though nothing happens.
        public var next: Timestamp?
    }

    public static func judge(_ sightings: [Sighting], told: [Told], now: Timestamp) -> Findings {
        var findings = Findings()
        let polled = Dictionary(sightings.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        findings.gone = told.map(\.source).filter { polled[$0] == nil }
        let standing = told.filter { polled[$0.source] != nil }
        var nexts = judgeBack(standing, polled, now, &findings)

        let known = Set(standing.map(\.source))
        let untold = sightings.filter { $0.blindSince != nil && !known.contains($0.source) }
        let ripe = untold.filter { $0.isLookedAt && $0.toldAt.map { $0 <= now } ?? false }
        findings.blind = groups(ripe, among: untold, polled: sightings.count)
        let telling = Set(findings.blind.flatMap { $0 })
        nexts += untold.lazy.filter { !telling.contains($0.source) }.compactMap(\.toldAt)
        // What is ripe and not looked at waits for its poll, which is overdue.
        findings.next = nexts.map { max($0, now + lookAgain) }.min()
        return findings
    }

    private static let lookAgain = Duration.seconds(60)

    /// What is told, each group in one alert: with one that is ripe all that went blind when it did, where they are most of
    /// all sources; else each for itself, unless they are many.
    private static func groups(_ ripe: [Sighting], among untold: [Sighting], polled: Int) -> [[SourceID]] {
        let spans = ripe.compactMap(\.blindSince).sorted().map { since in
            untold.filter { $0.blindSince.map { abs(($0 - since).components.seconds) <= spread } ?? false }
        }
        let network = spans.first { $0.count > 1 && $0.count * 2 > polled } ?? []
        let rest = ripe.filter { !network.contains($0) }
        let apart = rest.count > apartMax ? [rest.map(\.source)] : rest.map { [$0.source] }
        return ([network.map(\.source)] + apart).filter { !$0.isEmpty }.map { $0.sorted() }
            .sorted { $0[0] < $1[0] }
    }

    /// Seconds within which the polls of all sources notice that the network is down.
    private static let spread: Int64 = 2 * 3600

    /// - Returns: when to look again at groups that are being waited for.
    private static func judgeBack(
        _ told: [Told], _ polled: [SourceID: Sighting], _ now: Timestamp, _ findings: inout Findings
    ) -> [Timestamp] {
        var nexts: [Timestamp] = []
        for (file, group) in Dictionary(grouping: told, by: \.file).sorted(by: { $0.key < $1.key }) {
            let back = group.filter { polled[$0.source]?.blindSince == nil }
            guard !back.isEmpty else { continue }
            let first = min(group.compactMap(\.backAt).min() ?? now, now)
            if back.count == group.count || first + regathering <= now {
                findings.back.append(back.sorted { $0.source < $1.source })
            } else {
                if group.allSatisfy({ $0.backAt == nil }) { findings.firstBack.append(file) }
                nexts.append(first + regathering)
            }
        }
        return nexts
    }
}
