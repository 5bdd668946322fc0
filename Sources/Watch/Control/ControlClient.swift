import Foundation
import Glibc
import News
import Storage

/// Commands that change something: the daemon of a state does them, and where none runs they are done here, under the lock.
public enum ControlClient {
    /// - Parameter configuration: for what needs one where no daemon runs.
    /// - Throws: `StateError` with the code `locked` when another process has the state and serves no socket, `notRunning`
    ///   for what only a daemon can do; else what the command itself throws.
    public static func carryOut(
        _ request: ControlRequest, state: StateFolder, clock: WallClock, configuration: Configuration? = nil
    ) throws -> ControlAnswer {
        var patience = Limits.controlAnswerSeconds
        if case .reclassify = request { patience = Limits.reclassifyAnswerSeconds }
        if let answer = try ask(request, at: state.servedSocket, seconds: patience) { return answer }
        let subject: String
        switch request {
        case .mute(let story, _), .judge(let story, _, _, _): subject = story
        case .forget(let article), .split(let article): subject = article
        case .join(let story, _): subject = story
        case .forgetSite(let site): subject = site
        case .reclassify: subject = ""
        case .status, .reload, .poll:
            throw StateError(
                code: .notRunning,
                detail: "no feedwatch that takes commands runs on \(state.path) – start \"feedwatch run\""
            )
        }
        guard FileManager.default.fileExists(atPath: state.database) else {
            if case .forgetSite = request { throw SiteMemories.unknown(subject, among: []) }
            if case .reclassify = request {
                throw StateError(
                    code: .failed,
                    detail:
                        "\(state.database) does not exist yet – run \"feedwatch once\", or name another --state folder")
            }
            throw Muting.unknown(subject, among: [])
        }
        try state.becomeOwner()
        let lock = try state.lock(
            advice: "which takes no commands: a single pass, or a service that is starting or stopping; try again soon")
        defer { lock.release() }
        let store = try Store(path: state.database)
        defer { store.close() }
        return try carryOut(request, store, state, clock, configuration)
    }

    private static func carryOut(
        _ request: ControlRequest, _ store: Store, _ state: StateFolder, _ clock: WallClock,
        _ configuration: Configuration?
    ) throws -> ControlAnswer {
        switch request {
        case .mute(let subject, let seconds):
            return try Muting(store: store, clock: clock).answer(subject, seconds: seconds)
        case .split(let article): return try Rearranging(store: store).split(article)
        case .join(let story, let other): return try Rearranging(store: store).join(story, other)
        case .forgetSite(let site): return try SiteMemories(store: store).forget(site)
        case .forget(let subject):
            let forgetting = Forgetting(store: store, state: state, clock: clock)
            return try forgetting.answer(forgetting.forget(subject))
        case .judge(let subject, let verdict, let topic, let note):
            return try Judging(needed(configuration), store: store, state: state, clock: clock)
                .answer(subject, verdict, topic: topic, note: note)
        case .reclassify(let since):
            let configuration = try needed(configuration)
            let zone = try ZoneFile.load(configuration.settings.timezone)
            let work = Reclassifying(
                configuration, engine: TopicEngine(configuration, state: state.path), store: store,
                rules: AlertDesk(configuration, zone: zone))
            return work.answer(try work.runAlone(since: since))
        case .status, .reload, .poll: throw StateError(code: .notRunning, detail: "\(request) is for a running service")
        }
    }

    private static func needed(_ configuration: Configuration?) throws -> Configuration {
        guard let configuration else {
            throw StateError(code: .failed, detail: "no configuration was given – name its folder with --config")
        }
        return configuration
    }

    /// Sends a request and waits for its answer.
    /// - Returns: nil where nobody serves the socket.
    static func ask(
        _ request: ControlRequest, at path: String, seconds: Int = Limits.controlAnswerSeconds
    ) throws -> ControlAnswer? {
        guard let file = try UnixSocket.connect(to: path, seconds: seconds) else { return nil }
        defer { close(file) }
        let line = try Array(JSONEncoder().encode(request)) + [0x0A]
        guard line.count <= Limits.controlRequestBytesMax else {
            throw StateError(
                code: .failed, detail: "a request of \(line.count) bytes – give an id, or a shorter address")
        }
        let sent = send(file, line, line.count, CInt(MSG_NOSIGNAL))
        guard sent == line.count, let answer = receive(file) else {
            throw StateError(
                code: .notRunning,
                detail:
                    "\(path): the service did not answer within \(seconds) s, or stopped before it did – look at its "
                    + "log, and try again")
        }
        return try JSONDecoder().decode(ControlAnswer.self, from: Data(answer))
    }

    /// The answer's line; nil when none came whole.
    private static func receive(_ file: CInt) -> [UInt8]? {
        var line: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        while line.count <= Limits.controlAnswerBytesMax {
            let count = recv(file, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            line += bytes[..<count]
            if line.last == 0x0A { return line }
        }
        return nil
    }
}
