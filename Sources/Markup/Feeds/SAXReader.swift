import CLibxml2
import Glibc
import News

/// The name of an element or attribute with its namespace, alive only during the event.
struct SAXName {
    var local: UnsafePointer<UInt8>
    var prefix: UnsafePointer<UInt8>?
    var uri: UnsafePointer<UInt8>?

    var localText: String { String(cString: local) }
    var prefixText: String? { prefix.map { String(cString: $0) } }
}

/// The attributes of one start tag, alive only during the event.
struct SAXAttributes {
    /// Five pointers each: local name, prefix, URI, begin and end of the value.
    private let pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    let count: Int

    init(_ pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int) {
        self.pointers = pointers
        self.count = count
    }

    func name(_ index: Int) -> SAXName {
        SAXName(local: pointers![index * 5]!, prefix: pointers![index * 5 + 1], uri: pointers![index * 5 + 2])
    }

    func value(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let begin = pointers![index * 5 + 3]!
        return UnsafeBufferPointer(start: begin, count: pointers![index * 5 + 4]! - begin)
    }

    /// The value of an attribute by its local name (`href`) or, for the `xml:` ones, with its prefix (`xml:base`); documents in capitals
    /// write it in capitals.
    subscript(_ wanted: StaticString, prefix prefix: StaticString? = nil) -> String? {
        for index in 0..<count {
            let name = name(index)
            guard name.local[0] | 0x20 == wanted.utf8Start[0] | 0x20,
                strcasecmp(UnsafeRawPointer(name.local).assumingMemoryBound(to: CChar.self), Self.cString(wanted)) == 0
            else { continue }
            if let prefix {
                guard let own = name.prefix,
                    strcmp(UnsafeRawPointer(own).assumingMemoryBound(to: CChar.self), Self.cString(prefix)) == 0
                else { continue }
            } else if name.prefix != nil {
                continue
            }
            return String(decoding: value(index), as: UTF8.self)
        }
        return nil
    }

