import News
import Publish
import Storage

/// `feedwatch story`: finds a story and tells how it came together. Writes nothing.
public struct StoryTeller: Sendable {
    private let state: StateFolder
    private let sources: [SourceID: Source]
    private let ages: Ages

    /// - Throws: `ZoneError` for the zone.
    public init(_ configuration: Configuration, state: StateFolder, clock: WallClock) throws {
        self.state = state
        sources = configuration.sourcesByID
        ages = Ages(now: clock.now(), zone: try ZoneFile.load(configuration.settings.timezone))
    }

    /// - Parameter subject: a story's id, or the address of an article that was filed.
    /// - Throws: `UnknownName`, `StoreError`.
    public func account(of subject: String) throws -> StoryAccount {
        let store = try Store.reading(ofStateIn: state)
        let story =
            try subject.contains("://")
            ? store?.story(at: WebURL.spellings(of: subject)) : store?.story(named: subject)
        guard let story else { throw try Muting.unknown(subject, among: store?.shownIDs(limit: 20_000) ?? []) }
        return StoryAccount(story, sources: sources)
    }

    public func lines(_ account: StoryAccount) -> [StyledLine] { StoryAccountText(account: account, ages: ages).lines }
}

/// A story's account in words.
struct StoryAccountText {
    let account: StoryAccount
    let ages: Ages

    var lines: [StyledLine] {
        var lines = [head]
        if account.articles.isEmpty { lines.append(ExplanationText.gone) }
        if let at = account.alertedAt { lines.append(StyledLine("Alerted \(ages.both(at))")) }
        if !account.texts.isEmpty { lines += [StyledLine(), StyledLine("Texts", .heading)] }
        for (index, text) in account.texts.enumerated() { lines.append(StyledLine("\(index + 1). \(words(text))")) }
        if !account.articles.isEmpty { lines += [StyledLine(), StyledLine("In the order of time", .heading)] }
        for article in account.articles { lines += self.lines(article) }
        return lines
    }

    private var head: StyledLine {
        let newsrooms =
            account.newsroomsAtLeast == 0
            ? "no newsroom known by name" : "at least \(Words.count(account.newsroomsAtLeast, "newsroom"))"
        return StyledLine("Story \(account.shownID)", .heading)
            + StyledLine(
                ", first seen \(ages.both(account.firstSeen)): \(Words.count(account.articles.count, "article")), "
                    + "\(Words.count(account.texts.count, "text")), \(newsrooms)")
    }

    private func words(_ text: PublishedText) -> String {
        let origin = text.origin ?? "origin not stated"
        var words = "\(origin) (\(text.kind.rawValue)\(text.isOwn ? ", its own" : ""))"
        if !text.isOwn || text.outlets.count > 1 { words += ", in \(text.outlets.joined(separator: ", "))" }
        if let newsroom = text.relays { words += "; passes on what \(newsroom) reported" }
        if text.uncredited > 0 { words += "; not credited in \(text.uncredited) of them" }
        return words
    }

    private func lines(_ article: StoryAccount.Item) -> [StyledLine] {
        let member = article.member
        let place = article.text.map { ", text \($0 + 1)" } ?? ""
        let relation = member.relation == .first ? "opened the story" : member.relation.rawValue
        var lines = [
            StyledLine("\(ages.dayAndTime(member.firstSeen))  ") + StyledLine(member.outlet, .heading)
                + StyledLine(" · \(relation)\(place)"),
            StyledLine("  \(member.title ?? "(no headline)")"),
        ]
        if let url = member.url { lines.append(StyledLine("  \(url)", .faint)) }
        let origin = [
            member.dateline.map { "dateline \($0)" }, member.credit.map { "credits \($0)" },
            member.published.map { "published \(ages.dayAndTime($0))" },
        ].compactMap { $0 }
        if !origin.isEmpty { lines.append(StyledLine("  \(origin.joined(separator: ", "))")) }
        if !article.why.isEmpty { lines.append(StyledLine("  Here: \(article.why)")) }
        for change in member.changes { lines += self.lines(change) }
        return lines
    }

    private func lines(_ change: PublishedChange) -> [StyledLine] {
        let word =
            change.isWithdrawn == true ? "withdrawn" : change.isCorrection ? "corrected" : "changed without notice"
        let head = StyledLine("  Version \(change.version), \(ages.both(change.at)), \(word)")
        let title = change.title.map { [StyledLine("    headline: \(Self.words($0))")] } ?? []
        let more = change.more.map { [StyledLine("    and \(Words.count($0, "more sentence"))")] } ?? []
        return [head] + title + change.words.map { StyledLine("    \(Self.words($0))") } + more
    }

    private static func words(_ change: WordChange) -> String {
        if change.old.isEmpty { return "new: “\(change.new)”" }
        return change.new.isEmpty ? "gone: “\(change.old)”" : "“\(change.old)” → “\(change.new)”"
    }
}
