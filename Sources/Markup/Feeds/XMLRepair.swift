import Glibc
import News

/// Makes a well-formed document of what feeds really contain, so that nothing is left for a parser's recovery, which destroys text.
///
/// One pass over the bytes from the root element on: stray `&` and `<` are escaped, HTML's named characters and the document's own
/// entities are resolved, attributes get their quotes, end tags that are missing are put in and end tags of nothing taken out,
/// comments and processing instructions dropped. Text inside CDATA is never touched. What is well-formed is not copied.
struct XMLRepair {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var out: [UInt8] = []
    /// Up to where the input stands in `out` or was replaced.
    private var copied: Int
    private var open: [OpenElement] = []
    private var attributes: [Attribute] = []
    private let documentType: DocumentType
    private var documentEnd: DocumentEnd
    /// The root element once it has ended; its end tag is written last, for the document may go on.
    private var closedRoot: OpenElement?
    private var isReopened = false
    /// Whether every DOCTYPE so far had an end: looking for each would cost much in a document of many.
    private var mayEndDoctype = true
    /// Bytes left for looking whether a tag in a text is ever ended.
    private var lookaheadBudget = Limits.tagLookaheadBytesMax
    private(set) var faults = FaultLog()
    private var namespaceDeclarations = 0
    /// Work left for looking up unmatched end tags: hostile nesting must not cost quadratic time.
    private var searchBudget = Limits.endTagComparisonsMax
    /// Bytes left for the document's own entities, which may multiply.
    private var entityBudget = Limits.entityBytesMax
    /// How many bytes of the result come before the end tags that were made up for a document that was cut.
    private(set) var wholeBytes = 0

    private struct OpenElement {
        var start: Int
        var length: Int
        var isEmitted: Bool
        var place = TextPlace.outside
    }

    private struct Attribute {
        var name: Range<Int>
        /// Nil for an attribute without a value.
        var value: Range<Int>?
    }

    /// - Parameters:
    ///   - bytes: valid UTF-8 without control characters.
    ///   - root: the offset of the root element; a DOCTYPE before it is read for its entities.
    init(_ bytes: UnsafeBufferPointer<UInt8>, root: Int) {
        self.bytes = bytes
        copied = root
        documentType = DocumentType(UnsafeBufferPointer(rebasing: bytes[..<root]))
        documentEnd = DocumentEnd(bytes)
    }

    /// The repaired document from its root element on, end tags for everything that was open at the end included.
    mutating func run() -> [UInt8] {
        var index = copied
        scan: while let next = nextSpecial(from: index) {
            switch bytes[next] {
            case UInt8(ascii: "&"): index = reference(at: next, limit: bytes.count)
            case UInt8(ascii: "]"): index = closingBrackets(at: next)
            default:
                guard let end = tag(at: next) else {
                    finish(at: next, isTruncated: true)
                    return out
                }
                index = end
                guard open.isEmpty else { continue }
                guard let next = reopened(behind: index) else { break scan }
                index = next
            }
        }
        // A document that goes on behind its end need not end once more.
        if isReopened, open.count == 1 { closedRoot = open.popLast() }
        finish(at: closedRoot == nil && !open.isEmpty ? bytes.count : max(index, copied), isTruncated: !open.isEmpty)
        return out
    }

    /// Where a document goes on behind the end of its root element, which then has not ended; nil at its end.
    private mutating func reopened(behind index: Int) -> Int? {
        switch documentEnd.following(from: index) {
        case .nothing: return nil
        case .junk(let start):
            faults.record([documentEnd.fault(junkAt: start)])
            return nil
        case .content(let start):
            guard let root = closedRoot.take() else {
                faults.record([documentEnd.fault(junkAt: start)])
                return nil
            }
            let place = name(root)
            faults.record("early-end", "the document goes on behind the end of \(place); all of it was read")
            isReopened = true
            open.append(root)
            replace(index..<start, with: [])
            return start
        }
    }

    private mutating func finish(at end: Int, isTruncated: Bool) {
        copy(upTo: max(end, copied))
        if let root = closedRoot { appendEndTag(root) }
        wholeBytes = out.count
        let place = open.last.map(name) ?? "its first tag"
        if isTruncated { faults.record("truncated", "the document ends inside \(place)") }
        while let element = open.popLast() { appendEndTag(element) }
    }

