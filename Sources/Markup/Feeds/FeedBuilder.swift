import News

/// Makes a `Feed` of SAX events: one frame for each open element, one reused buffer for the text of the field being read.
final class FeedBuilder: SAXTarget {
    private(set) var feed: Feed
    /// Whether the root element was a feed's.
    private(set) var isFeed = false
    /// Whether there was a channel or an entry.
    private(set) var hasContent = false
    /// Whether the root held anything else.
    private(set) var hasOther = false
    var faults = FaultLog()
    private var frames: [Frame] = []
    private var entry: EntryDraft?
    private var channel = ChannelDraft()
    private var field: Field?
    private var buffer: [UInt8] = []
    private var person: Person?
    private var bases: [WebURL?]
    private var languages: [String?]
    private var namespaces: [(uri: UnsafePointer<UInt8>, namespace: FeedNamespace)] = []

    private enum Kind { case feed, entry, transparent, person, field, markup, foreign }

    private struct Frame {
        var kind: Kind
        var base: Int
        var language: Int
    }

    /// The field whose text is being collected.
    private struct Field {
        var element: FeedElement
        var isCore: Bool
        var type: String?
        var isBase64 = false
        /// XHTML: the text becomes markup again, and the outermost `div` is not part of it.
        var isMarkup = false
        var isHTML = false
        var isPermalink = true
        var nested = 0
        var isCut = false
        var categoryTerm: String?
    }

    /// - Parameters:
    ///   - url: where the document came from, the base of its relative references.
    ///   - contentLanguage: what the HTTP header said, for a document that says nothing.
    init(format: Feed.Format, url: String, contentLanguage: String?) {
        feed = Feed(format: format)
        bases = [WebURL(url)]
        languages = [contentLanguage.flatMap(Self.tag)]
    }

    /// The feed with everything that was read.
    func finished() -> Feed {
        if entry != nil { finishEntry() }
        feed.language = feed.language ?? languages[0]
        channel.finish(&feed)
        return feed
    }

    override func dropOpenEntry() {
        guard entry != nil else { return }
        entry = nil
        field = nil
    }

    // MARK: Events

    override func start(_ name: SAXName, _ attributes: SAXAttributes) {
        let (element, namespace) = meaning(name)
        if field?.element == .author, [.personName, .personEmail, .personURL].contains(element) {
            field = nil
        } else if field != nil {
            if !endsField(element, namespace) {
                openMarkup(name, namespace, attributes)
                push(.markup, attributes)
                return
            }
            finishField()
        }
        let parent = frames.last?.kind
        push(.foreign, attributes)
        let kind = open(element, namespace, in: parent, attributes)
        frames[frames.count - 1].kind = kind
    }

    override func end() {
        guard let frame = frames.popLast() else { return }
        switch frame.kind {
        case .markup: closeMarkup()
        case .field: finishField()
        case .person: if field != nil { finishField() } else { finishPerson() }
        case .entry: finishEntry()
        case .feed, .transparent, .foreign: break
        }
        while bases.count > (frames.last?.base ?? 0) + 1 { bases.removeLast() }
        while languages.count > (frames.last?.language ?? 0) + 1 { languages.removeLast() }
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard field != nil else { return }
        guard buffer.count + bytes.count <= Limits.entryFieldBytesMax else {
            field?.isCut = true
            return
        }
        if field!.isMarkup { Self.appendEscaped(bytes, to: &buffer) } else { buffer.append(contentsOf: bytes) }
    }

    // MARK: Opening

    private func push(_ kind: Kind, _ attributes: SAXAttributes) {
        if attributes.count > 0 {
            if let base = attributes["base", prefix: "xml"], let url = WebURL(base) {
                bases.append(WebURL.resolve(url, base: bases.last ?? nil).flatMap { WebURL($0) } ?? bases.last ?? nil)
            }
            if let language = attributes["lang", prefix: "xml"] { languages.append(Self.tag(language)) }
        }
        frames.append(Frame(kind: kind, base: bases.count - 1, language: languages.count - 1))
    }

