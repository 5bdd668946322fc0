import News

/// What the templates of held alerts show, in one form. Names are the templates'.
struct HeldView {
    struct Told {
        let held: String
        let update: String?
        let news: [StoryView.Change]
        let topics: [String]
        let story: StoryView
    }

    let pageTitle: String
    let generator: String
    let title: String
    let decided: String
    let stories: [Told]
    let also: [String]
    let hasAlso: Bool
    let footer: String

    init(_ file: HeldAlerts, as form: Form) {
        let words = Words(zone: file.zone, today: file.zone.local(file.decided).date)
        title = form.text("\(Words.count(file.count, "story", "stories")) held until now")
        pageTitle = form.text("\(Words.count(file.count, "held alert")) – feedwatch")
        generator = form.text("feedwatch \(file.version)")
        decided = form.write(AlertView.decided(file.decided, day: file.day, zone: file.zone, words))
        stories = file.stories.map { item in
            let update = item.updateOf.map { UpdateWords(update: $0, words: words) }
            return Told(
                held: form.write(Self.held(item, words)), update: update.map { form.write($0.line) },
                news: AlertView.news(update, as: form),
                topics: item.story.topics.map { form.write(AlertView.topic($0)) },
                story: StoryView(StoryWords(story: item.story, words: words), as: form))
        }
        also = file.also.map { form.write("\(code: $0.shownID) \(headline: $0.title)") }
        hasAlso = !also.isEmpty
        footer = form.write("\(code: "feedwatch \(file.version)") · excerpts belong to their publishers")
    }

    private static func held(_ item: HeldAlerts.HeldStory, _ words: Words) -> Line {
        let why: Line = item.heldBy == .quiet ? "quiet hours" : "the topic's at_most"
        return "held since \(words.time(item.heldSince)) by \(why)"
    }
}

/// What the templates of an alert on sources show, in one form. Names are the templates'.
struct BlindView {
    struct Row {
        let name: String
        let words: String
    }

    let pageTitle: String
    let generator: String
    let title: String
    let decided: String
    let isBack: Bool
    let summary: String
    let sources: [Row]
    let footer: String

    init(_ alert: BlindAlert, as form: Form) {
        let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
        let isBack = alert.state == .back
        let who =
            alert.sources.count == 1
            ? alert.sources[0].name : Words.count(alert.sources.count, "source")
        let head = "\(who) \(isBack ? "can be read again" : "cannot be read")"
        title = form.text(head)
        pageTitle = form.text("\(head) – feedwatch")
        generator = form.text("feedwatch \(alert.version)")
        decided = form.write(AlertView.decided(alert.decided, day: alert.day, zone: alert.zone, words))
        self.isBack = isBack
        let told: Line = alert.told.map { " Told by \(code: $0)." } ?? ""
        summary = form.write(
            "\(Words.number(alert.blindNow)) of \(Words.count(alert.polled, "source")) cannot be read now.\(told)")
        sources = alert.sources.map { source in
            Row(
                name: form.write("\(name: source.name) (\(code: source.id))"),
                words: form.write(Self.words(source, words)))
        }
        footer = form.write("\(code: "feedwatch \(alert.version)")")
    }

    private static func words(_ source: BlindAlert.BlindSource, _ words: Words) -> Line {
        if let until = source.until {
            let length = Words.duration(seconds: until.withinReach.seconds - source.since.withinReach.seconds)
            return "blind from \(words.time(source.since)) to \(words.time(until)), \(length)"
        }
        var parts: [Line] = ["blind since \(words.time(source.since))"]
        if source.isCritical { parts.append("critical") }
        parts.append(source.lastRead.map { "last read \(words.time($0))" } ?? "never read since it was configured")
        if let why = source.why { parts.append("\(why)") }
        return Words.joined(parts, ", ")
    }
}
