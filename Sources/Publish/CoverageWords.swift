import News

/// The rows of the coverage table, cells ready.
struct CoverageWords {
    let digest: Digest
    let words: Words

    private var coverage: Coverage { digest.coverage }

    var rows: [String] {
        var rows = [row("read", "\(Words.number(digest.sight.read)) of \(Words.number(digest.sight.due))", [read])]
        add(&rows, "blind now", coverage.blind.map(blind))
        add(&rows, "blind for a time", coverage.interrupted.map(interrupted))
        add(&rows, "headline only", coverage.headlineOnly.map(headlineOnly))
        add(&rows, "not tried", coverage.overdue.map(name))
        add(&rows, "never yet read", coverage.neverRead.map(name))
        add(&rows, "not due", coverage.notDue.map(name))
        add(&rows, "silent beyond habit", coverage.silent.map(silent))
        add(
            &rows, "faulty documents",
            coverage.faulty.map { item in
                "\(name(item.name)): \(Words.list(item.faults.map(Markdown.text), max: 4))"
            })
        add(
            &rows, "switched off",
            coverage.disabled.map { item in
                name(item.name) + (item.because.map { ": \(Markdown.text($0))" } ?? "")
            })
        return rows
    }

    private func add(_ rows: inout [String], _ label: String, _ items: [String]) {
        if !items.isEmpty { rows.append(row(label, Words.number(items.count), items)) }
    }

    private func row(_ label: String, _ count: String, _ items: [String]) -> String {
        "| \(label) | \(count) | \(Words.list(items, max: Self.namedMax, separator: " · ")) |"
    }

    private static let namedMax = 20

    private func name(_ name: String) -> String { "*\(Markdown.text(name))*" }

    /// `en 55, ja 6 · 1,204 entries listed, 611 new, 3 stories kept`
    private var read: String {
        let languages = coverage.languages.map { item in
            "\(item.language == "und" ? "language not set" : Markdown.text(item.language)) \(Words.number(item.count))"
        }
        let counts =
            "\(Words.count(coverage.entriesListed, "entry", "entries")) listed, "
            + "\(Words.number(coverage.entriesNew)) new, \(Words.count(coverage.storiesKept, "story", "stories")) kept"
        return languages.isEmpty ? counts : "\(Words.list(languages, max: 12)) · \(counts)"
    }

    private func blind(_ item: Coverage.Blind) -> String {
        let age = Words.duration(seconds: digest.issued.withinReach.seconds - item.since.withinReach.seconds)
        let detail = item.detail.map { ", \(Markdown.text($0))" } ?? ", \(Markdown.text(item.why))"
        return "\(name(item.name)) \(age)\(detail)"
    }

    private func interrupted(_ item: Coverage.Interrupted) -> String {
        let length = Words.duration(seconds: item.until.withinReach.seconds - item.since.withinReach.seconds)
        let span = "\(words.dayAndTime(item.since)) – \(words.dayAndTime(item.until))"
        return "\(name(item.name)) \(span), \(length), \(Markdown.text(item.why))"
    }

    private func headlineOnly(_ item: Coverage.HeadlineOnly) -> String {
        "\(name(item.name)) \(Words.count(item.count, "article")): \(Words.list(item.reasons.map(Markdown.text), max: 4))"
    }

    private func silent(_ item: Coverage.Silent) -> String {
        let expected = Words.habit(seconds: item.expectEverySeconds)
        guard let newest = item.newestEntry else {
            return "\(name(item.name)): nothing yet, expected every \(expected)"
        }
        let age = Words.duration(seconds: digest.issued.withinReach.seconds - newest.withinReach.seconds)
        return "\(name(item.name)): newest item \(age) old, expected every \(expected)"
    }
}
