import Foundation
import Markup
import News

/// What `extract --site-memory` keeps from one page and run to the next: a JSON object of memories by site.
struct SiteMemoryFile {
    private let path: String
    private var memories: [String: SiteMemory] = [:]

    /// Empty where there is no such file.
    /// - Throws: `Failure` for one that is something else.
    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let data = FileManager.default.contents(atPath: path),
            let memories = try? JSONDecoder().decode([String: SiteMemory].self, from: data)
        else { throw Failure("\(path) is no file that --site-memory has written – name another one") }
        self.memories = memories
    }

    func lesson(of url: String) -> SiteLesson {
        SiteMemory.site(of: url).flatMap { memories[$0] }?.lesson() ?? SiteLesson()
    }

    /// Pages count in the order in which they are read, a day each.
    mutating func learn(_ lesson: PageLesson, of url: String) {
        guard let site = SiteMemory.site(of: url) else { return }
        var memory = memories[site] ?? SiteMemory()
        memory.learn(lesson, day: (memory.sightings.last?.day ?? 0) + 1)
        memories[site] = memory
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(memories).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw Failure("\(path) cannot be written") }
    }
}
