import Foundation
import News
import NewsTesting
import Testing

@testable import Fetch

@Suite(.enabled(if: TLSServer.isWanted, "openssl is not installed"))
struct HTTP2Tests {
    /// What a server does to a request, and what that is called; nil is an answer.
    enum Manner: String, CaseIterable {
        case answers, answersAndGoesAway
        case goesAwayBefore, goesAwayAngrily, goesAwayInBody
        case resets, resetsInBody, refusesStream
        case sendsNonsense, sendsHeadersForEver

        var word: FetchError.Code? {
            switch self {
            case .answers, .answersAndGoesAway: nil
            default: .interrupted
            }
        }

        func frames(_ stream: UInt32) -> [UInt8] {
            let (head, text) = (HTTP2Frame.head(stream), Array("<rss/>".utf8))
            return switch self {
            case .answers: head + HTTP2Frame.body(stream, text, isLast: true)
            case .answersAndGoesAway:
                HTTP2Frame.goAway(last: stream, error: 0) + head + HTTP2Frame.body(stream, text, isLast: true)
            case .goesAwayBefore: HTTP2Frame.goAway(last: 0, error: 0)
            case .goesAwayAngrily: HTTP2Frame.goAway(last: 0, error: 11)  // ENHANCE_YOUR_CALM
            case .goesAwayInBody:
                head + HTTP2Frame.body(stream, text, isLast: false) + HTTP2Frame.goAway(last: 0, error: 2)
            case .resets: HTTP2Frame.reset(stream, error: 2)  // INTERNAL_ERROR
            case .resetsInBody:
                head + HTTP2Frame.body(stream, text, isLast: false) + HTTP2Frame.reset(stream, error: 8)  // CANCEL
            case .refusesStream: HTTP2Frame.reset(stream, error: 7)
            case .sendsNonsense: HTTP2Frame.frame(1, stream: 0, [0xFF]) + HTTP2Frame.frame(0, stream: 0)
            case .sendsHeadersForEver:
                HTTP2Frame.head(stream, isWhole: false)
                    + (0..<200).flatMap { _ in
                        HTTP2Frame.frame(9, stream: stream, [UInt8](repeating: 0x88, count: 1000))
                    }
            }
        }
    }

    @Test(
        "A server that goes away, resets a stream or speaks nonsense is named; a stream that it refuses is asked for once more",
        arguments: Manner.allCases)
    func manners(manner: Manner) async throws {
        let identities = try TLSIdentities()
        let server = try HTTP2Server(identities.identity("outlet.test")) { manner.frames($0) }
        let fetcher = makeFetcher()
        let error = await fetcher.failure(
            feedRequest("https://outlet.test:\(server.port)/") {
                $0.options.authorities = identities.authority.certificate
            })
        #expect(error?.code == manner.word, "\(error?.description ?? "an answer")")
        #expect(server.requests == (manner == .refusesStream ? 2 : 1))
        await fetcher.shutdown()
    }

    /// Frames that a server sends without end, each of which has to be read, and some to be answered (CVE-2019-9511 to 9518,
    /// CVE-2024-28182).
    enum Flood: String, CaseIterable {
        case settings, settingsOfMany, pings, windowUpdates, priorities, unknown
        case emptyBodies, paddedBodies, emptyHeads, continuations, emptyContinuations, promises, resets

        /// libcurl ends some by itself; of the others it depends on who is faster what they come to be.
        var words: [FetchError.Code] {
            switch self {
            case .windowUpdates, .priorities, .unknown, .emptyBodies, .paddedBodies: [.flood, .tooSlow]
            case .emptyHeads: [.flood, .interrupted]
            default: [.interrupted]
            }
        }

        /// Before the flood.
        func answer(_ stream: UInt32) -> [UInt8] {
            switch self {
            case .continuations, .emptyContinuations: HTTP2Frame.head(stream, isWhole: false)
            case .emptyBodies, .paddedBodies: HTTP2Frame.head(stream)
            default: []
            }
        }

        /// Stream 1, the first of the connection.
        var frames: [UInt8] {
            switch self {
            case .settings: HTTP2Frame.settings
            case .settingsOfMany:
                HTTP2Frame.frame(4, stream: 0, (0..<100).flatMap { _ in [0, 1] + HTTP2Frame.four(.max) })
            case .pings: HTTP2Frame.frame(6, stream: 0, [UInt8](repeating: 7, count: 8))
            case .windowUpdates: HTTP2Frame.frame(8, stream: 0, HTTP2Frame.four(1))
            case .priorities: HTTP2Frame.frame(2, stream: 1, HTTP2Frame.four(0) + [1])
            case .unknown: HTTP2Frame.frame(0xBE, stream: 0, [1, 2, 3])
            case .emptyBodies: HTTP2Frame.body(1, [], isLast: false)
            // A body of none, in padding.
            case .paddedBodies: HTTP2Frame.frame(0, flags: 8, stream: 1, [200] + [UInt8](repeating: 0, count: 200))
            case .emptyHeads: HTTP2Frame.frame(1, flags: 4, stream: 1)
            // A name and a value that are to be remembered by nobody (RFC 7541 §6.2.3).
            case .continuations:
                HTTP2Frame.frame(9, stream: 1, [0x10, 1, 0x78, 0x64] + [UInt8](repeating: 0x79, count: 100))
            case .emptyContinuations: HTTP2Frame.frame(9, stream: 1)
            case .promises: HTTP2Frame.frame(5, flags: 4, stream: 1, HTTP2Frame.four(2) + [0x82])
            case .resets: HTTP2Frame.reset(3, error: 8)
            }
        }
    }

    @Test(
        "A flood of frames ends as what it is, with bounded memory, and holds nobody else",
        arguments: Flood.allCases)
    func floods(flood: Flood) async throws {
        let identities = try TLSIdentities()
        let server = try HTTP2Server(identities.identity("outlet.test"), flood: flood.frames) { flood.answer($0) }
        let good = try LoopbackServer { _ in .text("<rss/>") }
        defer { good.stop() }
        let fetcher = makeFetcher()
        let before = residentBytes()
        let request = feedRequest("https://outlet.test:\(server.port)/") {
            $0.options.authorities = identities.authority.certificate
            if flood.words.contains(.tooSlow) { $0.limits.slowSeconds = 2 }
        }
        let flooded = Task { await fetcher.failure(request) }
        while server.requests == 0 { await Task.yield() }
        for n in 0..<50 {
            #expect(try await fetcher.fetch(feedRequest("http://good\(n).test:\(good.port)/")).status == 200)
        }
        let error = await flooded.value
        #expect(flood.words.contains(error?.code ?? .failed), "\(error?.description ?? "an answer")")
        #expect(residentBytes() - before < 256 << 20)
        // Three quarters of a second of the processor, on however busy a machine. It was 90 seconds on an idle one.
        #expect(fetcher.longestLoopStall < .seconds(15))
        await fetcher.shutdown()
    }

    private func residentBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
            .dropFirst().first
        return (pages.flatMap { Int($0) } ?? 0) * 4096
    }
}
