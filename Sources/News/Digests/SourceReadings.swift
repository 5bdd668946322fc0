/// How each source fared in a window.
struct SourceReadings {
    private var read: [(source: Source, health: SourceHealth)] = []
    private var blind: [Coverage.Blind] = []
    private var resting: [Coverage.Resting] = []
    /// Of those that rest: neither read in the window nor blind.
    private var unread = 0
    private var overdue: [String] = []
    /// Those that could not be read though they were due: blind, put off and not tried ones.
    private(set) var missed: Set<SourceID> = []
    private var notDue: [String] = []
    private var neverRead: [String] = []
    private let input: DigestInput

    init(_ input: DigestInput) {
        self.input = input
        let since = input.seenFrom
        let health = Dictionary(input.health.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        for source in input.sources.values.sorted(by: { $0.id < $1.id }) where source.enabled {
            let name = CleanText.shown(source.name) ?? source.id
            let state = health[source.id] ?? SourceHealth(source: source.id)
            if state.lastRead == nil { neverRead.append(name) }
            if let rest = state.rest {
                resting.append(
                    Coverage.Resting(
                        source: source.id, name: name, domain: CleanText.line(rest.domain), since: rest.since,
                        until: rest.until))
            }
            missed.insert(source.id)
            if let since = state.blindSince {
                blind.append(Self.blind(source.id, name, since, state.fault))
            } else if let last = state.lastRead, last > since {
                read.append((source, state))
                missed.remove(source.id)
            } else if state.rest != nil {
                unread += 1
            } else if state.lastRead != nil, let next = state.nextDue, next > input.issued {
                notDue.append(name)
                missed.remove(source.id)
            } else {
                overdue.append(name)
            }
        }
        blind.sort { ($0.since, $0.source) < ($1.since, $1.source) }
    }

    private static func blind(_ id: SourceID, _ name: String, _ since: Timestamp, _ fault: Fault?) -> Coverage.Blind {
        let code = fault.map { CleanText.line($0.words) }
        return Coverage.Blind(
            source: id, name: name, since: since, why: code.flatMap { $0.isEmpty ? nil : $0 } ?? "no answer",
            detail: CleanText.shown(fault?.detail)?.cut(to: 160))
    }

    var sight: Sight {
        let due = read.count + blind.count + unread + overdue.count
        let grade: Sight.Grade
        if due == 0 {
            grade = notDue.isEmpty ? .blind : .idle
        } else {
            grade = read.isEmpty ? .blind : read.count == due ? .full : .impaired
        }
        return Sight(grade: grade, read: read.count, due: due, readSince: read.compactMap(\.health.lastRead).min())
    }

    func coverage(storiesKept: Int) -> Coverage {
        Coverage(
            languages: languages, entriesListed: read.reduce(0) { $0 + $1.health.listedInWindow },
            entriesNew: input.health.reduce(0) { $0 + $1.newInWindow }, storiesKept: storiesKept, blind: blind,
            interrupted: interrupted, maybeMissed: maybeMissed, headlineOnly: headlineOnly,
            resting: resting.isEmpty ? nil : resting, overdue: overdue, notDue: notDue,
            neverRead: neverRead, silent: silent, faulty: faulty, moved: moved.isEmpty ? nil : moved,
            disabled: disabled,
            rereads: input.rereads.due > 0 ? input.rereads : nil)
    }

    private func name(_ id: SourceID) -> String { CleanText.shown(input.sources[id]?.name) ?? id }

    private var interrupted: [Coverage.Interrupted] {
        // Due long ago and not tried since: a gap that is not over, of a source that was read before.
        let late = read.compactMap { source, health in
            health.nextDue.flatMap { due in
                due + .seconds(Limits.lateSeconds) < input.issued
                    ? SourceOutage(source: source.id, since: due, until: input.issued, why: "not tried") : nil
            }
        }
        let unseen = input.outages.filter { $0.why != SourceOutage.rolledOver } + late
        return unseen.compactMap(shown).sorted {
            ($1.until - $1.since, $0.source, $0.since) < ($0.until - $0.since, $1.source, $1.since)
        }
    }

    private var maybeMissed: [Coverage.Interrupted]? {
        let rolled = input.outages.filter { $0.why == SourceOutage.rolledOver }.compactMap(shown)
        return rolled.isEmpty ? nil : rolled.sorted { ($0.source, $0.since) < ($1.source, $1.since) }
    }

    private func shown(_ outage: SourceOutage) -> Coverage.Interrupted? {
        guard input.sources[outage.source]?.enabled == true else { return nil }
        return Coverage.Interrupted(
            source: outage.source, name: name(outage.source), since: outage.since, until: outage.until,
            why: CleanText.line(outage.why))
    }

    private var headlineOnly: [Coverage.HeadlineOnly] {
        Dictionary(grouping: input.pageFaults, by: \.source).map { id, counts in
            let ordered = counts.sorted { ($1.count, $0.code) < ($0.count, $1.code) }
            return Coverage.HeadlineOnly(
                source: id, name: name(id), count: counts.reduce(0) { $0 + $1.count },
                reasons: ordered.prefix(Limits.faultsMax).map {
                    CleanText.line($0.code.split(separator: "-").dropFirst().joined(separator: " "))
                })
        }.sorted { ($1.count, $0.source) < ($0.count, $1.source) }
    }

    private var languages: [Coverage.LanguageCount] {
        let counts = Dictionary(grouping: read) { $0.source.language ?? "und" }.mapValues(\.count)
        return counts.map { Coverage.LanguageCount(language: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.language) < ($0.count, $1.language) }
    }

    private var silent: [Coverage.Silent] {
        read.compactMap { source, health in
            guard let expected = source.expectEvery else { return nil }
            if let newest = health.newestEntry, input.issued - newest <= expected { return nil }
            return Coverage.Silent(
                source: source.id, name: CleanText.shown(source.name) ?? source.id, newestEntry: health.newestEntry,
                expectEverySeconds: Int(expected.components.seconds))
        }
    }

    /// Each with what its operator is to do.
    private var moved: [Coverage.Faulty] {
        read.compactMap { source, health in
            let told = health.markupFaults.filter { $0.code == MarkupFault.moved }
            guard !told.isEmpty else { return nil }
            return Coverage.Faulty(
                source: source.id, name: CleanText.shown(source.name) ?? source.id,
                faults: told.prefix(Limits.faultsMax).map { CleanText.line($0.detail).cut(to: 300) })
        }
    }

    private var faulty: [Coverage.Faulty] {
        read.compactMap { source, health in
            // Such a reading changes and loses nothing; every day it would say the same of the same sources.
            let told = health.markupFaults.filter {
                $0.code != MarkupFault.ambiguousZone && $0.code != MarkupFault.moved
            }
            guard !told.isEmpty else { return nil }
            var words: [String] = []
            for fault in told {
                // It asks the operator for something, and says what.
                let text =
                    fault.code == MarkupFault.losesTLS
                    ? CleanText.line(fault.detail).cut(to: 300)
                    : CleanText.line(fault.code).split(separator: "-").joined(separator: " ")
                if !words.contains(text) { words.append(text) }
            }
            return Coverage.Faulty(
                source: source.id, name: CleanText.shown(source.name) ?? source.id,
                faults: Array(words.prefix(Limits.faultsMax)))
        }
    }

    private var disabled: [Coverage.Disabled] {
        input.sources.values.filter { !$0.enabled }.sorted { $0.id < $1.id }.map {
            Coverage.Disabled(
                source: $0.id, name: CleanText.shown($0.name) ?? $0.id, because: CleanText.shown($0.because))
        }
    }
}
