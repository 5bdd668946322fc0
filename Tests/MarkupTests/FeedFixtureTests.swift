import Foundation
import Markup
import News
import Testing

/// Each document of `Fixtures/` against the feed that it is, in the file of its name that ends in `.expected.json`.
///
/// `UPDATE_GOLDEN=1` writes those anew. `list.tsv` has the documents as `feedwatch parse --list` takes them: file, content type,
/// base URL, content language.
@Suite struct FeedFixtureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var file: String
        var contentType: String?
        var url: String
        var language: String?

        var testDescription: String { file }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/"

    static let rows: [Row] = {
        let text = (try? String(contentsOfFile: folder + "list.tsv", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            func column(_ index: Int) -> String? {
                columns.indices.contains(index) && !columns[index].isEmpty ? columns[index] : nil
            }
            return Row(file: columns[0], contentType: column(1), url: column(2) ?? "", language: column(3))
        }
    }()

    @Test("A feed is read as it was meant", arguments: rows)
    func fixture(row: Row) throws {
        let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.folder + row.file)))
        let feed = try FeedParser.parse(
            body, contentType: row.contentType, url: row.url, contentLanguage: row.language)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let read = String(decoding: try encoder.encode(feed), as: UTF8.self) + "\n"
        let expected = Self.folder + (row.file as NSString).deletingPathExtension + ".expected.json"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try read.write(toFile: expected, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: expected, encoding: .utf8) == read)
    }

    @Test("Every document of the folder is in the list")
    func listed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
        let documents = files.filter { !$0.hasSuffix(".expected.json") && $0 != "list.tsv" }.sorted()
        #expect(documents == Self.rows.map(\.file).sorted())
        #expect(documents.count > 40)
    }
}
