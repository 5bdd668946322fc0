import News

/// Hands the events of a document to its builder.
final class FeedTarget: SAXTarget {
    var builder: FeedBuilder

    init(_ builder: FeedBuilder) { self.builder = builder }

    override func start(_ name: SAXName, _ attributes: SAXAttributes) { builder.start(name, attributes) }
    override func end() { builder.end() }
    override func text(_ bytes: UnsafeBufferPointer<UInt8>) { builder.text(bytes) }
    override func dropOpenEntry() { builder.dropOpenEntry() }
}

/// Makes a `Feed` of SAX events: one frame for each open element, one reused buffer for the text of the field being read.
///
/// A value, since each access to a class's properties is checked for exclusivity.
struct FeedBuilder {
    var feed: Feed
    /// Whether the root element was a feed's.
    private(set) var isFeed = false
    /// Whether there was a channel or an entry.
    private(set) var hasContent = false
    /// Whether the root held anything else.
    private(set) var hasOther = false
    var faults = FaultLog()
    var entry: EntryDraft?
    var channel = ChannelDraft()
    var person: Person?
    var lastPerson: (text: String, person: Person?) = ("", nil)
    var origin: EntryOrigin?
    var languages: [String?]
    let zone: Zone?
    private let url: WebURL?
    /// The site's address from an earlier reading, for what stands before it in the document.
    private let site: WebURL?
    /// Whether a relative reference was read before the site's address was.
    private var resolvedWithoutSite = false
    private var frames: [Frame] = []
    private var field: Field? {
        didSet { collects = field.map { $0.isMarkup ? .markup : .text } ?? .nothing }
    }
    /// What the text that comes next is for; looked at for each piece of it.
    private var collects = Collecting.nothing
    private var buffer: [UInt8] = []
    /// Whether the field was longer than its limit.
    private var isCut = false
    /// Of `xml:base`, innermost last.
    private var bases: [WebURL?] = []
    private var names = FeedNames()
    private var referenceGrowth = Limits.resolvedReferenceBytesMax
    private var markupNames: [String] = []

    private enum Collecting { case nothing, text, markup }
    private enum Kind { case feed, entry, transparent, person, origin, field, markup, foreign }

    private struct Frame {
        var kind: Kind
        /// How many bases and languages are in force.
        var bases: Int
        var languages: Int
    }

    /// The field whose text is being collected.
    struct Field {
        var element: FeedElement
        var isCore: Bool
        var type: String?
        var isBase64 = false
        /// XHTML: the text becomes markup again, and the outermost `div` is not part of it.
        var isMarkup = false
        var isPermalink = true
        /// What an attribute says in the text's place: a category's term, the address of a source.
        var attribute: String?
        /// Of an Atom link that has its address as text.
        var relation: String?

        var kind: TextKind? {
            if isMarkup { return .html }
            guard let type else { return nil }
            return type.contains("html") ? .html : type == "text" || type == "text/plain" ? .plain : nil
        }
    }

    /// - Parameters:
    ///   - url: where the document came from, the base of its relative references.
    ///   - contentLanguage: what the HTTP header said, for a document that says nothing.
    ///   - zone: where times without a zone are read; UTC when nil.
    ///   - site: `missedSite` of an earlier reading.
    init(format: Feed.Format, url: String, contentLanguage: String?, zone: Zone? = nil, site: WebURL? = nil) {
        feed = Feed(format: format)
        self.url = WebURL(url)
        self.zone = zone
        self.site = site
        languages = [contentLanguage.flatMap(Self.tag)]
    }

    /// The feed with everything that was read.
    mutating func finished() -> Feed {
        if entry != nil { finishEntry() }
        feed.language = feed.language ?? languages[0]
        channel.finish(&feed)
        return feed
    }

    mutating func dropOpenEntry() {
        guard entry != nil else { return }
        entry = nil
        field = nil
    }

    // MARK: Events

    mutating func start(_ name: SAXName, _ attributes: SAXAttributes) {
        let meaning = names.meaning(of: name)
        if name.uri == nil, let prefix = name.prefixText {
            faults.record("undeclared-prefix", "\(prefix.prefix(20)): has no namespace, read by custom")
        }
        if meaning.isUnusual {
            faults.record(
                "wrong-namespace", "\(name.uri.map { String(cString: $0).prefix(60) } ?? ""): read by its likeness")
        }
        let element = meaning.element
        if let open = field {
            if isPart(element, meaning.namespace, of: open.element) {
                if open.element == .origin { setOrigin(open, text(of: open)) }
                field = nil
                if open.element == .point { frames[frames.count - 1].kind = .transparent }
            } else if endsField(open, element, meaning.namespace) {
                finishField()
                // What follows is not inside it, whatever the document's tags say.
                frames[frames.count - 1].kind = .transparent
            } else {
                openMarkup(name, meaning.namespace, attributes)
                push(.markup, attributes)
                return
            }
        }
        let parent = frames.last?.kind
        push(.foreign, attributes)
        let kind = open(element, meaning.namespace, in: parent, attributes)
        frames[frames.count - 1].kind = kind
    }

