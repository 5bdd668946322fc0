import Foundation
import NewsTesting

/// A folder with a configuration that points at the seeds' site, and a state beside it.
struct Stagecraft {
    let folder: String
    var config: String { folder + "/config" }
    var state: String { folder + "/state" }

    /// Copies topics and entities of `Config/`, and the sources of `seeds/` with their hosts replaced by the site's address.
    init(in folder: String, repository: RepositoryOptions, site: SeedSite) throws {
        self.folder = folder
        let files = FileManager.default
        for name in ["topics.d", "entities.d"] {
            try? files.removeItem(atPath: config + "/" + name)
            try files.createDirectory(atPath: config, withIntermediateDirectories: true)
            try files.copyItem(atPath: repository.config + "/" + name, toPath: config + "/" + name)
        }
        try files.createDirectory(atPath: config + "/sources.d", withIntermediateDirectories: true)
        let sources = try String(contentsOfFile: repository.seeds + "/sources.d/seeds.yaml", encoding: .utf8)
        try Data(site.rewrite(sources).utf8).write(to: URL(fileURLWithPath: config + "/sources.d/seeds.yaml"))
        let main = """
            contact: "mailto:demo@reader.example"
            timezone: UTC
            digest: {at: "18:00"}

            """
        try Data(main.utf8).write(to: URL(fileURLWithPath: config + "/feedwatch.yaml"))
    }

    /// Files that readers get, by path relative to the state folder.
    func readerFiles() throws -> [String: [UInt8]] { Self.readerFiles(below: state) }

    static func readerFiles(below folder: String) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for top in ["alerts", "digests", "feeds"] {
            for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder + "/" + top)) ?? [] {
                // Folders have no contents.
                if let data = FileManager.default.contents(atPath: "\(folder)/\(top)/\(name)") {
                    found["\(top)/\(name)"] = [UInt8](data)
                }
            }
        }
        return found
    }
}

/// One run of a program to its end.
struct Run {
    var status: Int32
    var isKilled: Bool
    var output: String
    var words: String

    init(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        let words = Pipe()
        process.standardOutput = output
        process.standardError = words
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Standard error is short here; reading output first cannot block on it.
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.words = String(decoding: words.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
        isKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }
}

/// What was promised and did not hold.
struct Broken: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

func temporaryFolder(_ name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString.prefix(8))")
        .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}
