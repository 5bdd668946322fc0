import Fetch
import News
import Synchronization

/// Counts what a simulation asks for, by the day of the world in the configured zone.
final class SimulationTally: Sendable {
    struct Counts: Sendable {
        /// Requests by day, and those that brought no document, by why.
        var polls: [CivilDate: Int] = [:]
        var failed: [CivilDate: Int] = [:]
        var faults: [String: Int] = [:]
        var pages = 0
        var byHost: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let addresses: Set<String>

    init(_ configuration: Configuration) {
        addresses = Set(configuration.sources.filter(\.enabled).map(\.url))
    }

    var value: Counts { counts.withLock { $0 } }

    func count(_ url: String, on day: CivilDate, _ answer: Result<StandInAnswer, FetchError>) {
        let host = WebURL(url)?.host ?? url
        let fault: String? =
            switch answer {
            case .failure(let error): error.code.rawValue
            case .success(let answer) where HTTPStatus.hasDocument(answer.status) || answer.status == 304: nil
            case .success(let answer): "status \(answer.status)"
            }
        counts.withLock { counts in
            counts.byHost[host, default: 0] += 1
            guard addresses.contains(url) else { return counts.pages += 1 }
            counts.polls[day, default: 0] += 1
            guard let fault else { return }
            counts.failed[day, default: 0] += 1
            counts.faults[fault, default: 0] += 1
        }
    }
}
