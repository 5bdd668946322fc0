/// A strict reader of what our pages may consist of: elements that are closed in order, attributes in double quotes, and
/// text without a bare `<` or `&`. So a page that passes is well-formed XML, but for its document type.
struct TagScanner {
    struct Element {
        let name: String
        let attributes: [(name: String, value: String)]

        subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    struct Fault: Error, CustomStringConvertible { let description: String }

    private(set) var elements: [Element] = []
    /// Text between the tags, with the character references replaced, joined by newlines.
    private(set) var text = ""
    private(set) var style = ""
    private let page: [UInt8]
    private var at = 0
    private var open: [String] = []

    init(_ page: String) throws {
        self.page = Array(page.utf8)
        let documentType = Array("<!DOCTYPE html>\n".utf8)
        guard self.page.starts(with: documentType) else { throw Fault(description: "no document type") }
        at = documentType.count
        while at < self.page.count { try self.page[at] == 0x3C ? tag() : words() }
        guard open.isEmpty else { throw Fault(description: "not closed: \(open)") }
    }

    private mutating func words() throws {
        let end = page[at...].firstIndex(of: 0x3C) ?? page.count
        let found = try unescaped(page[at..<end])
        if open.last == "style" { style += found } else { text += found + "\n" }
        at = end
    }

    private mutating func tag() throws {
        guard let end = endOfTag() else { throw fault("a tag without end") }
        let inside = page[(at + 1)..<end]
        at = end + 1
        if inside.first == 0x2F {
            let name = String(decoding: inside.dropFirst(), as: UTF8.self)
            guard open.popLast() == name else { throw fault("</\(name)> closes nothing") }
            return
        }
        let isEmpty = inside.last == 0x2F
        let element = try element(isEmpty ? inside.dropLast() : inside)
        elements.append(element)
        if !isEmpty { open.append(element.name) }
    }

    /// A `>` inside quotes ends no tag.
    private func endOfTag() -> Int? {
        var isQuoted = false
        for index in at..<page.count {
            if page[index] == 0x22 { isQuoted.toggle() }
            if page[index] == 0x3E, !isQuoted { return index }
        }
        return nil
    }

    private func element(_ inside: ArraySlice<UInt8>) throws -> Element {
        let name = inside.prefix { isNameByte($0) }
        guard !name.isEmpty else { throw fault("no name in <\(String(decoding: inside, as: UTF8.self))>") }
        var rest = inside.dropFirst(name.count)
        var attributes: [(name: String, value: String)] = []
        while !rest.isEmpty {
            guard rest.first == 0x20 else { throw fault("no space before an attribute") }
            let key = rest.dropFirst().prefix { isNameByte($0) }
            rest = rest.dropFirst(1 + key.count)
            guard !key.isEmpty, rest.starts(with: [0x3D, 0x22]) else { throw fault("an attribute without quotes") }
            rest = rest.dropFirst(2)
            guard let end = rest.firstIndex(of: 0x22) else { throw fault("an attribute without end") }
            let name = String(decoding: key, as: UTF8.self)
            guard !attributes.contains(where: { $0.name == name }) else { throw fault("\(name) twice") }
            attributes.append((name, try unescaped(rest[..<end])))
            rest = rest[(end + 1)...]
        }
        return Element(name: String(decoding: name, as: UTF8.self), attributes: attributes)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }

    private func unescaped(_ bytes: ArraySlice<UInt8>) throws -> String {
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "&", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.contains("<") }) else { throw fault("a bare < in a value") }
        var text = String(parts[0])
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: ";"), let character = known[String(part[..<end])] else {
                throw fault("a bare & before \(part.prefix(20))")
            }
            text += character + part[part.index(after: end)...]
        }
        return text
    }

    private func fault(_ what: String) -> Fault {
        let lines = page[..<min(at, page.count)].count { $0 == 0x0A } + 1
        return Fault(description: "line \(lines): \(what)")
    }
}
