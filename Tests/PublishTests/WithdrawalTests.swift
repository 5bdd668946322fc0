import News
import NewsTesting
import Testing

@testable import Publish

@Suite("Withdrawals")
struct WithdrawalTests {
    private func change(_ hour: String, isWithdrawn: Bool?) -> ArticleChange {
        ArticleChange(
            version: 2, at: at("2025-03-29T\(hour):40:00Z"), correction: true, isWithdrawn: isWithdrawn,
            removed: ["The ministry counted 9 ships."], added: ["This story has been withdrawn."], more: 2)
    }

    private func issue(_ changes: [ArticleChange], older: Bool) throws -> String {
        var story = SampleDay.ships
        if !older {
            story.firstSeen = at("2025-03-29T12:00:00Z")
            story.members[0].firstSeen = story.firstSeen
        }
        story.members[0].changes = changes
        return try MarkdownRenderer().render(Digest.compose(SampleDay.input(stories: [story])))
    }

    @Test("A text that is withdrawn is told as that in the first minute, at its story and among corrections")
    func told() throws {
        let older = try issue([change("15", isWithdrawn: true)], older: true)
        #expect(
            older.contains("**WITHDRAWN** `b1ns`") && older.contains("**withdrawn**; ") && !older.contains("CORRECTED"))
        let new = try issue([change("15", isWithdrawn: true)], older: false)
        #expect(new.contains("by *Beacon Herald*") || new.contains("by Beacon Herald"))
        #expect(new.contains("**WITHDRAWN**") && new.contains("- **Withdrawn** *Beacon Herald*"))
        #expect(new.contains("and 2 more sentences") && !new.contains("Corrected"))
    }

    @Test("One that stands again, corrected, is told as corrected")
    func standsAgain() throws {
        let again = try issue([change("13", isWithdrawn: true), change("15", isWithdrawn: nil)], older: false)
        #expect(again.contains("**CORRECTED**") && !again.contains("**WITHDRAWN**"))
        #expect(again.contains("- **Withdrawn** *Beacon Herald*") && again.contains("- **Corrected** *Beacon Herald*"))
    }
}
