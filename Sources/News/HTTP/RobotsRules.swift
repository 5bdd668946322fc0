/// What a robots.txt lets one crawler read (RFC 9309).
public struct RobotsRules: Sendable, Hashable, Codable {
    struct Rule: Sendable, Hashable, Codable {
        var allows: Bool
        /// Normalised as paths are before they are compared; `*` is any number of octets, `$` at the end is the end.
        var pattern: String
    }

    /// Of the group that was chosen, the longest first, and `allow` before `disallow` of one length (§2.2.2).
    var rules: [Rule] = []

    /// Everything may be read: no file, an empty one, or the server answered 4xx (§2.3.1.3).
    public static let allowAll = RobotsRules()

    init(rules: [Rule] = []) { self.rules = rules }

    /// Reads the groups that name the token, or those for everybody (`*`) where none does.
    ///
    /// - Parameters:
    ///   - bytes: of which the first `Limits.robotsBytesMax` count (§2.5).
    ///   - token: the product token, compared without case (§2.2.1): `feedwatch`.
    public init(_ bytes: [UInt8], token: String) {
        var text = bytes.prefix(Limits.robotsBytesMax)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        var own: [Rule]?
        var everybody: [Rule] = []
        /// Whom the lines from here on are for, and whether one of them has come since.
        var (isOwn, isEverybody, hasRules) = (false, false, false)
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let (key, value) = Self.field(line) else { continue }
            switch key {
            case "user-agent":
                if hasRules { (isOwn, isEverybody, hasRules) = (false, false, false) }
                if value == "*" { isEverybody = true }
                if Self.product(value) == token.lowercased() {
                    isOwn = true
                    own = own ?? []
                }
            case "allow", "disallow":
                hasRules = true
                // An empty pattern matches nothing (errata 7790).
                guard !value.isEmpty, isOwn || isEverybody else { continue }
                let rule = Rule(allows: key == "allow", pattern: Self.normalised(value))
                if isOwn { own?.append(rule) }
                if isEverybody { everybody.append(rule) }
            default: continue
            }
        }
        rules = (own ?? everybody).enumerated().sorted { one, other in
            let (a, b) = (one.element.pattern.utf8.count, other.element.pattern.utf8.count)
            if a != b { return a > b }
            if one.element.allows != other.element.allows { return one.element.allows }
            return one.offset < other.offset
        }.map(\.element).prefix(Limits.robotsRulesMax).map(\.self)
    }

    /// Whether this may be read: the longest pattern decides, and without one everything may.
    ///
    /// - Parameter target: path and query of the URL, `/a/b?c`. The file itself may always be read.
    ///
    /// A file that costs too much to compare is taken for a no.
    public func allows(_ target: String) -> Bool {
        let path = Array(Self.normalised(target.isEmpty ? "/" : target).utf8)
        if path == Array("/robots.txt".utf8) { return true }
        var steps = Limits.robotsStepsMax
        for rule in rules where Self.matches(Array(rule.pattern.utf8), path, &steps) { return rule.allows }
        return steps > 0
    }

    /// Piece by piece between the stars, each at its first place: a later one never leaves more room for the next.
    private static func matches(_ pattern: [UInt8], _ path: [UInt8], _ steps: inout Int) -> Bool {
        let isWhole = pattern.last == UInt8(ascii: "$")
        let pieces = pattern.dropLast(isWhole ? 1 : 0).split(
            separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        var at = 0
        for (number, piece) in pieces.enumerated() {
            let isLast = number == pieces.count - 1
            if number == 0 {
                steps -= piece.count
                guard path.starts(with: piece) else { return false }
                at = piece.count
                if isLast, isWhole { return at == path.count }
            } else if isLast, isWhole {
                steps -= piece.count
                return path.count - at >= piece.count && path.suffix(piece.count).elementsEqual(piece)
            } else {
                guard let end = firstEnd(of: piece, in: path, from: at, &steps) else { return false }
                at = end
            }
        }
        return steps > 0
    }

    private static func firstEnd(
        of piece: ArraySlice<UInt8>, in path: [UInt8], from start: Int, _ steps: inout Int
    ) -> Int? {
        guard !piece.isEmpty else { return start }
        var at = start
        while at + piece.count <= path.count {
            steps -= piece.count
            guard steps > 0 else { return nil }
            if path[at..<at + piece.count].elementsEqual(piece) { return at + piece.count }
            at += 1
        }
        return nil
    }

    /// `Key: value # comment`, the key in lower case; nil for other lines.
    private static func field(_ line: ArraySlice<UInt8>) -> (key: String, value: String)? {
        let line = line.prefix { $0 != UInt8(ascii: "#") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = trimmed(line[line.index(after: colon)...])
        guard value.count <= Limits.urlBytesMax else { return nil }
        return (
            String(decoding: trimmed(line[..<colon]), as: UTF8.self).lowercased(),
            String(decoding: value, as: UTF8.self)
        )
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes = bytes.dropLast() }
        return bytes
    }

    /// The token at the head of a name, `feedwatch/1.0` too, in lower case.
    private static func product(_ name: String) -> String {
        String(name.prefix { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") }).lowercased()
    }

    /// One spelling for what RFC 3986 §6.2.2.2 takes for the same: unreserved characters bare, controls, blanks and what is not
    /// ASCII encoded, in capital digits.
    private static func normalised(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte in
            byte <= 0x20 || byte >= 0x7F
                ? [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] : [byte]
        }
        return WebURL.normalisedEscapes(String(decoding: bytes, as: UTF8.self))
    }
}
