import News
import Storage

/// `feedwatch mute`: a story does not alert for a time, in the daemon or without one.
public struct Muting: Sendable {
    private let store: Store
    private let clock: WallClock

    /// What stands now.
    public struct Outcome: Sendable, Hashable, Codable {
        /// The shown id.
        public var story: String
        /// Nil when it was lifted.
        public var until: Timestamp?
    }

    init(store: Store, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// - Parameters:
    ///   - subject: a story's id, or the address of an article that was filed.
    ///   - seconds: from now on, 0 to `Limits.muteSecondsMax`; 0 lifts it.
    /// - Throws: `UnknownName`, `StoreError`.
    func answer(_ subject: String, seconds: Int64) throws -> ControlAnswer {
        let found =
            try subject.contains("://")
            ? store.story(at: WebURL.spellings(of: subject)) : store.story(named: subject)
        guard let story = found else { throw try Self.unknown(subject, among: store.shownIDs(limit: 20_000)) }
        let until = seconds > 0 ? clock.now() + .seconds(seconds) : nil
        try store.mute(story.id, until: until)
        var words = [
            until.map { "\(story.shownID) does not alert before \($0)" } ?? "\(story.shownID) may alert again"
        ]
        if let at = story.alertedAt { words.append("it has alerted already, at \(at)") }
        if let held = story.alerts.held, until != nil {
            words.append("what is held until \(held.until) ends in silence, unless the muting is lifted before")
        }
        return ControlAnswer(words: words, mute: Outcome(story: story.shownID, until: until))
    }

    static func unknown(_ subject: String, among known: [String]) -> UnknownName {
        UnknownName(
            "story", subject, among: known,
            hint: "give an id as alerts and digests show it, or the address of an article that was filed")
    }

    /// Seconds of `90m` or `3d`; nil for what is no span that a story can be muted for.
    public static func seconds(of text: String) -> Int64? {
        let type = ConfigurationType.duration(60...Int(Limits.muteSecondsMax))
        guard case .number(let seconds) = try? type.read(text, zones: TimeZones(folder: "")) else { return nil }
        return Int64(seconds)
    }
}
