import FoundationEssentials
import Glibc
import News
import Testing

@testable import Publish

@Suite("List of issues")
struct IndexTests {
    private static func json(_ day: Int) throws -> [UInt8] { try PublisherTests.digestParcel(day: day).json }

    private static func page(_ files: [String: [UInt8]]) throws -> String {
        try HTMLRenderer().render(IssueIndex(names: files.keys.sorted()) { files[$0] })
    }

    @Test("The list is the same, byte for byte, as the one that was reviewed")
    func golden() throws {
        let files: [String: [UInt8]] = [
            "2025-03-30.json": try Self.json(0), "2025-03-30.html": [], "2025-10-26.json": try Self.json(3),
            "2025-10-26.html": [], "2025-10-25.json": Array("{\"kind\": \"digest\"".utf8), "2025-10-25.md": [],
            "latest.json": try Self.json(3), "index.html": [], "<notes>.json": [], ".": [], "..": [],
        ]
        let page = try Self.page(files)
        try Golden.check(Array(page.utf8), "index.html")
        let links = try TagScanner(page).elements.compactMap { $0["href"] }
        #expect(Array(links.prefix(4)) == ["latest.html", "2025-10-26.html", "2025-10-25.md", "2025-03-30.html"])
        #expect(links.contains("2025-03-30.html#k7f2"))
    }

    @Test("Alerts are counted that were given in the issue's window")
    func alerts() throws {
        let issue = try PublicJSON.decode(IssueIndex.Issue.self, from: Self.json(0))
        #expect(issue.alerts == 1 && issue.stories.count == 5)
    }

    @Test("Of thousands of issues only the newest are read, and every one is listed once")
    func manyIssues() throws {
        let first = CivilDate(daysSince1970: 12_000)
        let names = (0..<5000).map { "\(CivilDate(daysSince1970: first.daysSince1970 + $0))" }
        var read: [String] = []
        let index = IssueIndex(names: names.flatMap { ["\($0).html", "\($0).json", "\($0).md"] }) { name in
            read.append(name)
            return nil
        }
        #expect(read.count == Limits.indexIssuesReadMax)
        #expect(read.first == "\(names[4999]).json")
        let links = try TagScanner(HTMLRenderer().render(index)).elements.compactMap { $0["href"] }.dropFirst()
        #expect(links.count == 5000 && Set(links) == Set(names.map { "\($0).html" }))
    }

    @Test(
        "A file that only looks like an issue is said to be none",
        arguments: [
            "{}", "", "[1]", "{\"kind\": \"digest\", \"day\": \"2025-03-29\"}", String(repeating: "[", count: 100_000),
        ])
    func foreign(json: String) throws {
        let page = try Self.page(["2025-03-30.json": Array(json.utf8)])
        #expect(page.contains("<code>2025-03-30.json</code> cannot be read"))
    }

    @Test(
        "A name that is no day of the calendar is no issue",
        arguments: [
            "2025-02-30.json", "2025-3-30.json", "2025-03-30.JSON", "2025-03-30 .json", "../03-30-.json", "x.json",
        ])
    func names(name: String) throws {
        let index = IssueIndex(names: [name]) { _ in nil }
        #expect(index.entries.isEmpty)
    }

    @Test("An empty folder has a list that says so")
    func empty() throws { #expect(try Self.page([:]).contains("No issue is in this folder.")) }

    @Test("Each delivered issue makes the list anew, and a pipe or a link in the folder does not hold it up")
    func delivered() throws {
        let folder = PublisherTests.Folder()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(try PublisherTests.digestParcel(day: 0))
        mkfifo("\(folder.path)/digests/2025-03-29.json", 0o600)
        symlink("/dev/zero", "\(folder.path)/digests/2025-03-28.json")
        mkdir("\(folder.path)/digests/2025-03-27.json", 0o700)
        let parcel = try PublisherTests.digestParcel(day: 3)
        try publisher.deliver(parcel)
        let path = "\(folder.path)/digests/index.html"
        let page = String(decoding: try #require(try Files(beforeStep: { _ in }).read(path)), as: UTF8.self)
        #expect(page.contains("href=\"2025-10-26.html\"") && page.contains("href=\"2025-03-30.html\""))
        for day in 27...29 { #expect(page.contains("<code>2025-03-\(day).json</code> cannot be read")) }
        var status = stat()
        stat(path, &status)
        let made = status.st_ino
        try publisher.deliver(parcel)
        stat(path, &status)
        #expect(status.st_ino == made, "nothing has changed, and the file was replaced")
    }
}
