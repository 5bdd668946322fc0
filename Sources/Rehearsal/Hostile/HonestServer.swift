import Foundation
import News
import NewsTesting
import Synchronization

/// A server that always answers, and remembers when each path was asked for.
final class HonestServer: Sendable {
    /// In whole seconds, the lateness of every poll that was due in a span of time.
    struct Report {
        var due = 0
        /// No later than a second: due times are whole ones.
        var onTime = 0
        var sources = 0
        /// Within which all sources were asked for the first time after the start.
        var first = 0
        var latest = 0
        var median = 0
    }

    static let interval = 60

    private let server: LoopbackServer
    private let times = Times()
    private let turnstile = Turnstile()

    init() throws {
        server = try LoopbackServer { [times, turnstile] request in
            turnstile.enter()
            defer { turnstile.leave() }
            times.all.withLock { $0[request.path, default: []].append(.now) }
            if request.header("If-None-Match") == "\"1\"" { return .init(status: 304) }
            let feed =
                "<rss version=\"2.0\"><channel><title>Outlet</title><item><guid>\(request.path)</guid>"
                + "<title>Ferries run \(request.path)</title></item></channel></rss>"
            return .text(feed, type: "application/rss+xml", headers: [("ETag", "\"1\"")])
        }
    }

    func stop() { server.stop() }

    var port: Int { server.port }

    /// Each on a host of its own.
    func sources(_ count: Int) -> [Crowd.Source] {
        (0..<count).map { Crowd.Source(id: "good-\($0)", url: "http://good\($0).example:\(port)/good-\($0)") }
    }

    /// How many sources were asked for, and how often all together.
    var polled: Int { times.all.withLock { $0.count } }
    var count: Int { times.all.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// The most that came in one second, and that were being answered at once.
    var burst: (perSecond: Int, atOnce: Int) {
        let all = times.all.withLock { $0.values.flatMap(\.self) }
        let begin = all.min() ?? .now
        let seconds = all.reduce(into: [Int64: Int]()) {
            $0[begin.duration(to: $1).components.seconds, default: 0] += 1
        }
        return (seconds.values.max() ?? 0, turnstile.most)
    }

    /// A poll is due its interval, and the jitter that is its own, after the one before; the first at the beginning. One that
    /// was due and has not come by the end counts with the time that it is late so far.
    func report(
        of count: Int, from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant
    ) -> Report {
        var report = Report()
        var all: [Int] = []
        for number in 0..<count {
            let id = "good-\(number)"
            let pause =
                Self.interval + Int(Double(Self.interval) * PollSchedule.jitterShare * PollSchedule.jitter(of: id))
            let polls = times.all.withLock { $0["/" + id] ?? [] }
            if polls.count > 1 { report.sources += 1 }
            report.first = max(report.first, Int(begin.duration(to: polls.first ?? end).components.seconds))
            var due = polls.first ?? begin
            for at in polls.dropFirst() + [end] {
                due += .seconds(pause)
                guard due < end else { break }
                // Due times are whole seconds of the clock, rounded down.
                all.append(max(0, Int(due.duration(to: at).components.seconds)))
                due = at
            }
        }
        all.sort()
        report.due = all.count
        report.onTime = all.filter { $0 <= 1 }.count
        report.latest = all.last ?? 0
        report.median = all.isEmpty ? 0 : all[all.count / 2]
        return report
    }

    private final class Times: Sendable {
        let all = Mutex<[String: [ContinuousClock.Instant]]>([:])
    }
}