    private static func cString(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

/// What takes the events of one document; a class, since libxml2 hands its callbacks one pointer.
class SAXTarget {
    /// Elements that are open.
    fileprivate final var openElements = 0
    /// Whether the root element's end tag was read.
    fileprivate final var isRootClosed = false
    /// Whether something is beyond a limit that libxml2 does not have.
    fileprivate final var isBeyondLimits = false
    fileprivate final var namespaceDeclarations = 0
    /// Bytes up to the root element's end.
    fileprivate final var rootEnd = 0
    fileprivate final var parser: xmlParserCtxtPtr?

    func start(_ name: SAXName, _ attributes: SAXAttributes) {}
    func end() {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    /// Called when the document's own bytes are over and only made-up end tags follow.
    func dropOpenEntry() {}
}

/// Pushes a document through libxml2's SAX2 interface in pages, which was the fastest way measured.
enum SAXReader {
    /// Bytes of one push.
    private static let pageBytes = 16 << 10

    /// Once per process, and no messages on stderr.
    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// Reads a document as it stands, up to the end of its root element.
    ///
    /// - Parameter bytes: a document in UTF-8 from its root element on.
    /// - Returns: the offset behind the root element; nil for what is not well-formed or beyond the limits, of which the target
    ///   has seen a part.
    static func readStrictly(_ bytes: UnsafeBufferPointer<UInt8>, into target: SAXTarget) -> Int? {
        guard isReady, !LongTag.isIn(bytes), let parser = Parser(target, options: []) else { return nil }
        parser.push(bytes) { target.isRootClosed || target.isBeyondLimits }
        return target.isRootClosed && !target.isBeyondLimits ? target.rootEnd : nil
    }

    /// Reads what `XMLRepair` has made.
    ///
    /// - Parameters:
    ///   - bytes: a well-formed document in UTF-8, without DOCTYPE.
    ///   - whole: how many of them the document has itself; the rest closes what it left open.
    /// - Returns: libxml2's last complaint, if it had one.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, whole: Int, into target: SAXTarget) -> String? {
        guard isReady, let parser = Parser(target, options: [XML_PARSE_RECOVER, XML_PARSE_HUGE]) else {
            return "out of memory"
        }
        parser.push(UnsafeBufferPointer(rebasing: bytes[..<whole])) { false }
        if whole < bytes.count {
            target.dropOpenEntry()
            parser.push(UnsafeBufferPointer(rebasing: bytes[whole...])) { false }
        }
        parser.end()
        return parser.complaint
    }

    /// libxml2's push parser and the target of its events.
    private struct Parser: ~Copyable {
        private let context: xmlParserCtxtPtr

        /// Nil when there is no memory.
        init?(_ target: SAXTarget, options: [xmlParserOption]) {
            var handler = SAXReader.handler
            let pointer = Unmanaged.passUnretained(target).toOpaque()
            guard let context = xmlCreatePushParserCtxt(&handler, pointer, nil, 0, nil) else { return nil }
            self.context = context
            target.parser = context
            // NOENT: without it `&amp;` in an attribute arrives as `&#38;`. There is no DOCTYPE, so no entity can grow.
            let always = [XML_PARSE_NONET, XML_PARSE_NOERROR, XML_PARSE_NOWARNING, XML_PARSE_NOENT]
            xmlCtxtUseOptions(context, (always + options).reduce(0) { $0 | Int32($1.rawValue) })
        }

        deinit {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(context)
        }

        func push(_ bytes: UnsafeBufferPointer<UInt8>, until isDone: () -> Bool) {
            bytes.withMemoryRebound(to: CChar.self) { chars in
                var offset = 0
                while offset < chars.count, !isDone() {
                    let size = min(pageBytes, chars.count - offset)
                    guard
                        xmlParseChunk(context, chars.baseAddress! + offset, Int32(size), 0) == 0
                            || context.pointee.disableSAX == 0
                    else { return }
                    offset += size
                }
            }
        }

        func end() { xmlParseChunk(context, nil, 0, 1) }

        /// Errors of namespaces are expected (undeclared prefixes) and handled by the target.
        var complaint: String? {
            guard context.pointee.wellFormed == 0, let error = xmlCtxtGetLastError(context),
                let message = error.pointee.message
            else {
                return nil
            }
            let text = String(cString: message).split { $0.isWhitespace }.joined(separator: " ")
            return "line \(error.pointee.line): \(text.prefix(120))"
        }
    }

    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { context, local, prefix, uri, namespaces, _, count, _, attributes in
            guard let target = SAXReader.target(context), let local else { return }
            target.openElements += 1
            target.namespaceDeclarations += Int(namespaces)
            if count > Limits.elementAttributesMax || target.namespaceDeclarations > Limits.namespaceDeclarationsMax {
                target.isBeyondLimits = true
            }
            target.start(SAXName(local: local, prefix: prefix, uri: uri), SAXAttributes(attributes, count: Int(count)))
        }
        handler.endElementNs = { context, _, _, _ in
            guard let target = SAXReader.target(context) else { return }
            target.openElements -= 1
            target.end()
            if target.openElements == 0, !target.isRootClosed {
                target.isRootClosed = true
                target.rootEnd = Int(xmlByteConsumed(target.parser))
            }
        }
        handler.characters = { context, text, count in SAXReader.text(context, text, count) }
        handler.cdataBlock = { context, text, count in SAXReader.text(context, text, count) }
        handler.ignorableWhitespace = { context, text, count in SAXReader.text(context, text, count) }
        handler.serror = { _, _ in }
        return handler
    }

    private static func target(_ context: UnsafeMutableRawPointer?) -> SAXTarget? {
        context.map { Unmanaged<SAXTarget>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<UInt8>?, _ count: Int32) {
        target(context)?.text(UnsafeBufferPointer(start: text, count: Int(count)))
    }
}

/// A tag longer than any honest one: libxml2 compares each of its attributes with each other.
private enum LongTag {
    static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let window = Limits.elementTagBytesMax
        var index = 0
        // A tag holds no `<`: one that is long lies between two of them that are far apart.
        while bytes.count - index > window {
            var last = index + window
            while last > index, bytes[last] != UInt8(ascii: "<") { last -= 1 }
            if last > index {
                index = last
            } else {
                if bytes[index] == UInt8(ascii: "<"), !isClosed(bytes[index..<index + window]) { return true }
                guard let next = memchr(base + index + window, 0x3C, bytes.count - index - window)
                else { return false }
                index = UnsafeRawPointer(next) - UnsafeRawPointer(base)
            }
        }
        return false
    }

    /// Whether a tag ends here; a `>` within quotes does not end it.
    private static func isClosed(_ tag: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var quote: UInt8?
        for byte in tag {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return true
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
        }
        return false
    }
}
