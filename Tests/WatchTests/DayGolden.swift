import Foundation
import Testing

/// Files under `Tests/Days`, in each format: `UPDATE_GOLDEN=1` rewrites them, and a missing one fails.
enum DayGolden {
    static func check(_ name: String, _ text: (_ suffix: String) throws -> String) throws {
        for format in ["md", "html", "json"] {
            let text = fixed(try text(format))
            let golden = URL(fileURLWithPath: "\(ShippedTests.root)/Tests/Days/\(name).\(format)")
            if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try Data(text.utf8).write(to: golden) }
            #expect(
                try String(contentsOf: golden, encoding: .utf8) == text,
                "\(name).\(format): UPDATE_GOLDEN=1 rewrites it, then read the diff")
        }
    }

    /// With what every change of the configuration changes left out.
    private static func fixed(_ text: String) -> String {
        text.replacing(/configuration(<\/span>)? ?(`|<code>)[0-9a-f]{4}/) { "configuration \($0.output.2)hash" }
            .replacing(/"configuration" : "[0-9a-f]+"/) { _ in "\"configuration\" : \"hash\"" }
    }
}