    private func open(
        _ element: FeedElement, _ namespace: FeedNamespace, in parent: Kind?, _ attributes: SAXAttributes
    ) -> Kind {
        let isCore = namespace == .core || namespace == .atom || namespace == .rdf
        if element == .item, isCore, parent != .person { return openEntry(attributes) }
        switch parent {
        case nil: return openRoot(element, namespace, attributes)
        case .feed, .entry, .transparent: break
        case .person: return openPersonPart(element)
        default: return .foreign
        }
        if element == .channel { hasContent = true } else { hasOther = true }
        switch element {
        case .root, .channel:
            if feed.language == nil { noteLanguage(attributes) }
            return .feed
        case .foreign, .unknown: return .foreign
        case .transparent: return entry == nil ? .foreign : .transparent
        case .author:
            person = Person()
            _ = openField(.author, isCore, namespace, attributes)
            return .person
        case .link where isCore && attributes["href"] != nil:
            takeLink(attributes)
            return .foreign
        case .enclosure:
            if let url = attributes["url"] ?? attributes["href"] {
                add(enclosure: url, attributes["type"], attributes["length"])
            }
            return .foreign
        default: return openField(element, isCore, namespace, attributes)
        }
    }

    private func openRoot(_ element: FeedElement, _ namespace: FeedNamespace, _ attributes: SAXAttributes) -> Kind {
        guard element == .root || element == .channel else { return .foreign }
        isFeed = true
        if element == .channel { hasContent = true }
        if namespace == .other { faults.record("unknown-namespace", "the root element's namespace is no feed's") }
        noteLanguage(attributes)
        return .feed
    }

    private func noteLanguage(_ attributes: SAXAttributes) {
        feed.language = attributes["lang", prefix: "xml"].flatMap(Self.tag) ?? feed.language
    }

    private func openEntry(_ attributes: SAXAttributes) -> Kind {
        if entry != nil { finishEntry() }
        isFeed = true
        hasContent = true
        var draft = EntryDraft()
        draft.language = languages.last ?? nil
        draft.about = attributes["about", prefix: "rdf"] ?? attributes["about"]
        entry = draft
        person = nil
        return .entry
    }

    private func openPersonPart(_ element: FeedElement) -> Kind {
        switch element {
        case .personName, .personEmail, .personURL:
            field = Field(element: element, isCore: true)
            buffer.removeAll(keepingCapacity: true)
            return .field
        default: return .foreign
        }
    }

    private func openField(
        _ element: FeedElement, _ isCore: Bool, _ namespace: FeedNamespace, _ attributes: SAXAttributes
    ) -> Kind {
        var opened = Field(element: element, isCore: isCore)
        if attributes.count > 0 {
            opened.type = attributes["type"]?.lowercased()
            opened.isBase64 =
                attributes["mode"]?.lowercased() == "base64" || isBinary(opened.type)
            opened.isHTML = opened.type.map { $0.contains("html") } ?? false
            opened.isPermalink = (attributes["isPermaLink"] ?? attributes["ispermalink"])?.lowercased() != "false"
            if element == .category {
                opened.categoryTerm = attributes["term"] ?? (namespace == .itunes ? attributes["text"] : nil)
            }
            if element == .content, let source = attributes["src"] { entry?.contentSource = resolved(source) }
        }
        let type = opened.type ?? ""
        opened.isMarkup =
            namespace == .xhtml || type == "xhtml" || type == "application/xhtml+xml"
            || attributes["mode"]?.lowercased() == "xml" && type.contains("html")
        field = opened
        buffer.removeAll(keepingCapacity: true)
        return .field
    }

