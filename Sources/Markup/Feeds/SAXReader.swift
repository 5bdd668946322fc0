import CLibxml2
import Glibc

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

    /// The value of an attribute by its local name (`href`) or, for the `xml:` ones, with its prefix (`xml:base`).
    subscript(_ wanted: StaticString, prefix prefix: StaticString? = nil) -> String? {
        for index in 0..<count {
            let name = name(index)
            guard strcmp(UnsafeRawPointer(name.local).assumingMemoryBound(to: CChar.self), Self.cString(wanted)) == 0
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
    func start(_ name: SAXName, _ attributes: SAXAttributes) {}
    func end() {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    /// Called when the document's own bytes are over and only made-up end tags follow.
    func dropOpenEntry() {}
}

/// Pushes a repaired document through libxml2's SAX2 interface in pages, which was the fastest way measured.
enum SAXReader {
    /// Bytes of one push.
    private static let pageBytes = 16 << 10

    /// Once per process, and no messages on stderr.
    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// - Parameters:
    ///   - bytes: a well-formed document in UTF-8, without DOCTYPE.
    ///   - whole: how many of them the document has itself; the rest closes what it left open.
    /// - Returns: libxml2's last complaint, if it had one.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, whole: Int, into target: SAXTarget) -> String? {
        guard isReady else { return nil }
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { context, local, prefix, uri, _, _, count, _, attributes in
            guard let target = SAXReader.target(context), let local else { return }
            target.start(SAXName(local: local, prefix: prefix, uri: uri), SAXAttributes(attributes, count: Int(count)))
        }
        handler.endElementNs = { context, _, _, _ in SAXReader.target(context)?.end() }
        handler.characters = { context, text, count in SAXReader.text(context, text, count) }
        handler.cdataBlock = { context, text, count in SAXReader.text(context, text, count) }
        handler.ignorableWhitespace = { context, text, count in SAXReader.text(context, text, count) }
        handler.serror = { _, _ in }
        let pointer = Unmanaged.passUnretained(target).toOpaque()
        guard let parser = xmlCreatePushParserCtxt(&handler, pointer, nil, 0, nil) else { return "out of memory" }
        defer {
            if let document = parser.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(parser)
        }
        // NOENT: without it `&amp;` in an attribute arrives as `&#38;`. There is no DOCTYPE, so no entity can grow.
        let options =
            XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue
            | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_HUGE.rawValue | XML_PARSE_NOENT.rawValue
        xmlCtxtUseOptions(parser, Int32(options))
        push(UnsafeBufferPointer(rebasing: bytes[..<whole]), parser)
        if whole < bytes.count {
            target.dropOpenEntry()
            push(UnsafeBufferPointer(rebasing: bytes[whole...]), parser)
        }
        xmlParseChunk(parser, nil, 0, 1)
        return complaint(parser)
    }

    private static func push(_ bytes: UnsafeBufferPointer<UInt8>, _ parser: xmlParserCtxtPtr) {
        bytes.withMemoryRebound(to: CChar.self) { chars in
            var offset = 0
            while offset < chars.count {
                let size = min(pageBytes, chars.count - offset)
                xmlParseChunk(parser, chars.baseAddress! + offset, Int32(size), 0)
                offset += size
            }
        }
    }

    /// Errors of namespaces are expected (undeclared prefixes) and handled by the target.
    private static func complaint(_ parser: xmlParserCtxtPtr) -> String? {
        guard parser.pointee.wellFormed == 0, let error = xmlCtxtGetLastError(parser),
            let message = error.pointee.message
        else {
            return nil
        }
        let text = String(cString: message).split { $0.isWhitespace }.joined(separator: " ")
        return "line \(error.pointee.line): \(text.prefix(120))"
    }

    private static func target(_ context: UnsafeMutableRawPointer?) -> SAXTarget? {
        context.map { Unmanaged<SAXTarget>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<UInt8>?, _ count: Int32) {
        target(context)?.text(UnsafeBufferPointer(start: text, count: Int(count)))
    }
}
