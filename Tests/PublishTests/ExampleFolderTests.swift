import Foundation
import News
import Publish
import Testing

@Suite struct ExampleFolderTests {
    private let path = NSTemporaryDirectory() + "feedwatch-examples-\(UUID().uuidString)/examples"
    private var folder: ExampleFolder { ExampleFolder(path: path) }
    private var files: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()
    }

    private func example(_ title: String, note: String? = nil) -> TopicExample {
        TopicExample(title: title, note: note, paragraphs: ["The harbour opened."])
    }

    private func write(_ text: String, to file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test("A story stands on one side: stored, unchanged, moved with its further texts and its note, and back")
    func sides() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let texts = [example("One"), example("Two")]
        #expect(try folder.store(texts, as: .yes, of: "ports", id: "k7f2").outcome == .stored)
        #expect(files == ["ports/yes/k7f2-2.txt", "ports/yes/k7f2.txt"])
        #expect(try folder.store(texts, as: .yes, of: "ports", id: "k7f2").outcome == .unchanged)
        let moved = try folder.store([example("One", note: "no fleet")], as: .no, of: "ports", id: "k7f2")
        #expect(moved.outcome == .moved && moved.files == ["\(path)/ports/no/k7f2.txt"])
        #expect(files == ["ports/no/k7f2-2.txt", "ports/no/k7f2.txt"])
        #expect(try folder.store(texts, as: .yes, of: "ports", id: "k7f2").outcome == .moved)
        let (read, faults) = folder.read()
        #expect(faults.isEmpty && read.count == 2 && read.allSatisfy { $0.verdict == .yes && $0.topic == "ports" })
        #expect(read.first { $0.example.title == "One" }?.example.note == "no fleet", "a note outlives a second word")
    }

    @Test("A story whose id begins like another's is not touched by it, nor is another topic's")
    func neighbours() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        for id in ["k7f", "k7f2", "k7f2a"] { _ = try folder.store([example(id)], as: .yes, of: "ports", id: id) }
        _ = try folder.store([example("other")], as: .yes, of: "ships", id: "k7f2")
        _ = try folder.store([example("k7f2")], as: .no, of: "ports", id: "k7f2")
        #expect(
            files == ["ports/no/k7f2.txt", "ports/yes/k7f.txt", "ports/yes/k7f2a.txt", "ships/yes/k7f2.txt"])
    }

    @Test("A story's texts are removed on both sides and from all topics, or only those from some addresses")
    func removed() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let texts = ["a", "b"].map {
            TopicExample(title: $0, url: "https://outlet.example/" + $0, paragraphs: ["The harbour opened."])
        }
        _ = try folder.store(texts, as: .yes, of: "ports", id: "k7f2")
        _ = try folder.store(texts, as: .no, of: "fleets", id: "k7f2")
        _ = try folder.store(texts, as: .no, of: "fleets", id: "k7f23")
        #expect(
            try folder.remove(of: "k7f2", from: ["https://outlet.example/b"]) == [
                "\(path)/fleets/no/k7f2-2.txt", "\(path)/ports/yes/k7f2-2.txt",
            ])
        #expect(try folder.remove(of: "k7f2").count == 2)
        #expect(files == ["fleets/no/k7f23-2.txt", "fleets/no/k7f23.txt"])
        #expect(try folder.remove(of: "k7f2").isEmpty)
    }

    @Test("What lies there and is never read is told: other topics, neither yes nor no, other names, a link to nowhere")
    func strays() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        for file in ["ports/yes/a.txt", "ports/yes/b.text", "ports/maybe/c.txt", "prots/no/d.txt", "e.txt", "README"] {
            try write("Title: x\n", to: file)
        }
        try write("Title: x\n", to: "ports/f.txt")
        #expect(
            folder.strays(topics: ["ports"]).map { "\($0)".replacingOccurrences(of: path + "/", with: "") } == [
                "e.txt: no topic's – move it to TOPIC/yes or TOPIC/no",
                "ports/f.txt: neither in yes nor in no – move it into one of them",
                "ports/maybe: neither in yes nor in no – move it into one of them",
                "ports/yes/b.text: not read, for its name does not end in .txt – rename or remove it",
                "prots: examples of a topic that is not configured – rename the folder, or add topics.d/prots.yaml",
            ])
        let link = path + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path + "/nowhere")
        defer { try? FileManager.default.removeItem(atPath: link) }
        #expect(
            ExampleFolder(path: link).strays(topics: []).map(\.message) == [
                "a link that leads nowhere – make what it names, or remove it"
            ])
    }

    @Test("Files are for the owner and the group, whole or not there")
    func modes() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try folder.store([example("One")], as: .yes, of: "ports", id: "k7f2").files[0]
        func mode(_ path: String) throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(try mode(file) & 0o007 == 0 && mode(file) & 0o600 == 0o600)
        for folder in ["", "/ports", "/ports/yes"] { #expect(try mode(path + folder) == 0o750) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/ports/yes") == ["k7f2.txt"])
    }

    @Test("A folder is read with every fault at its file and line, and the rest all the same")
    func faults() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("Title: good\n\nText.\n", to: "ports/yes/a.txt")
        try write("Title: bad\nTopic: x\n", to: "ports/yes/b.txt")
        try write("notes of mine", to: "ports/yes/README")
        try write("Title: x", to: "ports/maybe/c.txt")
        try write(String(repeating: "x", count: Limits.exampleBytesMax + 1), to: "ports/no/big.txt")
        try Data([0x54, 0xFF]).write(to: URL(fileURLWithPath: path + "/ports/no/latin.txt"))
        try FileManager.default.createDirectory(atPath: path + "/ports/no/sub.txt", withIntermediateDirectories: true)
        let (examples, faults) = folder.read()
        #expect(examples.map(\.example.title) == ["good"])
        #expect(
            faults.map { $0.description.replacing(path + "/", with: "") } == [
                "ports/yes/b.txt:2: unknown name \"Topic\" – known are Title, Language, Source, URL, Date, Note",
                "ports/no/big.txt: larger than \(Limits.exampleBytesMax) bytes – shorten it",
                "ports/no/latin.txt: not UTF-8 – save it as UTF-8",
                "ports/no/sub.txt: no regular file – move it away",
            ])
        let nowhere = ExampleFolder(path: path + "/nowhere").read()
        #expect(nowhere.examples.isEmpty && nowhere.faults.isEmpty)
    }
}
