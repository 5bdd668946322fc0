import News
import Storage
import Testing

/// What becomes of the entries of one source from document to document.
@Suite struct EntryListingTests {
    let store = try! Store(path: temporaryDatabase())
    let start = Timestamp(seconds: 1_743_300_000)

    static let texts = [
        "Harbour master resigns over dredging contract", "Ferry crews vote for strike in spring",
        "Council approves wind farm off Cape Lorn", "Grain terminal reopens after winter storms",
    ]

    @Test("Of entries that share one id each is news once, in the document in which it came first", arguments: [1, 4])
    func sharedID(listed: Int) throws {
        // Newest first, one more with each document, the oldest ones dropping out.
        for poll in Self.texts.indices {
            let items = Self.texts[...poll].reversed().prefix(listed).map { item("feed", $0) }
            let tally = try commit(items, poll: poll)
            #expect(tally.new == (poll == 0 ? 0 : 1) && tally.changed == 0, "poll \(poll)")
            #expect(try pendingTitles() == (poll == 0 ? [] : [Self.texts[poll]]))
            try fileAll()
        }
    }

    @Test("Two entries with one id whose order changes are two entries and no versions of each other")
    func alternatingOrder() throws {
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        let pair = [item("feed", Self.texts[0]), item("feed", Self.texts[1])]
        #expect(try commit(pair, poll: 1).new == 2)
        try fileAll()
        for poll in 2...4 {
            let tally = try commit(poll.isMultiple(of: 2) ? pair.reversed() : pair, poll: poll)
            #expect(tally.new == 0 && tally.changed == 0)
        }
    }

    @Test("An id that is used again for another text brings news, also where it stood in the baseline")
    func reusedID() throws {
        for (poll, text) in (Self.texts + [Self.texts[1]]).enumerated() {
            let tally = try commit([item("latest", text)], poll: poll)
            #expect(tally.new == (poll == 0 || poll == 4 ? 0 : 1) && tally.changed == 0, "poll \(poll)")
            try fileAll()
        }
    }

    @Test(
        "Entries that are numbered by their place are each news once, whichever end is the newest",
        arguments: [true, false])
    func numberedByPlace(newestFirst: Bool) throws {
        for poll in Self.texts.indices {
            let listed = newestFirst ? Array((0...poll).reversed()) : Array(0...poll)
            let window = newestFirst ? Array(listed.prefix(3)) : Array(listed.suffix(3))
            let items = window.enumerated().map {
                item("\($0 + 1)", Self.texts[$1], link: "https://harbour.example/story/\($1)")
            }
            let tally = try commit(items, poll: poll)
            #expect(tally.new == (poll == 0 ? 0 : 1) && tally.changed == 0, "poll \(poll)")
            #expect(try pendingTitles() == (poll == 0 ? [] : [Self.texts[poll]]))
            try fileAll()
        }
    }

    @Test("A new entry under an id that another one had before it was renamed is an entry of its own")
    func idFromBefore() throws {
        _ = try commit([item("base", "Nothing yet to report today", link: "https://harbour.example/base")], poll: 0)
        let old = item("post-2", Self.texts[0], link: "https://harbour.example/story/0")
        #expect(try commit([old], poll: 1).new == 1)
        try fileAll()
        let renamed = item("tag:2", Self.texts[0], link: "https://harbour.example/story/0")
        #expect(try commit([renamed], poll: 2).new == 0)
        let fresh = item("post-2", Self.texts[1], link: "https://harbour.example/story/1")
        #expect(try commit([fresh, renamed], poll: 3).new == 1)
        let waiting = try #require(try store.pendingEntries().first)
        #expect(waiting.entry.title == Self.texts[1] && waiting.key != "post-2")
        try store.file { try $0.markFiled(waiting) }
        #expect(try store.pendingEntries().isEmpty)
        // Each goes on being known.
        let tally = try commit([fresh, renamed], poll: 4)
        #expect(tally.new == 0 && tally.changed == 0)
    }

