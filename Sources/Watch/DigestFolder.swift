import Foundation
import Glibc
import News

/// `digest.folder`: where issues go is the state's `digests`, which is a link where the configuration names another folder.
/// So whatever reads issues (backups, the record, the list of issues) finds them at one place.
enum DigestFolder {
    /// Issues that were published before go along: out of the state's own folder they are moved, else copied, for another
    /// folder is the administrator's, and may be out of reach for writing.
    /// - Parameter folder: absolute; empty is a folder of the state's own.
    /// - Returns: why it cannot be, and what to do; nil when issues go where they should.
    static func place(_ folder: String, in state: StateFolder) -> String? {
        let link = state.path + "/digests"
        guard folder == link || folder != state.path && !folder.hasPrefix(state.path + "/") else {
            return "digest.folder is \(folder), inside the state: issues go on going where they went – name a folder "
                + "elsewhere, or leave the key out"
        }
        // A link to itself would lead nowhere.
        let folder = folder == link ? "" : folder
        var status = stat()
        guard lstat(link, &status) == 0 else {
            return folder.isEmpty ? nil : fault(symlink(folder, link), link, folder)
        }
        guard status.st_mode & S_IFMT == S_IFLNK else {
            return folder.isEmpty ? nil : moveOut(of: link, to: folder)
        }
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? ""
        if target == folder { return nil }
        return folder.isEmpty ? bringBack(from: target, to: link) : change(link, from: target, to: folder)
    }

    private static func moveOut(of link: String, to folder: String) -> String? {
        if let fault = copyIssues(from: link, to: folder) { return fault }
        for name in names(in: link) { unlink("\(link)/\(name)") }
        guard rmdir(link) == 0 else { return fault(-1, link, folder) }
        return fault(symlink(folder, link), link, folder)
    }

    private static func bringBack(from target: String, to link: String) -> String? {
        let part = link + ".part"
        if mkdir(part, 0o750) != 0, errno != EEXIST { return fault(-1, part, "") }
        if let fault = copyIssues(from: target, to: part) { return fault }
        unlink(link)
        return fault(rename(part, link), link, "")
    }

    private static func change(_ link: String, from target: String, to folder: String) -> String? {
        if let fault = copyIssues(from: target, to: folder) { return fault }
        unlink(link)
        return fault(symlink(folder, link), link, folder)
    }

    /// What is there already stays as it is; each file is whole, and on the disk, or not there.
    private static func copyIssues(from old: String, to new: String) -> String? {
        for name in names(in: old) {
            let (from, to) = ("\(old)/\(name)", "\(new)/\(name)")
            guard access(to, F_OK) != 0 else { continue }
            let part = "\(new)/.\(name).part"
            unlink(part)
            do {
                try FileManager.default.copyItem(atPath: from, toPath: part)
                let file = open(part, O_RDONLY | O_CLOEXEC)
                let isSynced = fsync(file) == 0
                close(file)
                guard isSynced, rename(part, to) == 0 else { throw CocoaError(.fileWriteUnknown) }
            } catch {
                return
                    "digest.folder is \(new), but \(from) cannot be copied there: issues go on going to \(old) – see that the "
                    + "folder is there and that the service may write in it (\"feedwatch check\" prints what systemd needs)"
            }
        }
        return nil
    }

    /// Regular files; none where the folder is out of reach.
    private static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.prefix(Limits.folderNamesMax).filter { name in
            var status = stat()
            return lstat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    private static func fault(_ result: Int32, _ path: String, _ folder: String) -> String? {
        if result == 0 { return nil }
        let why = String(cString: strerror(errno))
        return
            "digest.folder is \(folder.isEmpty ? "not set" : folder), but \(path) cannot be changed: \(why) – see its owner and mode"
    }
}
