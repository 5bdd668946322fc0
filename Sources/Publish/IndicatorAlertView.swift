import News

/// What the templates of an indicator's alert show, in one form. Names are the templates'.
struct IndicatorAlertView {
    struct Row {
        let label: String
        let words: String
    }

    let pageTitle: String
    let generator: String
    let title: String
    let decided: String
    /// The count among those before, as block characters or SVG.
    let spark: String
    let rows: [Row]
    let summary: String
    let footer: String

    init(_ alert: IndicatorAlert, as form: Form) {
        let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
        let head = Self.headline(alert)
        title = form.text(head)
        pageTitle = form.text("\(head) – feedwatch")
        generator = form.text("feedwatch \(alert.version)")
        decided = form.write(AlertView.decided(alert.decided, day: alert.day, zone: alert.zone, words))
        spark = Spark(before: alert.counts, now: alert.today).write(as: form)
        rows = Self.rows(alert, words).map { Row(label: $0.label, words: form.write($0.words)) }
        summary = form.write(Self.summary(alert))
        footer = form.write("\(code: "feedwatch \(alert.version)")")
    }

    /// `live-fire notices: 5 in a day, usually 0.4`
    static func headline(_ alert: IndicatorAlert) -> String {
        "\(alert.name): \(Words.number(max(0, alert.today))) in \(length(alert)), "
            + "usually \(IndicatorWords.usual(alert.usual, of: alert.counts))"
    }

    private static func length(_ alert: IndicatorAlert) -> String {
        alert.window.days == 1 ? "a day" : "\(Words.number(alert.window.days)) days"
    }

    private static func rows(_ alert: IndicatorAlert, _ words: Words) -> [(label: String, words: Line)] {
        let window: Line =
            "\(words.dayAndTime(alert.window.from.withinReach)) – \(words.dayAndTime(alert.window.to.withinReach))"
        let once = IndicatorWords.onceIn(alert.onceIn)
        var rows: [(label: String, words: Line)] = [
            ("Now", "\(Words.count(alert.today, "story", "stories")), first seen \(window)"),
            (
                "Usual",
                "\(IndicatorWords.usual(alert.usual, of: alert.counts)) in \(length(alert)), the mean of \(baseline(alert))"
            ),
            ("Surprise", "\(once); it alerts from 1 in \(Words.number(alert.alertFrom)) days on"),
            ("Carried by", carriers(alert)),
        ]
        if !alert.unread.isEmpty {
            let names = Words.list(alert.unread.map { "\(name: $0)" }, max: 4)
            rows.append(("Not read", "\(names), so it may be too few"))
        }
        rows.append(("Stories", stories(alert)))
        return rows
    }

    /// `the 28 days before`, `3 of the 4 windows before; in the others those that carry it now could not be read`
    private static func baseline(_ alert: IndicatorAlert) -> Line {
        let leftOut = min(max(0, alert.leftOut), 1_000_000)
        let unit = alert.window.days == 1 ? "day" : "window"
        let all = "the \(Words.count(alert.counts.count + leftOut, unit)) before"
        guard leftOut > 0 else { return "\(all)" }
        return "\(Words.number(alert.counts.count)) of \(all); in the others those that carry it now could not be read"
    }

    private static func carriers(_ alert: IndicatorAlert) -> Line {
        let shown: [Line] = alert.sources.prefix(sourcesShown).map {
            "\(name: $0.name) (\(Words.count($0.stories, "story", "stories")))"
        }
        let more = alert.sources.count - shown.count + min(max(0, alert.sourcesLeftOut), 1_000_000)
        return more > 0 ? "\(Words.joined(shown, ", ")) and \(Words.number(more)) more" : Words.joined(shown, ", ")
    }

    /// ``k7f2 · m3qd and 3 more · what? `feedwatch story k7f2` ``
    private static func stories(_ alert: IndicatorAlert) -> Line {
        let ids = alert.stories.prefix(storiesShown).map { "\(code: $0)" as Line }
        let more = max(alert.today, alert.stories.count) - ids.count
        let rest: Line = more > 0 ? " and \(Words.number(more)) more" : ""
        guard let first = alert.stories.first else { return "\(Words.number(max(0, more)))" }
        return "\(Words.joined(ids, " · "))\(rest) · what? \(code: "feedwatch story \(first)")"
    }

    private static func summary(_ alert: IndicatorAlert) -> Line {
        "It alerts no more until the count has been usual for \(length(alert)); until then issues tell how it goes on."
    }

    private static let sourcesShown = 8
    private static let storiesShown = 12
}
