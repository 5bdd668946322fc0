import Glibc
import Logging
import News

/// Log lines on standard error, `source=… stage=…` at fixed places, with the journal's priorities when it listens
/// (sd-daemon(3): a `<N>` prefix when `JOURNAL_STREAM` is set), else with the time.
public struct JournalLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info
    private let isJournal: Bool

    public init(isJournal: Bool) { self.isJournal = isJournal }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        var line = isJournal ? "<\(JournalLog.priority(event.level))>" : "\(event.level): "
        for name in ["source", "stage"] { if let value = all[name] { line += "\(name)=\(value) " } }
        // What a stranger's server said stands in it: no control character reaches a terminal.
        line += CleanText.line(event.message.description, bytesMax: .max)
        for (name, value) in all.sorted(by: { $0.key < $1.key }) where name != "source" && name != "stage" {
            line += " \(name)=\(value)"
        }
        line += "\n"
        // One write per line: `stderr` of C is not safe across threads in Swift.
        _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
