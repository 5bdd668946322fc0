import Foundation
import GRDB
import News
import Testing

@testable import Storage

/// What is dropped, and that nothing old comes back as new: two years and more, day by day.
@Suite struct RetentionTests {
    let path: String
    let store: Store
    let start = Timestamp(seconds: 1_743_300_000)
    let keep = Keep(text: .seconds(90 * 86_400), versions: .seconds(30 * 86_400), metadata: .seconds(400 * 86_400))

    init() throws {
        path = try temporaryDatabase()
        store = try Store(path: path)
    }

    private func day(_ day: Int) -> Timestamp { start + .seconds(Int64(day) * 86_400) }

    private func item(_ id: String, published: Int? = nil) -> ListedEntry {
        var entry = Entry()
        (entry.id, entry.title, entry.link) = (id, "Harbour notice \(id)", "https://harbour.example/notice/\(id)")
        entry.published = published.map(day)
        return ListedEntry(entry)
    }

    @discardableResult
    private func poll(
        _ entries: [ListedEntry]?, on day: Int, of source: SourceID = "harbour"
    ) throws -> PollTally {
        let at = self.day(day)
        return try store.commit(
            PollResult(
                source: Source(id: source, url: "https://\(source).example/rss"), at: at,
                nextDue: at + .seconds(86_400),
                validators: Validators(etag: "\"a\""),
                outcome: entries.map { .read(entries: $0, bodyHash: "\(day)", faults: []) } ?? .unchanged))
    }

    @discardableResult
    private func retain(on day: Int) throws -> RetentionTally {
        var retention = try Retention(store, keep: keep, now: self.day(day))
        var tally = RetentionTally()
        while let step = try retention.step() { tally += step }
        return tally
    }

