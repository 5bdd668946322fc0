import Glibc
import News

/// The bytes of one configuration file, and the names in one folder: the only place here that touches the disk.
enum ConfigurationFile {
    enum Failure: Error, Equatable {
        /// There is nothing of that name.
        case missing
        /// What is wrong, and what to do.
        case unreadable(String, String)

        func words(_ missing: String, _ hint: String) -> (what: String, hint: String) {
            if case .unreadable(let what, let hint) = self { (what, hint) } else { (missing, hint) }
        }
    }

    /// Reads a regular file, also behind a symbolic link, of at most `Limits.configurationFileBytesMax` bytes.
    static func bytes(of path: String) throws(Failure) -> [UInt8] {
        // Non-blocking, for a named pipe would wait for its writer; regular files do not care.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno, path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno, path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let what = status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is no regular file"
            throw .unreadable("\(what), where a configuration file should be", "move it away")
        }
        let most = Limits.configurationFileBytesMax
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw failure(errno, path)
            }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > most {
                throw .unreadable("is larger than \(most >> 20) MB", "split it into several files")
            }
        }
    }

    /// The names in a folder, sorted by their bytes; hidden ones are left out.
    static func names(in folder: String) throws(Failure) -> [String] {
        guard let directory = opendir(folder) else {
            if errno == ENOTDIR { throw .unreadable("is a file, where a folder should be", "put a folder there") }
            throw failure(errno, folder)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func failure(_ code: Int32, _ path: String) -> Failure {
        if code == ENOENT, !isDanglingLink(path) { return .missing }
        switch code {
        case ENOENT: return .unreadable("is a symbolic link to nothing", "mend or remove the link")
        case ELOOP: return .unreadable("is a symbolic link in a circle", "mend or remove the link")
        case EACCES:
            return .unreadable(
                "may not be read by this user",
                "be a member of the group feedwatch (\"sudo adduser NAME feedwatch\", then log in again), and let the group "
                    + "read it")
        default: return .unreadable("cannot be read: \(String(cString: strerror(code)))", "check the file and the disk")
        }
    }

    private static func isDanglingLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
