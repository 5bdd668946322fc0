import GRDB
import News

extension Store {
    public func suspicions() throws(StoreError) -> [Suspect: Suspicion] {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT source, key, deaths, last, made_with FROM suspect")
            return rows.reduce(into: [:]) { all, row in
                all[Suspect(source: row["source"], key: row["key"])] = Suspicion(
                    deaths: row["deaths"], last: Timestamp(seconds: row["last"]), madeWith: row["made_with"])
            }
        }
    }

    /// Keeps what is suspected of some and forgets others; on the disk when it returns.
    public func setSuspicions(
        _ kept: [Suspect: Suspicion], forgetting forgotten: [Suspect] = []
    ) throws(StoreError) {
        try writeDurably { db in
            for suspect in forgotten + kept.keys {
                try db.execute(
                    sql: "DELETE FROM suspect WHERE source = ? AND key = ?", arguments: [suspect.source, suspect.key])
            }
            for (suspect, suspicion) in kept {
                try db.execute(
                    sql: "INSERT INTO suspect(source, key, deaths, last, made_with) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        suspect.source, suspect.key, suspicion.deaths, suspicion.last.seconds, suspicion.madeWith,
                    ])
            }
        }
    }
}
