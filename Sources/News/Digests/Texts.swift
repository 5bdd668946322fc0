/// The different texts of a story, who wrote each, and who carries it.
///
/// Counting is careful: a copy is no second newsroom, and a text whose origin nobody states is none at all.
struct Texts {
    private(set) var list: [PublishedText] = []
    private(set) var newsroomsAtLeast = 0
    /// Which text of the list each article carries.
    private(set) var places: [MemberKey: Int] = [:]

    init(members: [StoryMember], sources: [SourceID: Source]) {
        var roots: [MemberKey] = []
        var groups: [MemberKey: [StoryMember]] = [:]
        let originals = Dictionary(
            members.compactMap { member in member.copyOf.map { (MemberKey(member), $0) } },
            uniquingKeysWith: { first, _ in first })
        for member in members {
            let root = Self.original(of: MemberKey(member), originals)
            if groups[root] == nil { roots.append(root) }
            groups[root, default: []].append(member)
        }
        var newsrooms: Set<String> = []
        // Official sources and think tanks pass on nothing: `the ministry said` is what it has said.
        let known = Set(
            sources.values.lazy.filter { $0.origin != .official && $0.origin != .thinkTank }
                .map { Newsrooms.identity($0.name) })
        var found: [(text: PublishedText, members: [StoryMember])] = []
        for root in roots.prefix(Limits.shownPerStoryMax) {
            let members = groups[root] ?? []
            var text = PublishedText(of: members, sources: sources)
            if text.kind == .report, let first = members.first {
                let own = Set([text.origin].compactMap { $0 } + text.outlets).map(Newsrooms.identity)
                text.relays = Relay(of: first.article, known: known, own: Set(own))?.newsroom
            }
            found.append((text, members))
            // What passes on another's report says no more than that one has one.
            if text.kind == .report, let origin = text.relays ?? text.origin {
                newsrooms.insert(Newsrooms.identity(origin))
            }
        }
        newsroomsAtLeast = newsrooms.count
        let order: [PublishedText.Kind] = [.official, .report, .analysis, .unknown]
        let ordered = order.flatMap { kind in found.filter { $0.text.kind == kind } }
        list = ordered.map(\.text)
        for (place, item) in ordered.enumerated() {
            for member in item.members { places[MemberKey(member)] = place }
        }
    }

    /// A copy of a copy is a copy of the first; of copies in a ring the smallest key stands for all.
    private static func original(of key: MemberKey, _ originals: [MemberKey: MemberKey]) -> MemberKey {
        var seen: [MemberKey] = [key]
        while let next = originals[seen[seen.count - 1]] {
            if seen.contains(next) { return seen.min { ($0.source, $0.key) < ($1.source, $1.key) } ?? key }
            seen.append(next)
        }
        return seen[seen.count - 1]
    }
}

extension PublishedText {
    /// - Parameter members: Those that carry this one text, in the order of filing.
    init(of members: [StoryMember], sources: [SourceID: Source]) {
        var outlets: [String] = []
        for member in members {
            let name = CleanText.shown(sources[member.source]?.name) ?? member.source
            if !outlets.contains(name) { outlets.append(name) }
        }
        let kinds = members.map { sources[$0.source]?.origin }
        let credits = members.map { CleanText.shown($0.article.credit)?.cut(to: 60) }
        let language = members.first.flatMap { $0.language(in: sources[$0.source]) }
        let isAlone = outlets.count == 1
        var text = PublishedText(
            kind: .unknown, origin: nil, isOwn: false, outlets: outlets, uncredited: 0, language: language)
        if let official = kinds.firstIndex(of: .official) {
            text.kind = .official
            text.origin = CleanText.shown(sources[members[official].source]?.name)
        } else if let wire = kinds.firstIndex(of: .wire) {
            text.kind = .report
            text.origin = CleanText.shown(sources[members[wire].source]?.name)
            text.isOwn = isAlone
        } else if let credit = credits.lazy.compactMap({ $0 }).first {
            text.kind = .report
            text.origin = credit
            text.isOwn = isAlone && credit.lowercased() == outlets[0].lowercased()
        } else if isAlone, kinds[0] == .newsroom || kinds[0] == .thinkTank {
            text.kind = kinds[0] == .newsroom ? .report : .analysis
            text.origin = outlets[0]
            text.isOwn = true
        }
        if let origin = text.origin, !text.isOwn {
            let silent = zip(members, credits).filter { member, credit in
                credit == nil && CleanText.shown(sources[member.source]?.name) != origin
            }
            text.uncredited = Set(silent.map(\.0.source)).count
        }
        self = text
    }
}

extension MemberKey {
    public init(_ member: StoryMember) { self.init(source: member.source, key: member.key) }
}

/// How many newsrooms have written of a story for themselves, as its issue says it.
public enum Newsrooms {
    public static func count(in members: [StoryMember], sources: [SourceID: Source]) -> Int {
        Texts(members: members, sources: sources).newsroomsAtLeast
    }
}
