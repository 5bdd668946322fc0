import Foundation
import News

/// The system's zone files: they follow the installed tzdata, which Foundation's zones do not.
public enum ZoneFile {
    static let folder = "/usr/share/zoneinfo"

    /// - Throws: `ZoneError` when the zone is unknown here or its file is damaged.
    public static func load(_ name: String) throws -> Zone {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
            if name == "UTC" { return .utc }
            throw StateError(
                code: .failed,
                detail: "\(folder)/\(name) cannot be read – is the package tzdata installed, and the timezone right?")
        }
        return try Zone(name: name, tzif: [UInt8](data))
    }
}
