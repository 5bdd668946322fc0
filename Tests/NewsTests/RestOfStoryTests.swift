import News
import Testing

/// What is left of a story after some of its articles are forgotten.
@Suite struct RestOfStoryTests {
    private func member(_ key: String, _ relation: StoryMember.Relation, copyOf: String? = nil) -> StoryMember {
        let zero = Timestamp(seconds: 0)
        return StoryMember(
            source: "s", key: key, url: nil, article: Article(), firstSeen: zero, readAt: zero, relation: relation,
            copyOf: copyOf.map { MemberKey(source: "s", key: $0) }, topics: [], entities: [], strongEntities: [])
    }

    @Test(
        "The next opens the story, of a text's copies the first stands for it, and what is not concerned stays",
        arguments: [
            (["a"], ["b first", "c follow-up", "d copy of b", "e copy of c"], 2),
            (["c"], ["a first", "b copy of a", "d copy of a", "e follow-up"], 1),
            (["a", "b"], ["c first", "d follow-up", "e copy of c"], 2),
            (["a", "b", "c", "d", "e"], [], 0),
            (["x"], ["a first", "b copy of a", "c follow-up", "d copy of a", "e copy of c"], 0),
        ])
    func rest(gone: [String], left: [String], changed: Int) {
        let members = [
            member("a", .first), member("b", .copy, copyOf: "a"), member("c", .followUp),
            member("d", .copy, copyOf: "a"), member("e", .copy, copyOf: "c"),
        ]
        let rest = StoryMember.rest(of: members, without: Set(gone.map { MemberKey(source: "s", key: $0) }))
        let words = rest.map { item in
            "\(item.member.key) \(item.member.relation.rawValue)" + (item.member.copyOf.map { " of \($0.key)" } ?? "")
        }
        #expect(words == left)
        #expect(rest.count { $0.isChanged } == changed)
    }
}
