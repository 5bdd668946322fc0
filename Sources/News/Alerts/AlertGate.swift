/// Whether what would alert is held, and until when. Pure.
public struct AlertGate: Sendable {
    /// Alerts of a topic in the span that its cap counts.
    public struct Count: Sendable, Hashable {
        /// The first of them.
        public var since: Timestamp
        public var count: Int

        public init(since: Timestamp, count: Int) {
            self.since = since
            self.count = count
        }
    }

    public var now: Timestamp
    public var zone: Zone

    public init(now: Timestamp, zone: Zone) {
        self.now = now
        self.zone = zone
    }

    /// What holds a story that these topics would alert on: it is held only while every one of them does, so it is the one
    /// that ends first. Nil when one of them lets it pass.
    ///
    /// - Parameters:
    ///   - loud: those in whose `quiet.unless` an article has a word.
    ///   - counts: of topics with a cap.
    public func hold(
        _ topics: [Topic], loud: Set<TopicID>, counts: [TopicID: Count]
    ) -> (by: AlertLife.Held.By, until: Timestamp)? {
        var first: (by: AlertLife.Held.By, until: Timestamp)?
        for topic in topics {
            let ends = ends(topic, isLoud: loud.contains(topic.id), count: counts[topic.id])
            // A topic may be quiet and capped: it lets nothing pass before both are over.
            guard let last = ends.max(by: { $0.until < $1.until }) else { return nil }
            if first.map({ last.until < $0.until }) ?? true { first = last }
        }
        return first
    }

    private func ends(
        _ topic: Topic, isLoud: Bool, count: Count?
    ) -> [(by: AlertLife.Held.By, until: Timestamp)] {
        var ends: [(AlertLife.Held.By, Timestamp)] = []
        if !isLoud, let quiet = topic.alertQuiet, let end = quiet.end(at: now, zone: zone) {
            ends.append((.quiet, end))
        }
        if let most = topic.alertAtMost, let count = running(count, of: most), count.count >= most.count {
            ends.append((.atMost, count.since + most.per))
        }
        return ends
    }

    /// The count of a span that is not over; a span that begins in the future was begun before the clock was set back.
    private func running(_ count: Count?, of most: Topic.AtMost) -> Count? {
        guard var count else { return nil }
        count.since = min(count.since, now)
        return now - count.since < most.per ? count : nil
    }

    /// The count with one more alert in it, which begins a span where none runs.
    public func counted(_ count: Count?, of most: Topic.AtMost) -> Count {
        guard var count = running(count, of: most) else { return Count(since: now, count: 1) }
        count.count += 1
        return count
    }
}

extension Topic.Quiet {
    /// When the quiet hours end that this moment lies in; nil when it lies in none.
    ///
    /// By the clock on the wall: where clocks are put forward over `from` or `to` it is the first moment after the gap,
    /// where they are put back it is the first of the two.
    public func end(at time: Timestamp, zone: Zone) -> Timestamp? {
        let today = zone.local(time).date.daysSince1970
        for day in [today - 1, today] {
            let start = zone.timestamp(of: CivilDate(daysSince1970: day), hour: from.hour, minute: from.minute)
            let isOverMidnight = (to.hour, to.minute) <= (from.hour, from.minute)
            let last = CivilDate(daysSince1970: day + (isOverMidnight ? 1 : 0))
            let end = zone.timestamp(of: last, hour: to.hour, minute: to.minute)
            if start <= time, time < end { return end }
        }
        return nil
    }

    /// Whether an article has one of the words that are never held.
    public func isLifted(by article: Article) -> Bool {
        guard !unless.isEmpty else { return false }
        let automaton = PhraseAutomaton(unless)
        return [Evidence.Field.title, .lead, .text].contains {
            !automaton.hits(in: FoldedText(article.fieldText($0))).isEmpty
        }
    }
}
