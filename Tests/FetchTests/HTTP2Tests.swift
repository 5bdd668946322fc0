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
                $0.limits.slowSeconds = 2
            })
        #expect(error?.code == manner.word, "\(error?.description ?? "an answer")")
        #expect(server.requests == (manner == .refusesStream ? 2 : 1))
        await fetcher.shutdown()
    }
}
