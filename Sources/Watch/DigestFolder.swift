import Glibc

/// `digest.folder`: where issues go is the state's `digests`, which is a link where the configuration names another folder.
/// So whatever reads issues (backups, the record, `explain`) finds them at one place.
enum DigestFolder {
    /// - Parameter folder: absolute; empty is a folder of the state's own.
    /// - Returns: why it cannot be, and what to do; nil when issues go where they should.
    static func place(_ folder: String, in state: StateFolder) -> String? {
        let link = state.path + "/digests"
        var status = stat()
        guard lstat(link, &status) == 0 else { return folder.isEmpty ? nil : make(link, to: folder) }
        if status.st_mode & S_IFMT == S_IFLNK {
            if target(of: link) == folder { return nil }
            guard unlink(link) == 0 else { return fault(link, folder) }
            return folder.isEmpty ? nil : make(link, to: folder)
        }
        if folder.isEmpty { return nil }
        if rmdir(link) == 0 { return make(link, to: folder) }
        guard errno == ENOTEMPTY || errno == EEXIST else { return fault(link, folder) }
        return
            "digest.folder is \(folder), but \(link) holds issues, and they go on going there – stop feedwatch, move them "
            + "(mv \(link)/* \(folder)/ && rmdir \(link)), and start it"
    }

    private static func make(_ link: String, to folder: String) -> String? {
        symlink(folder, link) == 0 ? nil : fault(link, folder)
    }

    private static func fault(_ link: String, _ folder: String) -> String {
        "digest.folder is \(folder), but \(link) cannot be changed: \(String(cString: strerror(errno))) – see its owner and mode"
    }

    private static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count - 1)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
