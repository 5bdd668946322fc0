import Glibc
import News

/// Writes what lies in the outbox into the readers' folders, once and whole.
///
/// Delivering a parcel again, after a crash at any point, ends in the same files with the same bytes: a file in place is
/// never rendered again. One process delivers into a folder at a time (the daemon holds the state lock).
public struct Publisher: Sendable {
    private let root: String
    private let markdown: MarkdownRenderer
    private let html: HTMLRenderer
    private let files: Files

    /// - Parameter root: The state folder, absolute or relative. Where it is gone nothing is delivered.
    public init(root: String, templates: Templates = .builtIn) throws {
        try self.init(root: root, templates: templates, beforeStep: { _ in })
    }

    /// - Parameter beforeStep: Called before each change of a file, with its name, so that tests can stop there.
    init(
        root: String, templates: Templates = .builtIn, beforeStep: @escaping @Sendable (String) throws -> Void
    ) throws {
        self.root = root
        markdown = try MarkdownRenderer(templates)
        html = try HTMLRenderer(templates)
        files = Files(beforeStep: beforeStep)
    }

    /// Writes `STEM.json`, `.md` and `.html`; for an alert of any kind then its line in `alerts/alerts.log`, for a digest
    /// `digests/latest.*`, unless a later issue stands there, the list of issues, `digests/index.html`, and the feed of their
    /// stories, `feeds/stories.atom`.
    ///
    /// Returns when everything is on the disk. Throws `DeliveryError`.
    /// - Parameter isLater: whether the issue of the first day, which stands there, came after that of the second.
    public func deliver(
        _ parcel: Parcel, isLater: (_ standing: CivilDate, _ day: CivilDate) throws -> Bool = { $0 > $1 }
    ) throws {
        let path = try path(of: parcel)
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        switch parcel.kind {
        case .alert:
            let alert: Alert = try decode(parcel, path)
            try place(parcel, path, folder, markdown: { markdown.render(alert) }, html: { html.render(alert) })
            try log(alert.logLine, parcel)
        case .more:
            let held: HeldAlerts = try decode(parcel, path)
            try place(parcel, path, folder, markdown: { markdown.render(held) }, html: { html.render(held) })
            try log(held.logLine, parcel)
        case .blind:
            let blind: BlindAlert = try decode(parcel, path)
            try place(parcel, path, folder, markdown: { markdown.render(blind) }, html: { html.render(blind) })
            try log(blind.logLine, parcel)
        case .indicator:
            let rise: IndicatorAlert = try decode(parcel, path)
            try place(parcel, path, folder, markdown: { markdown.render(rise) }, html: { html.render(rise) })
            try log(rise.logLine, parcel)
        case .digest:
            let digest: Digest = try decode(parcel, path)
            try place(parcel, path, folder, markdown: { markdown.render(digest) }, html: { html.render(digest) })
            try renewLatest(digest, path: path, folder: folder, isLater: isLater)
            try renewIndex(of: folder)
            try renewStories(of: folder)
        }
    }

    /// The files of a delivered parcel and their bytes, relative to the root; without those that have gone.
    public func files(of parcel: Parcel) throws -> [(name: String, bytes: [UInt8])] {
        let path = try path(of: parcel)
        return try [".json", ".md", ".html"].compactMap { suffix in
            try files.read(path + suffix).map { (parcel.stem + suffix, $0) }
        }
    }

    /// A file below the root; nil when there is none.
    public static func bytes(of file: String, in root: String) throws -> [UInt8]? {
        try Files(beforeStep: { _ in }).read("\(root)/\(file)")
    }

    private func makeFolders(of parcel: Parcel) throws {
        try files.makeFolders(parcel.stem.split(separator: "/").dropLast(), below: root)
    }

    /// The three forms, JSON first.
    private func place(
        _ parcel: Parcel, _ path: String, _ folder: String, markdown: () -> String, html: () -> String
    ) throws {
        try makeFolders(of: parcel)
        try files.removeLeftovers(in: folder)
        try files.place(parcel.json, at: path + ".json")
        try files.place(at: path + ".md") { Array(markdown().utf8) }
        try files.place(at: path + ".html") { Array(html().utf8) }
    }

