import News
import Publish

/// `feedwatch status` in words.
struct StatusText {
    let status: Status
    let ages: Ages
    let databasePath: String

    /// Problems of one kind that are told; a machine that was off has thousands alike.
    private static let problemsOfKindMax = 10

    var lines: [StyledLine] {
        [head, StyledLine()] + problems + [StyledLine()] + sources + [StyledLine()] + tail
    }

    private var head: StyledLine {
        let running = status.running.map { $0 ? " is running" : " is not running" } ?? ""
        return StyledLine("feedwatch \(status.version)\(running)", .heading)
            + StyledLine(" · \(ages.dayAndTime(status.now)) (\(status.zone)) · configuration \(status.configuration)")
    }

    private var problems: [StyledLine] {
        guard !status.problems.isEmpty else { return [StyledLine("Nothing is wrong.")] }
        var lines = [StyledLine("What is wrong (\(Words.number(status.problems.count)))", .heading)]
        for kind in Status.Problem.Kind.allCases {
            let found = status.problems.filter { $0.kind == kind }
            var lastAdvice = ""
            for (index, problem) in found.prefix(Self.problemsOfKindMax).enumerated() {
                let subject = problem.source.map { "\($0): " } ?? ""
                lines.append(StyledLine("  \(subject)\(problem.what)", .bad).asRunningText)
                // The same advice once, after the last that it is for.
                let next = index + 1 < min(found.count, Self.problemsOfKindMax) ? found[index + 1].advice : ""
                lastAdvice = problem.advice
                if !lastAdvice.isEmpty, next != lastAdvice {
                    lines.append(StyledLine("    → \(lastAdvice)").asRunningText)
                }
            }
            if found.count > Self.problemsOfKindMax {
                let more = Words.number(found.count - Self.problemsOfKindMax)
                lines.append(StyledLine("  and \(more) more are \(kind.rawValue): --json has all", .bad))
            }
        }
        return lines
    }

    private var sources: [StyledLine] {
        guard !status.sources.isEmpty else { return [StyledLine("No source is switched on.")] }
        var table = TextTable(
            ["SOURCE", "READ", "NEXT", "LISTED", "NEW", "NEWEST", "STATE"], rightAligned: [3, 4])
        table.rows = status.sources.map { source in
            [
                .init(source.id), .init(ages.relative(source.lastRead)), .init(ages.relative(source.nextDue)),
                .init(Words.number(source.listedLastDay)), .init(Words.number(source.newLastDay)),
                .init(ages.relative(source.newestEntry)),
                source.state == .ok ? .init("ok") : .init(source.state.rawValue, .bad),
            ]
        }
        return table.lines
    }

    private var tail: [StyledLine] {
        let digest = status.digest
        let last = digest.lastFile.map { "last \($0).md" } ?? "none yet"
        let next =
            digest.nextDue.map { due in
                ", \(due < status.now ? "due" : "next") \(ages.dayAndTime(due)), \(ages.relative(due))"
            } ?? ""
        let off =
            status.switchedOff > 0
            ? " · \(Words.number(status.switchedOff)) switched off (\"feedwatch sources --off\")" : ""
        let held =
            status.alertsHeld > 0
            ? ", \(Words.number(status.alertsHeld)) held\(status.alertsHeldUntil.map { ", the first until \(ages.wall($0))" } ?? "")"
            : ""
        return [
            StyledLine("Sources   \(Words.number(status.sources.count)) polled\(off)"),
            StyledLine("Digest    \(last)\(next)"),
            StyledLine("Alerts    \(Words.number(status.alertsLastDay)) in the last 24 h\(held)"),
        ] + indicators + [
            StyledLine(
                "Queue     \(Words.number(status.pending)) to be filed, \(Words.number(status.undelivered)) to be delivered"
            ),
            StyledLine("Database  \(Self.size(status.databaseBytes)), \(databasePath)"),
        ] + disk
    }

    private static let indicatorsMax = 5

    private var indicators: [StyledLine] {
        (status.indicatorsAlerted ?? []).prefix(Self.indicatorsMax).map {
            StyledLine("          indicator \($0.name), \(ages.dayAndTime($0.at)): \($0.file).md")
        }
            + (status.indicatorsUnable ?? []).map {
                StyledLine("          indicator \($0.name) cannot alert: \($0.why)")
            }
    }

    private var disk: [StyledLine] {
        guard let disk = status.disk else { return [] }
        let parts = [
            ("log", disk.log), ("alerts", disk.alerts), ("digests", disk.digests), ("examples", disk.examples),
            ("copies", disk.copies),
        ].filter { $0.1 > 0 }.map { "\($0.0) \(Self.size($0.1))" }
        let free = disk.free.map { ["\(Self.size($0)) free"] } ?? []
        return [StyledLine("Disk      \((parts + free).joined(separator: ", "))")]
    }

    /// `12.4 MB`, `71.5 GB`, in steps of 1,024 as the configuration's sizes.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1 << 20 else { return "\(Words.number((bytes + 1023) >> 10)) KB" }
        let (unit, shift) = bytes >= 10 << 30 ? ("GB", 30) : ("MB", 20)
        let tenths = (bytes * 10 + (1 << (shift - 1))) >> shift
        return "\(Words.number(tenths / 10)).\(tenths % 10) \(unit)"
    }
}
