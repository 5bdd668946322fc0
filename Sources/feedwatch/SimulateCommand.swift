import ArgumentParser
import Foundation
import Logging
import News
import Watch

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays days of invented news to a configuration, without the network.",
        discussion: """
            Runs the service's own code over your sources, topics and hours by a clock that jumps from one due time to the \
            next. The news is invented: filler, and the tests of your topics as events that some outlets copy and follow up; \
            some sources fail, are gone for days or for good. Nothing is asked of the network, and your state is not touched.

            It says how often you would ask, whom most, how many alerts each topic would have given, and when issues come \
            out. Real news differ: figures of alerts depend on the tests.
            """)

    @Argument(help: "The configuration folder, read alone; /etc/feedwatch is read with the packaged one.")
    var folder: String

    @Option(help: "How many days, at most \(Limits.simulatedDaysMax).")
    var days = 30

    @Option(help: ArgumentHelp("The first day, 2025-03-28; today by default.", valueName: "date"))
    var from: String?

    @Option(help: "Another number is other news.")
    var seed: UInt64 = 1

    @Option(
        name: .customLong("state"),
        help:
            "Keep what was written in this folder. A simulation that stands there goes on; polls are those of this run."
    )
    var state: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...Limits.simulatedDaysMax).contains(days) else {
            throw ValidationError("--days wants a number from 1 to \(Limits.simulatedDaysMax), not \(days)")
        }
        if let from, CivilDate(from) == nil {
            throw ValidationError("--from wants a day like 2025-03-28, not \"\(from)\"")
        }
    }

    func run() async throws {
        let options = ConfigurationOptions(folder: folder)
        let loaded = try options.load()
        let kept = state.map { StateFolder(path: $0) }
        let place = try kept ?? StateFolder(path: temporary())
        defer { if kept == nil { try? FileManager.default.removeItem(atPath: place.path) } }
        let report = try await Failure.told {
            let trial = try ConfigurationTrial(
                loaded, from: from.flatMap(CivilDate.init), days: days, seed: seed, clock: .system)
            return try await trial.run(in: place, log: Terminal.quietLogger)
        }
        try Terminal.show(report.lines, or: json ? report : nil, isCut: false)
    }

    private func temporary() throws -> String {
        try FileManager.default.url(
            for: .itemReplacementDirectory, in: .userDomainMask,
            appropriateFor: FileManager.default.temporaryDirectory, create: true
        ).path
    }
}
