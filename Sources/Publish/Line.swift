import News

/// A line of words for readers, in no form yet: `Form` writes it as Markdown or as HTML, so that both say the same.
///
/// It is written as an interpolated string. The literal is ours and is English; whatever is interpolated may come from
/// outside, and each form writes it so that it shows itself and does nothing else.
struct Line: Hashable, Sendable {
    indirect enum Part: Hashable, Sendable {
        case ours(String)
        /// Words from outside, with their language where it is told (BCP 47, not judged).
        case text(String, language: String?)
        /// The name of an outlet or source, with the language that it writes in.
        case name(String, language: String?)
        case code(String)
        case strong(Line)
        case tag(Line, Tone)
        /// A time as it is shown, and the moment.
        case time(String, Timestamp)
        /// An http or https address, with the language of what is there.
        case link(Line, address: String, language: String?)
        /// To a place in the same document.
        case jump(Line, id: String)
    }

    /// What a word of status says about a story.
    enum Tone: String, Sendable {
        case corrected, day, embargo, late, new, updated
        case oneSide = "one-side"
    }

    var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    static func + (head: Line, tail: Line) -> Line { Line(parts: head.parts + tail.parts) }
    static func += (head: inout Line, tail: Line) { head.parts += tail.parts }

    /// `“9 ships”`
    static func quoted(_ text: String, language: String? = nil) -> Line { "“\(text, language: language)”" }

    /// An http or https address, with everything encoded that may not stand in one (RFC 3986 §2); nil for any other:
    /// `javascript:` must not become a link.
    static func address(_ url: String) -> String? {
        let line = CleanText.line(url)
        let scheme = line.prefix(8).lowercased()
        guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else { return nil }
        return percentEncoding(" <>\"\\`{|}", in: line)
    }

    static func percentEncoding(_ marks: String, in address: String) -> String {
        var encoded = String.UnicodeScalarView()
        for scalar in address.unicodeScalars {
            guard scalar.isASCII, marks.unicodeScalars.contains(scalar) else {
                encoded.append(scalar)
                continue
            }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            encoded.append(contentsOf: "%\(hex)".unicodeScalars)
        }
        return String(encoded)
    }
}

extension Line: ExpressibleByStringInterpolation {
    init(stringLiteral text: String) { parts = text.isEmpty ? [] : [.ours(text)] }

    init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(2 * interpolationCount + 1) }

        mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.ours(text)) } }

        mutating func appendInterpolation(_ line: Line) { parts += line.parts }
        mutating func appendInterpolation(_ number: Int) { parts.append(.ours(String(number))) }
        mutating func appendInterpolation(_ text: String, language: String? = nil) {
            parts.append(.text(text, language: language))
        }
        /// Cut where it is long.
        mutating func appendInterpolation(headline: String, language: String? = nil) {
            parts.append(.text(CleanText.headline(headline), language: language))
        }
        mutating func appendInterpolation(name: String, language: String? = nil) {
            parts.append(.name(name, language: language))
        }
        mutating func appendInterpolation(code: String) { parts.append(.code(code)) }
        mutating func appendInterpolation(strong line: Line) { parts.append(.strong(line)) }
        mutating func appendInterpolation(tag line: Line, _ tone: Tone) { parts.append(.tag(line, tone)) }
        mutating func appendInterpolation(_ shown: String, at time: Timestamp) { parts.append(.time(shown, time)) }
        mutating func appendInterpolation(jump line: Line, to id: String) { parts.append(.jump(line, id: id)) }

        /// Only the words where `url` is no address of the web.
        mutating func appendInterpolation(link line: Line, to url: String?, language: String? = nil) {
            guard let address = url.flatMap(Line.address) else { return appendInterpolation(line) }
            parts.append(.link(line, address: address, language: language))
        }
    }
}
