import Foundation
import Testing

@Suite("The labelled examples of seeds/topics")
struct SeedsTopicsTests {
    static let topics = [
        "indo-pacific-deterrence", "korean-peninsula", "munitions-industrial-base", "south-china-sea", "taiwan-strait",
        "us-japan-alliance",
    ]
    private static let keys = ["Title", "Language", "Source", "URL", "Date"]

    @Test("six topics, each with ten examples of either answer and more, in five languages")
    func inventory() throws {
        let files = SeedsFolder.files("topics").filter { $0.hasSuffix(".txt") }
        let folders = Dictionary(grouping: files) { $0.split(separator: "/").dropLast().joined(separator: "/") }
        #expect(folders.keys.sorted() == Self.topics.flatMap { ["\($0)/no", "\($0)/yes"] })
        for (folder, files) in folders {
            #expect(files.count >= 10, "\(folder)")
            let languages = Set(try files.map { try Self.example($0).header["Language"] ?? "" })
            #expect(languages == ["en", "ja", "ko", "zh-Hans", "zh-Hant"], "\(folder)")
        }
    }

    @Test("each example is a header of five lines, a blank line and a text", arguments: topics)
    func form(topic: String) throws {
        for file in SeedsFolder.files("topics/\(topic)") {
            let (header, text) = try Self.example("\(topic)/\(file)")
            #expect(header.count == Self.keys.count && !header.values.contains(""), "\(file)")
            #expect(header["URL"]?.wholeMatch(of: /http:\/\/[a-z.-]+\.example\/[a-z0-9\/-]+/) != nil, "\(file)")
            #expect(header["Date"]?.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil, "\(file)")
            #expect(text.count > 60 && text.hasSuffix("\n") && text.contains("\n\n"), "\(file)")
        }
    }

    @Test("no text and no address stands in two examples")
    func unique() throws {
        let files = SeedsFolder.files("topics").filter { $0.hasSuffix(".txt") }
        let examples = try files.map(Self.example)
        #expect(Set(examples.map(\.text)).count == files.count)
        #expect(Set(examples.compactMap { $0.header["URL"] }).count == files.count)
    }

    private static func example(_ file: String) throws -> (header: [String: String], text: String) {
        let parts = try SeedsFolder.text("topics/\(file)").split(separator: "\n\n", maxSplits: 1)
        try #require(parts.count == 2, "\(file)")
        let lines = parts[0].split(separator: "\n").map { $0.split(separator: ": ", maxSplits: 1) }
        try #require(lines.map { $0.first.map(String.init) ?? "" } == keys, "\(file)")
        try #require(lines.allSatisfy { $0.count == 2 }, "\(file)")
        return (Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), String($0[1])) }), String(parts[1]))
    }
}
