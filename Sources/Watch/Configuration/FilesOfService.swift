import Glibc

/// Whether the service may read what root reads: an editor under `umask 077` leaves files that it may not.
enum FilesOfService {
    /// Who wants to read, as the kernel judges by (path_resolution(7)).
    struct Reader: Sendable {
        var user: uid_t
        var groups: Set<gid_t>

        /// The service's user with its own group; nil where there is none.
        static var service: Reader? {
            getpwnam("feedwatch").map { Reader(user: $0.pointee.pw_uid, groups: [$0.pointee.pw_gid]) }
        }

        /// Reading a file, or reading and searching a folder. Access lists (acl(5)) show in the mode's group bits alone.
        func mayRead(_ status: stat) -> Bool {
            let wanted: mode_t = status.st_mode & S_IFMT == S_IFDIR ? 0o5 : 0o4
            let shift: mode_t = status.st_uid == user ? 6 : groups.contains(status.st_gid) ? 3 : 0
            return status.st_mode >> shift & wanted == wanted
        }
    }

    /// Words for each file and folder of a configuration that the service may not read; none unless root asks.
    static func unreadable(of folder: String) -> [String] {
        guard geteuid() == 0, let reader = Reader.service else { return [] }
        return unreadable(of: folder, by: reader)
    }

    static func unreadable(of folder: String, by reader: Reader) -> [String] {
        let parts = ["sources.d", "entities.d", "topics.d"].map { "\(folder)/\($0)" }
        let files =
            ["\(folder)/feedwatch.yaml"]
            + parts.flatMap { part in
                ((try? ConfigurationFile.names(in: part)) ?? []).map { "\(part)/\($0)" }
            }
        return ([folder] + parts + files).filter { path in
            var status = stat()
            return stat(path, &status) == 0 && !reader.mayRead(status)
        }.map { "\($0) may not be read by the service – \"sudo chgrp feedwatch \($0); sudo chmod g+rX \($0)\"" }
    }
}
