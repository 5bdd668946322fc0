import News
import NewsTesting

@testable import Fetch

/// A fetcher for which every name ends in loopback, without pauses between requests.
func makeFetcher(
    ordinary: [String] = [], configure: (inout FetchOptions) -> Void = { _ in }
) -> Fetcher {
    var options = FetchOptions(userAgent: "feedwatch/test (contact: nobody@example.org)")
    options.hostSpacing = .zero
    options.lookup = { _ in [IPAddress("127.0.0.1")!] }
    configure(&options)
    return Fetcher(options: options, policy: AddressPolicy(ordinary: Set(ordinary.compactMap { IPAddress($0) })))
}

func feedRequest(_ url: String, _ change: (inout FetchRequest) -> Void = { _ in }) -> FetchRequest {
    var request = FetchRequest(url: url, kind: .feed, allowsPrivateHosts: true)
    change(&request)
    return request
}

extension Fetcher {
    /// The code of the failure; nil when there was an answer.
    func failure(_ request: FetchRequest) async -> FetchError? { await outcome(request).error }

    func outcome(_ request: FetchRequest) async -> (answer: FetchResponse?, error: FetchError?) {
        do { return (try await fetch(request), nil) } catch { return (nil, error) }
    }
}

/// Numbers from a seed that is printed (splitmix64).
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Looks until it holds; gives up after half a minute, which no working program needs.
func eventually(_ holds: () -> Bool) async -> Bool {
    let patience = ContinuousClock.now + .seconds(30)
    while !holds() {
        guard ContinuousClock.now < patience else { return false }
        await Task.yield()
    }
    return true
}
