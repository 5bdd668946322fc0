import CLibxml2
import News

/// An HTML document as one flat array in document order, so that a subtree is a range and every walk is a loop.
///
/// libxml2's trees reach a depth of 200,000; here elements below `Limits.pageDepthMax` hang on the ancestor at that depth.
struct HTMLTree {
    struct Node {
        var tag: Tag
        /// Of an element, in `names`; a `Tag` names only those that reading an article tells apart.
        var name: UInt16 = 0
        /// What it stands in, itself included.
        var within: Surroundings
        /// -1 for the root.
        var parent: Int32
        /// One past the last descendant.
        var end: Int32
        /// Range in `text`; empty for elements.
        var textStart: Int32 = 0
        var textEnd: Int32 = 0
        /// Range in `attributes`.
        var attributesStart: Int32 = 0
        var attributesEnd: Int32 = 0
    }

    struct Attribute {
        /// In `names`.
        var name: UInt16
        /// Range in `values`.
        var start: Int32
        var end: Int32
    }

    private(set) var nodes: [Node] = []
    /// UTF-8 of all text nodes, one after the other.
    private(set) var text: [UInt8] = []
    private var attributes: [Attribute] = []
    /// UTF-8 of all values of attributes.
    private var values: [UInt8] = []
    /// The names of elements and attributes, lower case: first those of `AttributeName`, whose `none` is for text and for what is
    /// beyond 65,535 different names.
    private(set) var names = AttributeName.names
    /// Paragraphs of some length before each node.
    private var paragraphsBefore: [Int32] = []
    /// The document has more nodes than `Limits.pageNodesMax`.
    private(set) var isTruncated = false

    /// Parses UTF-8 bytes; anything parses, to an empty tree at worst.
    init(utf8 bytes: [UInt8]) {
        let clean = LongTags.cut(Drawings.removed(from: bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes))
        guard !clean.isEmpty, clean.count < Int(Int32.max) else { return }
        // XML_PARSE_HUGE is no htmlParserOption by name but is honoured: without it 300 unclosed <font> end the document.
        let options =
            Int32(HTML_PARSE_RECOVER.rawValue) | Int32(HTML_PARSE_NOERROR.rawValue)
            | Int32(HTML_PARSE_NOWARNING.rawValue) | Int32(HTML_PARSE_NONET.rawValue)
            | Int32(HTML_PARSE_IGNORE_ENC.rawValue) | Int32(XML_PARSE_HUGE.rawValue)
        let document = clean.withUnsafeBytes {
            htmlReadMemory($0.bindMemory(to: CChar.self).baseAddress, Int32(clean.count), nil, "UTF-8", options)
        }
        guard let document else { return }
        defer { xmlFreeDoc(document) }
        text.reserveCapacity(clean.count / 2)
        copy(document)
        countParagraphs()
    }

    private mutating func countParagraphs() {
        var text: [Int32] = [0]
        text.reserveCapacity(nodes.count + 1)
        for node in nodes { text.append(text[text.count - 1] + node.textEnd - node.textStart) }
        paragraphsBefore = [0]
        paragraphsBefore.reserveCapacity(nodes.count + 1)
        for (index, node) in nodes.enumerated() {
            let isLong = node.tag == .p && text[Int(node.end)] - text[index] > 80
            paragraphsBefore.append(paragraphsBefore[index] + (isLong ? 1 : 0))
        }
    }

    private mutating func copy(_ document: htmlDocPtr) {
        guard let root = xmlDocGetRootElement(document) else { return }
        var known = NameTable.initial
        var open: [Int32] = []
        var depth = 0
        var current = root
        while true {
            guard nodes.count < Limits.pageNodesMax else {
                isTruncated = true
                break
            }
            let isElement = current.pointee.type == XML_ELEMENT_NODE
            if isElement {
                append(current, &known, parent: open.last ?? -1)
                if depth < Limits.pageDepthMax { open.append(Int32(nodes.count - 1)) }
            } else if current.pointee.type == XML_TEXT_NODE || current.pointee.type == XML_CDATA_SECTION_NODE {
                appendText(current, parent: open.last ?? -1)
            }
            if isElement, let child = current.pointee.children {
                current = child
                depth += 1
                continue
            }
            if isElement { close(&open, depth: depth) }
            while current.pointee.next == nil, current != root, let parent = current.pointee.parent, depth > 0 {
                current = parent
                depth -= 1
                close(&open, depth: depth)
            }
            guard current != root, let next = current.pointee.next else { break }
            current = next
        }
        for index in open { nodes[Int(index)].end = Int32(nodes.count) }
    }

    private mutating func close(_ open: inout [Int32], depth: Int) {
        guard depth < Limits.pageDepthMax, let last = open.popLast() else { return }
        nodes[Int(last)].end = Int32(nodes.count)
    }

