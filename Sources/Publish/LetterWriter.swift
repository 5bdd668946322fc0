import Foundation
import News

/// Writes parcels as mails (RFC 5322, MIME): a plain part and a page, all of it ASCII on the wire.
public struct LetterWriter: Sendable {
    private let markdown: MarkdownRenderer
    private let html: HTMLRenderer

    public init(_ templates: Templates = .builtIn) throws {
        markdown = try MarkdownRenderer(templates)
        html = try HTMLRenderer(templates)
    }

    /// The whole mail.
    /// - Parameters:
    ///   - from: addresses in ASCII, as they are sent; what stands after the last `@` is also in the mail's id.
    /// - Throws: what of its JSON cannot be decoded.
    public func letter(_ parcel: Parcel, from: String, to recipients: [String]) throws -> [UInt8] {
        let words = try words(parcel)
        let domain = from.split(separator: "@").last.map(String.init) ?? "feedwatch.invalid"
        var head = [
            "From: feedwatch <\(from)>", "To: \(recipients.joined(separator: ",\r\n "))",
            "Subject: \(Self.encodedWords(words.subject))", "Date: \(Self.date(parcel.decided))",
            "Message-ID: \(Self.id(parcel.stem, domain))",
        ]
        if let first = words.continues {
            head += ["In-Reply-To: \(Self.id(first, domain))", "References: \(Self.id(first, domain))"]
        }
        // RFC 3834: no answer of a machine is wanted.
        head += ["Auto-Submitted: auto-generated", "MIME-Version: 1.0"]
        let boundary = "feedwatch-\(Hash.base32(parcel.stem))"
        head.append("Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"")
        var text = head.joined(separator: "\r\n") + "\r\n\r\n"
        for (type, body) in [("plain", words.text), ("html", words.page)] {
            text +=
                "--\(boundary)\r\nContent-Type: text/\(type); charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            text += Self.base64Lines(body)
        }
        return Array((text + "--\(boundary)--\r\n").utf8)
    }

    private struct Written {
        var subject: String
        var text: String
        var page: String
        /// The stem of the first alert, of which this is an update.
        var continues: String?
    }

    private func words(_ parcel: Parcel) throws -> Written {
        switch parcel.kind {
        case .alert:
            let alert = try PublicJSON.decode(Alert.self, from: parcel.json)
            let mark = alert.updateOf == nil ? "Alert" : "Update"
            return Written(
                subject: "\(mark): \(CleanText.headline(alert.story.title))", text: markdown.render(alert),
                page: html.render(alert),
                continues: alert.updateOf?.file)
        case .more:
            let held = try PublicJSON.decode(HeldAlerts.self, from: parcel.json)
            return Written(
                subject: "\(Words.count(held.count, "held alert"))", text: markdown.render(held),
                page: html.render(held))
        case .blind:
            let blind = try PublicJSON.decode(BlindAlert.self, from: parcel.json)
            let names = blind.sources.prefix(3).map(\.name).joined(separator: ", ")
            let state = blind.state == .blind ? "Cannot be read" : "Can be read again"
            return Written(
                subject: "\(state): \(names)", text: markdown.render(blind), page: html.render(blind),
                continues: blind.told)
        case .indicator:
            let rise = try PublicJSON.decode(IndicatorAlert.self, from: parcel.json)
            return Written(
                subject: "Indicator: \(IndicatorAlertView.headline(rise))", text: markdown.render(rise),
                page: html.render(rise))
        case .digest:
            let digest = try PublicJSON.decode(Digest.self, from: parcel.json)
            let stories = Words.count(digest.stories.count, "story", "stories")
            return Written(
                subject: "\(Words.fullDay(digest.day)): \(stories), sight \(digest.sight.grade.rawValue)",
                text: markdown.render(digest), page: html.render(digest))
        }
    }

    /// The same for good, so that a mail that is sent twice is known for one (RFC 5322 §3.6.4).
    static func id(_ stem: String, _ domain: String) -> String {
        let name = stem.utf8.map { byte -> Character in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
            return isPlain ? Character(Unicode.Scalar(byte)) : "."
        }
        return "<\(String(name))@\(domain)>"
    }

    /// RFC 5322 §3.3.
    static func date(_ time: Timestamp) -> String {
        let utc = LocalDateTime(time, offset: 0)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[utc.date.weekday]), \(utc.date.day) \(months[utc.date.month - 1]) \(utc.date.year) "
            + "\(two(utc.hour)):\(two(utc.minute)):\(two(utc.second)) +0000"
    }

    /// RFC 2047 §5: a line of words from outside, each encoded word of at most 75 characters and whole characters.
    static func encodedWords(_ text: String) -> String {
        let line = CleanText.line(text, bytesMax: Self.subjectBytesMax)
        var words: [[UInt8]] = [[]]
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > 42 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static let subjectBytesMax = 400

    /// Lines of 76 characters (RFC 2045 §6.8).
    private static func base64Lines(_ text: String) -> String {
        Data(text.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
            + "\r\n"
    }
}
