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
        let words =
            "\(state.database) was damaged (\(error.damage ?? "")) and lies aside, whole, as \(aside.path) – feedwatch begins "
            + "anew: what was published since \(aside.lastWritten) with a date is news, everything else is taken for known. "
            + "Restore the newest backup if there is one: service.md in /usr/share/doc/feedwatch"
        log.critical("\(words)", metadata: ["stage": "database"])
        let store = try Store(path: state.database)
        try store.noteLoss(since: aside.lastWritten)
        return store
    }
}
