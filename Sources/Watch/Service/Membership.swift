import Glibc
import Storage

/// What somebody can do who may not read what the group reads.
public enum Membership {
    public static let advice =
        "members of the group read it: \"sudo adduser NAME feedwatch\", then log in again; or use sudo"

    /// - Throws: `StoreError` for a file that is there, or may be, and that this user may not read. A folder that may not be
    ///   searched does not tell what is in it.
    public static func judge(_ path: String) throws(StoreError) {
        guard access(path, R_OK) != 0, errno == EACCES else { return }
        throw StoreError(code: "missing", detail: "\(path) may not be read by this user – \(advice)")
    }
}
