import News
import Storage
import Testing

@testable import Watch

/// A source may keep its articles from being folded as copies.
@Suite struct FoldingTests {
    @Test("Of a source that opts out each article is a text of its own, from the next batch on, in any process")
    func optsOut() async throws {
        let scene = try AlertScene()
        scene.configure { if $0.id != "quay" { $0.foldsCopies = false } }
        try await scene.file("Allies plan a joint headquarters", key: "1")
        try await scene.file("Allies plan a joint headquarters", "minami", key: "2", like: 1)
        // The first one stays out of reach, whoever carries its text.
        try await scene.file("Allies plan a joint headquarters", "quay", key: "3", like: 1)
        func copies() throws -> [String] {
            let story = try #require(try scene.store.story(at: "https://harbour.example/1"))
            return story.members.filter { $0.relation == .copy }.map(\.key)
        }
        #expect(try copies() == [])
        let desk = Desk(store: scene.store, rules: scene.rules, clock: scene.clock.wall, patience: nil)
        try await scene.file("Allies plan a joint headquarters", "minami", key: "4", like: 1, by: desk)
        #expect(try copies() == [])
        scene.configure { $0.foldsCopies = true }
        try await scene.file("Allies plan a joint headquarters", "minami", key: "5", like: 1)
        #expect(try copies() == ["5"])
    }
}
