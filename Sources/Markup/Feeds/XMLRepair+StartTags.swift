import Glibc
import News

/// Start tags and their attributes.
extension XMLRepair {
    mutating func startTag(at index: Int) -> Int? {
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
            if byte == UInt8(ascii: "&"), isInText { return comparison(at: index) }
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
            guard let end = bytes.index(of: quote, from: first) else { return endedWithTag(first, &isClean) }
            for byte in bytes[first..<end] where byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") {
                isClean = false
            }
            // A tag ends before what seems the value ends: its quote is missing, and the one found belongs to another tag.
            if !isClean, let tagEnd = bytes[first..<end].firstIndex(of: UInt8(ascii: ">")),
                !bytes[first..<tagEnd].contains(UInt8(ascii: "<")), bytes[tagEnd..<end].contains(UInt8(ascii: "<"))
            {
                return endedWithTag(first, &isClean)
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

    /// A value that its tag ends; nil when the document ends inside.
    private mutating func endedWithTag(_ first: Int, _ isClean: inout Bool) -> (Range<Int>, next: Int)? {
        guard hasRootEnd(from: first), let end = bytes.index(of: UInt8(ascii: ">"), from: first) else { return nil }
        isClean = false
        faults.record("missing-quote", "a value without its second quotation mark, ended with its tag")
        return (first..<end, end)
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