    /// RFC 4287 §4.1.3.3: what is neither text nor XML is Base64.
    private func isBinary(_ type: String?) -> Bool {
        guard let type, type.contains("/") else { return false }
        return !type.hasPrefix("text/") && !type.contains("xml") && !type.contains("html")
    }

    /// A title that was never closed ends where the next field begins.
    private func endsField(_ element: FeedElement, _ namespace: FeedNamespace) -> Bool {
        guard let field, namespace == .core || namespace == .atom else {
            return false
        }
        switch field.element {
        case .author: return element == .item
        case .title, .id, .published, .updated, .link, .category:
            switch element {
            case .id, .published, .updated, .summary, .item, .enclosure: return field.isCore && !field.isMarkup
            case .link: return field.isCore && field.element != .link && !field.isMarkup
            default: return false
            }
        default: return element == .item && field.isCore && !field.isMarkup
        }
    }

    // MARK: Nested markup

    private func openMarkup(_ name: SAXName, _ namespace: FeedNamespace, _ attributes: SAXAttributes) {
        field!.nested += 1
        let local = name.localText
        let isXHTML = namespace == .xhtml || name.prefix == nil
        let tag = isXHTML ? local : (name.prefixText.map { $0 + ":" } ?? "") + local
        markupNames.append(tag)
        buffer.append(UInt8(ascii: "<"))
        buffer += tag.utf8
        for index in 0..<attributes.count {
            let attribute = attributes.name(index)
            buffer.append(UInt8(ascii: " "))
            if let prefix = attribute.prefixText { buffer += (prefix + ":").utf8 }
            buffer += attribute.localText.utf8
            buffer += "=\"".utf8
            Self.appendEscaped(attributes.value(index), to: &buffer)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append(UInt8(ascii: ">"))
    }

    private var markupNames: [String] = []

    private func closeMarkup() {
        guard let name = markupNames.popLast(), field != nil else { return }
        field!.nested -= 1
        if Self.voidNames.contains(name) {
            guard buffer.last == UInt8(ascii: ">") else { return }
            buffer.removeLast()
            buffer += " />".utf8
        } else {
            buffer += "</\(name)>".utf8
        }
    }

    private static let voidNames: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ]

