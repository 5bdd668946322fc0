import Glibc
import News
import Publish
import Storage

/// What `feedwatch status --check` says: one line, and whether something is wrong now (docs/monitoring.md lists what).
public struct HealthCheck: Sendable, Hashable {
    public enum Verdict: String, Sendable, Hashable {
        case ok, wrong
        /// It could not be looked at now.
        case unknown
    }

    public var verdict: Verdict
    /// Without an end of line.
    public var line: String

    /// Sources that are named for one reason.
    private static let namesMax = 3
    private static let lineBytesMax = 1000
    /// What is due and not done for so long is no matter of a busy hour.
    static let late = Duration.seconds(Limits.lateSeconds)
    /// One source may be down for a day. Most of them at once are this machine's own network, or its resolver.
    static let mostBlindMax = Duration.seconds(30 * 60)
    /// A service that is well says so every minute, and its scheduler turns every 15 seconds.
    static let silenceMax = Duration.seconds(300)
    static let beatAgeMax = 120

    /// Looks at the state, beside a running daemon or without one.
    /// - Parameters:
    ///   - environment: for `RUNTIME_DIRECTORY`.
    ///   - needsService: a service that does not run, or hangs, is wrong, too.
    public init(
        _ configuration: Configuration, state: StateFolder, environment: [String: String], clock: WallClock,
        needsService: Bool
    ) {
        guard access(state.database, R_OK) == 0 else {
            // Who may not look knows neither that it is there nor that it is not.
            if errno == EACCES {
                self.init(.unknown, ["\(state.database) may not be read by this user – \(Membership.advice)"])
            } else {
                self.init(.wrong, ["nothing was ever polled: there is no \(state.database)"])
            }
            return
        }
        do {
            let report = try StatusReport(configuration, state: state, clock: clock)
            let service = needsService ? RuntimeFolder.lastStatus(of: state, environment: environment) : nil
            self.init(
                report.status, ages: report.ages, configured: Set(configuration.sources.map(\.id)),
                service: needsService ? .asked(service, heldSince: state.heldSince) : .notAsked)
        } catch let error as StoreError where error.code == "locked" {
            self.init(.unknown, ["\(error)"])
        } catch {
            self.init(.wrong, ["\(error)"])
        }
    }

    /// What is known of the service: nothing was asked, or what it last said of itself, and since when the lock is held.
    enum Service: Sendable {
        case notAsked
        case asked(StatusFile?, heldSince: Timestamp? = nil)
    }

    /// Judges, purely.
    init(_ status: Status, ages: Ages, configured: Set<SourceID>, service: Service) {
        let finder = HealthFinder(status: status, ages: ages, configured: configured)
        var wrong: [String] = []
        if case .asked(let last, let heldSince) = service { wrong += finder.service(last, heldSince) }
        wrong += finder.sources + finder.readers
        self.init(wrong.isEmpty ? .ok : .wrong, wrong.isEmpty ? finder.summary : wrong)
    }

    /// `|` would begin the figures of a monitoring plugin.
    private init(_ verdict: Verdict, _ parts: [String]) {
        self.verdict = verdict
        let text = "feedwatch \(verdict.rawValue): \(parts.joined(separator: verdict == .ok ? ", " : "; "))"
        line = CleanText.line(text.replacing("|", with: "/"), bytesMax: Self.lineBytesMax)
    }

    /// The same line for a configuration that cannot be used.
    public static let faultyConfiguration =
        "feedwatch unknown: the configuration has faults – \"feedwatch check\" names them"

    fileprivate static func named(_ sources: [Status.SourceStatus]) -> String {
        let names = sources.prefix(namesMax).map(\.id).joined(separator: ", ")
        return sources.count > namesMax ? "\(names) and \(Words.number(sources.count - namesMax)) more" : names
    }
}

/// What is wrong enough for somebody to be told of it now.
private struct HealthFinder {
    let status: Status
    let ages: Ages
    let configured: Set<SourceID>

