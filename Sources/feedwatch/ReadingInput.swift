import Foundation
import Markup
import News

/// One row of a `--list`: four columns parted by tabs, of which any but the first may be empty or missing.
struct InputRow {
    var path: String
    var second: String
    var third: String
    var fourth: String

    static func read(_ path: String) throws -> [InputRow] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("\(path) cannot be read") }
        let text = String(decoding: data, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            func column(_ index: Int) -> String { index < columns.count ? columns[index] : "" }
            return InputRow(path: column(0), second: column(1), third: column(2), fourth: column(3))
        }
    }
}

/// Documents from files or the standard input.
enum Input {
    /// Throws `unreadable`, or `too-large` for more than `max` bytes.
    static func bytes(_ path: String, max: Int) throws(MarkupError) -> [UInt8] {
        let data: Data
        do {
            if path == "-" {
                data = try FileHandle.standardInput.readToEnd() ?? Data()
            } else {
                data = try Data(contentsOf: URL(fileURLWithPath: path))
            }
        } catch {
            throw MarkupError(code: "unreadable", detail: "the file cannot be read")
        }
        guard data.count <= max else {
            throw MarkupError(code: "too-large", detail: "\(data.count) bytes; at most \(max) are read")
        }
        return [UInt8](data)
    }
}

/// Lines on the standard output, each flushed, so that a reader at a pipe sees them at once.
enum Output {
    static func line(_ text: String) { Terminal.print(line: text) }

    static func json(_ object: [String: Any]) -> String {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{\"error\":\"not JSON\"}"
    }

    /// As data on the standard output, or as words on the standard error.
    static func failure(_ reason: String, path: String, asJSON: Bool) {
        if asJSON {
            line(json(["error": reason, "path": path]))
        } else {
            Terminal.say("\(path): \(reason)")
        }
    }
}
