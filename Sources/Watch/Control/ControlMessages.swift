import Foundation
import News
import Storage

/// What the daemon can be asked for over its control socket, one line of JSON each.
public enum ControlRequest: Sendable, Hashable {
    /// What runs there.
    case status
    /// Read the configuration anew, and say what came of it.
    case reload
    /// Ask a source now rather than when it is due.
    case poll(source: SourceID)
    /// Let a story not alert for a time; 0 s lifts it. The story by an id or an address.
    case mute(story: String, seconds: Int64)
    /// Forget an article by its address, or all of a story by its id.
    case forget(String)
    /// Forget what reading the pages of a site has taught.
    case forgetSite(String)
    /// A story belongs to a topic, or does not; nil for the one topic that it matches.
    case judge(story: String, ReaderVerdict.Word, topic: TopicID?, note: String?)
    /// An article, by its address, is a story of its own.
    case split(article: String)
    /// The articles of the second story belong to the first; stories by an id or an address.
    case join(story: String, other: String)
    /// Score what is stored and was first seen since then by the present configuration.
    case reclassify(since: Timestamp)
}

extension ControlRequest: Codable {
    private enum Command: String, Codable, CaseIterable {
        case status, reload, poll, mute, forget, yes, no, reclassify, split, join
        case forgetSite = "forget-site"
    }

    private enum Key: String, CodingKey {
        case command, source, story, seconds, subject, site, topic, note, since, article, other
    }

    /// Why a line is no request, in words for whoever sent it.
    struct Fault: Error, Sendable, CustomStringConvertible {
        var description: String
    }

    /// - Parameter line: without its end, of at most `Limits.controlRequestBytesMax` bytes.
    init(line: [UInt8]) throws(Fault) {
        do {
            self = try JSONDecoder().decode(ControlRequest.self, from: Data(line))
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(description: "a request is one JSON object in one line, such as {\"command\":\"status\"}")
        }
    }

    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        guard let name = try? object.decode(String.self, forKey: .command), let command = Command(rawValue: name) else {
            let known = Command.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(description: "\"command\" must be one of \(known)")
        }
        func text(_ key: Key) throws -> String {
            guard let text = try? object.decode(String.self, forKey: key), !text.isEmpty else {
                throw Fault(description: "\(command.rawValue) wants \"\(key.rawValue)\", a text")
            }
            return text
        }
        switch command {
        case .status: self = .status
        case .reload: self = .reload
        case .poll: self = .poll(source: try text(.source))
        case .forget: self = .forget(try text(.subject))
        case .forgetSite: self = .forgetSite(try text(.site))
        case .split: self = .split(article: try text(.article))
        case .join: self = .join(story: try text(.story), other: try text(.other))
        case .yes, .no:
            self = .judge(
                story: try text(.story), command == .yes ? .yes : .no,
                topic: try? object.decode(String.self, forKey: .topic),
                note: try? object.decode(String.self, forKey: .note))
        case .reclassify:
            guard let since = Timestamp(rfc3339: try text(.since)) else {
                throw Fault(description: "reclassify wants \"since\", a time such as 2025-03-30T04:20:00Z")
            }
            self = .reclassify(since: since)
        case .mute:
            guard let seconds = try? object.decode(Int64.self, forKey: .seconds),
                (0...Limits.muteSecondsMax).contains(seconds)
            else { throw Fault(description: "mute wants \"seconds\", from 0 to \(Limits.muteSecondsMax)") }
            self = .mute(story: try text(.story), seconds: seconds)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .status: try object.encode(Command.status, forKey: .command)
        case .reload: try object.encode(Command.reload, forKey: .command)
        case .poll(let source):
            try object.encode(Command.poll, forKey: .command)
            try object.encode(source, forKey: .source)
        case .forget(let subject):
            try object.encode(Command.forget, forKey: .command)
            try object.encode(subject, forKey: .subject)
        case .forgetSite(let site):
            try object.encode(Command.forgetSite, forKey: .command)
            try object.encode(site, forKey: .site)
        case .judge(let story, let verdict, let topic, let note):
            try object.encode(verdict == .yes ? Command.yes : .no, forKey: .command)
            try object.encode(story, forKey: .story)
            try object.encodeIfPresent(topic, forKey: .topic)
            try object.encodeIfPresent(note, forKey: .note)
        case .split(let article):
            try object.encode(Command.split, forKey: .command)
            try object.encode(article, forKey: .article)
        case .join(let story, let other):
            try object.encode(Command.join, forKey: .command)
            try object.encode(story, forKey: .story)
            try object.encode(other, forKey: .other)
        case .reclassify(let since):
            try object.encode(Command.reclassify, forKey: .command)
            try object.encode(since.rfc3339, forKey: .since)
        case .mute(let story, let seconds):
            try object.encode(Command.mute, forKey: .command)
            try object.encode(story, forKey: .story)
            try object.encode(seconds, forKey: .seconds)
        }
    }
}

/// What came of a request, one line of JSON.
public struct ControlAnswer: Sendable, Hashable, Codable {
    public var schema = 1
    /// What a command ends with: 0 done, 1 failed, 64 not understood, 75 try again, 78 configuration.
    public var exit: Int32
    /// For people, a line each, at most `Limits.controlWordsMax`.
    public var words: [String]
    public var status: DaemonFacts?
    public var mute: Muting.Outcome?
    public var forget: Forgetting.Outcome?
    public var judged: Judging.Outcome?
    public var reclassified: Reclassifying.Outcome?
    public var rearranged: Rearranging.Outcome?

    public struct DaemonFacts: Sendable, Hashable, Codable {
        public var process: Int32
        public var version: String
        /// Of the configuration that it works by.
        public var configuration: String
        /// Sources that are polled.
        public var sources: Int
    }

    init(
        exit: Int32 = 0, words: [String] = [], status: DaemonFacts? = nil, mute: Muting.Outcome? = nil,
        forget: Forgetting.Outcome? = nil, judged: Judging.Outcome? = nil,
        reclassified: Reclassifying.Outcome? = nil, rearranged: Rearranging.Outcome? = nil
    ) {
        self.exit = exit
        let more = words.count - Limits.controlWordsMax
        self.words =
            more > 0 ? words.prefix(Limits.controlWordsMax - 1) + ["and \(more + 1) lines more, in the log"] : words
        self.status = status
        self.mute = mute
        self.forget = forget
        self.judged = judged
        self.reclassified = reclassified
        self.rearranged = rearranged
    }

    init(failed error: any Error) {
        self.init(exit: CommandCode.of(error), words: ["\(error)"])
    }

    /// With its end.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers and texts alone: there is nothing in it that could fail.
        return Array((try? encoder.encode(self)) ?? Data()) + [0x0A]
    }
}

/// The exit codes of errors (docs/formats.md), the same from the daemon and without one.
public enum CommandCode {
    public static func of(_ error: any Error) -> Int32 {
        switch error {
        case let error as StateError where error.code != .failed: 75
        case let error as StoreError where error.code == "locked": 75
        case is Judging.TopicNeeded, is ControlRequest.Fault: 64
        default: 1
        }
    }
}
