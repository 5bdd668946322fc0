import GRDB
import News

extension Store {
    /// All suspects; those whose last death is long ago are forgotten first.
    public func suspicions(at now: Timestamp) throws(StoreError) -> [Suspect: Suspicion] {
        try write { db in
            let old = now - Suspicion.rest - Suspicion.rest
            try db.execute(sql: "DELETE FROM suspect WHERE last < ?", arguments: [old.seconds])
            return try Row.fetchAll(db, sql: "SELECT source, key, deaths, last, made_with FROM suspect").reduce(
                into: [:]) {
                    $0[Suspect(source: $1["source"], key: $1["key"])] = Suspicion(
                        deaths: $1["deaths"], last: Timestamp(seconds: $1["last"]), madeWith: $1["made_with"])
                }
        }
    }

    /// Keeps what is suspected of these, on the disk when it returns; nil forgets one.
    public func setSuspicions(_ changes: [Suspect: Suspicion?]) throws(StoreError) {
        try writeDurably { db in
            for (suspect, suspicion) in changes {
                try db.execute(
                    sql: "DELETE FROM suspect WHERE source = ? AND key = ?", arguments: [suspect.source, suspect.key])
                guard let suspicion else { continue }
                try db.execute(
                    sql: "INSERT INTO suspect(source, key, deaths, last, made_with) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        suspect.source, suspect.key, suspicion.deaths, suspicion.last.seconds, suspicion.madeWith,
                    ])
            }
        }
    }
}
