import Foundation
import News
import Publish
import Storage

/// At a start: do readers have files that the database knows nothing of? After a restore of an older backup they do, and
/// after a database was lost; what they say has been told, and is not told again.
struct Reconciling {
    let store: Store
    let files: PublishedFiles
    let now: Timestamp

    init(store: Store, state: StateFolder, now: Timestamp) {
        self.store = store
        files = PublishedFiles(root: state.path)
        self.now = now
    }

    /// - Returns: how many files were taken over.
    func run() throws -> Int {
        // Folders have local dates, which differ from UTC's by a day at most.
        let since = try store.knowsFilesUntil(now: now) - .seconds(86_400)
        let day = CivilDate(daysSince1970: Int(since.seconds / 86_400))
        let records = try store.unknown(files.stems(since: day)).compactMap { stem in
            files.json(of: stem).flatMap { Self.record(stem, $0) }
        }
        if !records.isEmpty { try store.takeOver(records, at: now) }
        return records.count
    }

    /// What a file says, whatever kind of alert or issue it is; nil for what is none.
    static func record(_ stem: String, _ json: [UInt8]) -> PublishedRecord? {
        guard let document = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any],
            document["schema"] is Int
        else { return nil }
        let isIssue = stem.hasPrefix("digests/")
        let window = document["window"] as? [String: Any]
        let issue = (document["day"] as? String).flatMap { day in
            time(window?["from"]).flatMap { from in time(window?["to"]).map { (day: day, from: from, to: $0) } }
        }
        guard isIssue ? issue.map({ "digests/\($0.day)" == stem }) ?? false : time(document["decided"]) != nil
        else { return nil }
        return PublishedRecord(
            stem: stem, stories: stories(in: document), decided: isIssue ? nil : time(document["decided"]),
            issue: isIssue ? issue : nil)
    }

    /// Every object with a story's keys, wherever it stands: one in an alert, many in an issue.
    private static func stories(in document: [String: Any]) -> [PublishedRecord.Story] {
        var stories: [PublishedRecord.Story] = []
        var open: [Any] = [document]
        while let value = open.popLast() {
            if let list = value as? [Any] { open += list }
            guard let object = value as? [String: Any] else { continue }
            guard let id = object["id"] as? String, let shown = object["shown_id"] as? String,
                let members = object["members"] as? [[String: Any]], let seen = time(object["first_seen"])
            else {
                open += object.values
                continue
            }
            let urls = members.compactMap { $0["url"] as? String }
            stories.append(PublishedRecord.Story(id: id, shownID: shown, firstSeen: seen, urls: urls))
        }
        return stories.sorted { $0.id < $1.id }
    }

    private static func time(_ value: Any?) -> Timestamp? { (value as? String).flatMap(Timestamp.init(rfc3339:)) }
}
