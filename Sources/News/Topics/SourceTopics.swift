extension Assessment {
    /// The matches as the source of the article has them: what it rules goes before what the article says.
    public func ruled(by source: Source) -> Assessment {
        guard !source.topics.isEmpty else { return self }
        var ruled = self
        ruled.topics = TopicMatch.inOrder(
            source.topics.sorted { $0.key < $1.key }.reduce(into: topics) { matches, rule in
                let index =
                    matches.firstIndex { $0.topic == rule.key }
                    ?? {
                        matches.append(TopicMatch(topic: rule.key, match: .nothing, score: 0, evidence: []))
                        return matches.count - 1
                    }()
                matches[index].take(rule.value)
            })
        return ruled
    }

    /// The matches alone; of no source as they are.
    public func topics(ruledBy source: Source?) -> [TopicMatch] { source.map { ruled(by: $0).topics } ?? topics }
}

extension TopicMatch {
    /// Best first.
    static func inOrder(_ matches: [TopicMatch]) -> [TopicMatch] {
        matches.sorted { ($0.match, $0.score, $1.topic) > ($1.match, $1.score, $0.topic) }
    }

    /// Its evidence stays, for `explain`.
    mutating func take(_ ruling: Source.TopicRuling) {
        bySource = ruling
        switch ruling {
        case .always:
            match = max(match, .likely)
            score = max(score, Self.likelyScore)
        case .never: (match, score) = (.nothing, 0)
        }
    }

    /// Where `TopicScale` has a match begin to be likely.
    static let likelyScore = 0.5
}

extension TopicTrace {
    /// The same places, with what the source of the article rules.
    public func ruled(by source: Source?) -> TopicTrace {
        guard let ruling = source?.topics[match.topic] else { return self }
        var trace = self
        trace.match.take(ruling)
        return trace
    }
}
