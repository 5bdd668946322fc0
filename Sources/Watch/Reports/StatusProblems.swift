import News
import Publish
import Storage

/// What is wrong, by kind in the order in which an operator looks, the longest first within a kind.
struct StatusProblems {
    let reading: StateReading
    let ages: Ages
    let isRunning: Bool?
    /// Problems of a kind at most.
    let most: Int
    let disk: DiskUse?
    let setAside: [String]
    private let configured: [SourceID: Source]

    init(
        reading: StateReading, configuration: Configuration, ages: Ages, isRunning: Bool?, most: Int, disk: DiskUse?,
        setAside: [String]
    ) {
        self.reading = reading
        self.ages = ages
        self.isRunning = isRunning
        self.most = most
        self.disk = disk
        self.setAside = setAside
        configured = configuration.sourcesByID
    }

    func problems(_ sources: [Status.SourceStatus]) -> [Status.Problem] {
        let byState = Dictionary(grouping: sources, by: \.state)
        func longest(_ state: Status.SourceStatus.State, _ since: (Status.SourceStatus) -> Timestamp?)
            -> ArraySlice<Status.SourceStatus>
        {
            (byState[state] ?? []).sorted {
                (since($0)?.seconds ?? .min, $0.id) < (since($1)?.seconds ?? .min, $1.id)
            }.prefix(most)
        }
        return damage + space + longest(.blind, \.blindSince).map(blind)
            + longest(.neverRead, \.lastTried).map(neverRead)
            + longest(.resting, \.rest?.since).map(resting)
            + longest(.overdue, \.nextDue).map(overdue)
            + longest(.silent, \.newestEntry).map(silent)
            + deliveries.prefix(most) + pending + digest
    }

    /// It is told for as long as the file lies there: removing it is saying that it was seen.
    private var damage: [Status.Problem] {
        setAside.prefix(most).map { name in
            // What the database in use knows is of the newest.
            let loss = name == setAside.last ? reading.loss.map { "; \($0)" } ?? "" : ""
            return Status.Problem(
                kind: .damage, what: "the database was damaged and lies aside as \(name); feedwatch began anew\(loss)",
                advice:
                    "restore the newest backup (docs/service.md), or remove the file if you have none: this is told until then"
            )
        }
    }

    private var space: [Status.Problem] {
        guard let disk, disk.isLow else { return [] }
        let free = disk.free.map { StatusText.size($0) } ?? "little"
        let files = disk.freeFiles.map { $0 < 1000 ? " and room for \(Words.count($0, "file"))" : "" } ?? ""
        return [
            Status.Problem(
                kind: .disk, what: "the state's disk has \(free)\(files) free",
                advice:
                    "make room, \(StatusText.size(disk.neededFree)) at least: on a full disk nothing is stored or delivered "
                    + "until there is; keep: in feedwatch.yaml shortens what the database keeps")
        ]
    }

    private func blind(_ source: Status.SourceStatus) -> Status.Problem {
        let since = source.blindSince ?? ages.now
        let never = source.lastRead == nil ? ", never yet read" : ""
        let why = source.fault.flatMap { CleanText.shown($0.detail) } ?? "no answer"
        // Trouble of the network is not counted against the source.
        let tries = source.failures == 0 ? "not reached" : Words.count(source.failures, "failure")
        let rest = source.rest.map { "; put off until \(ages.wall($0.until)): \($0.words)" } ?? ""
        return Status.Problem(
            kind: .blind, source: source.id, since: since, failures: source.failures,
            what: "blind since \(ages.wall(since)) (\(ages.since(since)), "
                + "\(tries)\(never)): \(why)\(rest)",
            advice: FaultAdvice.words(for: source.fault))
    }

    private func neverRead(_ source: Status.SourceStatus) -> Status.Problem {
        Status.Problem(
            kind: .neverRead, source: source.id, what: "never yet read",
            advice: isRunning == true ? "its first poll is to come" : startIt)
    }

