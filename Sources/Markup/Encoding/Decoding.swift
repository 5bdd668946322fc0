import Glibc
import News

/// A document's bytes as valid UTF-8 without a byte order mark, NUL and control characters, and what was wrong with them.
struct DecodedText {
    var bytes: [UInt8]
    /// The name of the encoding that they were read in.
    var encoding: String
    var faults: [MarkupFault] = []
}

/// Finds a document's encoding and decodes it: byte order mark, then the HTTP header, then the document's own declaration
/// (RFC 7303 §3, HTML's encoding sniffing algorithm), each believed only as far as the bytes bear it out.
enum Decoding {
    enum Kind { case xml, html }

    static func decode(_ body: [UInt8], contentType: String?, kind: Kind) -> DecodedText {
        let body = withoutCutCharacter(body)
        var decoded = body.withUnsafeBufferPointer { bytes in
            if let mark = byteOrderMark(bytes) { return afterMark(bytes, mark) }
            if let wide = wideWithoutMark(bytes) { return converted(body[...], wide) }
            return declared(body, bytes, contentType: contentType, kind: kind)
        }
        var start = 0
        while decoded.bytes[start...].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
        if start > 0 {
            decoded.bytes.removeFirst(start)
            decoded.faults.append(MarkupFault("byte-order-mark", "more than one at the beginning"))
        }
        if decoded.bytes.withUnsafeBufferPointer(UTF8Check.hasControls) {
            let before = decoded.bytes.count
            decoded.bytes = UTF8Check.withoutControls(decoded.bytes)
            decoded.faults.append(MarkupFault("control-characters", "\(before - decoded.bytes.count) dropped"))
        }
        return decoded
    }

    /// A document that was cut within a character of UTF-8 must not be taken for one in another encoding.
    private static func withoutCutCharacter(_ body: [UInt8]) -> [UInt8] {
        let whole = body.withUnsafeBufferPointer { bytes in
            let count = bytes.count - UTF8Check.cutOff(bytes)
            guard count < bytes.count else { return count }
            let rest = UnsafeBufferPointer(rebasing: bytes[..<count])
            return UTF8Check.firstBadIndex(rest) == nil && UTF8Check.firstBeyondASCII(rest) != nil ? count : bytes.count
        }
        return whole == body.count ? body : Array(body[..<whole])
    }

