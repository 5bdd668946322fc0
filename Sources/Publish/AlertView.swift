import News

/// What the templates of an alert show, in one form. Names are the templates'.
struct AlertView {
    let pageTitle: String
    let generator: String
    let decided: String
    let topics: [String]
    let story: StoryView
    let footer: String

    init(_ alert: Alert, as form: Form) {
        let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
        pageTitle = form.text("\(alert.story.title) – feedwatch alert")
        generator = form.text("feedwatch \(alert.version)")
        let time = words.cutoff(alert.decided)
        let zone: Line =
            alert.zone.span(at: alert.decided).abbreviation == alert.zone.name ? "" : ", \(alert.zone.name)"
        decided = form.write("\(Words.fullDay(alert.day)), \(time)\(zone)")
        topics = alert.story.topics.map { topic in
            let rule: Line = topic.rule.map { ", rule \(code: $0)" } ?? ""
            return form.write("\(strong: "\(topic.name)"): \(topic.match.rawValue)\(rule)")
        }
        story = StoryView(StoryWords(story: alert.story, words: words), as: form)
        footer = form.write("\(code: "feedwatch \(alert.version)") · excerpts belong to their publishers")
    }
}