    private func resting(_ source: Status.SourceStatus) -> Status.Problem {
        let never = source.lastRead == nil ? ", never yet read" : ""
        let rest = source.rest.map { "until \(ages.wall($0.until)): \($0.words)" } ?? ""
        return Status.Problem(
            kind: .resting, source: source.id, since: source.rest?.since, what: "put off\(never) \(rest)",
            advice: "it is asked by itself after that; if it goes on, raise the interval of the sources of that domain")
    }

    private func overdue(_ source: Status.SourceStatus) -> Status.Problem {
        let due = source.nextDue ?? ages.now
        return Status.Problem(
            kind: .overdue, source: source.id, since: due, what: "was due \(ages.both(due))", advice: late)
    }

    private func silent(_ source: Status.SourceStatus) -> Status.Problem {
        let expected = configured[source.id]?.expectEvery ?? .zero
        let habit = "something is expected every \(Words.habit(seconds: Int(expected.components.seconds)))"
        let newest =
            source.newestEntry.map { "its newest entry is \(ages.since($0)) old" } ?? "it never listed an entry"
        return Status.Problem(
            kind: .silent, source: source.id, since: source.newestEntry, what: "\(newest), \(habit)",
            advice: "look whether the outlet goes on elsewhere, or change expect:")
    }

    private var deliveries: [Status.Problem] {
        var told = reading.parcels.filter { $0.fault != nil || ages.now - $0.decided > Status.waitMax }.map { parcel in
            Status.Problem(
                kind: .delivery, since: parcel.decided, failures: parcel.attempts,
                what: "\(parcel.stem) of \(ages.wall(parcel.decided)) is not delivered: "
                    + (parcel.fault.flatMap { CleanText.shown($0) } ?? "it was not tried yet"),
                advice: parcel.fault == nil ? late : "")
        }
        if reading.waiting > reading.parcels.count {
            told.append(
                Status.Problem(
                    kind: .delivery,
                    what: "\(Words.number(reading.waiting - reading.parcels.count)) more wait behind them",
                    advice: ""))
        }
        told += reading.sendings.map { sending in
            let end = sending.next.map { "it is tried again \(ages.both($0))" } ?? "it was given up"
            return Status.Problem(
                kind: .delivery, since: sending.since, failures: sending.attempts,
                what:
                    "\(sending.stem) is not sent by \(sending.way): \(CleanText.shown(sending.fault) ?? "unknown"); \(end)",
                advice: sending.next == nil
                    ? "mend \(sending.way): in feedwatch.yaml; a start or reload tries it again" : "")
        }
        if let fault = reading.feedFault {
            let words = CleanText.shown(fault.words) ?? "unknown"
            told.append(
                Status.Problem(
                    kind: .delivery, since: fault.since, what: "alerts/alerts.atom is not written: \(words)", advice: ""
                ))
        }
        return told
    }

    private var pending: [Status.Problem] {
        reading.pending.lazy.filter { ages.now - $0.oldest > Status.waitMax }.prefix(most).map { item in
            Status.Problem(
                kind: .pending, source: item.source, since: item.oldest,
                what: "\(Words.count(item.count, "entry waits", "entries wait")) to be filed, "
                    + "the oldest since \(ages.wall(item.oldest)) (\(ages.since(item.oldest)))",
                advice: configured[item.source] != nil
                    ? late : "the source is no longer configured: they are filed when it is put back")
        }
    }

    private var digest: [Status.Problem] {
        guard let due = reading.digestDue, due + Status.grace < ages.now else { return [] }
        return [
            Status.Problem(
                kind: .digest, since: due, what: "the digest was due \(ages.both(due))", advice: late)
        ]
    }

    private var late: String {
        isRunning == true ? "look into the log: it is running and late" : startIt
    }

    private var startIt: String { "start it: \"feedwatch run\" stays, \"feedwatch once\" makes one pass" }
}