    @Test("A headline of one form at another address is another text, and at the same address a version")
    func template() throws {
        _ = try commit(
            [item("1", "Coast guard sights 20 vessels off Cape Lorn", link: "https://harbour.example/sighting/20")],
            poll: 0)
        let next = item("1", "Coast guard sights 31 vessels off Cape Lorn", link: "https://harbour.example/sighting/31")
        #expect(try commit([next], poll: 1).new == 1)
        try fileAll()
        let corrected = item(
            "1", "Coast guard sights 32 vessels off Cape Lorn", link: "https://harbour.example/sighting/31")
        #expect(try commit([corrected], poll: 2).changed == 1)
    }

    @Test("The first entry after an empty document is news, with a date or without")
    func afterNothing() throws {
        #expect(try commit([], poll: 0) == PollTally())
        #expect(try commit([item("1", Self.texts[0]), item("2", Self.texts[1], published: start)], poll: 1).new == 2)
    }

    @Test("A headline that is rewritten in part, or a text that grows under it, is a version")
    func versions() throws {
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        #expect(try commit([item("a", "Ships collide off Cape Lorn")], poll: 1).new == 1)
        try fileAll()
        let longer = Self.texts.joined(separator: ". ")
        #expect(try commit([item("a", "Two ships collide off Cape Lorn, crew safe", longer)], poll: 2).changed == 1)
        #expect(try store.pendingEntries().map(\.version) == [2])
    }

    @Test("Ids that all change with the move to https and another host bring no news, and later versions are noticed")
    func movedIDs() throws {
        func list(_ base: String, extra: [ListedEntry] = []) -> [ListedEntry] {
            extra + Self.texts.enumerated().map { item("\(base)/\($0)", $1, link: "\(base)/story/\($0)") }
        }
        _ = try commit(Array(list("http://harbour.example").dropFirst()), poll: 0)
        #expect(try commit(list("http://harbour.example"), poll: 1).new == 1)
        try fileAll()
        let moved = try commit(list("https://www.harbour-times.example"), poll: 2)
        #expect(moved.new == 0 && moved.changed == 0)
        var changed = list("https://www.harbour-times.example")
        changed[0] = item(
            changed[0].key, Self.texts[0] + ", deputy too", link: "https://www.harbour-times.example/story/0")
        #expect(try commit(changed, poll: 3).changed == 1)
        // The desk knows it by the name under which it was filed.
        #expect(try store.pendingEntries().map(\.key) == ["http://harbour.example/0"])
    }

    @Test("An address as id is the same without www and by https, whatever has become of the words meanwhile")
    func respeltIDs() throws {
        let old = "http://www.harbour.example/story/1"
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        _ = try commit([item(old, "Ships collide off Cape Lorn", link: old)], poll: 1)
        try fileAll()
        let new = "https://harbour.example/story/1"
        let moved = item(new, "Two ships collide off Cape Lorn, crew safe", link: new)
        let tally = try commit([moved], poll: 2)
        #expect(tally.new == 0 && tally.changed == 1)
        #expect(try store.pendingEntries().map(\.key) == [old])
        try fileAll()
        let again = try commit([moved], poll: 3)
        #expect(again.new == 0 && again.changed == 0)
        // Where a document has both, they are two.
        let both = try commit([moved, item(old, "Ferries to Sorrel Point resume", link: old)], poll: 4)
        #expect(both.new == 1 && both.changed == 0)
        // And an id that was used again is another text, in whatever spelling.
        let other = "http://harbour.example/story/1"
        let reused = item(other, "Grain prices rise for a third week in Pellworm", link: other)
        #expect(try commit([reused], poll: 5).new == 1)
    }

