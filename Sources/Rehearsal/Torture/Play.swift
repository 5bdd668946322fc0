import Foundation
import News
import NewsTesting

/// Ten days of news, and when it is looked at: seeds/ in its three phases, and generated traffic beside it.
final class Play {
    let seeds: SeedSite
    let traffic: Traffic
    private let repository: RepositoryOptions

    /// Every three hours, five minutes past; but the third day's digest is slept through.
    let times: [Timestamp]
    let days: Int

    /// In the place of the shipped topics and entities, for every life reads all of it: what is tried here is not what they find.
    private static let topic = """
        topic: moves-at-sea
        name: Moves at sea
        words:
          en: {strong: ["plan a joint headquarters", "deploy a carrier group", "declare a closed sea area",
            "war-fighting headquarters", "China Coast Guard"]}
          ja: {strong: ["共同運用調整所", "米空母艦載機"]}
          zh-Hans: {strong: ["联合战备警巡"]}
          zh-Hant: {strong: ["擾台"]}
          ko: {strong: ["단거리 탄도미사일"]}
        alert: {any_of: [{match: clear}]}

        """

    init(_ repository: RepositoryOptions, days: Int) throws {
        self.repository = repository
        self.days = days
        let start = Timestamp(rfc3339: "2025-03-29T21:05:00Z")!
        times = (0..<(8 * days)).filter { $0 != 23 }.map { start + .seconds(3 * 3600 * $0) }
        seeds = try SeedSite(folder: repository.seeds + "/web")
        traffic = try Traffic()
    }

    func stop() {
        seeds.stop()
        traffic.stop()
    }

    /// The web as it is at this step.
    func show(_ step: Int) {
        let now = times[step]
        seeds.phase =
            now < Timestamp(rfc3339: "2025-03-31T06:00:00Z")!
            ? 1 : now < Timestamp(rfc3339: "2025-03-31T12:00:00Z")! ? 2 : 3
        traffic.show(step)
    }

    /// A configuration for all of it, and an empty state beside it.
    func stage(in folder: String) throws -> Stagecraft {
        let stage = try Stagecraft(in: folder, repository: repository, site: seeds)
        for name in ["topics.d", "entities.d"] {
            try FileManager.default.removeItem(atPath: "\(stage.config)/\(name)")
            try FileManager.default.createDirectory(
                atPath: "\(stage.config)/\(name)", withIntermediateDirectories: true)
        }
        try Data(Self.topic.utf8).write(to: URL(fileURLWithPath: stage.config + "/topics.d/moves-at-sea.yaml"))
        try Data(traffic.sources.utf8).write(to: URL(fileURLWithPath: stage.config + "/sources.d/traffic.yaml"))
        return stage
    }
}