    // MARK: Copying

    private mutating func copy(upTo end: Int) {
        if out.isEmpty { out.reserveCapacity(bytes.count - copied + 256) }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<end]))
        copied = end
    }

    private mutating func replace(_ range: Range<Int>, with text: some Sequence<UInt8>) {
        copy(upTo: range.lowerBound)
        out.append(contentsOf: text)
        copied = range.upperBound
    }

    private mutating func appendEndTag(_ element: OpenElement) {
        guard element.isEmitted else { return }
        out += [UInt8(ascii: "<"), UInt8(ascii: "/")]
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[element.start..<element.start + element.length]))
        out.append(UInt8(ascii: ">"))
    }

    private func name(_ element: OpenElement) -> String {
        "<" + String(decoding: bytes[element.start..<element.start + min(element.length, 60)], as: UTF8.self) + ">"
    }

    // MARK: Text

    /// The next `<`, `&` or `]`, eight bytes at a time.
    private func nextSpecial(from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if index + 8 <= bytes.count {
                let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
                let hits =
                    Self.zeroBytes(word ^ 0x3C3C_3C3C_3C3C_3C3C) | Self.zeroBytes(word ^ 0x2626_2626_2626_2626)
                    | Self.zeroBytes(word ^ 0x5D5D_5D5D_5D5D_5D5D)
                if hits == 0 {
                    index += 8
                    continue
                }
                return index + UInt64(littleEndian: hits).trailingZeroBitCount / 8
            }
            let byte = bytes[index]
            if byte == 0x3C || byte == 0x26 || byte == 0x5D { return index }
            index += 1
        }
        return nil
    }

    /// The lowest set bit marks the first byte that is zero.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// `]]>` may not stand in text (XML 1.0 §2.4).
    private mutating func closingBrackets(at index: Int) -> Int {
        guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "]"), bytes[index + 2] == UInt8(ascii: ">")
        else {
            return index + 1
        }
        faults.record("stray-brackets", "]]> outside CDATA, kept as text")
        replace(index + 2..<index + 3, with: "&gt;".utf8)
        return index + 3
    }

    /// Passes or replaces the reference at `index`; returns where to go on.
    private mutating func reference(at index: Int, limit: Int) -> Int {
        let reference = CharacterReference(bytes, at: index, limit: limit)
        switch reference.meaning {
        case .stray:
            faults.record("stray-ampersand", "an & that begins no character reference, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        case .invalid:
            faults.record("bad-reference", "a number that stands for no character")
            replace(index..<reference.end, with: "\u{FFFD}".utf8)
        case .scalar(let scalar):
            // &#60; and &#38; must stay references; XML does not know &#X41;.
            if reference.isTerminated, bytes[index + 2] != UInt8(ascii: "X") { return reference.end }
            var text: [UInt8] = []
            faults.record("bad-reference", "a character reference that is not written as XML wants it")
            if scalar == 0x3C || scalar == 0x26 {
                text = Array(scalar == 0x3C ? "&lt;".utf8 : "&amp;".utf8)
            } else {
                NamedCharacter.append(scalar, to: &text)
            }
            replace(index..<reference.end, with: text)
        case .named(let name): return namedReference(name, at: index, end: reference.end)
        }
        return reference.end
    }

    private mutating func namedReference(_ range: Range<Int>, at index: Int, end: Int) -> Int {
        let name = UnsafeBufferPointer(rebasing: bytes[range])
        switch (name.count, name.first) {
        case (2, 0x6C) where name[1] == 0x74, (2, 0x67) where name[1] == 0x74: return end
        case (3, 0x61) where name[1] == 0x6D && name[2] == 0x70: return end
        case (4, 0x71) where name.elementsEqual("quot".utf8), (4, 0x61) where name.elementsEqual("apos".utf8):
            return end
        default: break
        }
        let text = String(decoding: name, as: UTF8.self)
        if let replacement = documentType.entities[text] {
            entityBudget -= replacement.count
            replace(index..<end, with: entityBudget >= 0 ? replacement : [])
            if entityBudget < 0 { faults.record("entity-bomb", "the document's own entities grow too large; dropped") }
        } else if documentType.refused.contains(text) {
            faults.record("entity-bomb", "&\(text.prefix(20)); stands for itself or for too much, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        } else if let scalar = NamedCharacter.scalar(name) ?? NamedCharacter.scalar(text.lowercased().utf8) {
            faults.record("undeclared-entity", "&\(text); is not declared, read as in HTML")
            var character: [UInt8] = []
            NamedCharacter.append(scalar, to: &character)
            replace(
                index..<end,
                with: scalar == 0x3C ? Array("&lt;".utf8) : scalar == 0x26 ? Array("&amp;".utf8) : character)
        } else {
            faults.record("unknown-entity", "&\(text); means nothing, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        }
        return end
    }

    // MARK: Tags

    /// Reads what starts with `<` at `index` and returns where to go on; nil when the document ends inside.
    private mutating func tag(at index: Int) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "!"): return declaration(at: index)
        case UInt8(ascii: "?"):
            guard let end = bytes.end(of: "?>", from: index + 2) else { return nil }
            replace(index..<end, with: [])
            return end
        case UInt8(ascii: "/"): return endTag(at: index)
        case let byte where Self.isNameStart(byte): return startTag(at: index)
        default: return strayLess(at: index)
        }
    }

    private mutating func strayLess(at index: Int) -> Int {
        faults.record("stray-less-than", "a < that begins no tag, kept as text")
        replace(index..<index + 1, with: "&lt;".utf8)
        return index + 1
    }

    private mutating func declaration(at index: Int) -> Int? {
        if bytes.matches("<!--", at: index) {
            guard let end = bytes.end(of: "-->", from: index + 4) else { return nil }
            replace(index..<end, with: [])
            return end
        }
        if bytes.matches("<![CDATA[", at: index) { return bytes.end(of: "]]>", from: index + 9) }
        if DocumentType.begins(bytes, at: index) {
            let known = mayEndDoctype ? DocumentType.end(bytes, at: index) : nil
            mayEndDoctype = known != nil
            guard let end = known ?? bytes.end(of: ">", from: index) else { return nil }
            replace(index..<end, with: [])
            return end
        }
        return index + 9 > bytes.count ? nil : strayLess(at: index)
    }

    private mutating func endTag(at index: Int) -> Int? {
        let nameStart = index + 2
        guard nameStart < bytes.count else { return nil }
        guard Self.isNameStart(bytes[nameStart]) else { return strayLess(at: index) }
        let nameEnd = endOfName(from: nameStart)
        var end = nameEnd
        while end < bytes.count, bytes[end] != UInt8(ascii: ">"), bytes[end] != UInt8(ascii: "<") { end += 1 }
        guard end < bytes.count else { return nil }
        let after = bytes[end] == UInt8(ascii: ">") ? end + 1 : end
        if after == end || bytes[nameEnd..<end].contains(where: { $0 > 0x20 }) {
            faults.record("bad-tag", "a tag with what is no part of a tag")
        }
        if let top = open.last, isSame(top, nameStart..<nameEnd, ignoringCase: true) {
            open.removeLast()
            let isExact = isSame(top, nameStart..<nameEnd, ignoringCase: false)
            if !isExact { faults.record("end-tag-case", "an end tag in other letters than its start tag") }
            if open.isEmpty {
                replace(index..<after, with: [])
                closedRoot = top
            } else if !top.isEmitted || bytes[end] != UInt8(ascii: ">") || end != nameEnd || !isExact {
                replace(index..<after, with: [])
                appendEndTag(top)
            }
            return after
        }
        return closeUnmatched(nameStart..<nameEnd, tag: index..<after)
    }

    /// An end tag that is not the innermost element's: ends what is open inside its element, or nothing at all.
    private mutating func closeUnmatched(_ name: Range<Int>, tag: Range<Int>) -> Int {
        var position = open.count - 1
        while position >= 0, searchBudget > 0, !isSame(open[position], name, ignoringCase: false) {
            position -= 1
            searchBudget -= 1
        }
        guard position >= 0, searchBudget > 0 else {
            if isForeignToText(name) { return literalTag(at: tag.lowerBound) }
            faults.record("stray-end-tag", "an end tag of nothing that is open")
            replace(tag, with: [])
            return tag.upperBound
        }
        let unclosed = self.name(open[open.count - 1])
        faults.record("missing-end-tag", "no end tag of \(unclosed)")
        replace(tag, with: [])
        while open.count > position {
            let element = open.removeLast()
            if open.isEmpty { closedRoot = element } else { appendEndTag(element) }
        }
        return tag.upperBound
    }

    private func isSame(_ element: OpenElement, _ name: Range<Int>, ignoringCase: Bool) -> Bool {
        guard element.length == name.count else { return false }
        let (own, other) = (bytes.baseAddress! + element.start, bytes.baseAddress! + name.lowerBound)
        return memcmp(own, other, name.count) == 0 || ignoringCase && strncasecmp(own, other, name.count) == 0
    }

    private func endOfName(from start: Int) -> Int {
        var index = start
        while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        return index
    }

    /// ASCII only: XML allows more, no feed uses it, and `<日本>` in a text is a stray `<`.
    private static func isNameStart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}