    @Test(
        "What waits in an older database and stands in an issue of readers is not filed; what only an alert names is filed as told"
    )
    func publishedMeanwhile() throws {
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        let told = item("a", Self.texts[0], link: "https://harbour.example/story/0")
        let untold = item("b", Self.texts[1], link: "https://harbour.example/story/1")
        _ = try commit([told, untold], poll: 1)
        var story = PublishedRecord.Story(
            id: "abcdefgh", shownID: "abcd", title: Self.texts[0], firstSeen: start,
            articles: [.init(url: "https://www.harbour.example/story/0", title: Self.texts[0])])
        let record = PublishedRecord(
            stem: "digests/2025-03-30",
            content: .issue([story], day: "2025-03-30", from: start - .seconds(1), to: start))
        #expect(try store.unknown([record.stem]) == [record.stem])
        try store.takeOver([record], at: start)
        #expect(try store.unknown([record.stem]).isEmpty && pendingTitles() == [Self.texts[1]])

        story.articles = [.init(url: "https://harbour.example/story/1", title: Self.texts[1])]
        let alert = PublishedRecord(
            stem: "alerts/2025-03-30/090000Z-abcd", content: .alert([story], decided: start + .seconds(3600)))
        try store.takeOver([alert], at: start)
        #expect(try pendingTitles() == [Self.texts[1]])
        #expect(try store.story(named: "abcd")?.alertedAt == start + .seconds(3600))
        let waiting = try store.pendingEntries()
        var found: StoryID?
        var isTaken = false
        try store.file { transaction in
            found = try transaction.toldStory(waiting[0])
            isTaken = try transaction.isTaken(stem: alert.stem)
        }
        #expect(found == "abcdefgh" && isTaken)
        #expect(try commit([told, untold], poll: 2).new == 0)
    }

