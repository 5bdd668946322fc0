import Foundation

/// The repository's `seeds/`, found from where this file stands.
enum SeedsFolder {
    static let root: String = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place.appendingPathComponent("seeds").path
    }()

    static var web: String { root + "/web" }

    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: root + "/" + path) else {
            throw Missing(description: "\(root)/\(path) cannot be read")
        }
        return Array(data)
    }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// Paths of all files below a folder of `seeds/`, sorted.
    static func files(_ folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
        return all.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root)/\(folder)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}