    /// What a `charset` parameter says; also plain labels are taken (`utf-8`).
    static func charset(of contentType: String?) -> String? {
        guard let contentType, !contentType.isEmpty else { return nil }
        let lower = contentType.lowercased()
        guard let range = PhraseSearch.first("charset=", in: lower) else {
            return lower.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ";") } ? nil : lower
        }
        let isEnd = { (byte: UInt8) in "\"' ;,".utf8.contains(byte) }
        let label = lower.utf8[range.upperBound...].drop(while: isEnd).prefix { !isEnd($0) }
        return label.isEmpty ? nil : String(Substring(label))
    }

    // MARK: The mark

    private static func byteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> (encoding: String, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return ("UTF-8", 3) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return ("UTF-32LE", 4) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return ("UTF-32BE", 4) }
        if bytes.starts(with: [0xFF, 0xFE]) { return ("UTF-16LE", 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return ("UTF-16BE", 2) }
        return nil
    }

    private static func afterMark(
        _ bytes: UnsafeBufferPointer<UInt8>, _ mark: (encoding: String, length: Int)
    ) -> DecodedText {
        if mark.encoding == "UTF-8" { return utf8(UnsafeBufferPointer(rebasing: bytes[mark.length...])) }
        return converted(Array(bytes[mark.length...])[...], mark.encoding)
    }

    /// XML 1.0 appendix F: the first character of a document is `<` in whatever width; JSON's is `{`, and a line may end before it.
    private static func wideWithoutMark(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.count >= 8 else { return nil }
        let firsts: [UInt8] = [0x3C, 0x7B, 0x20, 0x0A, 0x0D]
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (let first, 0, 0, 0) where firsts.contains(first): return "UTF-32LE"
        case (0, 0, 0, let first) where firsts.contains(first): return "UTF-32BE"
        case (let first, 0, 0x01..., 0) where firsts.contains(first): return "UTF-16LE"
        case (0, let first, 0, 0x01...) where firsts.contains(first): return "UTF-16BE"
        default: return nil
        }
    }

    // MARK: What is declared

    private static func declared(
        _ body: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, contentType: String?, kind: Kind
    ) -> DecodedText {
        var faults: [MarkupFault] = []
        var candidates: [String] = []
        let own = kind == .xml ? EncodingDeclaration.xml(bytes) : EncodingDeclaration.html(bytes)
        for label in [charset(of: contentType), own] {
            guard let label else { continue }
            guard let encoding = CharsetLabel.encoding(label) else {
                faults.append(
                    CharsetLabel.isUnsupported(label)
                        ? MarkupFault("unsupported-encoding", "\"\(label)\" is an encoding that is not read")
                        : MarkupFault("unknown-encoding", "\"\(label.prefix(40))\" is no encoding that is known"))
                continue
            }
            // A document that can be read far enough to find its declaration is not in UTF-16.
            if encoding.hasPrefix("UTF-16") || encoding.hasPrefix("UTF-32") {
                faults.append(MarkupFault("wrong-encoding", "says \(encoding), is in single bytes"))
            } else {
                candidates.append(encoding)
            }
        }
        var decoded = choose(body, bytes, candidates: candidates)
        decoded.faults = faults + decoded.faults
        return decoded
    }

    private static func choose(
        _ body: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, candidates: [String]
    ) -> DecodedText {
        let beyond = UTF8Check.firstBeyondASCII(bytes)
        let isASCIIOnly = beyond == nil
        let isUTF8 = beyond.map { UTF8Check.firstBadIndex(bytes, from: $0) == nil } ?? true
        // ISO-2022-JP is ASCII to the eye; everything else that is ASCII is UTF-8.
        if isASCIIOnly, !candidates.contains(where: { $0.hasPrefix("ISO-2022") }) {
            if shiftsToJapanese(bytes) {
                var decoded = converted(body[...], "ISO-2022-JP")
                if decoded.faults.isEmpty {
                    decoded.faults = [MarkupFault("wrong-encoding", "shifts as ISO-2022-JP does, and was read as that")]
                    return decoded
                }
            }
            return DecodedText(bytes: body, encoding: "UTF-8")
        }
        guard let first = candidates.first else {
            return isUTF8 ? DecodedText(bytes: body, encoding: "UTF-8") : undeclared(body, bytes)
        }
        if isUTF8,
            first == "UTF-8" || candidates.contains("UTF-8") || first == "CP1252" || hasSequences(bytes, from: beyond)
        {
            // Text that is valid UTF-8 beyond ASCII is hardly ever anything else, whatever it claims.
            var decoded = DecodedText(bytes: body, encoding: "UTF-8")
            if first != "UTF-8" { decoded.faults.append(MarkupFault("wrong-encoding", "says \(first), is UTF-8")) }
            return decoded
        }
        if first == "UTF-8" {
            for other in candidates.dropFirst() where other != "UTF-8" {
                var decoded = converted(body[...], other)
                guard decoded.faults.isEmpty else { continue }
                decoded.faults.append(MarkupFault("wrong-encoding", "says UTF-8 and \(other), is \(other)"))
                return decoded
            }
            return undeclared(body, bytes)
        }
        let decoded = converted(body[...], first)
        // Any bytes are Windows-1252, and servers say it of whatever they send; another script shows that it is none.
        let guess = first == "CP1252" || !decoded.faults.isEmpty ? CharsetGuess.encoding(of: bytes) : nil
        if guess != nil || !decoded.faults.isEmpty, let second = candidates.dropFirst().first, second != first {
            let other = second == "UTF-8" ? utf8(bytes) : converted(body[...], second)
            if other.faults.isEmpty { return other }
        }
        guard let guess, guess != first else { return decoded }
        var other = converted(body[...], guess)
        guard first == "CP1252" || other.faults.isEmpty else { return decoded }
        other.faults.append(MarkupFault("wrong-encoding", "says \(first), is \(guess)"))
        return other
    }

    /// `ESC $ @` or `ESC $ B` (RFC 1468): nobody else's text has them.
    private static func shiftsToJapanese(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = bytes.baseAddress, let escape = memchr(start, 0x1B, bytes.count) else { return false }
        let place = UnsafeRawPointer(escape) - UnsafeRawPointer(start)
        guard place + 2 < bytes.count, bytes[place + 1] == 0x24 else { return false }
        return bytes[place + 2] == 0x40 || bytes[place + 2] == 0x42
    }

    /// Three characters of several bytes: text in any other encoding is not valid UTF-8 so far.
    private static func hasSequences(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int?) -> Bool {
        var found = 0
        var index = start ?? bytes.count
        while index < bytes.count, found < 3 {
            if bytes[index] >= 0xC2 { found += 1 }
            index += 1
        }
        return found == 3
    }

    /// Bytes that nobody named, or that are not the UTF-8 that they claim to be: UTF-8 with a few bad bytes where most of what is
    /// beyond ASCII is valid, else what the text looks like, else Windows-1252.
    private static func undeclared(_ body: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) -> DecodedText {
        let decoded = utf8(bytes)
        var bad = 0
        var good = 0
        var index = 0
        while index < bytes.count {
            let isPair = UTF8Check.surrogatePair(bytes, at: index) != nil
            let length = isPair ? 6 : UTF8Check.sequenceLength(bytes, at: index)
            if length == 0 { bad += 1 }
            if length > 1 { good += 1 }
            index += max(length, 1)
        }
        if good >= bad { return decoded }
        let guess = CharsetGuess.encoding(of: bytes)
        var fallback = converted(body[...], guess ?? "CP1252")
        fallback.faults = [MarkupFault("wrong-encoding", "not UTF-8; read as \(guess ?? "Windows-1252")")]
        return fallback
    }

    // MARK: Converting

    private static func utf8(_ bytes: UnsafeBufferPointer<UInt8>) -> DecodedText {
        guard UTF8Check.firstBadIndex(bytes) != nil else { return DecodedText(bytes: Array(bytes), encoding: "UTF-8") }
        let (text, bad, pairs) = UTF8Check.repaired(bytes)
        var faults = bad == 0 ? [] : [badBytes(bad, "UTF-8")]
        if pairs > 0 { faults.append(MarkupFault("surrogates", "\(pairs) characters in the halves of UTF-16, joined")) }
        return DecodedText(bytes: text, encoding: "UTF-8", faults: faults)
    }

    private static func converted(_ bytes: ArraySlice<UInt8>, _ encoding: String) -> DecodedText {
        guard let converter = Iconv(from: encoding) else {
            var decoded = bytes.withUnsafeBufferPointer(utf8)
            decoded.faults.append(
                MarkupFault("unknown-encoding", "\(encoding) cannot be converted here; read as UTF-8"))
            return decoded
        }
        let (text, bad) = converter.decode(bytes)
        return DecodedText(bytes: text, encoding: encoding, faults: bad == 0 ? [] : [badBytes(bad, encoding)])
    }

    private static func badBytes(_ count: Int, _ encoding: String) -> MarkupFault {
        MarkupFault("bad-bytes", "\(count) not valid in \(encoding), replaced by U+FFFD")
    }
}