    private mutating func append(
        _ node: xmlNodePtr, _ known: inout NameTable, parent: Int32
    ) {
        let name = known.find(node.pointee.name!, in: &names)
        let tag = known.tags[Int(name)]
        let start = Int32(attributes.count)
        var property = node.pointee.properties
        var left = Limits.elementAttributesMax
        while let attribute = property, left > 0 {
            if let name = attribute.pointee.name {
                let start = Int32(values.count)
                if let value = attribute.pointee.children?.pointee.content {
                    values.append(contentsOf: UnsafeBufferPointer(start: value, count: Int(xmlStrlen(value))))
                }
                attributes.append(
                    Attribute(name: known.find(name, in: &names), start: start, end: Int32(values.count)))
            }
            property = attribute.pointee.next
            left -= 1
        }
        nodes.append(
            Node(
                tag: tag, name: name, within: within(parent).union(Surroundings(tag)), parent: parent,
                end: Int32(nodes.count + 1), attributesStart: start, attributesEnd: Int32(attributes.count)))
    }

    private func within(_ parent: Int32) -> Surroundings { parent < 0 ? [] : nodes[Int(parent)].within }

    private mutating func appendText(_ node: xmlNodePtr, parent: Int32) {
        guard let content = node.pointee.content else { return }
        let start = Int32(text.count)
        text.append(contentsOf: UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
        nodes.append(
            Node(
                tag: .text, within: within(parent), parent: parent, end: Int32(nodes.count + 1), textStart: start,
                textEnd: Int32(text.count)))
    }
}

extension HTMLTree {
    /// The value of an attribute, nil where it is missing.
    func attribute(_ index: Int, _ name: AttributeName) -> String? {
        first(index) { $0 == name.rawValue }.map(value)
    }

    /// The same for any name, in lower case.
    func attribute(_ index: Int, named name: String) -> String? { first(index) { names[Int($0)] == name }.map(value) }

    func hasAttribute(_ index: Int, _ name: AttributeName) -> Bool { first(index) { $0 == name.rawValue } != nil }

    /// Nil where the element does not have it.
    func withBytes<T>(of name: AttributeName, _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T? {
        first(index) { $0 == name.rawValue }.map { attribute in
            values.withUnsafeBufferPointer {
                body(UnsafeBufferPointer(rebasing: $0[Int(attribute.start)..<Int(attribute.end)]))
            }
        }
    }

    private func first(_ index: Int, where isMeant: (UInt16) -> Bool) -> Attribute? {
        let node = nodes[index]
        var current = Int(node.attributesStart)
        while current < Int(node.attributesEnd) {
            if isMeant(attributes[current].name) { return attributes[current] }
            current += 1
        }
        return nil
    }

    private func value(_ attribute: Attribute) -> String {
        String(decoding: values[Int(attribute.start)..<Int(attribute.end)], as: UTF8.self)
    }

    /// The element's name, lower case.
    func name(_ index: Int) -> String { names[Int(nodes[index].name)] }

    /// Never holds words of an article. A button or a picture that holds paragraphs was only not closed, and what is shown without
    /// scripts may be the article.
    func isSilent(_ index: Int) -> Bool {
        let node = nodes[index]
        guard node.tag.isSilent else { return false }
        return node.tag.isAlwaysSilent || paragraphsBefore[Int(node.end)] - paragraphsBefore[index] < 3
    }

    /// Every descendant and the node itself.
    func subtree(_ index: Int) -> Range<Int> { index..<Int(nodes[index].end) }

    func first(_ tag: Tag) -> Int? { nodes.firstIndex { $0.tag == tag } }

    /// The elements around a node from the inside out, the node itself first; none for nil.
    func ancestors(_ node: Int?) -> some Sequence<Int> {
        sequence(state: node ?? -1) { next -> Int? in
            guard next >= 0 else { return nil }
            defer { next = Int(nodes[next].parent) }
            return next
        }
    }

    /// Whether a node or an ancestor of it is one of these.
    func isInside(_ index: Int, _ any: Surroundings) -> Bool { !nodes[index].within.isDisjoint(with: any) }

    /// The text of a subtree on one line, elements that are never read left out.
    ///
    /// - Parameter limit: bytes of text and nodes from which on no further node is read.
    func line(_ index: Int, limit: Int = Limits.titleCharactersMax * 4) -> String {
        var bytes: [UInt8] = []
        var current = index
        let end = Int(nodes[index].end)
        var looked = 0
        while current < end, bytes.count < limit, looked < limit {
            looked += 1
            let node = nodes[current]
            if node.tag == .text {
                bytes.append(contentsOf: text[Int(node.textStart)..<Int(node.textEnd)])
            } else if current > index, node.tag.isSilent {
                current = Int(node.end)
                continue
            } else if node.tag.isBlock || node.tag == .br {
                bytes.append(0x20)
            }
            current += 1
        }
        return PlainText.cleaned(bytes[...])
    }

    /// The raw text of a script element.
    func rawText(_ index: Int) -> ArraySlice<UInt8> {
        let children = subtree(index).dropFirst()
        guard let first = children.first(where: { nodes[$0].tag == .text }),
            let last = children.last(where: { nodes[$0].tag == .text })
        else { return [] }
        return text[Int(nodes[first].textStart)..<Int(nodes[last].textEnd)]
    }
}
