import Foundation
import Glibc
import Logging
import News
import Publish
import Storage

extension Station {
    /// Opens the database for writing. A damaged one is set aside, whole, and told; a new one takes its place, for who
    /// watches must not go blind, and it repeats nothing of what readers have in files.
    static func openStore(_ state: StateFolder, at now: Timestamp, _ log: Logger) throws -> Store {
        let store = try openWhole(state, at: now, log)
        let count: Int
        do {
            count = try Reconciling(store: store, state: state, now: now).run()
        } catch {
            if (error as? StoreError)?.code == "damaged" { Store.suspect(state.database) }
            throw error
        }
        if count > 0 {
            log.notice(
                "\(count) alerts and issues that readers have were unknown to the database – none of it is told again",
                metadata: ["stage": "database"])
        }
        return store
    }

    private static func openWhole(_ state: StateFolder, at now: Timestamp, _ log: Logger) throws -> Store {
        do {
            if Self.isEmptied(state) {
                throw StoreError.damaged(state.database, "it is empty, and readers have files of it")
            }
            return try Store(path: state.database)
        } catch let error as StoreError {
            guard error.code == "damaged" else { throw error }
            return try beginAnew(state, error, at: now, log)
        }
    }

    /// A start that was cut off leaves an empty file, too, but then nobody has been told anything yet.
    private static func isEmptied(_ state: StateFolder) -> Bool {
        var status = stat()
        guard stat(state.database, &status) == 0, status.st_size == 0 else { return false }
        return !PublishedFiles(root: state.path).stems(since: CivilDate(daysSince1970: 0)).isEmpty
    }

    private static func beginAnew(
        _ state: StateFolder, _ error: StoreError, at now: Timestamp, _ log: Logger
    ) throws -> Store {
        guard Store.setAside(of: state.database).count < Limits.setAsideMax else {
            throw StoreError(
                code: "damaged",
                detail:
                    "\(state.database) is damaged (\(error.damage ?? "")) for the \(Limits.setAsideMax + 1)th time and was "
                    + "left as it is – look at the disk's health in the kernel log, then remove \(state.database).damaged-*"
            )
        }
        let aside = try Store.setAside(state.database, at: now)
        let salvage = Salvage(from: aside.path)
        let issued = Self.issued(state, before: aside.lastWritten)
        let words =
            "\(state.database) was damaged (\(error.damage ?? "")) and lies aside, whole, as \(aside.path) – feedwatch begins "
            + "anew: what is dated after \(issued), when the last issue ended or a day before the loss, is news, everything else is taken for known. "
            + "Held or not delivered, and saved: \(salvage.count); \(salvage.loss ?? "nothing of it was lost"). "
            + "Restore the newest backup if there is one: service.md in /usr/share/doc/feedwatch"
        log.critical("\(words)", metadata: ["stage": "database"])
        let store = try Store(path: state.database)
        try store.noteLoss(since: aside.lastWritten, issued: issued)
        try store.take(salvage)
        try store.takeOver(salvage.parcels.compactMap { Reconciling.record($0.stem, $0.json) }, at: now)
        return store
    }

    /// When the window of the newest issue ended that readers have; where there is none of `Limits.lossNewsSeconds` before the
    /// loss, a day before it.
    private static func issued(_ state: StateFolder, before loss: Timestamp) -> Timestamp {
        let earliest = loss - .seconds(Limits.lossNewsSeconds)
        let files = PublishedFiles(root: state.path)
        let day = CivilDate(daysSince1970: Int(earliest.seconds / 86_400) - 1)
        let ends = files.stems(since: day).filter { $0.hasPrefix("digests/") }.compactMap { stem -> Timestamp? in
            guard
                case .issue(_, _, _, let to)? = files.json(of: stem).flatMap({ Reconciling.record(stem, $0) })?.content
            else { return nil }
            return to
        }
        return min(ends.filter { $0 <= loss }.max() ?? loss - .seconds(86_400), loss)
    }
}