// MARK: Start tags

extension XMLRepair {
    private mutating func startTag(at index: Int) -> Int? {
        let nameEnd = endOfName(from: index + 1)
        guard nameEnd < bytes.count else { return nil }
        guard bytes[nameEnd] <= 0x20 || bytes[nameEnd] == UInt8(ascii: ">") || bytes[nameEnd] == UInt8(ascii: "/"),
            nameEnd - index < Limits.elementNameBytesMax
        else { return strayLess(at: index) }
        attributes.removeAll(keepingCapacity: true)
        var isClean = true
        var cursor = nameEnd
        while true {
            let before = cursor
            while cursor < bytes.count, bytes[cursor] <= 0x20 { cursor += 1 }
            guard cursor < bytes.count else { return nil }
            let byte = bytes[cursor]
            if byte == UInt8(ascii: ">") {
                return startTag(index, nameEnd, end: cursor + 1, isEmpty: false, isClean: isClean)
            }
            if byte == UInt8(ascii: "/") {
                guard cursor + 1 < bytes.count else { return nil }
                if bytes[cursor + 1] == UInt8(ascii: ">") {
                    return startTag(index, nameEnd, end: cursor + 2, isEmpty: true, isClean: isClean)
                }
                markBad(&isClean)
                cursor += 1
                continue
            }
            if byte == UInt8(ascii: "<") { return strayLess(at: index) }
            if cursor == before, bytes[cursor - 1] > 0x20 { markBad(&isClean) }
            guard let next = attribute(at: cursor, &isClean) else { return nil }
            cursor = next
        }
    }

