import Foundation
import News

/// One line of a JSON Lines file of articles, as `group` and `classify` read them; other fields are ignored.
struct DocumentLine: Decodable {
    var id: String
    var title: String?
    var text: String?
    var outlet: String?
    /// `2025-03-30`, or a time in RFC 3339; empty or absent when unknown.
    var date: String?
    var url: String?
    var lang: String?

    /// Paragraphs are separated by a blank line.
    var article: Article {
        var article = Article()
        article.title = title
        article.language = lang
        article.paragraphs = (text ?? "").split(separator: "\n\n").map(String.init)
        return article
    }

    /// Midnight UTC of a bare date; nil when there is none that can be read.
    var time: Timestamp? {
        guard let date, !date.isEmpty else { return nil }
        return Timestamp(rfc3339: date) ?? Timestamp(rfc3339: date + "T00:00:00Z")
    }
}

/// Reads JSON Lines piece by piece, so that a file may be larger than memory.
enum DocumentLines {
    /// Calls `body` for each line that is not blank.
    /// - Throws: `LineError` with the number of the first line that cannot be read, or what `body` throws.
    static func forEach(in path: String, _ body: (DocumentLine) throws -> Void) throws {
        let handle: FileHandle
        if path == "-" {
            handle = .standardInput
        } else if let file = FileHandle(forReadingAtPath: path) {
            handle = file
        } else {
            throw LineError(
                place: path, reason: "cannot be opened – give a file of JSON lines, or - for standard input")
        }
        let decoder = JSONDecoder()
        var number = 0
        func read(_ line: Data) throws {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { return }
            let document: DocumentLine
            do { document = try decoder.decode(DocumentLine.self, from: line) } catch {
                throw LineError(
                    place: "\(path):\(number)", reason: "not a JSON object with a text \"id\" – mend the line")
            }
            try body(document)
        }
        var rest = Data()
        while let chunk = try handle.read(upToCount: 1 << 16), !chunk.isEmpty {
            var start = chunk.startIndex
            while let end = chunk[start...].firstIndex(of: 0x0A) {
                rest.append(chunk[start..<end])
                try read(rest)
                rest.removeAll(keepingCapacity: true)
                start = end + 1
            }
            rest.append(chunk[start...])
            if rest.count > Limits.documentLineBytesMax {
                throw LineError(
                    place: "\(path):\(number + 1)",
                    reason: "longer than \(Limits.documentLineBytesMax) bytes – split it")
            }
        }
        try read(rest)
    }

    /// One JSON value with a line end, to standard output.
    static func write(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Terminal.print(try encoder.encode(value) + [0x0A])
    }
}

struct LineError: Error, CustomStringConvertible {
    var place: String
    var reason: String
    var description: String { "\(place): \(reason)" }
}