    private func count(_ table: String) throws -> Int {
        try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    private func fileAll() throws {
        let pending = try store.pendingEntries()
        try store.file { transaction in for entry in pending { try transaction.markFiled(entry) } }
    }

    @Test(
        "Ids that a feed lists for two years never come back as new: read anew each day, answered 304, or both by turns",
        arguments: [1, 0, 7])
    func staticFeed(readEvery: Int) throws {
        let always = (1...3).map { item("\($0)") }
        try poll(always, on: 0)
        for day in 1...800 {
            // Something is news now and then, so that time passes for the others.
            let isRead = readEvery > 0 && day.isMultiple(of: readEvery)
            let tally = try poll(isRead ? always + [item("daily-\(day)")] : nil, on: day)
            #expect(tally.new == (isRead ? 1 : 0) && tally.baseline == 0 && tally.changed == 0, "day \(day)")
            try fileAll()
            if day.isMultiple(of: 5) { try retain(on: day) }
        }
        #expect(try poll(always + [item("800")], on: 801).new == 1)
        // What left the feed more than 400 days ago is no longer known.
        let daily = readEvery == 0 ? 0 : (1...800).count { $0.isMultiple(of: readEvery) && $0 >= 400 }
        #expect(try count("entry") == 3 + daily + 1)
    }

    @Test(
        "A source without sight for a year, or for two, comes back and nothing that it lists is new",
        arguments: [366, 731])
    func blind(days: Int) throws {
        let always = (1...5).map { item("\($0)") }
        try poll(always, on: 0)
        try poll([item("6")] + always, on: 1)
        try fileAll()
        let fault = Fault(stage: "fetch", code: "timed-out", detail: "no answer")
        for day in stride(from: 2, through: days, by: 7) {
            let at = self.day(day)
            _ = try store.commit(
                PollResult(
                    source: Source(id: "harbour", url: "https://harbour.example/rss"), at: at, nextDue: at,
                    validators: Validators(), outcome: .failed(fault)))
            try retain(on: day)
        }
        // The first answer is cut, the second is whole: neither brings back what it listed before.
        #expect(try poll([item("6")], on: days + 1).new == 0)
        try retain(on: days + 1)
        #expect(try poll([item("6")] + always, on: days + 2).new == 0)
        #expect(try count("entry") == 6)
    }

    @Test(
        "A source that was taken out and is put back brings nothing old, whether its rows are still there or not",
        arguments: [366, 450])
    func takenOut(days: Int) throws {
        let plan = PollPlan(source: "harbour", url: "https://harbour.example/rss", interval: .seconds(3600))
        _ = try store.schedule([plan], digest: start, at: start)
        let always = (1...5).map { item("\($0)") }
        try poll(always, on: 0)
        try poll([item("6")] + always, on: 1)
        try fileAll()
        _ = try store.schedule([], digest: start, at: day(2))
        var dropped = RetentionTally()
        for day in stride(from: 2, through: days, by: 4) { dropped += try retain(on: day) }
        let isForgotten = days > 401
        #expect(dropped.sources == (isForgotten ? 1 : 0))
        _ = try store.schedule([plan], digest: start, at: day(days))
        let tally = try poll([item("6")] + always, on: days)
        #expect(tally.new == 0 && tally.baseline == (isForgotten ? 6 : 0))
    }

    @Test("What has expired and is listed again in an archive is no news; what is dated later is")
    func archive() throws {
        try poll([item("base", published: 0)], on: 0)
        for day in 1...450 {
            try poll([item("\(day)", published: day)], on: day)
            try fileAll()
            if day.isMultiple(of: 5) { try retain(on: day) }
        }
        let tally = try poll(
            [item("2", published: 2), item("450", published: 450), item("x", published: 440)], on: 451)
        #expect(tally.new == 1 && tally.baseline == 1, "the last is backdated, and nothing of that time has expired")
    }

    @Test("What waits for a source that nobody configures any more is given up as news after the time of a text")
    func waiting() throws {
        try poll([item("base")], on: 0)
        try poll([item("base"), item("1")], on: 1)
        try poll([item("base")], on: 0, of: "strait")
        try poll([item("base"), item("1")], on: 1, of: "strait")
        let plan = PollPlan(source: "strait", url: "https://strait.example/rss", interval: .seconds(3600))
        _ = try store.schedule([plan], digest: start, at: day(1))
        var dropped = RetentionTally()
        for day in 1...91 { dropped += try retain(on: day) }
        #expect(dropped.waiting == 1)
        #expect(try store.pendingEntries().map(\.source) == ["strait"])
        #expect(try poll([item("base"), item("1")], on: 92).new == 0)
    }

    @Test("A clock that is wrong by years for a day drops no more than a week too early")
    func wrongClock() throws {
        try file("a", on: 0)
        for day in 0...60 { try retain(on: day) }
        #expect(try retain(on: 20_000).texts == 0)
        #expect(try retain(on: 61).texts == 0)
        #expect(try member("a").article.paragraphs == ["Two ships left the harbour at night."])
    }

    @Test("Texts go after their time, then what versions said, and the rows when the feed no longer lists the entry")
    func texts() throws {
        let listed = [item("a"), item("b")]
        try poll([item("base")], on: 0)
        try poll(listed, on: 1)
        let pending = try store.pendingEntries()
        try store.file { for entry in pending { try $0.markFiled(entry) } }
        for key in ["a", "b"] { try file(key, on: 1) }
        var changed = try member("b")
        changed.changes = [
            ArticleChange(version: 2, at: day(50), titleBefore: "Before", removed: ["Gone."], added: ["Come."])
        ]
        try store.file { transaction in
            try transaction.replace(
                changed, IndexedArticle(changed, fingerprint: .none), in: "storyb", at: day(50))
        }
        for day in 2...79 {
            try poll(listed, on: day)
            try retain(on: day)
        }
        #expect(try member("b").changes[0].removed == ["Gone."])
        try retain(on: 81)
        #expect(try member("b").changes == [ArticleChange(version: 2, at: day(50))])
        #expect(try member("a").textExpiredAt == nil)
        for day in 82...92 { try retain(on: day) }
        #expect(try member("a").article.paragraphs.isEmpty && member("a").textExpiredAt != nil)
        #expect(try member("a").article.title == "Notice a" && !member("b").article.paragraphs.isEmpty)
        for day in 93...141 { try retain(on: day) }
        #expect(try member("b").article.paragraphs.isEmpty)
        #expect(try retain(on: 142) == RetentionTally(), "what is gone is not dropped again")
        for day in stride(from: 145, through: 600, by: 5) {
            try poll(nil, on: day)
            try retain(on: day)
        }
        #expect(try count("article") == 2, "their entries are still listed")
        for day in stride(from: 605, through: 1010, by: 5) {
            try poll([item("other")], on: day)
            try retain(on: day)
        }
        #expect(try count("article") == 0 && count("story") == 1, "the alerted story keeps its id")
        #expect(try store.story(named: "stora")?.members == [])
    }

    @Test(
        "Delivered alerts and outages go after their time; what waits for delivery, and issues with their JSON, never")
    func parcels() throws {
        let early = Parcel(kind: .alert, stem: "alerts/2025-03-30/x", json: [1], decided: start)
        let waits = Parcel(kind: .alert, stem: "alerts/2025-03-30/y", json: [1], decided: start)
        let late = Parcel(kind: .digest, stem: "digests/2026-05-30", json: [2], decided: day(420))
        let issue = Parcel(kind: .digest, stem: "digests/2025-03-30", json: [2], decided: start)
        try store.publish(
            PublishedDigest(day: "2025-03-30", from: start, to: start, stem: issue.stem, filedTo: 0), as: issue,
            nextDue: start)
        try store.file { for parcel in [early, waits, late] { try $0.put(parcel) } }
        for parcel in [early, issue] { try store.markDelivered(parcel, at: start) }
        try store.markDelivered(late, at: day(420))
        for day in stride(from: 0, through: 430, by: 5) { try retain(on: day) }
        #expect(try store.parcel(stem: early.stem) == nil && store.parcel(stem: issue.stem) != nil)
        #expect(try store.parcel(stem: late.stem) != nil && store.undelivered() == [waits])
        #expect(try store.digest(day: "2025-03-30") != nil)
    }

    @Test("Cut off after any step, it ends in the same as in one go")
    func resumed() throws {
        for number in 0..<(Limits.retentionBatchMax * 2 + 7) { try file("n\(number)", on: number % 3) }
        var texts = 0
        for _ in 0..<20 {
            var retention = try Retention(store, keep: keep, now: day(95))
            texts += try retention.step()?.texts ?? 0
        }
        #expect(texts == Limits.retentionBatchMax * 2 + 7)
        let left = try store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM article WHERE instr(member, CAST('Two ships' AS BLOB))")
        }
        #expect(left == 0)
    }

    private func member(_ key: String) throws -> StoryMember {
        var found: StoryMember?
        try store.file { found = try $0.filed(MemberKey(source: "harbour", key: key))?.member }
        return try #require(found)
    }

    /// An article in a story of its own; that of `a` has alerted.
    private func file(_ key: String, on day: Int) throws {
        var article = Article()
        article.title = "Notice \(key)"
        article.paragraphs = ["Two ships left the harbour at night."]
        let member = StoryMember(
            source: "harbour", key: key, url: "https://harbour.example/notice/\(key)", article: article,
            firstSeen: self.day(day), readAt: self.day(day), relation: .first, topics: [], entities: [],
            strongEntities: [])
        try store.file { transaction in
            try transaction.open(story: "story\(key)", shownID: "stor\(key)", firstSeen: self.day(day))
            try transaction.add(member, IndexedArticle(member, fingerprint: .none), to: "story\(key)")
            if key == "a" { try transaction.markAlerted("storya", at: self.day(day)) }
        }
    }
}