    /// The kernel's list of locks may be hidden; then its own word counts, while it is fresh.
    func service(_ last: StatusFile?, _ heldSince: Timestamp?) -> [String] {
        let silence = last.map { ages.now - $0.status.now }
        let isFresh = silence.map { $0 <= HealthCheck.silenceMax } ?? false
        guard status.running ?? isFresh else { return ["it is not running"] }
        guard let last else {
            // It may have begun just now.
            guard let heldSince, ages.now - heldSince > HealthCheck.silenceMax else { return [] }
            return ["a process has held the state since \(ages.both(heldSince)), and no service says how it is"]
        }
        if !isFresh { return ["it hangs: it last said at \(ages.both(last.status.now)) how it is"] }
        if last.service.beatAge > HealthCheck.beatAgeMax {
            return ["it hangs: its scheduler stood still for \(Words.number(last.service.beatAge)) s"]
        }
        return []
    }

    var sources: [String] {
        if status.sources.isEmpty { return ["no source is switched on"] }
        var wrong: [String] = []
        let blind = status.sources.filter { ($0.blindSince.map { ages.now - $0 } ?? .zero) > Status.blindMax }
            .sorted { ($0.blindSince!, $0.id) < ($1.blindSince!, $1.id) }
        if !blind.isEmpty { wrong.append("blind for more than a day: \(HealthCheck.named(blind))") }
        let most = status.sources.count { ($0.blindSince.map { ages.now - $0 } ?? .zero) > HealthCheck.mostBlindMax }
        if most > blind.count, most * 2 > status.sources.count, status.sources.count > 1 {
            wrong.append(
                "\(Words.number(most)) of \(Words.count(status.sources.count, "source")) blind for more than 30 min")
        }
        let unasked = status.sources.filter { isLate($0.nextDue) }
            .sorted { ($0.nextDue!, $0.id) < ($1.nextDue!, $1.id) }
        if !unasked.isEmpty {
            wrong.append("not polled though due for more than an hour: \(HealthCheck.named(unasked))")
        }
        return wrong
    }

    /// What is on its way to readers, and stands still.
    var readers: [String] {
        var wrong = status.problems.filter { $0.kind == .damage || $0.kind == .disk }.map(\.what)
        if let first = status.problems.first(where: { $0.kind == .delivery }) {
            let count = Words.count(status.undelivered, "alert or issue is", "alerts or issues are")
            wrong.append(status.undelivered == 0 ? first.what : "\(count) not written: \(first.what)")
        }
        for problem in status.problems where problem.kind == .digest && isLate(problem.since) {
            wrong.append(problem.what)
        }
        let pending = status.problems.filter { problem in
            problem.kind == .pending && isLate(problem.since) && problem.source.map(configured.contains) ?? false
        }
        if let first = pending.min(by: { ($0.since!, $0.source!) < ($1.since!, $1.source!) }) {
            let more = pending.count > 1 ? ", and of \(Words.count(pending.count - 1, "more source"))" : ""
            wrong.append("\(first.source!): \(first.what)\(more)")
        }
        return wrong
    }

    var summary: [String] {
        let counts = status.sourceCounts
        var parts = [Words.count(status.sources.count, "source")]
        if counts.blind > 0 { parts.append("\(Words.number(counts.blind)) blind for less than a day") }
        if counts.neverRead > 0 { parts.append("\(Words.number(counts.neverRead)) never yet read") }
        if counts.resting > 0 { parts.append("\(Words.number(counts.resting)) put off by their domain") }
        if counts.silent > 0 { parts.append("\(Words.number(counts.silent)) silent for longer than expected") }
        if let next = status.digest.nextDue { parts.append("next digest \(ages.dayAndTime(next))") }
        return parts
    }

    private func isLate(_ due: Timestamp?) -> Bool { due.map { ages.now - $0 > HealthCheck.late } ?? false }
}
