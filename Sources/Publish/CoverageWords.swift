import News

/// The rows of the coverage table.
struct CoverageWords {
    struct Row {
        let label: String
        let count: String
        let which: Line
    }

    let digest: Digest
    let words: Words

    private var coverage: Coverage { digest.coverage }

    var rows: [Row] {
        var rows = [Self.row("read", "\(Words.number(digest.sight.read)) of \(Words.number(digest.sight.due))", [read])]
        add(&rows, "blind now", coverage.blind.map(blind))
        add(&rows, "blind for a time", coverage.interrupted.map(interrupted))
        add(&rows, "maybe missed", (coverage.maybeMissed ?? []).map(rolledOver))
        if let rereads = coverage.rereads {
            let count = "\(Words.number(rereads.read)) of \(Words.number(rereads.due))"
            rows.append(Row(label: "re-read", count: count, which: "pages of articles in earlier issues"))
        }
        add(&rows, "headline only", coverage.headlineOnly.map(headlineOnly))
        add(&rows, "put off", (coverage.resting ?? []).map(resting))
        add(&rows, "not tried", coverage.overdue.map { "\(name: $0)" })
        let told = Set(coverage.blind.map(\.name) + (coverage.resting ?? []).map(\.name))
        add(&rows, "never yet read", coverage.neverRead.filter { !told.contains($0) }.map { "\(name: $0)" })
        add(&rows, "not due", coverage.notDue.map { "\(name: $0)" })
        add(&rows, "silent beyond habit", coverage.silent.map(silent))
        add(&rows, "faulty documents", coverage.faulty.map(faulty))
        add(&rows, "moved", (coverage.moved ?? []).map(faulty))
        add(
            &rows, "switched off",
            coverage.disabled.map { item in
                "\(name: item.name)" + (item.because.map { ": \($0)" } ?? "")
            })
        return rows
    }

    private func add(_ rows: inout [Row], _ label: String, _ items: [Line]) {
        if !items.isEmpty { rows.append(Self.row(label, Words.number(items.count), items)) }
    }

    private static func row(_ label: String, _ count: String, _ items: [Line]) -> Row {
        Row(label: label, count: count, which: Words.list(items, max: namedMax, separator: " · "))
    }

    private static let namedMax = 10

    /// `en 55, ja 6 · 1,204 entries listed, 611 new, 3 stories kept`
    private var read: Line {
        let languages: [Line] = coverage.languages.map { item in
            "\(item.language == "und" ? "language not set" : item.language) \(Words.number(item.count))"
        }
        let counts: Line =
            "\(Words.count(coverage.entriesListed, "entry", "entries")) listed, "
            + "\(Words.number(coverage.entriesNew)) new, \(Words.count(coverage.storiesKept, "story", "stories")) kept"
        return languages.isEmpty ? counts : "\(Words.list(languages, max: 12)) · \(counts)"
    }

    private func faulty(_ item: Coverage.Faulty) -> Line {
        "\(name: item.name): \(Words.list(item.faults.map { "\($0)" }, max: 4))"
    }

    private func blind(_ item: Coverage.Blind) -> Line {
        let age = Words.duration(seconds: digest.issued.withinReach.seconds - item.since.withinReach.seconds)
        return "\(name: item.name) \(age), \(item.detail ?? item.why)"
    }

    private func interrupted(_ item: Coverage.Interrupted) -> Line {
        let length = Words.duration(seconds: item.until.withinReach.seconds - item.since.withinReach.seconds)
        return
            "\(name: item.name) \(words.dayAndTime(item.since)) – \(words.dayAndTime(item.until)), \(length), \(item.why)"
    }

    private func rolledOver(_ item: Coverage.Interrupted) -> Line {
        "\(name: item.name): list rolled over between \(words.dayAndTime(item.since)) and \(words.dayAndTime(item.until))"
    }

    private func resting(_ item: Coverage.Resting) -> Line {
        "\(name: item.name) since \(words.dayAndTime(item.since)): \(item.domain) asked for rest until "
            + "\(words.dayAndTime(item.until))"
    }

    private func headlineOnly(_ item: Coverage.HeadlineOnly) -> Line {
        let reasons: [Line] = item.reasons.map { "\($0)" }
        return "\(name: item.name) \(Words.count(item.count, "article")): \(Words.list(reasons, max: 4))"
    }

    private func silent(_ item: Coverage.Silent) -> Line {
        let expected = Words.habit(seconds: item.expectEverySeconds)
        guard let newest = item.newestEntry else {
            return "\(name: item.name): nothing yet, expected every \(expected)"
        }
        let age = Words.duration(seconds: digest.issued.withinReach.seconds - newest.withinReach.seconds)
        return "\(name: item.name): newest item \(age) old, expected every \(expected)"
    }
}
