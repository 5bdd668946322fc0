import News

/// The words on an update of an alert: of which, why, and what is new.
struct UpdateWords {
    let update: AlertUpdate
    let words: Words

    /// ``Update of the alert of Sun 04:12 (`alerts/2025-03-30/015310Z-k7f2`): a correction, a new strong name.``
    var line: Line {
        let isWithdrawn = update.new.corrections.contains { $0.isWithdrawn == true }
        let why: [Line] = update.why.map { $0 == .correction && isWithdrawn ? "a withdrawal" : "\(Self.name($0))" }
        return "\(tag: "UPDATE", .updated) of the alert of \(words.time(update.alertedAt)) "
            + "(\(code: update.file)): \(Words.joined(why, ", "))"
    }

    /// One for each kind of news.
    var rows: [(label: Line, words: Line)] {
        let new = update.new
        var rows = new.corrections.map { item -> (Line, Line) in
            let title: Line =
                item.title.map { "\(link: "\(headline: $0)", to: item.url)" } ?? "\(link: "the article", to: item.url)"
            return (StoryWords.correctedLabel(isWithdrawn: item.isWithdrawn), "\(name: item.outlet): \(title)")
        }
        if !new.entities.isEmpty {
            rows.append(("New names", Words.list(new.entities.map { "\($0.name)" }, max: Self.shownMax)))
        }
        if !new.numbers.isEmpty {
            rows.append(("New in headlines", Words.list(new.numbers.map { "\($0)" }, max: Self.shownMax)))
        }
        rows += new.rules.map { ("Now also", "\($0.topic), rule \(code: $0.rule)") }
        return rows
    }

    static func name(_ reason: Topic.Again.Reason) -> String {
        switch reason {
        case .correction: "a correction"
        case .newStrongEntity: "a strong name that is new to it"
        case .numberInHeadline: "a new number in a headline"
        case .newRule: "a rule that did not hold before"
        }
    }

    private static let shownMax = 8
}

/// The words on an embargo.
struct EmbargoWords {
    let embargo: Embargo
    let words: Words

    /// `EMBARGOED until Tue 10:00`
    var label: Line {
        let until: Line = embargo.until.map { "until \(words.dayAndTime($0))" } ?? "until a time that could not be read"
        return "\(tag: "EMBARGOED", .embargo) \(until)"
    }

    /// With the notice, verbatim.
    var line: Line { "\(label): \(Line.quoted(embargo.notice))" }
}
