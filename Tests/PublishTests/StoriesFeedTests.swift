import FoundationEssentials
import Glibc
import News
import Testing

@testable import Publish

@Suite("Feed of stories")
struct StoriesFeedTests {
    private static var day: Digest { Digest.compose(GoldenTests.days[0].input) }

    private static func text(_ digests: [Digest]) -> String {
        var feed = StoriesFeed()
        for digest in digests { feed.add(digest) }
        return feed.text ?? ""
    }

    @Test(
        "The feed is the same, byte for byte, as the one that was reviewed, and well-formed by xmllint where it is present"
    )
    func golden() throws {
        try Golden.check(Array(Self.text([Self.day]).utf8), "stories.atom")
        guard access("/usr/bin/xmllint", X_OK) == 0 else { return }
        #expect(system("/usr/bin/xmllint --noout '\(Golden.path("stories.atom"))'") == 0)
    }

    @Test("A story of several issues stands there once, as the newest tells it, under an id that stays")
    func once() {
        var next = Self.day
        next.issued = next.issued + .seconds(86_400)
        next.stories = [next.stories[1]]
        next.stories[0].story.title = "Third boat turned back"
        let text = Self.text([next, Self.day])
        #expect(text.components(separatedBy: "<entry>").count == 1 + Self.day.stories.count)
        #expect(text.contains("Third boat turned back") && !text.contains("Second boat met by"))
        #expect(text.components(separatedBy: "<id>tag:feedwatch.invalid,2026:story/m3qd").count == 2)
    }

    @Test("An embargoed story stays out, and a long issue is cut at the feed's length")
    func limits() {
        var digest = Self.day
        digest.stories[0].story.embargo = Embargo(until: digest.issued + .seconds(60), notice: "EMBARGOED")
        #expect(!Self.text([digest]).contains("story/k7f2"))
        digest.stories[0].story.embargo?.until = digest.issued
        #expect(Self.text([digest]).contains("story/k7f2"))
        digest.stories = (0..<300).map { number in
            var item = digest.stories[2]
            item.story.id = "id\(number)"
            return item
        }
        #expect(Self.text([digest, Self.day]).components(separatedBy: "<entry>").count == 1 + Limits.storiesFeedMax)
    }

    @Test("Words from outside stay words", arguments: HTMLTests.evils)
    func hostile(evil: String) throws {
        let text = Self.text([HostileDay.digest(evil, url: "https://e.example/\(evil)")])
        let ours: Set = [
            "feed", "title", "id", "updated", "link", "author", "name", "generator", "entry", "category", "content",
        ]
        let body = text.dropFirst(text.prefix { $0 != "\n" }.count)
        #expect(Set(body.matches(of: /<\/?([^ \/>]+)/).map { String($0.1) }).subtracting(ours).isEmpty)
        #expect(!text.contains("href=\"javascript") && !body.contains("<!") && !body.contains("<?"))
    }

    @Test("It is made anew with each issue; an issue that cannot be read is passed over")
    func delivered() throws {
        let folder = PublisherTests.Folder()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(try PublisherTests.digestParcel())
        let text = String(decoding: try #require(try folder.content()["feeds/stories.atom"]), as: UTF8.self)
        #expect(text == Self.text([Self.day]))
        try Files(beforeStep: { _ in }).replace("\(folder.path)/digests/2025-03-31.json", with: Array("{".utf8))
        try publisher.deliver(try PublisherTests.digestParcel())
        #expect(try folder.content()["feeds/stories.atom"].map { String(decoding: $0, as: UTF8.self) } == text)
    }
}
