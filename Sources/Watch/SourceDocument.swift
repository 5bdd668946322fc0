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

/// Reads the sitemaps that an index names, one level deep.
enum SitemapChildren {
    /// - Returns: all their entries, newest first, at most `Limits.entriesMax`; a child that could not be read is a fault.
    /// - Throws: what the first child threw when none could be read, `CancellationError`; `no-entries` for an empty index.
    static func read(
        _ index: SitemapIndex, _ child: (_ url: String) async throws -> Sitemap
    ) async throws -> SourceDocument {
        var whole = Feed(format: .sitemap)
        whole.faults = index.faults
        var failure: (any Error)?
        var reads = 0
        for url in index.children {
            do {
                guard case .addresses(let feed) = try await child(url) else {
                    whole.faults.append(MarkupFault("sitemap-depth", "\(url) is an index within an index, not read"))
                    continue
                }
                reads += 1
                whole.entries += feed.entries
                whole.faults += feed.faults
            } catch {
                if Task.isCancelled || error is CancellationError { throw CancellationError() }
                failure = failure ?? error
                whole.faults.append(MarkupFault("sitemap-child", "\(url): \(Fault(.parse, error).detail)"))
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
        whole.faults = Array(whole.faults.prefix(Limits.faultsMax))
        return SourceDocument(feed: whole, isWhole: index.tellsChanges && failure == nil)
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
