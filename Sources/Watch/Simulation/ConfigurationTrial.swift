import Fetch
import Foundation
import Logging
import News

/// `feedwatch simulate`: a reader's own configuration through days of invented news, without the network.
public struct ConfigurationTrial: Sendable {
    private let configuration: Configuration
    private let zone: Zone
    private let from: CivilDate
    private let days: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - from: the first local day; nil is today.
    ///   - days: 1 to `Limits.simulatedDaysMax`.
    /// - Throws: `ZoneError`, `StateError` for a configuration without a source that is on.
    public init(
        _ configuration: Configuration, from: CivilDate?, days: Int, seed: UInt64, clock: WallClock
    ) throws {
        guard configuration.sources.contains(where: \.enabled) else {
            throw StateError(code: .failed, detail: "no source is on: there is nothing to simulate")
        }
        self.configuration = configuration.forTrial
        zone = try ZoneFile.load(configuration.settings.timezone)
        self.from = from ?? zone.local(clock.now()).date
        self.days = days
        self.seed = seed
    }

    /// - Parameter state: new, or of a simulation before, which goes on.
    /// - Throws: `StateError` for a folder that holds a state of another kind; what `Simulation.run` throws.
    public func run(in state: StateFolder, log: Logger) async throws -> SimulationReport {
        let files = FileManager.default
        if files.fileExists(atPath: state.database), !files.fileExists(atPath: Simulation.positionPath(in: state)) {
            throw StateError(
                code: .failed,
                detail:
                    "\(state.path) holds what feedwatch has really seen – name an empty folder, or leave --state out")
        }
        let start = zone.timestamp(of: from, hour: 0, minute: 0)
        let end = zone.timestamp(of: CivilDate(daysSince1970: from.daysSince1970 + days), hour: 0, minute: 0)
        let script = SimulationScript(start: start, end: end)
        let clock = SimulatedClock(script)
        let web = SimulatedWeb(configuration, seed: seed)
        let tally = SimulationTally(configuration)
        let simulation = Simulation(
            script, state: state, clock: clock, log: log,
            standIn: { [zone] url, validators throws(FetchError) in
                let now = clock.world
                let answer = Result<StandInAnswer, FetchError> { () throws(FetchError) in
                    try web.answer(url, validators, at: now)
                }
                tally.count(url, on: zone.local(now).date, answer)
                return try answer.get()
            }, configuration: { [configuration] _ in configuration })
        let begun = ContinuousClock().now
        try await simulation.run()
        return try SimulationReport(
            configuration, state: state, from: from, days: days, seed: seed, counts: tally.value,
            seconds: begun.duration(to: .now) / .seconds(1))
    }
}

extension Configuration {
    /// Without what belongs to the real world: selectors fit the real pages of a source, secrets and proxies real servers, and
    /// issues of a trial go nowhere but into its own state.
    fileprivate var forTrial: Configuration {
        var configuration = self
        configuration.settings.digestFolder = ""
        for index in configuration.sources.indices {
            configuration.sources[index].links = Source.LinkRules()
            (configuration.sources[index].login, configuration.sources[index].via) = (nil, nil)
            configuration.sources[index].asking = Source.Asking()
        }
        return configuration
    }
}