    private mutating func markBad(_ isClean: inout Bool) {
        isClean = false
        faults.record("bad-tag", "a tag with what is no part of a tag")
    }

    /// Reads one attribute into `attributes`; nil when the document ends inside.
    private mutating func attribute(at start: Int, _ isClean: inout Bool) -> Int? {
        var cursor = start
        while cursor < bytes.count, Self.isNameByte(bytes[cursor]) { cursor += 1 }
        let name = start..<cursor
        if name.isEmpty || !Self.isNameStart(bytes[start]) {
            markBad(&isClean)
            return max(cursor, start + 1)
        }
        while cursor < bytes.count, bytes[cursor] <= 0x20 { cursor += 1 }
        guard cursor < bytes.count else { return nil }
        guard bytes[cursor] == UInt8(ascii: "=") else {
            isClean = false
            faults.record("bare-attribute", "an attribute without a value or without quotes")
            add(Attribute(name: name, value: nil), &isClean)
            return cursor
        }
        cursor += 1
        while cursor < bytes.count, bytes[cursor] <= 0x20 { cursor += 1 }
        guard cursor < bytes.count else { return nil }
        guard let (value, next) = value(at: cursor, &isClean) else { return nil }
        add(Attribute(name: name, value: value), &isClean)
        return next
    }

