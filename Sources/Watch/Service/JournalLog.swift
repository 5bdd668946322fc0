import Glibc
import Logging
import News

/// Log lines on standard error, `source=… stage=…` at fixed places, with the journal's priorities when it listens
/// (sd-daemon(3): a `<N>` prefix), else with the level's name.
public struct JournalLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info
    private let isJournal: Bool

    /// Whether standard error is the journal: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)), and is inherited
    /// by programs whose standard error goes elsewhere.
    public static var isListening: Bool {
        var status = stat()
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }), fstat(2, &status) == 0 else {
            return false
        }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    public init(isJournal: Bool) { self.isJournal = isJournal }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = Self.line(
            event.level, event.message.description, metadata.merging(event.metadata ?? [:]) { $1 }, isJournal: isJournal
        )
        // One write per line: `stderr` of C is not safe across threads in Swift.
        _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
    }

    /// Pairs `name=value` first, `source` and `stage` before all others, then words: what a stranger's server said stands
    /// only where no pair is looked for any more, in one line, and no control character of it reaches a terminal. Addresses stand
    /// without their queries: more people read a journal than a configuration.
    static func line(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, isJournal: Bool
    ) -> String {
        var line = isJournal ? "<\(priority(level))>" : "\(level): "
        let others = metadata.keys.filter { $0 != "source" && $0 != "stage" }.sorted()
        for name in ["source", "stage"] + others {
            if let value = metadata[name] { line += "\(name)=\(quoted(OpenAddress.withoutQueries("\(value)"))) " }
        }
        let words = OpenAddress.withoutQueries(CleanText.line(message, bytesMax: Limits.logMessageBytesMax))
        // Words that begin like a pair would be taken for one; an address with `?a=b` does not.
        let name = words.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        let isLikePair = !name.isEmpty && words[name.endIndex...].first == "="
        return line + (isLikePair ? "- " : "") + words + "\n"
    }

    /// The value as it is, or in double quotes with `\"`, `\\` and `\n` where it would not be one plain word.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "=" && $0 != "\\" && !$0.properties.isWhitespace }
            && CleanText.piece(value) == value
        if isPlain { return value }
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            default: escaped += CleanText.piece(String(scalar))
            }
        }
        return "\"\(escaped)\""
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