    private static func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): buffer += "&amp;".utf8
            case UInt8(ascii: "<"): buffer += "&lt;".utf8
            case UInt8(ascii: ">"): buffer += "&gt;".utf8
            case UInt8(ascii: "\""): buffer += "&quot;".utf8
            default: buffer.append(byte)
            }
        }
    }

    // MARK: Closing

    private func finishPerson() {
        if let person { add(person) }
        person = nil
    }

    private func finishEntry() {
        guard let draft = entry else { return }
        entry = nil
        guard feed.entries.count < Limits.entriesMax else {
            faults.record("too-many-entries", "more than \(Limits.entriesMax); the rest is left out")
            return
        }
        feed.entries.append(draft.finished(isAtom: feed.format == .atom))
    }

    private func finishField() {
        guard let done = field else { return }
        field = nil
        markupNames.removeAll(keepingCapacity: true)
        if done.isCut { faults.record("field-cut", "a field longer than \(Limits.entryFieldBytesMax) bytes, cut") }
        let value = fieldText(done)
        if entry != nil { setEntry(done, value) } else { setFeed(done, value) }
    }

    private func fieldText(_ field: Field) -> String {
        var bytes = Self.trimmed(buffer[...])
        if field.isBase64, let decoded = Base64.decode(bytes) {
            return String(decoding: Self.trimmed(decoded[...]), as: UTF8.self)
        }
        if field.isMarkup { bytes = Self.withoutWrapper(bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }

    /// RFC 4287 §3.1.1.3: the `div` around XHTML is not part of it.
    private static func withoutWrapper(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let close = Array("</div>".utf8)
        guard bytes.starts(with: "<div>".utf8), bytes.suffix(close.count).elementsEqual(close) else { return bytes }
        let inner = bytes.dropFirst(5).dropLast(close.count)
        // Two divs beside each other are no wrapper.
        guard let nextClose = inner.firstRange(of: close) else { return trimmed(inner) }
        return inner[..<nextClose.lowerBound].firstRange(of: Array("<div".utf8)) == nil ? bytes : trimmed(inner)
    }

    private func add(_ person: Person) {
        guard person.name != nil || person.email != nil || person.url != nil else { return }
        guard (entry?.entry.authors ?? feed.authors).count < Limits.peopleMax else { return }
        if entry != nil { entry!.entry.authors.append(person) } else { feed.authors.append(person) }
    }

    private func add(enclosure url: String, _ type: String?, _ length: String?) {
        guard entry != nil, entry!.entry.enclosures.count < Limits.enclosuresMax, let absolute = resolved(url) else {
            return
        }
        let bytes = length.flatMap { Int($0.filter(\.isNumber)) }
        entry!.entry.enclosures.append(Enclosure(url: absolute, type: type, length: bytes))
    }

    private func resolved(_ reference: String) -> String? {
        let trimmed = reference.trimming(\.isWhitespace)
        guard !trimmed.isEmpty, let url = WebURL(trimmed) else { return nil }
        // A document read from a file has no address: its references are kept as they are.
        guard let base = bases.last ?? nil, base.scheme != nil else { return WebURL.resolve(url, base: nil) ?? trimmed }
        return WebURL.resolve(url, base: base)
    }

    // MARK: Links

    private func takeLink(_ attributes: SAXAttributes) {
        guard let href = attributes["href"], let url = resolved(href) else { return }
        var relation = attributes["rel"]?.lowercased() ?? "alternate"
        if let slash = relation.lastIndex(of: "/") { relation = String(relation[relation.index(after: slash)...]) }
        let type = attributes["type"]?.lowercased() ?? ""
        switch relation {
        case "alternate", "":
            let isPage = type.isEmpty || type.contains("html")
            if entry != nil {
                entry!.offer(alternate: url, isPage: isPage)
            } else {
                channel.offer(alternate: url, isPage: isPage)
            }
        case "enclosure": add(enclosure: url, attributes["type"], attributes["length"])
        case "self":
            if entry == nil { feed.selfLink = feed.selfLink ?? url } else { entry!.selfLink = entry!.selfLink ?? url }
        case "hub": if entry == nil { feed.hub = feed.hub ?? url }
        default: break
        }
    }

    // MARK: Fields

    private func setEntry(_ field: Field, _ value: String) {
        guard !value.isEmpty || field.element == .category || field.element == .author else { return }
        switch field.element {
        case .title: entry!.set(title: value, isCore: field.isCore)
        case .link: entry!.link = entry!.link ?? resolved(value)
        case .id:
            if field.isCore {
                entry!.set(id: value, isPermalink: field.isPermalink, permalink: resolved(value))
            } else {
                entry!.entry.id = entry!.entry.id ?? value
            }
        case .summary:
            if field.isCore || entry!.entry.summary == nil { entry!.set(summary: value, isCore: field.isCore) }
        case .content: entry!.add(content: value, isEncoded: !field.isCore, type: field.type)
        case .published, .updated, .publishedAndUpdated: setDate(field, value)
        case .author, .personText: takePerson(field, value)
        case .personName, .personEmail, .personURL: setPerson(field, value)
        case .category:
            let term = field.categoryTerm ?? value
            if !field.isCore, entry!.entry.categories.contains(term) { return }
            if !term.isEmpty, entry!.entry.categories.count < Limits.categoriesMax {
                entry!.entry.categories.append(term.trimming(\.isWhitespace))
            }
        case .keywords:
            let words = value.split(separator: ",").map { String($0).trimming(\.isWhitespace) }
            if entry!.entry.categories.isEmpty {
                entry!.entry.categories = words.filter { !$0.isEmpty }.prefix(Limits.categoriesMax).map { $0 }
            }
        case .language: entry!.language = Self.tag(value) ?? entry!.language
        case .originalLink: entry!.entry.originalLink = resolved(value)
        default: break
        }
    }

    private func setDate(_ field: Field, _ value: String) {
        guard let time = FeedDate.parse(value) else {
            faults.record("bad-date", "\"\(value.prefix(60))\" is no date")
            return
        }
        if entry != nil {
            switch field.element {
            case .published: entry!.entry.published = entry!.entry.published ?? time
            case .updated: entry!.entry.updated = entry!.entry.updated ?? time
            default: entry!.plainDate = entry!.plainDate ?? time
            }
        } else {
            switch field.element {
            case .published: channel.published = channel.published ?? time
            case .updated: feed.updated = feed.updated ?? time
            default: channel.plainDate = channel.plainDate ?? time
            }
        }
    }

    private func setFeed(_ field: Field, _ value: String) {
        guard !value.isEmpty || field.element == .author else { return }
        switch field.element {
        case .title:
            feed.title = field.isCore ? (channel.hasCoreTitle ? feed.title : value) : feed.title ?? value
            if field.isCore { channel.hasCoreTitle = true }
        case .link: channel.link = channel.link ?? resolved(value)
        case .id: if field.isCore { feed.id = feed.id ?? value }
        case .summary:
            if feed.description == nil || field.isCore && !channel.hasCoreDescription { feed.description = value }
            if field.isCore { channel.hasCoreDescription = true }
        case .published, .updated, .publishedAndUpdated: setDate(field, value)
        case .author, .personText: takePerson(field, value)
        case .personName, .personEmail, .personURL: setPerson(field, value)
        case .language:
            feed.language = Self.tag(value) ?? feed.language
            if languages.count == 1 || languages.last == nil { languages[languages.count - 1] = Self.tag(value) }
        case .timeToLive: feed.ttlMinutes = Int(value).flatMap { $0 > 0 ? $0 : nil }
        case .updatePeriod: channel.updatePeriod = value
        case .updateFrequency: channel.updateFrequency = Int(value)
        default: break
        }
    }

    /// People in one line of text; Atom's elements come through `setPerson`.
    private func takePerson(_ field: Field, _ value: String) {
        guard let found = PersonText.person(value) else { return }
        let known = entry?.entry.authors ?? feed.authors
        if !known.contains(where: { $0.name == found.name && ($0.email == found.email || found.email == nil) }) {
            add(found)
        }
    }

    private func setPerson(_ field: Field, _ value: String) {
        guard var known = person else { return }
        switch field.element {
        case .personName: known.name = known.name ?? PlainText.line(value)
        case .personEmail: known.email = known.email ?? value
        default: known.url = known.url ?? resolved(value)
        }
        person = known
    }

    // MARK: Names

    private func meaning(_ name: SAXName) -> (FeedElement, FeedNamespace) {
        let local = name.localText
        let namespace: FeedNamespace
        if let uri = name.uri {
            if let known = namespaces.first(where: { $0.uri == uri }) {
                namespace = known.namespace
            } else {
                namespace = FeedNamespace.of(uri: String(cString: uri), prefix: name.prefixText)
                if namespaces.count < Limits.namespacesMax { namespaces.append((uri, namespace)) }
            }
        } else if let prefix = name.prefixText {
            namespace = FeedNamespace.byPrefix(prefix)
            faults.record("undeclared-prefix", "\(prefix.prefix(20)): has no namespace, read by custom")
        } else {
            namespace = .core
        }
        return (FeedElement.of(local.lowercased(), namespace), namespace)
    }

    /// A language tag that looks like one (RFC 5646), with hyphens.
    static func tag(_ text: String) -> String? {
        let tag = text.trimming(\.isWhitespace).replacing("_", with: "-")
        guard (2...35).contains(tag.utf8.count),
            tag.utf8.allSatisfy({
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        return tag
    }
}
