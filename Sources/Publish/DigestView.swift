import News

/// What the templates of an issue show, in one form. Names are the templates'.
struct DigestView {
    struct Minute {
        let tag: String?
        let words: String
    }

    struct Told {
        let status: String
        let story: StoryView
    }

    struct Below {
        let tag: String?
        let anchor: String?
        let words: String
    }

    struct Row {
        let label: String
        let count: String
        let which: String
    }

    struct Indicator {
        let name: String
        let today: String
        let usual: String
        let spark: String
        let surprise: String
    }

    let pageTitle: String
    let generator: String
    let day: String
    let hour: String
    let zone: String
    let grade: String
    let sight: String
    let window: String
    let next: String
    let minute: [Minute]
    let stories: [Told]
    let hasStories: Bool
    let below: [Below]
    let hasBelow: Bool
    let belowID = BelowWords.id
    let belowCount: String
    let hasCorrections: Bool
    let corrections: [String]
    let correctionsID = MinuteWords.correctionsID
    let hasIndicators: Bool
    let hasIndicatorRows: Bool
    let indicators: [Indicator]
    let indicatorsWaiting: String?
    let coverage: [Row]
    let footer: String

    init(_ digest: Digest, as form: Form) {
        let words = Words(zone: digest.zone, today: digest.zone.local(digest.issued).date)
        day = Words.fullDay(digest.day)
        pageTitle = "\(day) – feedwatch"
        generator = form.text("feedwatch \(digest.version)")
        hour = form.write("\(digest.zone.local(digest.issued).clock, at: digest.issued)")
        zone = form.text(digest.zone.name)
        grade = digest.sight.grade.rawValue
        sight = form.write(SightWords(digest: digest, words: words).line)
        window = form.write(Self.window(digest, words))
        next = form.write(Words.next(digest.nextIssue, digest.zone))
        minute = MinuteWords(digest: digest, words: words).items.map {
            Minute(tag: $0.tag.map(form.write), words: form.write($0.words))
        }
        let held = Set((digest.held ?? []).filter { $0.file == nil }.map(\.shownID))
        let folded = Set((digest.folded ?? []).map(\.shownID))
        stories = digest.stories.map { item in
            let lines = StoryWords(story: item.story, words: words, changesAfter: digest.window.from)
            let status = StatusWords(
                item: item, words: words, isHeldBelow: held.contains(item.story.shownID),
                isFoldedBelow: folded.contains(item.story.shownID)
            ).line
            return Told(status: form.write(status), story: StoryView(lines, as: form))
        }
        hasStories = !stories.isEmpty
        let beneath = BelowWords(digest: digest, words: words)
        below = beneath.items.map { item in
            Below(
                tag: item.tag.map(form.write), anchor: item.place.flatMap(HTML.anchor), words: form.write(item.words))
        }
        hasBelow = !below.isEmpty
        belowCount = Words.number(beneath.count)
        corrections = digest.corrections.map { form.write(Self.correction($0, words)) }
        hasCorrections = !corrections.isEmpty
        let counted = digest.indicators.map { IndicatorWords(indicators: $0, words: words) }
        indicators = (counted?.rows ?? []).map { row in
            Indicator(
                name: form.write(row.name), today: row.today, usual: row.usual, spark: row.spark.write(as: form),
                surprise: form.write(row.surprise))
        }
        indicatorsWaiting = counted?.waiting.map(form.write)
        hasIndicators = counted != nil
        hasIndicatorRows = !indicators.isEmpty
        coverage = CoverageWords(digest: digest, words: words).rows.map {
            Row(label: $0.label, count: $0.count, which: form.write($0.which))
        }
        footer = form.write(Self.footer(digest, words))
    }

    /// `First seen Sat 06:20 – Sun 06:20, 23 hours (clocks went forward).`
    private static func window(_ digest: Digest, _ words: Words) -> Line {
        let window = digest.window
        // The first window begins a second before the first poll: minutes are rounded.
        let minutes = (window.to.withinReach.seconds - window.from.withinReach.seconds + 30) / 60
        let length =
            minutes % 60 == 0 ? Words.count(Int(minutes / 60), "hour") : "\(minutes / 60) h \(minutes % 60) min"
        let turn = digest.zone.span(at: window.to).offsetSeconds - digest.zone.span(at: window.from).offsetSeconds
        let note: Line = turn == 0 ? "" : turn > 0 ? " (clocks went forward)" : " (clocks went back)"
        let ends: Line = "\(words.dayAndTime(window.from)) – \(words.dayAndTime(window.to))"
        let span: Line = "First seen \(ends), \(length)\(note)."
        guard let previous = window.previousTo else { return span + " This is the first issue." }
        guard previous < window.from else { return span }
        let gap: Line = "No issue covers \(words.dayAndTime(previous)) – \(words.dayAndTime(window.from))."
        return "\(span) \(strong: gap)"
    }

    /// ``- Fri 28 March, `b1ns` *Bay News*: “9 ships” → “7 ships”, Sat 16:40.``
    private static func correction(_ item: Digest.Correction, _ words: Words) -> Line {
        let day = Words.shortDay(item.issueDay ?? words.zone.local(item.storyFirstSeen).date)
        let isWithdrawn = item.change.isWithdrawn == true
        let deed: Line = isWithdrawn ? "\(strong: "withdrawn"); " : ""
        let notice: Line = isWithdrawn ? "a notice stands in the text" : "a correction notice stands in the text"
        let change = StoryWords.change(item.change, language: item.language) ?? notice
        let title: Line =
            "\(link: "\(headline: item.title, language: item.language)", to: item.url, language: item.language)"
        return "\(day), \(code: item.shownID) \(title) · \(name: item.outlet, language: item.language), "
            + "\(words.dayAndTime(item.change.at)): \(deed)\(change)"
    }

    private static func footer(_ digest: Digest, _ words: Words) -> Line {
        let previous: Line = digest.window.previousTo.map { ", previous \(words.cutoff($0))" } ?? ""
        return Words.joined(
            [
                "\(code: "feedwatch \(digest.version)")", "configuration \(code: digest.configuration)",
                "cut-off \(words.cutoff(digest.window.to))\(previous)", "excerpts belong to their publishers",
            ], " · ")
    }
}

extension Timestamp {
    /// A document from elsewhere may hold any number; differences of these cannot overflow.
    var withinReach: Timestamp { Timestamp(seconds: min(max(seconds, -1 << 40), 1 << 40)) }
}
