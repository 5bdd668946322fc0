import Foundation
import News
import Storage
import Testing

@testable import Watch

/// Lines of `any_of` that ask how many newsrooms have written of a story.
@Suite struct NewsroomRuleTests {
    private static func scene(_ change: (inout Topic) -> Void = { _ in }) throws -> AlertScene {
        let scene = try AlertScene([
            AlertScene.topic { topic in
                topic.alertAnyOf[0].newsrooms = 2
                change(&topic)
            }
        ])
        scene.configure { source in source.origin = .newsroom }
        return scene
    }

    @Test("The second newsroom alerts the story, by the article that was clear and waited")
    func second() async throws {
        let scene = try Self.scene()
        #expect(try await scene.file("A joint headquarters for Canberra", "harbour") == 0)
        // The outlet's own second article, and a copy elsewhere, are no second newsroom.
        #expect(try await scene.file("More on the joint headquarters of Canberra", "harbour") == 0)
        #expect(try await scene.file("A joint headquarters for Canberra", "minami", like: 1) == 0)
        // Its own words match nothing; what it says makes two.
        #expect(try await scene.file("Canberra decides", "quay") == 1)
        let alert = try #require(try scene.alerts().first)
        #expect(alert.story.topics.map(\.rule) == ["match: clear, newsrooms: 2"])
        #expect(alert.story.newsroomsAtLeast == 2)
        // It is alerted once.
        #expect(try await scene.file("Another joint headquarters story of Canberra", "quay") == 0)
    }

    @Test("Of a story of hundreds of articles its first and its newest are looked at")
    func longStory() async throws {
        let scene = try Self.scene()
        for number in 1...3 {
            #expect(try await scene.file("A joint headquarters for Canberra, part \(number)", "harbour") == 0)
        }
        let story = try #require(try scene.stories().first)
        #expect(story.members.count == 3)
        var ends: [[String]] = []
        try scene.store.file { transaction in
            for most in [1, 2, 5] {
                ends.append(try transaction.storyEnds(story.id, most: most)?.members.map(\.key) ?? [])
            }
        }
        let keys = story.members.map(\.key)
        #expect(ends == [[keys[0], keys[2]], keys, keys])
    }

    @Test("A line without newsrooms alerts at once; the newsroom that follows is an update where new-rule is asked for")
    func update() async throws {
        let scene = try Self.scene { topic in
            topic.alertAnyOf.append(topic.alertAnyOf[0])
            topic.alertAnyOf[1].newsrooms = nil
            topic.alertAgain = Topic.Again(after: .zero, when: [.newRule])
        }
        #expect(try await scene.file("A joint headquarters for Canberra", "harbour") == 1)
        #expect(try await scene.file("Canberra decides", "quay") == 1)
        let update = try #require(try scene.alerts().last?.updateOf)
        #expect(update.why == [.newRule] && update.new.rules.map(\.rule) == ["match: clear, newsrooms: 2"])
        #expect(try await scene.file("Canberra decides again", "minami") == 0)
    }
}
