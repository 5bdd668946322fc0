import News
import Publish

extension Status.IndicatorUnable {
    /// Of those that have `alert`, as they are declared.
    static func find(_ configuration: Configuration, _ sight: IndicatorSight, now: Timestamp) -> [Self] {
        let read = configuration.sources.filter(\.enabled)
        return configuration.settings.indicators.filter { $0.alert != nil }.compactMap { indicator in
            sight.obstacle(to: indicator, sources: read, at: now).map { obstacle in
                Self(
                    id: indicator.id, name: CleanText.shown(indicator.name) ?? indicator.id,
                    why: words(obstacle, indicator))
            }
        }
    }

    private static func words(_ obstacle: IndicatorSight.Obstacle, _ indicator: Indicator) -> String {
        switch obstacle {
        case .noSource: "one of its sets has no source that is read"
        case .young: "no source of it was read \(PublishedIndicators.baselineDays) days ago"
        case .unseen(let windows, let all):
            "\(windows) of \(Words.count(all, indicator.windowDays == 1 ? "day" : "window")) were not seen"
        }
    }
}
