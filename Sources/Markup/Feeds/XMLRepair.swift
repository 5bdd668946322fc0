import Glibc
import News

/// Makes a well-formed document of what feeds really contain, so that nothing is left for a parser's recovery, which destroys text.
///
/// One pass over the bytes from the root element on: stray `&` and `<` are escaped, HTML's named characters and the document's own
/// entities are resolved, attributes get their quotes, end tags that are missing are put in and end tags of nothing taken out,
/// comments and processing instructions dropped. Text inside CDATA is never touched. What is well-formed is not copied.
struct XMLRepair {
    let bytes: UnsafeBufferPointer<UInt8>
    var out: [UInt8] = []
    /// Up to where the input stands in `out` or was replaced.
    var copied: Int
    var open: [OpenElement] = []
    var attributes: [Attribute] = []
    let documentType: DocumentType
    private var documentEnd: DocumentEnd
    /// The root element once it has ended; its end tag is written last, for the document may go on.
    private var closedRoot: OpenElement?
    private var isReopened = false
    /// Whether an end may still follow: looking for that of each would cost quadratic time in a document of many.
    private var mayEnd = (doctype: true, comment: true, cdata: true, instruction: true)
    /// Whether the root element's end tag stands behind the first thing that has no end, so that the document was not cut there.
    private var isRootEnded: Bool?
    /// Bytes left for looking whether a tag in a text is ever ended.
    var lookaheadBudget = Limits.tagLookaheadBytesMax
    var faults = FaultLog()
    var namespaceDeclarations = 0
    /// Work left for looking up unmatched end tags: hostile nesting must not cost quadratic time.
    private var searchBudget = Limits.endTagComparisonsMax
    /// Bytes left for the document's own entities, which may multiply.
    var entityBudget = Limits.entityBytesMax
    /// How many bytes of the result come before the end tags that were made up for a document that was cut.
    private(set) var wholeBytes = 0

    struct OpenElement {
        var start: Int
        var length: Int
        var isEmitted: Bool
        var place = TextPlace.outside
    }

    struct Attribute {
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

    mutating func copy(upTo end: Int) {
        if out.isEmpty { out.reserveCapacity(bytes.count - copied + 256) }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<end]))
        copied = end
    }

    mutating func replace(_ range: Range<Int>, with text: some Sequence<UInt8>) {
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

    func name(_ element: OpenElement) -> String {
        "<" + String(decoding: bytes[element.start..<element.start + min(element.length, 60)], as: UTF8.self) + ">"
    }

    // MARK: Tags

    /// Reads what starts with `<` at `index` and returns where to go on; nil when the document ends inside.
    private mutating func tag(at index: Int) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "!"): return declaration(at: index)
        case UInt8(ascii: "?"):
            let end = mayEnd.instruction ? bytes.end(of: "?>", from: index + 2) : nil
            mayEnd.instruction = end != nil
            return dropped(index, end: end)
        case UInt8(ascii: "/"): return endTag(at: index)
        case let byte where Self.isNameStart(byte): return startTag(at: index)
        default: return strayLess(at: index)
        }
    }

    mutating func strayLess(at index: Int) -> Int {
        faults.record("stray-less-than", "a < that begins no tag, kept as text")
        replace(index..<index + 1, with: "&lt;".utf8)
        return index + 1
    }

    private mutating func declaration(at index: Int) -> Int? {
        if bytes.matches("<!--", at: index) {
            let end = mayEnd.comment ? bytes.end(of: "-->", from: index + 4) : nil
            mayEnd.comment = end != nil
            return dropped(index, end: end)
        }
        if bytes.matches("<![CDATA[", at: index) { return cdata(at: index) }
        if DocumentType.begins(bytes, at: index) {
            let known = mayEnd.doctype ? DocumentType.end(bytes, at: index) : nil
            mayEnd.doctype = known != nil
            guard let end = known ?? bytes.end(of: ">", from: index) else { return nil }
            replace(index..<end, with: [])
            return end
        }
        return index + 9 > bytes.count ? nil : strayLess(at: index)
    }

    /// Leaves out a comment or an instruction; one without an end ends with its first `>`, where the document goes on.
    private mutating func dropped(_ start: Int, end: Int?) -> Int? {
        var end = end
        if end == nil, hasRootEnd(from: start), let close = bytes.index(of: UInt8(ascii: ">"), from: start) {
            faults.record("missing-end", "a comment or an instruction without an end, ended with its first >")
            end = close + 1
        }
        guard let end else { return nil }
        replace(start..<end, with: [])
        return end
    }

    /// Passes a CDATA section; one without an end ends where its element does.
    private mutating func cdata(at index: Int) -> Int? {
        let end = mayEnd.cdata ? bytes.end(of: "]]>", from: index + 9) : nil
        mayEnd.cdata = end != nil
        if let end { return end }
        guard let element = open.last, let close = endTag(of: element, from: index + 9) else { return nil }
        faults.record("missing-end", "a CDATA section without an end, ended with its element")
        replace(close..<close, with: "]]>".utf8)
        return close
    }

    /// Whether the document goes on to its own end behind what has no end.
    mutating func hasRootEnd(from start: Int) -> Bool {
        if let isRootEnded { return isRootEnded }
        let isEnded = open.first.map { endTag(of: $0, from: start) != nil } ?? false
        isRootEnded = isEnded
        return isEnded
    }

    /// Where the next end tag of an element's name begins.
    private func endTag(of element: OpenElement, from start: Int) -> Int? {
        var index = start
        while let name = bytes.end(of: "</", from: index) {
            if isSame(element, name..<endOfName(from: name), ignoringCase: true) { return name - 2 }
            index = name
        }
        return nil
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

    func isSame(_ element: OpenElement, _ name: Range<Int>, ignoringCase: Bool) -> Bool {
        guard element.length == name.count else { return false }
        let (own, other) = (bytes.baseAddress! + element.start, bytes.baseAddress! + name.lowerBound)
        return memcmp(own, other, name.count) == 0 || ignoringCase && strncasecmp(own, other, name.count) == 0
    }

    func endOfName(from start: Int) -> Int {
        var index = start
        while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        return index
    }

    /// ASCII only: XML allows more, no feed uses it, and `<日本>` in a text is a stray `<`.
    static func isNameStart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
