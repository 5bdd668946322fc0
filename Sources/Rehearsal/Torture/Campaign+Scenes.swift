import Foundation
import NewsTesting

extension Campaign {
    /// What happens to an installation now and then, each once.
    func playScenes(busySeconds: Int) throws {
        try beBusy(for: busySeconds)
        try haveFolderReadOnly()
        try fillDisk()
        try removeFolders()
    }

    /// Another process writes into the database, and does not end. Passes are given up after ten seconds and made again.
    private func beBusy(for seconds: Int) throws {
        let run = try prepared("busy")
        var isHeld = false
        try run.run(
            life: { Life() },
            before: { step in
                guard step == 10, !isHeld else { return }
                isHeld = true
                try DatabaseHolder.hold(run.stage.state + "/feedwatch.db", for: seconds)
            })
        guard isHeld, seconds <= 10 || run.failures.contains(where: { $0.contains("another process holds") }) else {
            throw Broken("nobody has noticed that the database was held: \(run.failures)")
        }
        try compare(run, "the run with a database that was held")
        print("a database held for \(seconds) s, \(run.failures.count) passes given up: the same bytes")
    }

    /// `alerts` takes nothing for more than two days; the digests go on.
    private func haveFolderReadOnly() throws {
        let run = try prepared("read-only")
        try run.run(
            life: {
                guard run.lives == 1 else { return Life() }
                let faults = Shim.Faults(rate: 1_000_000, span: 0..<Int(Int32.max), error: EROFS, only: "/alerts/")
                return Life(environment: self.shim.environment(below: run.stage.state, faults))
            },
            before: { step in
                guard step == 16 else { return }
                let files = try run.stage.readerFiles().keys
                guard !files.contains(where: { $0.hasPrefix("alerts/") }), files.contains("digests/latest.md") else {
                    throw Broken("with a read-only folder of alerts there are \(files.sorted())")
                }
            })
        try compare(run, "the run with a read-only folder")
        print("a folder of alerts that is read-only for days: the same bytes")
    }

    /// The whole disk is full for a time.
    private func fillDisk() throws {
        let run = try prepared("full")
        try run.run(life: {
            guard run.lives == 1 else { return Life() }
            let faults = Shim.Faults(rate: 1_000_000, span: 800..<1800, error: ENOSPC)
            return Life(environment: self.shim.environment(below: run.stage.state, faults))
        })
        guard run.failures.contains(where: { $0.contains("free some space") }) else {
            throw Broken("nobody has noticed that the disk was full: \(run.failures)")
        }
        try compare(run, "the run on a full disk")
        print("a full disk, \(run.failures.count) passes given up: the same bytes")
    }

    /// Somebody removes the readers' folders while it runs. What was written before is gone with them and does not come again,
    /// and the list of issues has those that are there.
    private func removeFolders() throws {
        let run = try prepared("removed")
        let away = run.stage.folder + "/away"
        try FileManager.default.createDirectory(atPath: away, withIntermediateDirectories: true)
        try run.run(
            life: { Life() },
            before: { step in
                for (at, name) in [(12, "alerts"), (16, "digests")] where step == at {
                    try FileManager.default.moveItem(atPath: "\(run.stage.state)/\(name)", toPath: "\(away)/\(name)")
                }
            })
        // Made anew with each issue and each alert.
        let current = ["digests/index.html", "alerts/alerts.atom", "feeds/stories.atom"]
        var all = try run.stage.readerFiles()
        for (name, bytes) in Stagecraft.readerFiles(below: away) where !current.contains(name) {
            if name == "alerts/alerts.log" {
                all[name] = bytes + (all[name] ?? [])
            } else if !name.hasPrefix("digests/latest."), all.updateValue(bytes, forKey: name) != nil {
                throw Broken("\(name) was written again after its folder was removed")
            }
        }
        for name in current { all[name] = undisturbed[name] }
        if let difference = Readers.difference(undisturbed, all) {
            throw Broken("the run with removed folders differs: \(difference)")
        }
        print("folders removed while running: nothing again, nothing lost")
    }
}

/// Holds a database's write lock as another process that writes does.
private enum DatabaseHolder {
    /// The byte of the shared memory file that is SQLite's `WAL_WRITE_LOCK` (wal.c, os_unix.c).
    private static let writeLock = 120

    static func hold(_ database: String, for seconds: Int) throws {
        let file = open(database + "-shm", O_RDWR | O_CLOEXEC)
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(writeLock)
        lock.l_len = 1
        guard file >= 0, fcntl(file, F_SETLK, &lock) == 0 else {
            throw Broken("\(database)-shm: \(String(cString: strerror(errno)))")
        }
        Thread.detachNewThread {
            sleep(UInt32(seconds))
            close(file)
        }
    }
}
