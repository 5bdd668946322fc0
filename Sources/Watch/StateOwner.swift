import Glibc

extension StateFolder {
    /// Root at work on another user's state becomes that user, with the folder's group, for the rest of the process's life:
    /// a file that root left there could not be written by the service. Anybody else stays who they are.
    /// - Throws: `StateError` when that user cannot get at the folder.
    public func becomeOwner() throws(StateError) {
        var status = stat()
        guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return }
        var group = status.st_gid
        let hasGroups =
            getpwuid(status.st_uid).map { initgroups($0.pointee.pw_name, group) == 0 } ?? (setgroups(1, &group) == 0)
        guard hasGroups, setgid(group) == 0, setuid(status.st_uid) == 0 else {
            throw StateError(
                code: .failed,
                detail: "\(path) belongs to user \(status.st_uid), and this process cannot become that user: "
                    + "\(String(cString: strerror(errno))) – run it as that user")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw StateError(
                code: .failed,
                detail: "\(path) belongs to user \(status.st_uid), who cannot write there: "
                    + "\(String(cString: strerror(errno))) – see the modes of the folder and of those above it")
        }
    }
}
