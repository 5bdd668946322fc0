import Foundation
import News
import Testing

@testable import Storage

@Suite struct SiteMemoriesTests {
    private let now = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private func withStore(_ body: (Store, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sites-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "feedwatch.db").path
        let store = try Store(path: path)
        defer { store.close() }
        try body(store, path)
    }

    private func learn(_ store: Store, _ site: String, _ page: Int, at time: Timestamp) throws {
        try store.learn(of: site, at: time) {
            $0.note(
                SiteSighting(url: "https://\(site)/\(page)", title: nil, day: 1, container: "main", lines: ["Line."]),
                lines: ["Line."])
        }
    }

    @Test("What pages teach is kept by site, listed, and forgotten one by one or all")
    func keeps() throws {
        try withStore { store, _ in
            for page in 1...3 { try learn(store, "outlet.example", page, at: now) }
            try learn(store, "gazette.example", 1, at: now)
            #expect(try store.memory(of: "outlet.example").sightings.count == 3)
            #expect(try store.memory(of: "outlet.example").shown.values.sorted() == ["Line."])
            #expect(try store.memory(of: "other.example") == SiteMemory())
            #expect(try store.knownSites().map(\.site) == ["gazette.example", "outlet.example"])
            #expect(try store.forgetMemory(of: "outlet.example") == 1)
            #expect(try store.forgetMemory(of: "outlet.example") == 0)
            #expect(try store.knownSites().map(\.site) == ["gazette.example"])
            #expect(try store.forgetMemory(of: nil) == 1)
        }
    }

    @Test("A site of which no page is read is forgotten after a season")
    func forgets() throws {
        try withStore { store, _ in
            try learn(store, "outlet.example", 1, at: now)
            let season = Duration.seconds(Limits.siteKeptDays * 86_400)
            try learn(store, "gazette.example", 1, at: now + season)
            #expect(try store.knownSites().count == 2)
            try learn(store, "gazette.example", 2, at: now + season + .seconds(1))
            #expect(try store.knownSites().map(\.site) == ["gazette.example"])
        }
    }

    @Test("A memory that cannot be read is learned anew")
    func damaged() throws {
        try withStore { store, _ in
            try learn(store, "outlet.example", 1, at: now)
            try store.write { try $0.execute(sql: "UPDATE site_memory SET memory = x'7b'") }
            #expect(try store.memory(of: "outlet.example") == SiteMemory())
            try learn(store, "outlet.example", 2, at: now)
            #expect(try store.memory(of: "outlet.example").sightings.count == 1)
        }
    }
}
