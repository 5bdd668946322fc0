import Foundation
import Testing

@testable import Watch

/// A configuration folder of its own in the temporary folder, removed with the value.
final class ConfigurationFolder {
    let path: String

    /// Files by their path in the folder.
    init(_ files: [String: String]) throws {
        path = NSTemporaryDirectory() + "feedwatch-configuration-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(Array(text.utf8), to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func load(vendor: ConfigurationFolder? = nil) throws(ConfigurationErrors) -> Configuration {
        try Configuration.load(ConfigurationLocation(folder: path, vendor: vendor?.path))
    }

    /// What is wrong, with paths as they are in the folder; none when it loads.
    func faults(vendor: ConfigurationFolder? = nil) -> [String] {
        do {
            _ = try load(vendor: vendor)
            return []
        } catch {
            return error.faults.map { relative($0.description) }
        }
    }

    func relative(_ text: String) -> String { text.replacing("\(path)/", with: "") }
}
