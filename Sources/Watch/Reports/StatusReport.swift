import Foundation
import News
import Publish
import Storage

/// What `feedwatch status` says, beside a running daemon or without one: nothing is written.
public struct StatusReport: Sendable {
    public let status: Status
    let ages: Ages
    private let databasePath: String

    /// - Throws: `StoreError` for a database that cannot be read, `StateError` or `ZoneError` for the zone. A state without
    ///   a database is one in which nothing has happened.
    public init(_ configuration: Configuration, state: StateFolder, clock: WallClock) throws {
        let now = clock.now()
        let zone = try ZoneFile.load(configuration.settings.timezone)
        ages = Ages(now: now, zone: zone)
        databasePath = state.database
        let store = try Store.reading(ofStateIn: state)
        let reading = try store?.reading(at: now) ?? StateReading()
        var status = Status.compose(
            reading, configuration, zone: zone, now: now, isRunning: state.isInUse(), disk: .measure(state),
            setAside: Store.setAside(of: state.database))
        let published = try store?.publishedFiles(ofLast: Limits.recordIssuesMax) ?? []
        status.problems += AlteredFiles.find(published, in: state).map { file in
            Status.Problem(
                kind: .record, what: file.words,
                advice: "it is left as it is; \"feedwatch digest --again DAY\" shows what the database has")
        }
        if let store, configuration.settings.indicators.contains(where: { $0.alert != nil }) {
            let unable = Status.IndicatorUnable.find(configuration, try store.indicatorSight(at: now), now: now)
            status.indicatorsUnable = unable.isEmpty ? nil : unable
        }
        self.status = status
    }

    public var lines: [StyledLine] { StatusText(status: status, ages: ages, databasePath: databasePath).lines }
}

extension Store {
    /// The database for reading; nil while there is none.
    static func reading(ofStateIn folder: StateFolder) throws(StoreError) -> Store? {
        try Membership.judge(folder.database)
        guard FileManager.default.fileExists(atPath: folder.database) else { return nil }
        return try Store(path: folder.database, readOnly: true)
    }
}

/// What `feedwatch status --source ID` says. The public JSON.
public struct SourceReport: Sendable, Encodable {
    public var schema = 1
    public var now: Timestamp
    public var url: String
    /// Whether conditional requests can be made with an ETag, and with a Last-Modified.
    public var hasETag: Bool
    public var hasLastModified: Bool
    /// Nil when it is no longer configured.
    public var enabled: Bool?
    public var because: String?
    public var advice: String?
    public var baselineAt: Timestamp?
    public var entries: Int
    /// What its entries are known by, and whether that is so because its ids were seen to change.
    public var ids: Source.IDs
    public var changesIDs: Bool
    public var markupFaults: [MarkupFault]
    public var status: Status.SourceStatus
    public var recent: [KnownEntry]
    private let ages: Ages

    enum CodingKeys: String, CodingKey {
        case schema, now, url, enabled, because, advice, entries, ids, status, recent
        case changesIDs = "changes_ids"
        case hasETag = "has_etag"
        case hasLastModified = "has_last_modified"
        case baselineAt = "baseline_at"
        case markupFaults = "markup_faults"
    }

    /// - Throws: `UnknownName` for a source that is neither configured nor known; else as `StatusReport`.
    public init(of id: SourceID, _ configuration: Configuration, state: StateFolder, clock: WallClock) throws {
        now = clock.now()
        ages = Ages(now: now, zone: try ZoneFile.load(configuration.settings.timezone))
        let source = configuration.sources.first { $0.id == id }
        let record = try Store.reading(ofStateIn: state)?.record(of: id, at: now)
        guard source != nil || record != nil else {
            throw UnknownName(
                "source", id, among: configuration.sources.map(\.id), hint: "\"feedwatch sources\" lists all")
        }
        url = source?.url ?? record?.url ?? ""
        enabled = source?.enabled
        because = source?.because
        // Another address in the configuration is asked without the old one's validators.
        let isSame = record?.url == url
        hasETag = isSame && record?.validators.etag != nil
        hasLastModified = isSame && record?.validators.lastModified != nil
        baselineAt = record?.baselineAt
        entries = record?.entries ?? 0
        changesIDs = record?.changesIDs ?? false
        ids = source?.ids ?? (changesIDs ? .address : .feed)
        recent = record?.recent ?? []
        let health = record?.health ?? SourceHealth(source: id)
        markupFaults = health.markupFaults
        status = Status.SourceStatus(source ?? Source(id: id, url: url), health, now: now)
        advice = status.blindSince == nil ? nil : FaultAdvice.words(for: status.fault)
    }

    public var lines: [StyledLine] {
        let name = status.name == status.id ? "" : " · \(status.name)"
        var lines = [StyledLine(status.id + name, .heading)]
        func row(_ label: String, _ text: String, _ style: StyledLine.Style = .plain) {
            lines.append(
                (StyledLine("  " + DisplayWidth.padded(label, to: 12)) + StyledLine(text, style)).asRunningText)
        }
        row("address", url)
        if enabled == nil { row("state", "no longer configured", .bad) }
        if enabled == false { row("state", "switched off" + (because.map { ": \($0)" } ?? "")) }
        if enabled == true { row("state", status.state.rawValue, status.state == .ok ? .plain : .bad) }
        row("read", status.lastRead.map(ages.both) ?? "never")
        if status.lastTried != status.lastRead, let tried = status.lastTried { row("tried", ages.both(tried)) }
        row("next", status.nextDue.map(ages.both) ?? "not planned")
        if let rest = status.rest {
            row("put off", "until \(ages.wall(rest.until)): \(rest.words), since \(ages.wall(rest.since))", .bad)
        }
        if let since = status.blindSince {
            let tries = status.failures == 0 ? "not reached" : Words.count(status.failures, "failure")
            row("blind since", "\(ages.wall(since)) (\(ages.since(since)), \(tries))", .bad)
        }
        if let fault = status.fault { row("fault", "\(fault.stage), \(fault.code): \(fault.detail)", .bad) }
        if let advice { row("", "→ \(advice)") }
        for fault in markupFaults { row("document", "\(fault.code): \(fault.detail)") }
        row("validators", validators)
        row("last 24 h", "\(Words.number(status.listedLastDay)) listed, \(Words.number(status.newLastDay)) new")
        row("entries", "\(Words.number(entries)) known" + (baselineAt.map { ", first read \(ages.wall($0))" } ?? ""))
        if changesIDs || ids == .address {
            let why = changesIDs ? "its ids change from document to document, or are used again" : "as configured"
            row(
                "known by",
                ids == .address ? "their addresses: \(why)" : "their ids, as configured, though these change")
        }
        row("newest", ages.relative(status.newestEntry))
        return lines + recentLines
    }

    private var validators: String {
        switch (hasETag, hasLastModified) {
        case (true, true): "ETag and Last-Modified"
        case (true, false): "ETag"
        case (false, true): "Last-Modified"
        case (false, false): "none: every read transfers the whole document"
        }
    }

    private var recentLines: [StyledLine] {
        guard !recent.isEmpty else { return [] }
        var table = TextTable(["FIRST SEEN", "STATE", "STORY", "ENTRY"])
        table.rows = recent.map {
            [
                .init(ages.relative($0.firstSeen)), .init($0.state.rawValue), .init($0.story ?? "–"),
                .init($0.title ?? $0.key),
            ]
        }
        return [StyledLine()] + table.lines
    }
}