    /// Keeps the first of each name up to the limit, so that comparing them costs little however many a tag has.
    private mutating func add(_ attribute: Attribute, _ isClean: inout Bool) {
        if bytes[attribute.name].starts(with: "xmlns".utf8) {
            namespaceDeclarations += 1
            if namespaceDeclarations > Limits.namespaceDeclarationsMax {
                faults.record(
                    "too-many-namespaces",
                    "more than \(Limits.namespaceDeclarationsMax) declarations; the rest is dropped")
                isClean = false
                return
            }
        }
        if attributes.contains(where: { isSameName($0.name, attribute.name) }) {
            faults.record("duplicate-attribute", "an attribute given twice; the first counts")
            isClean = false
        } else if attributes.count == Limits.elementAttributesMax {
            faults.record(
                "too-many-attributes", "more than \(Limits.elementAttributesMax) in one tag; the rest is dropped")
            isClean = false
        } else {
            attributes.append(attribute)
        }
    }

    /// A value, and where to go on behind it; nil when the document ends inside.
    private mutating func value(at cursor: Int, _ isClean: inout Bool) -> (Range<Int>, next: Int)? {
        let quote = bytes[cursor]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let first = cursor + 1
            guard first < bytes.count, let found = memchr(bytes.baseAddress! + first, Int32(quote), bytes.count - first)
            else { return nil }
            let end = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
            for byte in bytes[first..<end] where byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") {
                isClean = false
            }
            // A tag ends before what seems the value ends: its quote is missing, and the one found belongs to another tag.
            if !isClean, let tagEnd = bytes[first..<end].firstIndex(of: UInt8(ascii: ">")),
                !bytes[first..<tagEnd].contains(UInt8(ascii: "<")), bytes[tagEnd..<end].contains(UInt8(ascii: "<"))
            {
                faults.record("missing-quote", "a value without its second quotation mark, ended with its tag")
                return (first..<tagEnd, tagEnd)
            }
            return (first..<end, end + 1)
        }
        isClean = false
        faults.record("bare-attribute", "an attribute without a value or without quotes")
        var end = cursor
        while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: ">"), bytes[end] != UInt8(ascii: "<") {
            end += 1
        }
        return end < bytes.count ? (cursor..<end, end) : nil
    }

    private func isSameName(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        a.count == b.count && memcmp(bytes.baseAddress! + a.lowerBound, bytes.baseAddress! + b.lowerBound, a.count) == 0
    }

    private mutating func startTag(_ index: Int, _ nameEnd: Int, end: Int, isEmpty: Bool, isClean: Bool) -> Int {
        let element = OpenElement(
            start: index + 1, length: nameEnd - index - 1, isEmitted: open.count < Limits.xmlDepthMax - 8,
            place: isEmpty ? .outside : place(of: index + 1..<nameEnd))
        if !isEmpty, isForeignToText(index + 1..<nameEnd), !isEnded(element, from: end, ifUnknown: true) {
            return literalTag(at: index)
        }
        if !element.isEmitted {
            faults.record("too-deep", "elements nested deeper than \(Limits.xmlDepthMax), their tags dropped")
            replace(index..<end, with: [])
            if !isEmpty { open.append(element) }
            return end
        }
        let isVoid = !isEmpty && isVoidElement(element) && !isEnded(element, from: end, ifUnknown: false)
        if isVoid {
            let tag = name(element)
            faults.record("void-element", "\(tag) without an end, ended")
        }
        if !isClean || isVoid { rewrite(index..<end, nameEnd: nameEnd, isEmpty: isEmpty || isVoid) }
        if !isEmpty, !isVoid { open.append(element) }
        return end
    }

    /// `<br>` and `<img>` in unescaped HTML have no end tag.
    private func isVoidElement(_ element: OpenElement) -> Bool {
        switch element.length {
        case 2: matchesName("br", element) || matchesName("hr", element)
        case 3: matchesName("img", element) || matchesName("wbr", element)
        default: false
        }
    }

    private func matchesName(_ name: StaticString, _ element: OpenElement) -> Bool {
        for offset in 0..<element.length where bytes[element.start + offset] | 0x20 != name.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Writes a start tag anew: values in quotes, each name once, nothing in a value that XML forbids.
    private mutating func rewrite(_ tag: Range<Int>, nameEnd: Int, isEmpty: Bool) {
        copy(upTo: nameEnd)
        for attribute in attributes {
            out.append(UInt8(ascii: " "))
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[attribute.name]))
            out += [UInt8(ascii: "="), UInt8(ascii: "\"")]
            if let value = attribute.value { appendValue(value) }
            out.append(UInt8(ascii: "\""))
        }
        if isEmpty { out.append(UInt8(ascii: "/")) }
        out.append(UInt8(ascii: ">"))
        copied = tag.upperBound
    }

    private mutating func appendValue(_ value: Range<Int>) {
        copied = value.lowerBound
        var index = value.lowerBound
        while index < value.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "&"): index = reference(at: index, limit: value.upperBound)
            case UInt8(ascii: "<"): index = strayLess(at: index)
            case UInt8(ascii: "\""):
                replace(index..<index + 1, with: "&quot;".utf8)
                index += 1
            default: index += 1
            }
        }
        copy(upTo: value.upperBound)
    }
}

