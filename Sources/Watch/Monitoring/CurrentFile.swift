import Glibc

/// A file that holds how things are now: there whole or not at all, and made anew so often that it is not worth an fsync.
struct CurrentFile: Sendable, Hashable {
    /// Absolute, or relative to the working folder.
    var path: String
    var mode: mode_t

    /// Temporary file beside it, write, rename. A reader of `*.prom` passes the temporary name over.
    func replace(with text: [UInt8]) throws(CurrentFileError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { path[...$0] } ?? ""
        let temporary = "\(folder).\(slash.map { path[path.index(after: $0)...] } ?? path[...]).tmp"
        // Never through a link, nor into a file of somebody else's: the folder may be open to others.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw CurrentFileError(path: temporary, code: errno) }
        var code = write(text, to: file)
        // The mode that is promised, whatever the umask.
        if code == 0, fchmod(file, mode) != 0 { code = errno }
        if close(file) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, path) != 0 { code = errno }
        guard code != 0 else { return }
        unlink(temporary)
        throw CurrentFileError(path: path, code: code)
    }

    func remove() { unlink(path) }

    /// 0, or the error number of what failed.
    private func write(_ text: [UInt8], to file: CInt) -> CInt {
        text.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count == 0 ? ENOSPC : errno }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }
}

/// Which file could not be written, why, and what to do.
struct CurrentFileError: Error, CustomStringConvertible {
    var path: String
    var code: CInt

    var description: String {
        let advice =
            switch code {
            case EROFS: "under systemd, name its folder in ReadWritePaths= of a drop-in (\"feedwatch check\" prints it)"
            case EACCES, EPERM: "let the user that runs feedwatch write in its folder"
            case ENOENT, ENOTDIR: "make its folder"
            case ENOSPC, EDQUOT: "make room on that disk"
            default: "see the message"
            }
        return "cannot write \(path): \(String(cString: strerror(code))) – \(advice); it is tried again"
    }
}
