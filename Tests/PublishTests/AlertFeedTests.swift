import FoundationEssentials
import Glibc
import News
import Testing

@testable import Publish

@Suite("Feed of alerts")
struct AlertFeedTests {
    private static func parcel(_ alert: Alert) throws -> Parcel {
        Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided)
    }

    /// Of every kind, newest first.
    private static func all() throws -> [Parcel] {
        let held = GoldenTests.held
        let blind = GoldenTests.blind(.blind)
        let rise = GoldenTests.rise
        return [
            try parcel(GoldenTests.update),
            Parcel(kind: .indicator, stem: rise.stem, json: try PublicJSON.encode(rise), decided: rise.decided),
            Parcel(kind: .blind, stem: blind.stem, json: try PublicJSON.encode(blind), decided: blind.decided),
            Parcel(kind: .more, stem: held.stem, json: try PublicJSON.encode(held), decided: held.decided),
            try parcel(GoldenTests.alert),
        ]
    }

    @Test(
        "The feed is the same, byte for byte, as the one that was reviewed, and well-formed by xmllint where it is present"
    )
    func golden() throws {
        let text = AlertFeed(try Self.all(), now: at("2025-03-30T11:00:00Z")).text
        try Golden.check(Array(text.utf8), "alerts.atom")
        guard access("/usr/bin/xmllint", X_OK) == 0 else { return }
        let process = "/usr/bin/xmllint --noout '\(Golden.path("alerts.atom"))'"
        #expect(system(process) == 0)
    }

    @Test("An embargoed story is left out until its embargo ends, and for good where its end cannot be read")
    func embargo() throws {
        let end = at("2025-04-01T06:00:00Z")
        let before = AlertFeed(try Self.all(), now: end - .seconds(1))
        #expect(before.nextEmbargoEnd == end)
        #expect(!before.text.contains("105310Z-k7f2"))
        #expect(before.text.components(separatedBy: "<entry>").count == 6)
        let after = AlertFeed(try Self.all(), now: end)
        #expect(after.nextEmbargoEnd == nil && after.text.contains("105310Z-k7f2"))
        var endless = GoldenTests.update
        endless.story.embargo?.until = nil
        let never = AlertFeed([try Self.parcel(endless)], now: end + .seconds(999_999_999))
        #expect(never.nextEmbargoEnd == nil && !never.text.contains("<entry>"))
        #expect(never.text.contains("<updated>2025-03-30T10:53:10Z</updated>"))
    }

    @Test("Words from outside stay words, in the feed and in what its content makes")
    func hostile() throws {
        var alert = GoldenTests.alert
        alert.story.title = "</title><script>alert('x')</script> ]]> & \u{0} \u{202E}"
        alert.story.members[0].url = "javascript:alert(1)"
        alert.story.excerpt?.text = "<img src=x onerror=alert(1)> &amp;"
        let text = AlertFeed([try Self.parcel(alert)], now: alert.decided).text
        #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("javascript:"))
        #expect(text.contains("&amp;lt;img src=x"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("Names, reasons and headlines from outside stay words in pages of held alerts, updates and blind sources")
    func hostilePages() throws {
        let words = "<script>alert(1)</script> [x](javascript:y) **b** | # `c`"
        var held = GoldenTests.held
        held.also[0].title = words
        held.stories[0].updateOf?.new.corrections[0].title = words
        held.stories[0].updateOf?.new.corrections[0].url = "javascript:alert(1)"
        held.stories[1].story.embargo = Embargo(until: nil, notice: words)
        var blind = GoldenTests.blind(.blind)
        blind.sources[0].name = words
        blind.sources[0].why = words
        var rise = GoldenTests.rise
        (rise.name, rise.id) = (words, words)
        rise.sources[0].name = words
        rise.unread = [words]
        (rise.today, rise.usual, rise.counts, rise.leftOut) = (.min, .infinity, [.max, .min], .min)
        (rise.onceIn, rise.alertFrom, rise.window.days, rise.sourcesLeftOut) = (.max, .min, .max, .max)
        (rise.window.from, rise.window.to) = (Timestamp(seconds: .min), Timestamp(seconds: .max))
        for page in [
            try HTMLRenderer().render(held), try HTMLRenderer().render(blind), try HTMLRenderer().render(rise),
        ] {
            #expect(!page.contains("<script") && !page.contains("href=\"javascript:"))
        }
        for text in [
            try MarkdownRenderer().render(held), try MarkdownRenderer().render(blind),
            try MarkdownRenderer().render(rise),
        ] {
            #expect(
                !text.contains("[x](") && !text.contains("**b**")
                    && !text.replacing("\\<", with: "").contains("<script"))
        }
        #expect(!blind.logLine.contains("\n") && !rise.logLine.contains("\n"))
    }

    @Test("A parcel that cannot be read is left out, and without alerts there is no file")
    func broken() throws {
        let torn = Parcel(
            kind: .alert, stem: "alerts/2025-03-30/000000Z-aaaa", json: [0x7B], decided: at("2025-03-30T10:00:00Z"))
        #expect(!AlertFeed([torn], now: torn.decided).text.contains("<entry>"))
        let folder = PublisherTests.Folder()
        #expect(try Publisher(root: folder.path).renewFeed([], now: torn.decided) == nil)
        #expect(try folder.content().isEmpty)
        let end = try Publisher(root: folder.path).renewFeed(try Self.all(), now: torn.decided)
        #expect(end == at("2025-04-01T06:00:00Z"))
        #expect(try folder.content().keys.sorted() == ["alerts/alerts.atom"])
    }

    @Test(
        "Held alerts and alerts on sources and indicators become three files and one line each",
        arguments: [
            (Parcel.Kind.more, ": 3 held: "), (.blind, "2 of 9 sources cannot be read since "),
            (.indicator, ": 16 in a day, usually 0.6 ("),
        ])
    func kinds(kind: Parcel.Kind, words: String) throws {
        let folder = PublisherTests.Folder()
        let parcel = try #require(try Self.all().first { $0.kind == kind })
        try Publisher(root: folder.path).deliver(parcel)
        let files = try folder.content()
        #expect(
            files.keys.sorted()
                == (["html", "json", "md"].map { "\(parcel.stem).\($0)" } + ["alerts/alerts.log"]).sorted())
        let log = String(decoding: files["alerts/alerts.log"] ?? [], as: UTF8.self)
        #expect(log.split(separator: " ")[1] == parcel.stem)
        #expect(log.contains(words), "\(log)")
    }
}
