import Foundation
import GRDB
import News
import Testing

@testable import Storage

/// What the story index is filled with, and what it looks up.
@Suite final class FingerprintsTests {
    private let folder = NSTemporaryDirectory() + "feedwatch-fingerprints-\(UUID().uuidString)"
    private var path: String { folder + "/feedwatch.db" }
    private let store: Store
    private let start = Timestamp(seconds: 1_743_300_000)
    private let text = Fingerprint(hashes: [1, .max], places: [0, 255], shingleCount: 70_000, figures: [7, .max])

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try Store(path: folder + "/feedwatch.db")
        try store.file { try $0.open(story: "abcdefgh", shownID: "abcd", firstSeen: start) }
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func member(_ key: String, copyOf: String? = nil, after days: Int64 = 0) -> StoryMember {
        StoryMember(
            source: "harbour", key: key, url: "https://harbour.example/\(key)", article: Article(),
            firstSeen: start + .seconds(days * 86_400), readAt: start, relation: copyOf == nil ? .first : .copy,
            copyOf: copyOf.map { MemberKey(source: "harbour", key: $0) }, topics: [], entities: [], strongEntities: [])
    }

    @discardableResult
    private func file(_ member: StoryMember, _ fingerprint: Fingerprint? = nil) throws -> Int64 {
        var turn: Int64 = 0
        try store.file {
            turn = try $0.add(member, IndexedArticle(member, fingerprint: fingerprint ?? text), to: "abcdefgh")
        }
        return turn
    }

    private func traces(since: Timestamp? = nil) throws -> [ArticleTrace] {
        var traces: [ArticleTrace] = []
        try store.eachFiled(since: since ?? start) { trace, _ in traces.append(trace) }
        return traces
    }

    private func shelved(_ turn: Int64) throws -> (fingerprint: Fingerprint?, article: ShelvedArticle?) {
        var found: (Fingerprint?, ShelvedArticle?) = (nil, nil)
        try store.file { found = (try $0.fingerprint(at: turn), try $0.article(at: turn)) }
        return found
    }

    private func key(_ key: String) -> MemberKey { MemberKey(source: "harbour", key: key) }

    @Test("A fingerprint comes back as it was, from nothing to the largest")
    func column() throws {
        let largest = Fingerprint(
            hashes: (0..<UInt32(Fingerprint.sizeMax)).map { $0 * 40_000_000 },
            places: (0..<Fingerprint.sizeMax).map { UInt8($0) }, shingleCount: .max >> 32,
            figures: (0..<UInt64(Fingerprint.figuresMax)).map { $0 << 58 })
        for (number, fingerprint) in [.none, Fingerprint(hashes: [3], shingleCount: 1), text, largest].enumerated() {
            let turn = try file(member("\(number)"), fingerprint)
            #expect(try shelved(turn).fingerprint == fingerprint)
            #expect(try traces().last?.probes == Array(fingerprint.hashes.prefix(ArticleTrace.probesMax)))
            #expect(try traces().last?.shingleCount == fingerprint.shingleCount)
        }
    }

    @Test("The index is filled with what it would keep of each article, in the order of filing")
    func filling() throws {
        for member in [member("z"), member("a", copyOf: "z"), member("old", after: -1)] { try file(member) }
        let traces = try traces()
        #expect(traces.map(\.name) == [key("z").mark, key("a").mark])
        #expect(traces.map(\.original) == [key("z").mark, key("z").mark])
        #expect(traces.map(\.turn) == [1, 2] && traces.allSatisfy { $0.source == "harbour" && $0.firstSeen == start })
        #expect(traces.map(\.addresses) == ["z", "a"].map { IndexedArticle(member($0), fingerprint: .none).addresses })
        #expect(traces.allSatisfy { $0.probes == [1, .max] && $0.addresses.count == 1 })
        #expect(try shelved(2).article == ShelvedArticle(key: key("a"), original: key("z"), story: "abcdefgh"))
        #expect(try shelved(9).article == nil && shelved(9).fingerprint == nil)
    }

    @Test("The first version, the last and the one before it are recognised; each is the one article")
    func versions() throws {
        for key in ["a", "b"] { try file(member(key)) }
        for number in 3...6 {
            try store.file {
                let turn = try $0.replace(
                    member("a"), IndexedArticle(member("a"), fingerprint: .none), in: "abcdefgh", at: start)
                #expect(turn == number)
            }
        }
        #expect(try traces().map(\.turn) == [1, 2, 5, 6])
        #expect(try traces().map(\.name) == ["a", "b", "a", "a"].map { key($0).mark })
        for turn: Int64 in [1, 5, 6] { #expect(try shelved(turn).article?.key == key("a")) }
        #expect(try shelved(1).fingerprint == text && shelved(4).fingerprint == nil)
        _ = try store.forget(at: ["https://harbour.example/a"], at: start)
        #expect(try traces().map(\.turn) == [2])
    }

    @Test("An article that cannot be read back does not keep the others out of the index")
    func unreadable() throws {
        for key in ["a", "b"] { try file(member(key)) }
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE article SET member = substr(member, 1, 20) WHERE key = 'a'")
        }
        var recent: [Bool] = []
        try store.eachFiled(since: start) { _, body in recent.append(try body() != nil) }
        #expect(recent == [false, true])
    }

    @Test("Of the copies of a forgotten article the first is the text of the others, for the index as well")
    func forgotten() throws {
        for member in [member("a"), member("b", copyOf: "a"), member("c", copyOf: "a")] { try file(member) }
        _ = try store.forget(at: ["https://harbour.example/a"], at: start)
        #expect(try traces().map(\.original) == [key("b").mark, key("b").mark])
        #expect(try shelved(3).article?.original == key("b"))
    }

    @Test("A copy that is split off is a text of its own for the index")
    func split() throws {
        for member in [member("a"), member("b", copyOf: "a")] { try file(member) }
        _ = try store.part(at: ["https://harbour.example/b"], reason: "split", reserved: [])
        #expect(try traces().map(\.original) == [key("a").mark, key("b").mark])
        #expect(try shelved(2).article?.story != "abcdefgh")
    }

    @Test("A fingerprint goes with the window, its article stays")
    func retention() throws {
        for member in [member("a"), member("b", after: 2)] { try file(member) }
        let keep = Keep(text: .seconds(90 * 86_400), versions: .seconds(30 * 86_400), metadata: .seconds(400 * 86_400))
        var retention = try Retention(store, keep: keep, now: start + .seconds(31 * 86_400))
        while try retention.step() != nil {}
        #expect(try traces(since: start - .seconds(86_400)).map(\.name) == [key("b").mark])
        #expect(try store.story(named: "abcd")?.members.count == 2)
    }

    @Test("A fingerprint that is not as long as it says is a damaged database, not a crash")
    func damaged() throws {
        try file(member("a"))
        for bytes in ["x'01'", "x'ffff0000000000000000'", "zeroblob(9)"] {
            try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE fingerprint SET text = \(bytes)") }
            #expect(throws: StoreError.self) { try traces() }
            #expect(throws: StoreError.self) { try shelved(1) }
        }
    }
}