    @Test("What is forgotten while its page is being read is not filed, by whatever address its page gives")
    func forgottenWhileRead() throws {
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        _ = try commit([item("a", Self.texts[0], link: "https://harbour.example/story/0")], poll: 1)
        let reading = try #require(try store.pendingEntries().first)
        let forgotten = try store.forget(at: ["https://harbour.example/story/0"], at: start)
        #expect(forgotten.entries.map(\.key) == ["a"] && forgotten.articles.isEmpty)
        var other = reading
        other.key = "b"
        other.entry.id = "b"
        other.entry.link = "https://proxy.example/redirect/77"
        other.entry.title = Self.texts[0] + ", deputy too"
        var answers: [Bool] = []
        try store.file { transaction in
            answers = [
                try transaction.isForgotten(reading, canonicalURL: nil),
                try transaction.isForgotten(other, canonicalURL: "https://www.harbour.example/story/0/"),
                try transaction.isForgotten(other, canonicalURL: "https://www.harbour.example/story/1/"),
            ]
        }
        #expect(answers == [true, true, false])
        #expect(
            try commit([item("a", Self.texts[0] + ", deputy too", link: "https://harbour.example/story/0")], poll: 2)
                .new == 0)
        #expect(try store.pendingEntries().isEmpty)
    }

    @Test("A text that changes while its entry is being filed waits as a new version")
    func changeWhileFiling() throws {
        _ = try commit([item("base", "Nothing yet to report today")], poll: 0)
        _ = try commit([item("a", Self.texts[0])], poll: 1)
        let reading = try #require(try store.pendingEntries().first)
        _ = try commit([item("a", Self.texts[0] + ", corrected")], poll: 2)
        try store.file { try $0.markFiled(reading) }
        let waiting = try #require(try store.pendingEntries().first)
        #expect(waiting.version == 2 && waiting.entry.title == Self.texts[0] + ", corrected")
        try store.file { try $0.markFiled(waiting) }
        #expect(try store.pendingEntries().isEmpty)
    }

    @Test(
        "A first document that is empty or cut is no whole baseline: old entries stay silent, new ones are news",
        arguments: [true, false])
    func incompleteBaseline(isEmpty: Bool) throws {
        let old = item("old", Self.texts[0], published: start - .seconds(90_000))
        let undated = item("undated", Self.texts[1])
        let cut = [MarkupFault("truncated", "the document ends early")]
        #expect(try commit(isEmpty ? [] : [old], poll: 0, faults: isEmpty ? [] : cut).new == 0)
        let fresh = item("fresh", Self.texts[2], published: start - .seconds(1800))
        #expect(try commit([fresh, undated, old], poll: 1, faults: cut).new == (isEmpty ? 2 : 1))
        #expect(try pendingTitles().contains(Self.texts[2]) && !pendingTitles().contains(Self.texts[0]))
        // Complete now, though cut again.
        #expect(try commit([item("later", Self.texts[3]), fresh, undated, old], poll: 2, faults: cut).new == 1)
    }

    @Test("A span without sight is on record when it is over: failed polls, and polls that were never made")
    func outages() throws {
        let source = source
        func poll(_ hour: Int, _ outcome: PollResult.Outcome) throws {
            let at = start + .seconds(hour * 3600)
            _ = try store.commit(
                PollResult(
                    source: source, at: at, nextDue: at + .seconds(3600), validators: Validators(), outcome: outcome))
        }
        try poll(0, .unchanged)
        let fault = Fault(stage: "fetch", code: "server-error", detail: "500")
        for hour in 1...3 { try poll(hour, .failed(fault)) }
        #expect(try recorded() == [])
        try poll(4, .unchanged)
        try poll(30, .unchanged)
        #expect(
            try recorded() == [
                SourceOutage(
                    source: "harbour", since: start + .seconds(3600), until: start + .seconds(4 * 3600),
                    why: "server error"),
                SourceOutage(
                    source: "harbour", since: start + .seconds(5 * 3600), until: start + .seconds(30 * 3600),
                    why: "not tried"),
            ])
    }

    private var source: Source { Source(id: "harbour", url: "https://harbour.example/rss") }

    private func recorded() throws -> [SourceOutage] {
        try store.issueMaterial(from: start, to: start + .seconds(40 * 3600), filedAfter: 0, limit: 10).outages
    }

    private func item(
        _ id: String, _ title: String, _ text: String? = nil, link: String? = nil, published: Timestamp? = nil
    ) -> ListedEntry {
        var entry = Entry()
        entry.id = id
        entry.title = title
        entry.content = text
        entry.link = link
        entry.published = published
        return ListedEntry(entry)
    }

    /// A document whose ids are new with every poll.
    private func rotated(_ texts: [String], poll: Int) -> [ListedEntry] {
        texts.enumerated().map { item("\(poll)-\($0)", $1, link: "https://harbour.example/story/\($0)") }
    }

    @Test("A source whose ids change with every document is known by its addresses from the third on, and stays so")
    func changingIDs() throws {
        for poll in 0..<4 {
            #expect(try store.pollState(of: source).changesIDs == false)
            #expect(try commit(rotated(Self.texts, poll: poll), poll: poll).new == 0, "poll \(poll)")
        }
        #expect(try store.pollState(of: source).changesIDs)
        #expect(try store.record(of: "harbour", at: start)?.changesIDs == true)
        #expect(try commit(rotated(Self.texts, poll: 4), poll: 4, ids: .address).new == 0)
        // With another id and other words: by its id, or by its words, nobody would know it.
        var edited = Self.texts
        edited[0] = "Harbour master stays after all, and the dredging contract is void"
        let tally = try commit(rotated(edited, poll: 5), poll: 5, ids: .address)
        #expect(tally.new == 0 && tally.listed == 4)
        #expect(try store.pollState(of: source).changesIDs, "for good")
    }

    @Test("Ids that stay, or that change once, as those of a site that moves do, are kept to")
    func movedSite() throws {
        for poll in 0..<8 {
            _ = try commit(rotated(Self.texts, poll: poll < 4 ? 0 : 1), poll: poll)
            #expect(try store.pollState(of: source).changesIDs == false)
        }
    }

    @Test("Where entries share an address their ids are kept to, whatever these do")
    func sharedAddress() throws {
        for poll in 0..<6 {
            let items = Self.texts.enumerated().map { number, text in
                item("\(poll)-\(number)", text, link: "https://harbour.example/story/\(number / 2)")
            }
            _ = try commit(items, poll: poll)
        }
        #expect(try store.pollState(of: source).changesIDs == false)
    }

    private func commit(
        _ entries: [ListedEntry], poll: Int, faults: [MarkupFault] = [], ids: Source.IDs = .feed
    ) throws -> PollTally {
        var feed = Feed(format: .rss)
        feed.entries = entries.map(\.entry)
        let at = start + .seconds(poll * 3600)
        return try store.commit(
            PollResult(
                source: source, at: at, nextDue: at + .seconds(3600), validators: Validators(),
                outcome: .read(entries: ListedEntry.list(feed, ids: ids), bodyHash: "\(poll)", faults: faults)))
    }

    private func pendingTitles() throws -> [String?] { try store.pendingEntries().map(\.entry.title) }

    private func fileAll() throws {
        let pending = try store.pendingEntries()
        try store.file { transaction in for entry in pending { try transaction.markFiled(entry) } }
    }
}