/// The encoding that a document itself names.
enum EncodingDeclaration {
    /// The `encoding` of an XML declaration within the first kilobyte, even behind junk.
    static func xml(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let head = UnsafeBufferPointer(rebasing: bytes.prefix(1024))
        guard let start = head.end(of: "<?xml", from: 0) else { return nil }
        let end = head.end(of: "?>", from: start).map { $0 - 2 } ?? head.count
        return value(of: "encoding", in: UnsafeBufferPointer(rebasing: head[start..<end]))
    }

    /// A `<meta charset>` or `http-equiv` within the first kilobytes, as browsers look for it; else an XML declaration.
    static func html(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var head = Array(bytes.prefix(8192))
        for index in head.indices where (0x41...0x5A).contains(head[index]) { head[index] |= 0x20 }
        let label = head.withUnsafeBufferPointer { head -> String? in
            var index = 0
            while let start = head.end(of: "<meta", from: index) {
                let end = head.index(of: UInt8(ascii: ">"), from: start) ?? head.count
                if let label = value(of: "charset", in: UnsafeBufferPointer(rebasing: head[start..<end])) {
                    return label
                }
                index = end
            }
            return nil
        }
        // HTML: a meta element that says UTF-16 is wrong by being readable.
        return label.map { $0.hasPrefix("utf-16") ? "utf-8" : $0 } ?? xml(bytes)
    }

    private static func value(of name: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard let found = bytes.end(of: name, from: 0) else { return nil }
        let isQuoteOrSpace = { (byte: UInt8) in byte <= 0x20 || byte == 0x22 || byte == 0x27 }
        var rest = bytes[found...].drop(while: isQuoteOrSpace)
        guard rest.first == UInt8(ascii: "=") else { return nil }
        rest = rest.dropFirst().drop(while: isQuoteOrSpace)
        let label = rest.prefix {
            !isQuoteOrSpace($0) && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
        }
        return label.isEmpty || label.count > 40 ? nil : String(decoding: label, as: UTF8.self)
    }
}
