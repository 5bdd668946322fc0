import News

/// What the templates of an alert show, in one form. Names are the templates'.
struct AlertView {
    let pageTitle: String
    let generator: String
    let decided: String
    /// Of which alert it is an update, and why.
    let update: String?
    /// What is new in an update.
    let news: [StoryView.Change]
    let topics: [String]
    let story: StoryView
    let footer: String

    init(_ alert: Alert, as form: Form) {
        let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
        let update = alert.updateOf.map { UpdateWords(update: $0, words: words) }
        pageTitle = form.text("\(CleanText.headline(alert.story.title)) – feedwatch alert")
        generator = form.text("feedwatch \(alert.version)")
        decided = form.write(Self.decided(alert.decided, day: alert.day, zone: alert.zone, words))
        self.update = update.map { form.write($0.line) }
        news = Self.news(update, as: form)
        topics = alert.story.topics.map { form.write(Self.topic($0)) }
        story = StoryView(StoryWords(story: alert.story, words: words), as: form)
        footer = form.write("\(code: "feedwatch \(alert.version)") · excerpts belong to their publishers")
    }

    static func topic(_ topic: PublishedTopic) -> Line {
        let rule: Line = topic.rule.map { ", rule \(code: $0)" } ?? ""
        return "\(strong: "\(topic.name)"): \(topic.match.rawValue)\(rule)"
    }

    static func decided(_ time: Timestamp, day: CivilDate, zone: ZoneSpans, _ words: Words) -> Line {
        let name: Line = zone.span(at: time).abbreviation == zone.name ? "" : ", \(zone.name)"
        return "\(Words.fullDay(day)), \(words.cutoff(time))\(name)"
    }

    static func news(_ update: UpdateWords?, as form: Form) -> [StoryView.Change] {
        (update?.rows ?? []).map { StoryView.Change(label: form.write($0.label), words: form.write($0.words)) }
    }
}
