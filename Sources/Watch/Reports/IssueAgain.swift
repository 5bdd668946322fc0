import News
import Publish
import Storage

/// `feedwatch digest --again`: what the database says now of an issue's window, beside the record. Nothing is written.
public struct IssueAgain: Sendable {
    public let difference: DigestDifference
    private let stem: String
    /// Files of the issue that are not as they were published, in words.
    private let altered: [String]
    private let ages: Ages

    /// - Parameter day: local date of an issue, `2025-03-30`; nil is the last one's.
    /// - Throws: `StateError` where that day has no issue, or its record is no longer kept; `StoreError`.
    public init(of day: String?, _ issue: DailyIssue, state: StateFolder) throws {
        guard let record = try day.map(issue.store.digest(day:)) ?? issue.store.lastDigest() else {
            throw StateError(
                code: .failed, detail: "there is no issue of \(day ?? "any day yet") – see digests/index.html")
        }
        guard let parcel = try issue.store.parcel(stem: record.stem) else {
            throw StateError(
                code: .failed, detail: "the record of \(record.day) is no longer kept; its files stand in digests/")
        }
        difference = DigestDifference(
            record: try PublicJSON.decode(Digest.self, from: parcel.json), again: try issue.again(record))
        stem = record.stem
        altered = AlteredFiles.find(try issue.store.publishedFiles(of: record.day), in: state).map(\.words)
        ages = Ages(now: issue.clock.now(), zone: issue.zone)
    }

    public var lines: [StyledLine] {
        let then = Words.count(difference.storiesThen, "story", "stories")
        var lines = [
            StyledLine(stem, .heading)
                + StyledLine(
                    ", published \(ages.dayAndTime(difference.published)): \(then) then, \(difference.storiesNow) now")
        ]
        lines += altered.map { StyledLine($0, .bad) }
        if difference.isEmpty { return lines + [StyledLine("The database says the same.")] }
        lines += difference.added.map { StyledLine("+ \(item($0))") }
        lines += difference.removed.map { StyledLine("- \(item($0))") }
        for story in difference.changed {
            lines.append(StyledLine("~ \(story.shownID)  \(story.title)"))
            lines += story.changes.map { StyledLine("    \($0.what.rawValue): \($0.then) → \($0.now)") }
        }
        return lines
    }

    private func item(_ item: DigestDifference.Item) -> String {
        "\(item.shownID)  \(item.title)  (first seen \(ages.dayAndTime(item.firstSeen)))"
    }
}

/// A file of a published issue that is not as it was.
struct AlteredFile: Sendable, Hashable {
    var name: String
    /// `was removed`, `was changed`, `cannot be read: …`
    var how: String

    var words: String { "\(name) \(how) after it was published" }
}

enum AlteredFiles {
    /// Looks at each of these files; they are only read.
    static func find(_ files: [PublishedFile], in state: StateFolder) -> [AlteredFile] {
        files.compactMap { file in
            do {
                guard let bytes = try Publisher.bytes(of: file.name, in: state.path) else {
                    return AlteredFile(name: file.name, how: "was removed")
                }
                return Hash.hex(bytes) == file.sha256 ? nil : AlteredFile(name: file.name, how: "was changed")
            } catch {
                return AlteredFile(name: file.name, how: "cannot be read: \(error)")
            }
        }
    }
}
