import ArgumentParser
import News
import Synchronization
import Watch

struct OnceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "once", abstract: "Makes one pass over everything that is due.",
        discussion: """
            Polls the sources whose time has come, files what is new, writes alerts, and the day's digest if its hour \
            has come. The first pass over a source is silent: it learns what is already there.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    func run() async throws {
        let loaded = try configuration.load()
        let progress = Terminal.isInteractive ? Progress(total: loaded.sources.count(where: \.enabled)) : nil
        let summary = try await Failure.told {
            let station = try Station.open(
                loaded, state: state.owned, clock: clock.clock, log: Terminal.logger, patience: nil,
                jitter: clock.jitter, observe: { stage, source in progress?.note(stage, source) })
            station.forgiveInterrupts()
            let summary = try await station.onePass()
            await station.close()
            return summary
        }
        progress?.clear()
        for item in summary.faults {
            Terminal.say("source=\(item.source) stage=\(item.fault.stage) \(item.fault.detail)")
        }
        Terminal.say(summary.line)
        if !summary.undelivered.isEmpty { throw Failure.notWritten(summary.undelivered) }
    }
}

extension PassSummary {
    fileprivate var line: String {
        var parts = ["\(polled) \(polled == 1 ? "source" : "sources") polled"]
        if postponed > 0 { parts.append("\(postponed) put off for want of room") }
        if resting > 0 { parts.append("\(resting) put off: their domain asked for rest") }
        if !faults.isEmpty { parts.append("\(faults.count) failed") }
        if baseline > 0 { parts.append("\(baseline) entries known from the start") }
        parts.append("\(new) new")
        if changed > 0 { parts.append("\(changed) changed") }
        parts.append("\(alerts) \(alerts == 1 ? "alert" : "alerts")")
        if let digest { parts.append("digest \(digest).md") }
        if let nextDue { parts.append("the next source is due at \(nextDue)") }
        return parts.joined(separator: ", ")
    }
}

/// One line on the terminal that is written over.
private final class Progress: Sendable {
    private let total: Int
    private let counts = Mutex<(polled: Int, filed: Int)>((0, 0))

    init(total: Int) { self.total = total }

    func note(_ stage: Stage, _ source: SourceID) {
        let line: String? = counts.withLock { counts in
            switch stage {
            case .commit: counts.polled += 1
            case .desk: counts.filed += 1
            default: return nil
            }
            return "\rpolled \(counts.polled) of \(total) sources, filed \(counts.filed) entries "
        }
        if let line { Terminal.write(line) }
    }

    func clear() { Terminal.write("\r\u{1B}[K") }
}
