extension StoryMember {
    /// The rest of a story after some of its members are gone, with those that changed marked.
    ///
    /// Of the copies of a text that is gone the first becomes a text of its own and the others its copies; a story whose
    /// first member is gone is opened by the next.
    /// - Parameter members: in the order of filing.
    public static func rest(
        of members: [StoryMember], without gone: Set<MemberKey>
    ) -> [(member: StoryMember, isChanged: Bool)] {
        var heirs: [MemberKey: MemberKey] = [:]
        var rest: [(member: StoryMember, isChanged: Bool)] = []
        for member in members where !gone.contains(MemberKey(member)) {
            var kept = member
            if let original = member.copyOf, gone.contains(original) {
                if let heir = heirs[original] {
                    kept.copyOf = heir
                } else {
                    heirs[original] = MemberKey(member)
                    kept.copyOf = nil
                    kept.relation = .followUp
                }
            }
            if rest.isEmpty, kept.relation == .followUp, members.first.map({ gone.contains(MemberKey($0)) }) ?? false {
                kept.relation = .first
            }
            rest.append((kept, kept != member))
        }
        return rest
    }
}
