/// What a reader's hand does to stories: an article leaves its story, or two stories become one. Pure; the database keeps it.
extension StoryMember {
    /// An article that leaves its story, with the copies of its text, and those that stay.
    ///
    /// A copy leaves alone, as a text of its own; what is first in the new story opens it.
    /// - Parameters:
    ///   - members: in the order of filing, the article among them.
    ///   - reason: why those that leave are where they are then.
    /// - Returns: those that leave, changed; those that stay, marked where they changed. Nobody leaves a story that would
    ///   be empty then.
    public static func part(
        _ key: MemberKey, from members: [StoryMember], reason: String
    ) -> (left: [StoryMember], stayed: [(member: StoryMember, isChanged: Bool)])? {
        let leaving = Set(
            members.filter { MemberKey($0) == key || $0.copyOf == key }.map { MemberKey($0) })
        guard !leaving.isEmpty, leaving.count < members.count else { return nil }
        var left = members.filter { leaving.contains(MemberKey($0)) }
        for index in left.indices where MemberKey(left[index]) == key {
            left[index].relation = .first
            left[index].copyOf = nil
            left[index].reason = reason
        }
        return (left, rest(of: members, without: leaving))
    }

    /// The members of a story that is taken into another one: none of them opens that.
    /// - Parameter reason: why those that opened the old one are in the new one.
    public static func join(_ members: [StoryMember], reason: String) -> [StoryMember] {
        members.map { member in
            guard member.relation == .first else { return member }
            var member = member
            member.relation = .followUp
            member.reason = reason
            return member
        }
    }
}

extension AlertLife {
    /// What is left with the story that an article leaves, and what goes with the article.
    ///
    /// Both have been told as far as their own articles were there when the alert was written: no text is told twice, and what
    /// came later is told yet. What is held goes where it has its cause.
    public func parted(left: [StoryMember], stayed: [StoryMember]) -> (left: AlertLife, stayed: AlertLife) {
        (without(keys(stayed), rest: left).told(of: left), without(keys(left), rest: stayed).told(of: stayed))
    }

    private func keys(_ members: [StoryMember]) -> Set<MemberKey> { Set(members.map { MemberKey($0) }) }

    private func told(of members: [StoryMember]) -> AlertLife {
        let isTold = told.contains { file in members.contains { $0.firstSeen <= file.at } }
        guard !told.isEmpty, !isTold else { return self }
        var life = self
        (life.told, life.topics, life.said, life.folded) = ([], [], AlertFacts(), [])
        // An update of what it was not told as.
        if life.held?.news != nil { life.held = nil }
        return life
    }

    /// Of two stories that become one: told when one of them was, for what both have said.
    /// - Parameters:
    ///   - members: the articles of this story, which counts as having said what they say where it was not told itself.
    ///   - others: those of the other.
    public func joined(_ other: AlertLife, members: [StoryMember], others: [StoryMember]) -> AlertLife {
        var life = self
        life.told = (told + other.told).sorted { ($0.at, $0.file) < ($1.at, $1.file) }
        if life.told.count > Limits.alertFilesKept {
            life.told = [life.told[0]] + life.told.suffix(Limits.alertFilesKept - 1)
        }
        life.topics = Set(topics).union(other.topics).sorted()
        life.folded = (folded + other.folded).suffix(Limits.foldedKept)
        life.said.take(entities: other.said.entities, headlines: [])
        life.said.numbers = Set(said.numbers).union(other.said.numbers).sorted()
        life.said.rules = said.rules.flatMap { own in other.said.rules.map { Set(own).union($0).sorted() } }
        if !life.told.isEmpty {
            for member in (told.isEmpty ? members : []) + (other.told.isEmpty ? others : []) {
                life.said.take(entities: member.strongEntities, headlines: [member.article.title])
            }
        }
        life.held = [held, other.held].compactMap { $0 }.first { life.told.isEmpty || $0.news != nil }
        if var held = life.held, let more = [self.held, other.held].compactMap({ $0 }).last, held.news == nil,
            more.news == nil
        {
            held.reasons += more.reasons.filter { !held.reasons.contains($0) }
            life.held = held
        }
        life.ended = life.told.isEmpty && life.held == nil ? ended ?? other.ended : nil
        return life
    }
}
