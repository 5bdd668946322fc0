import Markup
import News
import Storage

/// What a poll has read, whatever kind of document it was.
struct SourceDocument: Sendable {
    var feed: Feed
    /// The document that was asked for says by itself whether anything is new; an index of sitemaps may not.
    var isWhole = true
    /// It ends in the middle of something.
    var isTruncated: Bool { feed.faults.contains { $0.code == "truncated" } }
}

/// One of the sitemaps that an index names, as far as it could be read.
struct SitemapChild: Sendable {
    var sitemap: Sitemap
    /// The bytes that were read of one that goes on beyond them.
    var cutAt: Int?
    /// Its server has said where it ends.
    var endIsKnown = true

    /// What is wrong with it, and with which one; `feed` is its own.
    func faults(_ feed: Feed, _ url: String) -> [MarkupFault] {
        let own = feed.faults.map { MarkupFault($0.code, "\(url): \($0.detail)") }
        guard let cutAt else { return own }
        let cut = MarkupFault.cut(url, limit: cutAt, taken: feed.entries.count, isSitemap: true)
        return [cut] + own.filter { $0.code != "truncated" }
    }

    /// Asked for again it may be longer: it may have broken off on its way.
    func mayBeMore(than feed: Feed) -> Bool {
        cutAt == nil && !endIsKnown && feed.faults.contains { $0.code == "truncated" }
    }
}

/// Reads the sitemaps that an index names, one level deep.
enum SitemapChildren {
    /// - Returns: all their entries, newest first, at most `Limits.entriesMax`; a child that could not be read is a fault.
    /// - Throws: what the first child threw when none could be read, `CancellationError`; `no-entries` for an empty index.
    static func read(
        _ index: SitemapIndex, _ child: (_ url: String) async throws -> SitemapChild
    ) async throws -> SourceDocument {
        var whole = Feed(format: .sitemap)
        whole.faults = index.faults
        var failure: (any Error)?
        var reads = 0
        var isWhole = index.tellsChanges
        for url in index.children {
            do {
                let child = try await child(url)
                guard case .addresses(let feed) = child.sitemap else {
                    whole.faults.append(MarkupFault("sitemap-depth", "\(url) is an index within an index, not read"))
                    continue
                }
                reads += 1
                whole.entries += feed.entries
                whole.faults += child.faults(feed, url)
                if child.mayBeMore(than: feed) { isWhole = false }
            } catch {
                if Task.isCancelled || error is CancellationError { throw CancellationError() }
                failure = failure ?? error
                isWhole = false
                let why = Fault(.parse, error).detail
                whole.faults.append(MarkupFault("sitemap-child", why.hasPrefix(url) ? why : "\(url): \(why)"))
            }
        }
        guard reads > 0 else {
            throw failure ?? MarkupError(code: "no-entries", detail: "an index of sitemaps that names none to read")
        }
        if whole.entries.count > Limits.entriesMax {
            whole.faults.append(
                MarkupFault(
                    "too-many-entries",
                    "\(whole.entries.count) addresses in \(reads) sitemaps; the newest \(Limits.entriesMax) are taken"))
            whole.entries = newest(whole.entries)
        }
        // What was not read goes before what is odd in what was.
        let unread: Set = ["cut", "sitemap-child", "too-many-entries"]
        let faults = [true, false].flatMap { isUnread in whole.faults.filter { unread.contains($0.code) == isUnread } }
        whole.faults = Array(faults.prefix(Limits.faultsMax))
        return SourceDocument(feed: whole, isWhole: isWhole)
    }

    private static func newest(_ entries: [Entry]) -> [Entry] {
        let times = entries.map { max($0.published?.seconds ?? .min, $0.updated?.seconds ?? .min) }
        let order = entries.indices.sorted { times[$0] == times[$1] ? $0 < $1 : times[$0] > times[$1] }
        return order.prefix(Limits.entriesMax).map { entries[$0] }
    }
}

extension Polling {
    /// What is said of a listing page that gave nothing: how many links there were, and how to look.
    func fault(ofPage error: MarkupError, _ source: Source, _ known: PollState) -> Fault {
        guard error.code == "no-links" else { return Fault(.parse, error) }
        let before =
            known.listed == 0
            ? "and never were" : "where there were \(known.listed) last time"
        let links =
            (source.links.select.map { " --select '\($0)'" } ?? "") + (source.privateHosts ? " --private-hosts" : "")
        return Fault(
            stage: Stage.parse.rawValue, code: error.code,
            detail: "no links \(before): \(error.detail); see \"feedwatch links\(links) \(source.url)\"")
    }
}