    private func log(_ line: String, _ parcel: Parcel) throws {
        try files.append(line: line, id: parcel.stem, to: "\(root)/alerts/alerts.log")
    }

    /// Makes `alerts/alerts.atom` anew from the newest alerts, unless it stands there already: a function of these and of
    /// which embargoes are over.
    /// - Returns: when the next of their embargoes ends that keeps one of them out; nil when none does.
    public func renewFeed(_ newest: [Parcel], now: Timestamp) throws -> Timestamp? {
        let feed = AlertFeed(newest, now: now)
        let path = "\(root)/alerts/alerts.atom"
        // Where the last of them was forgotten the feed is emptied.
        if newest.isEmpty, (try? files.read(path)).flatMap({ $0 }) == nil { return nil }
        try files.makeFolders(["alerts"], below: root)
        try renew(path, with: Array(feed.text.utf8))
        return feed.nextEmbargoEnd
    }

    /// What stands in the issue's own files, for these were perhaps rendered by an earlier version.
    private func renewLatest(
        _ digest: Digest, path: String, folder: String, isLater: (CivilDate, CivilDate) throws -> Bool
    ) throws {
        let latest = "\(folder)/latest"
        if let bytes = try files.read("\(latest).json"),
            let standing = try? PublicJSON.decode(Digest.self, from: bytes),
            try isLater(standing.day, digest.day)
        {
            return
        }
        for suffix in [".md", ".html", ".json"] {
            guard let bytes = try files.read(path + suffix) else {
                throw DeliveryError(doing: "read", path: path + suffix, code: ENOENT)
            }
            try renew(latest + suffix, with: bytes)
        }
    }

    private func renewIndex(of folder: String) throws {
        let index = try IssueIndex(names: try files.names(in: folder, max: Limits.folderNamesMax)) { name in
            try files.readSmall("\(folder)/\(name)", bytesMax: Limits.issueBytesMax)
        }
        try renew("\(folder)/index.html", with: Array(html.render(index).utf8))
    }

    /// From the issues that stand in the folder, newest first, until the feed is full.
    private func renewStories(of folder: String) throws {
        var feed = StoriesFeed()
        let days = IssueIndex.days(of: try files.names(in: folder, max: Limits.folderNamesMax))
        for day in days.prefix(Limits.storiesFeedIssuesMax) where !feed.isFull {
            let json = try files.readSmall("\(folder)/\(day).json", bytesMax: Limits.issueBytesMax)
            if let digest = json.flatMap({ try? PublicJSON.decode(Digest.self, from: $0) }) { feed.add(digest) }
        }
        guard let text = feed.text else { return }
        try files.makeFolders(["feeds"], below: root)
        try renew("\(root)/feeds/stories.atom", with: Array(text.utf8))
    }

    private func renew(_ path: String, with bytes: [UInt8]) throws {
        if try files.read(path) != bytes { try files.replace(path, with: bytes) }
    }

    private func decode<Value: Decodable>(_ parcel: Parcel, _ path: String) throws -> Value {
        do {
            return try PublicJSON.decode(Value.self, from: parcel.json)
        } catch {
            throw DeliveryError(doing: "understand the JSON of", path: path, code: 0, detail: "\(error)")
        }
    }

    /// The stem is ours, but it comes out of a database: it must not lead out of the folder.
    private func path(of parcel: Parcel) throws -> String {
        let parts = parcel.stem.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.first != "."
                && part.utf8.allSatisfy { $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || isLetterOrDigit($0) }
        }
        let first = parcel.kind == .digest ? "digests" : "alerts"
        guard isPlain, (2...3).contains(parts.count), parts[0] == first, parcel.stem.utf8.count < 200 else {
            throw DeliveryError(doing: "place", path: parcel.stem, code: 0, detail: "not a place for a \(parcel.kind)")
        }
        return "\(root)/\(parcel.stem)"
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }
}
