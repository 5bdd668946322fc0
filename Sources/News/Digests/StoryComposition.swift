extension PublishedStory {
    /// Composes what readers get of a story, purely.
    ///
    /// - Parameters:
    ///   - since: What was first seen later is the news: headline and quotation come from there where they can.
    ///   - until: Members and changes that were seen later are left to the next issue; nil takes all.
    ///   - gazetteer: `knownSince` is empty for alerts.
    ///   - topics: Best first; at most `Limits.shownPerStoryMax` are shown.
    ///   - excerptMax: Characters of the quotation, half of it in scripts without spaces; 0 is headline only.
    static func compose(
        _ story: Story, topics: [TopicFinding], sources: [SourceID: Source], gazetteer: Gazetteer = Gazetteer(),
        excerptMax: Int, zone: Zone, since: Timestamp? = nil, until: Timestamp? = nil
    ) -> PublishedStory {
        let seen = story.members.filter { member in until.map { member.firstSeen <= $0 } ?? true }
        // A story of the window has a member in it; one that was handed over all the same is shown rather than lost.
        let members = seen.isEmpty ? story.members : seen
        // An alert has what came; an issue looks back, and knows what was told first.
        let told = until == nil ? nil : inOrderOfTelling(members, sources)
        let ordered = told.map { $0.leads + $0.others } ?? inReadingOrder(members, sources)
        let shown = ordered.prefix(Limits.shownPerStoryMax)
        let old = Set(
            members.filter { member in since.map { member.firstSeen <= $0 } ?? false }.map(\.original))
        let news = (told?.leads ?? members.filter { $0.relation != .copy }).filter {
            !old.contains($0.original)
        }
        let head = (news + ordered).first { CleanText.shown($0.article.title) != nil } ?? ordered.first
        let texts = Texts(members: members, sources: sources)
        let setting = TopicFinding.Setting(
            story: story, shown: Array(shown), sources: sources, newsrooms: texts.newsroomsAtLeast)
        return PublishedStory(
            id: story.id, shownID: story.shownID,
            title: CleanText.shown(head?.article.title) ?? CleanText.shown(head?.url) ?? "(no headline)",
            language: head.flatMap { $0.language(in: sources[$0.source]) }, firstSeen: story.firstSeen,
            alertedAt: story.alertedAt.flatMap { at in until.map { at <= $0 } ?? true ? at : nil },
            topics: topics.prefix(Limits.shownPerStoryMax).map { PublishedTopic($0, in: setting) },
            excerpt: excerpt(Array(shown), since: since, sources, excerptMax),
            names: gazetteer.names(
                in: members, headline: head, sources: sources, window: until == nil ? nil : since), texts: texts.list,
            newsroomsAtLeast: texts.newsroomsAtLeast, onlySide: onlySide(members, sources),
            embargo: embargo(members, zone),
            members: shown.map { PublishedMember($0, source: sources[$0.source], until: until) },
            membersLeftOut: ordered.count - shown.count)
    }

    /// In the order of filing: originating texts and wires, others, copies.
    private static func inReadingOrder(
        _ members: [StoryMember], _ sources: [SourceID: Source]
    ) -> [StoryMember] {
        func rank(_ member: StoryMember) -> Int {
            if member.relation == .copy { return sources[member.source]?.origin == .wire ? 0 : 2 }
            return member.relation == .first ? 0 : 1
        }
        let ranked = members.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        return ranked.map(\.element)
    }

    /// Reports before statements and analyses, in the order in which they were told, whichever was filed first; each by one of
    /// those that carry it: the wire, else one that says whose it is, else the first; then the others.
    private static func inOrderOfTelling(
        _ members: [StoryMember], _ sources: [SourceID: Source]
    ) -> (leads: [StoryMember], others: [StoryMember]) {
        func rank(_ member: StoryMember) -> Int {
            if sources[member.source]?.origin == .wire { return 0 }
            return member.article.credit == nil ? 2 : 1
        }
        let texts = Dictionary(grouping: members.enumerated()) { $0.element.original }
        var leads: [(kind: Int, told: Timestamp, place: Int)] = []
        for text in texts.values {
            let lead = text.min {
                (rank($0.element), told($0.element), $0.offset) < (rank($1.element), told($1.element), $1.offset)
            }
            guard let lead, let first = text.map({ told($0.element) }).min() else { continue }
            let origin = sources[lead.element.source]?.origin
            leads.append((origin == .official || origin == .thinkTank ? 1 : 0, first, lead.offset))
        }
        leads.sort { ($0.kind, $0.told, $0.place) < ($1.kind, $1.told, $1.place) }
        let places = Set(leads.map(\.place))
        let others = members.enumerated().filter { !places.contains($0.offset) }.sorted {
            (told($0.element), $0.offset) < (told($1.element), $1.offset)
        }
        return (leads.map { members[$0.place] }, others.map(\.element))
    }

    /// When it was published, as far as that can be believed: a day before it was seen at most.
    private static func told(_ member: StoryMember) -> Timestamp {
        guard let published = member.article.published, published < member.firstSeen,
            published > member.firstSeen - .seconds(86_400)
        else { return member.firstSeen }
        return published
    }

    /// From what is new where that can be quoted, else from the story's earlier texts.
    private static func excerpt(
        _ members: [StoryMember], since: Timestamp?, _ sources: [SourceID: Source], _ standard: Int
    ) -> Excerpt? {
        let isNew = { (index: Int) in since.map { members[index].firstSeen > $0 } ?? true }
        for index in members.indices.filter(isNew) + members.indices.filter({ !isNew($0) }) {
            let wish = sources[members[index].source]?.excerpt ?? standard
            let max = members[index].article.terms?.quotable(of: wish) ?? wish
            guard max > 0, let sentence = FirstSentence.of(members[index].article) else { continue }
            let text = sentence.cut(to: Script.isCJK(sentence) ? (max + 1) / 2 : max)
            return Excerpt(text: text, isCut: text != sentence, member: index)
        }
        return nil
    }

    /// The longest that one of them asks for; one without a time that can be read counts as longest.
    private static func embargo(_ members: [StoryMember], _ zone: Zone) -> Embargo? {
        members.compactMap { Embargo.asked(by: $0.article, seen: $0.firstSeen, zone: zone) }
            .max { ($0.until?.seconds ?? .max) < ($1.until?.seconds ?? .max) }
    }

    /// The one country whose government, party or state outlets are all that carry it.
    private static func onlySide(_ members: [StoryMember], _ sources: [SourceID: Source]) -> String? {
        var side: String?
        for member in members {
            guard let source = sources[member.source], let country = source.country,
                let affiliation = source.affiliation, side == nil || side == country
            else { return nil }
            switch affiliation {
            case .government, .partyState, .stateRun: side = country
            case .publicService, .privateOwned: return nil
            }
        }
        return side
    }
}

