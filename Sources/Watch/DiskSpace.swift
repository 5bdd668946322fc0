import Glibc

/// What a disk has left for who is not root (statvfs(3)).
struct DiskSpace: Sendable, Hashable {
    /// Bytes.
    var free: Int
    /// Files that can still be made; nil on file systems without a limit of their own.
    var files: Int?

    /// Of the disk that holds `path`; nil where that cannot be told.
    static func of(_ path: String) -> DiskSpace? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return DiskSpace(
            free: Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).0),
            files: status.f_files > 0 ? Int(clamping: status.f_favail) : nil)
    }
}
