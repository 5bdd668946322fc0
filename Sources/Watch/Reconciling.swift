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
        if stem.hasPrefix("digests/") {
            let window = document["window"] as? [String: Any]
            guard let day = document["day"] as? String, "digests/\(day)" == stem, let from = time(window?["from"]),
                let to = time(window?["to"])
            else { return nil }
            return PublishedRecord(stem: stem, content: .issue(stories(in: document), day: day, from: from, to: to))
        }
        guard let decided = time(document["decided"]) else { return nil }
        if document["kind"] as? String == "blind" {
            return PublishedRecord(stem: stem, content: .blind(blindSources(document["sources"])))
        }
        if document["kind"] as? String == "indicator" {
            guard let id = document["id"] as? String, let to = time((document["window"] as? [String: Any])?["to"])
            else { return nil }
            return PublishedRecord(
                stem: stem, content: .indicator(id, IndicatorRise.Told(at: to, decided: decided, file: stem)))
        }
        return PublishedRecord(stem: stem, content: .alert(stories(in: document), decided: decided))
    }

    /// Every object with a story's keys, wherever it stands: one in an alert, many in an issue.
    private static func stories(in document: [String: Any]) -> [PublishedRecord.Story] {
        var stories: [PublishedRecord.Story] = []
        var open: [Any] = [document]
        while let value = open.popLast() {
            if let list = value as? [Any] { open += list }
            guard let object = value as? [String: Any] else { continue }
            if let told = object["story"] as? [String: Any], var story = story(told) {
                note(object["update_of"] as? [String: Any], in: &story)
                stories.append(story)
            } else if let story = story(object) {
                stories.append(story)
            } else {
                open += object.values
            }
        }
        return stories.sorted { $0.id < $1.id }
    }

    private static func story(_ object: [String: Any]) -> PublishedRecord.Story? {
        guard let id = object["id"] as? String, let shown = object["shown_id"] as? String,
            let seen = time(object["first_seen"])
        else { return nil }
        let articles = objects(object["members"]).compactMap { member in
            (member["url"] as? String).map { PublishedRecord.Article(url: $0, title: member["title"] as? String) }
        }
        var story = PublishedRecord.Story(
            id: id, shownID: shown, title: object["title"] as? String, firstSeen: seen, articles: articles)
        let topics = objects(object["topics"])
        story.topics = topics.compactMap { $0["id"] as? String }
        story.entities = topics.flatMap { objects($0["evidence"]) }.filter { $0["strength"] as? String == "strong" }
            .compactMap { $0["entity"] as? String }
        return story
    }

    private static func note(_ update: [String: Any]?, in story: inout PublishedRecord.Story) {
        guard let update else { return }
        story.why = (update["why"] as? [String] ?? []).compactMap(Topic.Again.Reason.init(rawValue:))
        if let file = update["file"] as? String, !file.isEmpty, let at = time(update["alerted_at"]) {
            story.first = AlertLife.Told(file: file, at: at, why: [])
        }
        let new = update["new"] as? [String: Any]
        story.entities += objects(new?["entities"]).compactMap { $0["id"] as? String }
    }

    private static func blindSources(_ list: Any?) -> [PublishedRecord.BlindSource] {
        objects(list).compactMap { source in
            guard let id = source["id"] as? String, let since = time(source["since"]) else { return nil }
            return PublishedRecord.BlindSource(id: id, since: since, until: time(source["until"]))
        }
    }

    private static func objects(_ list: Any?) -> [[String: Any]] { list as? [[String: Any]] ?? [] }

    private static func time(_ value: Any?) -> Timestamp? { (value as? String).flatMap(Timestamp.init(rfc3339:)) }
}