extension StoryMember {
    /// BCP 47: what its text says, else its source's.
    func language(in source: Source?) -> String? { CleanText.shown(article.language) ?? source?.language }
}

extension PublishedMember {
    init(_ member: StoryMember, source: Source?, until: Timestamp?) {
        let changes = Self.changes(of: member, until: until)
        let seen = member.changes.filter { change in until.map { change.at <= $0 } ?? true }
        self.init(
            source: member.source, outlet: CleanText.shown(source?.name) ?? member.source,
            affiliation: source?.affiliation, country: source?.country,
            language: member.language(in: source), origin: source?.origin,
            reliability: source?.reliability,
            isPlainHTTP: source.map { $0.url.lowercased().hasPrefix("http:") } ?? false
                || member.url.map { $0.lowercased().hasPrefix("http:") } ?? false,
            title: CleanText.shown(member.article.title), url: member.url.flatMap(Self.shownURL),
            relation: member.relation, dateline: CleanText.shown(member.article.dateline)?.cut(to: 60),
            credit: CleanText.shown(member.article.credit)?.cut(to: 60),
            published: source?.time == .firstSeen ? nil : member.article.published,
            firstSeen: member.firstSeen, read: member.readAt, version: seen.map(\.version).max() ?? 1,
            changes: changes.suffix(Limits.shownPerStoryMax))
    }

    private static func changes(of member: StoryMember, until: Timestamp?) -> [PublishedChange] {
        member.changes.enumerated().compactMap { index, change in
            if until.map({ change.at > $0 }) ?? false || change.isExpired { return nil }
            // The headline after this change is the one before the next change of it.
            let after = member.changes[(index + 1)...].lazy.compactMap(\.titleBefore).first ?? member.article.title
            return PublishedChange(
                version: change.version, at: change.at, isCorrection: change.correction,
                isWithdrawn: change.isWithdrawn,
                title: change.titleBefore.map { WordChange(from: $0, to: after ?? "") },
                words: WordChange.pairs(removed: change.removed, added: change.added), more: change.more)
        }
    }

    /// An http or https address of bearable length; nil for `javascript:` and its like.
    public static func shownURL(_ text: String) -> String? {
        let url = CleanText.line(text)
        let lower = url.prefix(8).lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"), text.utf8.count <= Limits.shownTextBytesMax
        else {
            return nil
        }
        return url
    }
}
