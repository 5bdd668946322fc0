import Testing

@testable import News

private func found(
    _ phrase: String, _ strength: Topic.Strength = .weak, entity: String? = nil, ignored: String? = nil
) -> Evidence {
    Evidence(
        phrase: phrase, field: .text, strength: strength, entity: entity, contribution: 0.1, ignored: ignored,
        start: 0, end: phrase.utf8.count)
}

@Suite("Near misses")
struct NearMissReasonTests {
    @Test(
        "A near miss says what it had, and what that is too little for or what held it back",
        arguments: [
            ([found("alliance")], 1, "only \"alliance\": no strong word or name", ["alliance"]),
            (
                [found("alliance"), found("Alliance"), found("ports"), found("pier"), found("tide")], 1,
                "only \"alliance\", \"ports\" and 2 more: no strong word or name", ["alliance", "ports"]
            ),
            (
                [found("JHC", .strong, entity: "jhc"), found("joint command", .strong, entity: "jhc"), found("ports")],
                2,
                "only \"JHC\", \"ports\": 1 of 2 strong words or names", ["JHC", "ports"]
            ),
            (
                [found("alliance"), found("ports")], nil, "only \"alliance\", \"ports\", too little together",
                ["alliance", "ports"]
            ),
            ([found("alliance")], nil, "only \"alliance\"", ["alliance"]),
            (
                [found("fleet"), found("tariff", ignored: "against"), found("chess", ignored: "against")], 1,
                "\"fleet\", held back by \"tariff\", \"chess\"", ["fleet", "tariff", "chess"]
            ),
            (
                ["a", "b", "c", "d"].map { found($0, ignored: "against") }, 1,
                "held back by \"a\", \"b\", \"c\" and 1 more", ["a", "b", "c"]
            ),
            (
                [found("Patriots", .strong, ignored: "part of a longer name")], 1,
                "only \"Patriots\" (part of a longer name): no strong word or name", ["Patriots"]
            ),
            ([found("")], 1, "no strong word or name", []), ([], nil, "nothing that counts", []),
        ] as [([Evidence], Int?, String, [String])])
    func reasons(evidence: [Evidence], anyStrong: Int?, words: String, quotes: [String]) {
        var topic = Topic(id: "t", name: "T")
        topic.require.anyStrong = anyStrong
        let reason = NearMissReason(
            TopicMatch(topic: "t", match: .nothing, score: 0.2, evidence: evidence), topic: topic)
        #expect(reason.words == words)
        #expect(reason.quotes == quotes)
    }

    @Test("A phrase of any length stands in one short line")
    func long() {
        let evidence = [found(String(repeating: "word ", count: 900)), found("a\nb\u{202E}", ignored: "against")]
        let reason = NearMissReason(
            TopicMatch(topic: "t", match: .nothing, score: 0.2, evidence: evidence), topic: Topic(id: "t", name: "T"))
        #expect(reason.words.count < 120 && reason.quotes[0].hasSuffix("…"))
        #expect(reason.quotes[1] == "a b")
    }
}
