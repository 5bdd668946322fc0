import Fetch
import Foundation
import News
import Publish
import Storage

extension MissedStory {
    /// An address that no document listed: why its outlet's sources did not.
    func unlisted(_ url: String) throws -> Missed {
        guard let host = Self.host(url) else {
            return Missed(url, .notCarried, ["That is no address of the web – give the article's, https://…"])
        }
        let known = try store.sources(ofHost: host)
        let sources = configuration.sources.filter { known.contains($0.id) || Self.isSameOutlet($0, host) }
        if let source = sources.first(where: \.enabled) { return try unlisted(url, by: source, of: sources) }
        if let source = sources.first {
            return switchedOff(url, source, because: source.because)
        }
        if let source = configuration.offered.first(where: { Self.isSameOutlet($0, host) }) {
            return switchedOff(url, source, because: nil)
        }
        var missed = Missed(url, .notCarried, ["No source is of \(host), and none has listed a text from there."])
        missed.change = Missed.Change(
            place: "sources.d", line: "\(Self.id(of: host)): {page: \"https://\(host)/\"}",
            unknown: "What it would have brought is not known: nothing of it was read. "
                + "\"feedwatch links https://\(host)/\" shows what a page or its feed lists.")
        return missed
    }

    private func switchedOff(_ url: String, _ source: Source, because: String?) -> Missed {
        let why = CleanText.shown(because).map { ": \($0)" } ?? (source.packs.isEmpty ? "" : ", for its packs are off")
        var missed = Missed(
            url, .switchedOff, ["\(shown(source)) is of that outlet and is not read\(why)."], source: source.id)
        missed.change = Missed.Change(
            place: "sources.d, source \(source.id)", line: "enabled: true",
            unknown: "What it would have brought is not known: nothing of it was read.")
        return missed
    }

    private func unlisted(_ url: String, by source: Source, of all: [Source]) throws -> Missed {
        let now = ages.now
        let from = now - .seconds(days * 86_400)
        let health = try store.health(from: from, to: now).first { $0.source == source.id }
        let name = shown(source)
        func missed(_ fate: Missed.Fate, _ words: [String]) -> Missed { Missed(url, fate, words, source: source.id) }
        guard let health, health.lastRead != nil else {
            return missed(.unread, ["\(name) is of that outlet, and was never read yet" + fault(health?.fault)])
        }
        if let since = health.blindSince {
            return missed(.blind, ["\(name) cannot be read since \(ages.both(since))" + fault(health.fault)])
        }
        let gaps = try store.outages(of: source.id, from: from, to: now)
        if let roll = gaps.last(where: { $0.why == SourceOutage.rolledOver }) {
            var found = missed(
                .rolledOver,
                [
                    "\(name) has listed it in none of the documents that were read. Between \(ages.dayAndTime(roll.since)) and "
                        + "\(ages.dayAndTime(roll.until)) its list rolled over: what stood there in between was not seen."
                ])
            found.change = Missed.Change(
                place: "sources.d, source \(source.id)", line: "interval: \(Self.shorter(source, configuration))",
                unknown: "What it would have brought is not known.")
            return found
        }
        if let gap = gaps.last {
            return missed(
                .gap,
                [
                    "\(name) has listed it in none of the documents that were read, and was not seen between "
                        + "\(ages.dayAndTime(gap.since)) and \(ages.dayAndTime(gap.until)) (\(CleanText.line(gap.why)))."
                ])
        }
        var found = missed(
            .notListed,
            [
                "\(name) was read without a gap in the last \(days) days and never listed it: "
                    + "the outlet has it somewhere else."
            ])
        let host = Self.host(url) ?? ""
        found.change = Missed.Change(
            place: "sources.d", line: "\(Self.id(of: host))-2: {page: \"https://\(host)/…\"}",
            unknown:
                "With the address of the section that lists it, or its feed; \"feedwatch links\" shows what a page lists. "
                + "What it would have brought is not known.")
        return found
    }

    private func shown(_ source: Source) -> String { CleanText.shown(source.name) ?? source.id }

    private func fault(_ fault: Fault?) -> String {
        guard let fault else { return "." }
        return ": \(CleanText.line(fault.words))" + (CleanText.shown(fault.detail).map { ", \($0)." } ?? ".")
    }

    /// Half of what it is.
    private static func shorter(_ source: Source, _ configuration: Configuration) -> String {
        let interval = source.interval ?? configuration.settings.pollInterval
        return "\(max(1, interval.components.seconds / 120))m"
    }

    private static func host(_ url: String) -> String? {
        WebURL(url)?.host.map { $0.hasPrefix("www.") ? String($0.dropFirst(4)) : $0 }
    }

    /// Of the same registrable domain: a feed often has a host of its own.
    private static func isSameOutlet(_ source: Source, _ host: String) -> Bool {
        guard let own = Self.host(source.url) else { return false }
        return own == host || RegistrableDomain.of(own).map { $0 == RegistrableDomain.of(host) } ?? false
    }

    /// `harbour-example`
    private static func id(of host: String) -> String {
        String(host.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}
