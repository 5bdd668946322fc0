import Glibc
import Logging
import Markup
import News
import Storage
import Synchronization

/// Keeps away from the process what has killed it twice.
///
/// Everything that was being read at a death is suspected. At the next death those that were being read again are to blame;
/// who was not, or has been read since by a process that lived, is not.
public final class Quarantine: Sendable {
    private let store: Store
    private let clock: WallClock
    /// Nil where the file cannot be opened: then nobody is suspected of anything new.
    private let notes: ReadingNotes?
    private let suspicions: Mutex<[Suspect: Suspicion]>

    /// Blames whom the last death blames, and tells it. The state's lock is held.
    init(
        _ state: StateFolder, store: Store, sources: [SourceID: Source], clock: WallClock, log: Logger
    ) throws(StoreError) {
        self.store = store
        self.clock = clock
        do throws(StateError) {
            notes = try ReadingNotes(path: Self.notesPath(in: state))
        } catch {
            log.warning("a document that kills this process cannot be found: \(error)", metadata: ["stage": "parse"])
            notes = nil
        }
        let now = clock.now()
        var known = try store.suspicions()
        let old = known.filter { $0.value.last + Suspicion.rest + Suspicion.rest < now }.map(\.key)
        for suspect in old { known[suspect] = nil }
        let verdict = Self.verdict(on: notes?.left ?? [], known, sources, at: now)
        if !old.isEmpty || !verdict.isEmpty { try store.setSuspicions(verdict, forgetting: old) }
        notes?.begin()
        for (suspect, suspicion) in verdict {
            known[suspect] = suspicion
            Self.tell(suspect, suspicion, log)
        }
        suspicions = Mutex(known)
        // What is held no longer, for the program or the configuration is another one, is tried at once.
        let freed = known.filter { suspect, suspicion in
            suspect.key.isEmpty && suspicion.deaths >= Suspicion.deathsToBlame && sources[suspect.source] != nil
                && suspicion.held(at: now, with: Self.circumstances(of: sources[suspect.source])) == nil
        }
        if !freed.isEmpty { try store.setDue(freed.keys.map { DueJob(kind: .poll, key: $0.source, at: now) }) }
    }

    /// What a death changes. Where some were suspects before, the others are innocent.
    static func verdict(
        on left: [Suspect], _ known: [Suspect: Suspicion], _ sources: [SourceID: Source], at now: Timestamp
    ) -> [Suspect: Suspicion] {
        let again = left.filter { known[$0] != nil }
        return (again.isEmpty ? left : again).reduce(into: [:]) { changes, suspect in
            changes[suspect] = Suspicion(
                deaths: (known[suspect]?.deaths ?? 0) + 1, last: now,
                madeWith: circumstances(of: sources[suspect.source]))
        }
    }

    /// Reads a document or an entry, or a part of it, under notice.
    func reading<Value>(_ suspect: Suspect, _ body: () throws -> Value) rethrows -> Value {
        guard let notes else { return try body() }
        return try notes.during(suspect, body)
    }

    /// All of it was read, and this process lives. Where that cannot be noted it is acquitted another time.
    func acquit(_ suspect: Suspect) {
        let wasSuspected = suspicions.withLock { suspicions in
            // Nearly always nobody is.
            !suspicions.isEmpty && suspicions.removeValue(forKey: suspect) != nil
        }
        if wasSuspected { try? store.setSuspicions([:], forgetting: [suspect]) }
    }

    /// - Throws: `Fault` with the code `quarantined` for a source that is held.
    func check(_ source: Source) throws {
        guard let suspicion = suspicions.withLock({ $0[Suspect(source: source.id)] }),
            let until = suspicion.held(at: clock.now(), with: Self.circumstances(of: source))
        else { return }
        throw Fault(
            stage: Stage.parse.rawValue, code: "quarantined",
            detail:
                "feedwatch died \(suspicion.deaths) times while it read this document: it is not asked for until \(until), "
                + "or until its configuration or the program changes")
    }

    /// What may be read of an entry.
    func share(of entry: PendingEntry, _ source: Source) -> Share {
        guard let suspicion = suspicions.withLock({ $0[Suspect(source: entry.source, key: entry.key)] }),
            suspicion.held(at: clock.now(), with: Self.circumstances(of: source)) != nil
        else { return .all }
        return suspicion.deaths < Suspicion.deathsToDrop ? .headline : .nothing
    }

    enum Share { case all, headline, nothing }

    /// Somebody wants the source to be asked: one more death, and it is held again.
    func release(_ source: SourceID) throws(StoreError) {
        let suspect = Suspect(source: source)
        guard var suspicion = suspicions.withLock({ $0[suspect] }), suspicion.deaths >= Suspicion.deathsToBlame else {
            return
        }
        suspicion.deaths = Suspicion.deathsToBlame - 1
        try store.setSuspicions([suspect: suspicion])
        suspicions.withLock { $0[suspect] = suspicion }
    }

    func close() { notes?.clear() }

    /// Before a start: what the process before was reading when it died is no sign against it.
    static func forgetDeaths(in state: StateFolder) { unlink(notesPath(in: state)) }

    private static func notesPath(in state: StateFolder) -> String { state.path + "/parsing" }

    func forgiveInterrupts() { notes?.forgiveInterrupts() }

    static func circumstances(of source: Source?) -> String {
        guard let source else { return feedwatchVersion }
        return "\(feedwatchVersion) \(source.kind) \(source.fullText) \(source.url)"
    }

    private static func tell(_ suspect: Suspect, _ suspicion: Suspicion, _ log: Logger) {
        let what = suspect.key.isEmpty ? "the document of this source" : "the entry \(suspect.key)"
        let metadata: Logger.Metadata = [
            "source": "\(suspect.source)", "stage": "\(suspect.key.isEmpty ? Stage.parse : .read)",
        ]
        if suspicion.deaths < Suspicion.deathsToBlame {
            return log.warning("the process before this one died while it read \(what)", metadata: metadata)
        }
        let words =
            "\(suspicion.deaths) processes died while they read \(what): it is kept out until "
            + "\(suspicion.last + Suspicion.rest) – \"feedwatch poll \(suspect.source)\" tries it again, and please report it"
        log.error("\(words)", metadata: metadata)
    }
}

extension Article {
    /// What is filed of an entry that has killed the process: its headline, or nothing.
    static func quarantined(_ entry: Entry, _ share: Quarantine.Share) -> Article {
        var article = Article()
        if share == .headline { article.title = ArticleReader.headline(of: entry) }
        article.faults = [
            MarkupFault(quarantinedPage, "feedwatch died twice while it read this entry, and reads no more of it")
        ]
        return article
    }

    var isQuarantined: Bool { faults.contains { $0.code == Article.quarantinedPage } }

    private static let quarantinedPage = "page-quarantined"
}