    mutating func end() {
        guard let frame = frames.popLast() else { return }
        switch frame.kind {
        case .markup: closeMarkup()
        case .field: if field != nil { finishField() }
        case .person: if field != nil { finishField() } else { finishPerson() }
        case .origin:
            if field != nil { finishField() }
            finishOrigin()
        case .entry: finishEntry()
        case .feed, .transparent, .foreign: break
        }
        if bases.count > (frames.last?.bases ?? 0) { bases.removeLast() }
        if languages.count > (frames.last?.languages ?? 1) { languages.removeLast() }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard collects != .nothing else { return }
        guard buffer.count + bytes.count <= Limits.entryFieldBytesMax else {
            isCut = true
            collects = .nothing
            return
        }
        if collects == .markup {
            FieldText.appendEscaped(bytes, to: &buffer)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    // MARK: Opening

    private mutating func push(_ kind: Kind, _ attributes: SAXAttributes) {
        if attributes.count > 0 {
            if let reference = attributes["base", prefix: "xml"], let base = base(reference) { bases.append(base) }
            if let language = attributes["lang", prefix: "xml"] { languages.append(Self.tag(language)) }
        }
        frames.append(Frame(kind: kind, bases: bases.count, languages: languages.count))
    }

    /// `http:///host/path` is read as browsers do, with two slashes.
    private func base(_ reference: String) -> WebURL? {
        guard var base = WebURL(reference) else { return nil }
        if base.isWeb, base.host?.isEmpty ?? true, base.path.hasPrefix("/") {
            guard let mended = WebURL("\(base.scheme ?? "http")://\(base.path.drop { $0 == "/" })") else { return nil }
            base = mended
        }
        return WebURL.resolve(base, base: bases.last ?? url).flatMap { WebURL($0) } ?? bases.last ?? url
    }

    private mutating func open(
        _ element: FeedElement, _ namespace: FeedNamespace, in parent: Kind?, _ attributes: SAXAttributes
    ) -> Kind {
        if element == .item, namespace.isCore, parent != .person, parent != .origin { return openEntry(attributes) }
        switch parent {
        case nil: return openRoot(element, namespace, attributes)
        case .feed, .entry, .transparent: break
        case .person: return openPart(element, [.personName, .personEmail, .personURL], attributes)
        case .origin: return openPart(element, [.title, .id, .link], attributes)
        default: return .foreign
        }
        if element == .channel { hasContent = true } else { hasOther = true }
        switch element {
        case .root, .channel:
            if feed.language == nil { noteLanguage(attributes) }
            return .feed
        case .foreign, .unknown: return .foreign
        case .transparent: return .transparent
        case .author:
            person = Person()
            openField(.author, namespace, attributes)
            return .person
        case .origin:
            guard entry != nil else { return .foreign }
            origin = EntryOrigin()
            openField(.origin, namespace, attributes)
            return .origin
        case .link where namespace.isCore && attributes["href"] != nil:
            takeLink(
                attributes["href"] ?? "", relation: attributes["rel"], type: attributes["type"],
                length: attributes["length"])
            return .foreign
        case .enclosure:
            if let url = attributes["url"] ?? attributes["href"] {
                add(enclosure: url, attributes["type"], attributes["length"])
            }
            return .foreign
        case .replyTo:
            let answered = attributes["ref"] ?? attributes["href"].flatMap { resolved($0) }
            entry?.entry.inReplyTo = answered
            return .foreign
        case .category where namespace == .itunes:
            // Its parts are categories of their own.
            if let term = attributes["text"] { add(category: mended(term), isCore: false) }
            return .transparent
        default:
            openField(element, namespace, attributes)
            return .field
        }
    }

    private mutating func openRoot(_ element: FeedElement, _ namespace: FeedNamespace, _ attributes: SAXAttributes)
        -> Kind
    {
        guard element == .root || element == .channel else { return .foreign }
        isFeed = true
        if element == .channel { hasContent = true }
        if namespace == .other { faults.record("unknown-namespace", "the root element's namespace is no feed's") }
        noteLanguage(attributes)
        return .feed
    }

    private mutating func noteLanguage(_ attributes: SAXAttributes) {
        feed.language = attributes["lang", prefix: "xml"].flatMap(Self.tag) ?? feed.language
    }

    private mutating func openEntry(_ attributes: SAXAttributes) -> Kind {
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

    /// A part of a person or of an entry's origin.
    private mutating func openPart(_ element: FeedElement, _ parts: [FeedElement], _ attributes: SAXAttributes) -> Kind
    {
        guard parts.contains(element) else { return .foreign }
        if element == .link, let href = attributes["href"] {
            let relation = attributes["rel"] ?? "alternate"
            if relation == "alternate" || relation == "self", origin?.url == nil {
                let url = resolved(href)
                origin?.url = url
            }
            return .foreign
        }
        openField(element, .core, SAXAttributes(nil, count: 0))
        return .field
    }

    private mutating func openField(_ element: FeedElement, _ namespace: FeedNamespace, _ attributes: SAXAttributes) {
        var opened = Field(element: element, isCore: namespace.isCore)
        if attributes.count > 0 {
            opened.type = attributes["type"]?.lowercased()
            let mode = attributes["mode"]?.lowercased()
            opened.isBase64 = mode == "base64" || isBinary(opened.type, element)
            opened.isMarkup = mode == "xml" && opened.type?.contains("html") ?? false
            switch element {
            case .id:
                opened.isPermalink = attributes["isPermaLink"]?.lowercased() != "false"
            case .category: opened.attribute = attributes["term"].map { mended($0) }
            case .origin: opened.attribute = attributes["url"]
            case .link: opened.relation = attributes["rel"]
            case .content:
                let source = attributes["src"].flatMap { resolved($0) }
                if source != nil { entry?.contentSource = source }
            default: break
            }
        }
        if namespace == .xhtml || opened.type == "xhtml" || opened.type == "application/xhtml+xml" {
            opened.isMarkup = true
        }
        field = opened
        isCut = false
        buffer.removeAll(keepingCapacity: true)
    }

    /// RFC 4287 §4.1.3.3: what is neither text nor XML is Base64; elsewhere than in `content` only what is surely no text.
    private func isBinary(_ type: String?, _ element: FeedElement) -> Bool {
        guard let type, type.contains("/"), !type.hasPrefix("text/"), !type.contains("xml"), !type.contains("html")
        else { return false }
        return element == .content || type == "application/octet-stream"
            || ["image/", "audio/", "video/"].contains(where: type.hasPrefix)
    }

    /// Whether an element inside a field is a part of what the field may be in another form.
    private func isPart(_ element: FeedElement, _ namespace: FeedNamespace, of field: FeedElement) -> Bool {
        switch field {
        case .author: [.personName, .personEmail, .personURL].contains(element)
        case .origin: [.title, .id, .link].contains(element)
        case .point: namespace == .geography
        default: false
        }
    }

    /// A title that was never closed ends where the next field begins.
    private func endsField(_ field: Field, _ element: FeedElement, _ namespace: FeedNamespace) -> Bool {
        let isModule = namespace == .content || namespace == .dc || namespace == .dcterms
        guard namespace == .core || namespace == .atom || isModule else { return false }
        switch field.element {
        case .author, .origin: return element == .item
        case .title, .id, .published, .issued, .updated, .link, .category:
            if isModule { return field.isCore && !field.isMarkup && element != .unknown }
            switch element {
            case .id, .published, .issued, .updated, .summary, .item, .enclosure: return field.isCore && !field.isMarkup
            case .link: return field.isCore && field.element != .link && !field.isMarkup
            default: return false
            }
        default: return !isModule && element == .item && field.isCore && !field.isMarkup
        }
    }

    // MARK: Nested markup

    private mutating func openMarkup(_ name: SAXName, _ namespace: FeedNamespace, _ attributes: SAXAttributes) {
        if isCut { return markupNames.append("") }
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
            FieldText.appendEscaped(attributes.value(index), to: &buffer)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append(UInt8(ascii: ">"))
        if buffer.count > Limits.entryFieldBytesMax {
            isCut = true
            collects = .nothing
        }
    }

    private mutating func closeMarkup() {
        guard let name = markupNames.popLast(), field != nil, !isCut else { return }
        if Self.voidNames.contains(name) {
            guard buffer.last == UInt8(ascii: ">") else { return }
            buffer.removeLast()
            buffer += " />".utf8
        } else {
            buffer += "</".utf8
            buffer += name.utf8
            buffer.append(UInt8(ascii: ">"))
        }
    }

    private static let voidNames: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ]

    // MARK: Closing

    private mutating func finishEntry() {
        guard var draft = entry.take() else { return }
        guard feed.entries.count < Limits.documentEntriesMax else {
            faults.record("too-many-entries", "more than \(Limits.documentEntriesMax); the rest is left out")
            return
        }
        draft.finish(isAtom: feed.format == .atom)
        feed.entries.append(draft.entry)
    }

    private mutating func finishField() {
        guard let done = field.take() else { return }
        markupNames.removeAll(keepingCapacity: true)
        if isCut { faults.record("field-cut", "a field longer than \(Limits.entryFieldBytesMax) bytes, cut") }
        let value = text(of: done)
        if entry != nil { setEntry(done, value) } else { setFeed(done, value) }
    }

    private mutating func text(of field: Field) -> String {
        var bytes = FieldText.trimmed(buffer[...])
        if field.isBase64, let decoded = Base64.decode(bytes) {
            let isText = decoded.withUnsafeBufferPointer {
                UTF8Check.firstBadIndex($0) == nil && !UTF8Check.hasControls($0)
            }
            guard isText else {
                faults.record("binary-content", "a text that is a picture or the like, left out")
                return ""
            }
            bytes = FieldText.trimmed(decoded[...])
        }
        if field.isMarkup { bytes = FieldText.withoutWrapper(bytes) }
        if let inner = FieldText.insideCDATA(bytes) {
            faults.record("escaped-cdata", "a CDATA section around a text that shows, taken off")
            bytes = inner
        }
        let mended = bytes.withUnsafeBufferPointer { Mojibake.mended($0) }
        if mended != nil { faults.record("mojibake", "text that went through a wrong encoding, mended") }
        let text = mended.map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: bytes, as: UTF8.self)
        // Against the document's own address references are made absolute by whoever shows them.
        guard let base = bases.last ?? nil, field.kind != .plain, Self.holdsMarkup(field.element) else { return text }
        let resolved = MarkupReferences.resolved(text, base: base, growth: &referenceGrowth)
        if referenceGrowth <= 0 {
            faults.record(
                "too-many-references", "relative addresses that would lengthen the feed too much, kept as they are")
        }
        return resolved
    }

    /// An attribute that people read, as texts are mended.
    private mutating func mended(_ attribute: String) -> String {
        var attribute = attribute
        guard let mended = attribute.withUTF8(Mojibake.mended) else { return attribute }
        faults.record("mojibake", "text that went through a wrong encoding, mended")
        return String(decoding: mended, as: UTF8.self)
    }

    private static func holdsMarkup(_ element: FeedElement) -> Bool {
        switch element {
        case .title, .summary, .content: true
        default: false
        }
    }

    /// The site's address, where it came behind references that are relative to it.
    var missedSite: WebURL? { resolvedWithoutSite ? siteURL : nil }

    mutating func resolved(_ reference: String) -> String? {
        let trimmed = FieldText.trimmed(reference)
        if WebURL.isPlain(trimmed) { return trimmed }
        guard let url = WebURL(trimmed) else {
            faults.record("long-address", "an address longer than \(Limits.urlBytesMax) bytes, left out")
            return nil
        }
        let known = bases.isEmpty ? siteURL : nil
        if url.scheme == nil, bases.isEmpty, known == nil { resolvedWithoutSite = true }
        return absolute(url, trimmed, base: bases.last ?? known ?? self.url)
    }

    /// The site's own address, which is not relative to itself.
    func resolvedByDocument(_ reference: String) -> String? {
        let trimmed = FieldText.trimmed(reference)
        return WebURL(trimmed).flatMap { absolute($0, trimmed, base: bases.last ?? url) }
    }

    private func absolute(_ url: WebURL, _ text: String, base: WebURL?) -> String? {
        // A document read from a file has no address: its references are kept as they are.
        guard let base, base.scheme != nil else { return text.isEmpty ? nil : WebURL.resolve(url, base: nil) ?? text }
        // An empty reference names what `xml:base` names, but nobody means the feed itself by it.
        return text.isEmpty && bases.isEmpty ? nil : WebURL.resolve(url, base: base)
    }

    /// Where a channel of RSS says that its site is: its feed may be served by somebody else, whose address says nothing.
    private var siteURL: WebURL? {
        if let site { return site }
        guard url?.scheme != nil, feed.format == .rss || feed.format == .rdf, let link = channel.link,
            let site = WebURL(link), site.isWeb
        else { return nil }
        return site
    }

    /// A language tag that looks like one (RFC 5646), with hyphens.
    static func tag(_ text: String) -> String? {
        let tag = FieldText.trimmed(text).replacing("_", with: "-")
        guard (2...35).contains(tag.utf8.count),
            tag.utf8.allSatisfy({
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        return tag
    }
}