// MARK: Tags in texts

extension XMLRepair {
    /// Whether an element is a text that people read, or inside one, and what the feed says of its kind.
    private enum TextPlace {
        case outside, text, plainText, xhtml
        /// Inside an element of HTML in a text of no kind: the text is markup, then.
        case markup
    }

    private static let textNames: Set<String> = [
        "title", "description", "summary", "subtitle", "tagline", "content", "encoded", "creator", "author", "name",
        "category", "subject", "rights", "copyright",
    ]

    /// Of an element that begins where the innermost one is; `attributes` are its own.
    private func place(of name: Range<Int>) -> TextPlace {
        if let top = open.last, top.place != .outside { return top.place == .text ? .markup : top.place }
        guard Self.textNames.contains(lowercased(name).split(separator: ":").last.map(String.init) ?? "") else {
            return .outside
        }
        let type = attributes.first { bytes[$0.name].elementsEqual("type".utf8) }?.value
        switch type.map(lowercased) {
        case "text", "text/plain": return .plainText
        case "xhtml", "application/xhtml+xml": return .xhtml
        default: return .text
        }
    }

    /// Whether a tag stands in a text to which it means nothing: neither HTML's nor a feed's own, as in `List<String>`, nor HTML's
    /// where the feed says that the text is plain.
    private func isForeignToText(_ name: Range<Int>) -> Bool {
        guard let place = open.last?.place, place != .outside else { return false }
        let name = lowercased(name)
        guard !name.contains(":"), FeedElement.of(name, .core) == .unknown, FeedElement.of(name, .atom) == .unknown
        else { return false }
        return place == .plainText || !PlainText.isTagName(name)
    }

    private func lowercased(_ name: Range<Int>) -> String {
        String(decoding: bytes[name], as: UTF8.self).lowercased()
    }

    /// Whether an end tag follows before that of the innermost element, and near enough.
    /// - Parameter ifUnknown: said where the document ends before either, or no more may be looked through.
    private mutating func isEnded(_ element: OpenElement, from start: Int, ifUnknown: Bool) -> Bool {
        guard let top = open.last, lookaheadBudget > 0 else { return ifUnknown }
        let limit = min(bytes.count, start + Limits.tagLookaheadEachBytesMax)
        var index = start
        defer { lookaheadBudget -= min(index, limit) - start }
        while let less = bytes.index(of: UInt8(ascii: "<"), from: index), less + 1 < limit {
            index = less + 1
            if bytes.matches("![CDATA[", at: index) {
                index = bytes.end(of: "]]>", from: index, limit: limit) ?? limit
            } else if bytes.matches("!--", at: index) {
                index = bytes.end(of: "-->", from: index, limit: limit) ?? limit
            } else if bytes[index] == UInt8(ascii: "/") {
                let name = index + 1..<endOfName(from: index + 1)
                if isSame(element, name, ignoringCase: true) { return true }
                if isSame(top, name, ignoringCase: true) { return false }
            }
        }
        index = limit
        return limit == bytes.count && ifUnknown
    }

    private mutating func literalTag(at index: Int) -> Int {
        faults.record("literal-tag", "a tag in a text that is neither HTML nor ended, kept as text")
        replace(index..<index + 1, with: open.last?.place == .markup ? "&amp;lt;".utf8 : "&lt;".utf8)
        return index + 1
    }
}
