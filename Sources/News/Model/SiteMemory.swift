/// What reading the pages of one site has taught: which lines they repeat, and where their article stood.
///
/// It keeps what the last `Limits.sitePagesMax` pages showed, as hashes, and nothing else: what is believed is counted anew from
/// these each time (`lesson`), so that the oldest is forgotten with every page and a redesign outvotes what was before it.
/// Each page is noted as it is read without the memory: a belief never confirms itself. Which order pages are noted in is all
/// the same as long as all of them are kept.
public struct SiteMemory: Sendable, Hashable, Codable {
    /// What was seen, by day and page.
    public private(set) var sightings: [SiteSighting] = []
    /// The beginnings of lines that are repeated, for those who want to see what was learned.
    public private(set) var shown: [Int: String] = [:]

    public init() {}

    /// Notes a page, unless it is known by its address or headline: of one that is read again, or is a copy under another
    /// address, nothing is repeated on the site. Which of two stays does not depend on the order in which they come.
    /// - Parameter lines: those of the page, whole.
    public mutating func note(_ sighting: SiteSighting, lines: [String] = []) {
        if let known = sightings.first(where: { $0.isSamePage(as: sighting) }), known <= sighting { return }
        sightings.removeAll { $0.isSamePage(as: sighting) }
        sightings.append(sighting)
        sightings.sort()
        let oldest = (sightings.last?.day ?? 0) - Limits.siteDaysMax
        sightings.removeAll { $0.day < oldest }
        sightings.removeFirst(max(0, sightings.count - Limits.sitePagesMax))
        let repeated = lesson().repeated
        for line in lines where repeated[SiteSighting.hash(line)] != nil {
            shown[Int(SiteSighting.hash(line))] = String(line.prefix(Limits.siteLineShownMax))
        }
        shown = shown.filter { repeated[UInt32($0.key)] != nil }
    }

    /// What can be believed of the site.
    /// - Parameter day: only what was seen on earlier days counts, so that it is the same for all pages of a day, in whichever
    ///   order they are read; nil takes everything.
    public func lesson(before day: Int? = nil) -> SiteLesson {
        let seen = day.map { day in sightings.filter { $0.day < day } } ?? sightings
        var pages: [UInt32: Int] = [:]
        for sighting in seen { for line in Set(sighting.lines) { pages[line, default: 0] += 1 } }
        var lesson = SiteLesson()
        lesson.repeated = pages.filter { $0.value >= SiteLesson.pagesLeast }
        lesson.pages = seen.count
        lesson.container = Self.usual(seen)
        return lesson
    }

    /// The place of the article on most of the newest pages.
    private static func usual(_ seen: [SiteSighting]) -> String? {
        let newest = seen.suffix(12).compactMap(\.container)
        var votes: [String: Int] = [:]
        for container in newest { votes[container, default: 0] += 1 }
        guard let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            best.value >= SiteLesson.pagesLeast, best.value * 3 >= newest.count * 2
        else { return nil }
        return best.key
    }
}

/// What one page of a site showed.
public struct SiteSighting: Sendable, Hashable, Codable {
    /// Of its address, without query and fragment.
    public var page: UInt32
    /// Of its headline; nil where it has none.
    public var title: UInt32?
    /// Since 1970, in UTC.
    public var day: Int
    /// The element of the article with the one around it, by names: `main > div#text.body`; nil where there was none.
    public var container: String?
    /// Of its paragraphs; of many the first and last.
    public var lines: [UInt32]

    public init(url: String, title: String?, day: Int, container: String?, lines: [String]) {
        page = Self.hash(url.prefix { $0 != "?" && $0 != "#" })
        self.title = title.map { Self.hash($0) }
        self.day = day
        self.container = container.map { String($0.prefix(Limits.siteContainerCharactersMax)) }
        let half = Limits.siteLinesMax / 2
        let kept = lines.count > 2 * half ? Array(lines.prefix(half) + lines.suffix(half)) : lines
        self.lines = kept.map { Self.hash($0) }
    }

    /// FNV-1a, folded.
    public static func hash(_ text: some StringProtocol) -> UInt32 {
        let hash = FNV.hash(text.utf8)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    func isSamePage(as other: SiteSighting) -> Bool {
        page == other.page || title != nil && title == other.title
    }
}

extension SiteSighting: Comparable {
    public static func < (one: SiteSighting, other: SiteSighting) -> Bool {
        if (one.day, one.page) != (other.day, other.page) { return (one.day, one.page) < (other.day, other.page) }
        return one.lines.lexicographicallyPrecedes(other.lines)
    }
}

extension SiteMemory {
    /// The site of an address: its host, without `www.`; nil where it has none.
    public static func site(of url: String) -> String? {
        guard let host = WebURL(url)?.host?.lowercased(), !host.isEmpty else { return nil }
        return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }
}

/// What is believed of a site while one of its pages is read.
public struct SiteLesson: Sendable, Hashable {
    /// On how many pages something must have been seen before it is believed.
    public static let pagesLeast = 3

    /// Lines by their hash, with the number of pages that showed them.
    public var repeated: [UInt32: Int] = [:]
    /// Where the article stands.
    public var container: String?
    /// How many pages this was learned from.
    public var pages = 0

    public init() {}

    /// Which lines of a page are the site's and not the article's.
    ///
    /// At either end it is enough that a line is known. Between lines of the article it may be a paragraph of background, which
    /// newsrooms repeat in each story on a matter: there it must stand on every fourth page of the site.
    /// - Returns: nothing where half of the text and more would go: then the page is a copy, or there is no article on it.
    public func boilerplate(of lines: [String]) -> Set<Int> {
        guard !repeated.isEmpty else { return [] }
        let counts = lines.map { repeated[SiteSighting.hash($0)] ?? 0 }
        var found = Set(counts.indices.filter { counts[$0] * 4 >= pages && counts[$0] > 0 })
        for index in counts.indices {
            guard counts[index] > 0 else { break }
            found.insert(index)
        }
        for index in counts.indices.reversed() {
            guard counts[index] > 0 else { break }
            found.insert(index)
        }
        let gone = found.reduce(0) { $0 + lines[$1].utf8.count }
        return gone * 2 < lines.reduce(0) { $0 + $1.utf8.count } ? found : []
    }
}
