import Glibc

/// A file that could not be written: what was done, where, why, and what to do.
public struct DeliveryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A verb: `write`, `rename`.
    public var doing: String
    public var path: String
    /// `errno`, or 0 where the system had nothing to do with it.
    public var code: Int32
    public var detail: String?

    public init(doing: String, path: String, code: Int32, detail: String? = nil) {
        self.doing = doing
        self.path = path
        self.code = code
        self.detail = detail
    }

    public var description: String {
        let why = detail ?? String(cString: strerror(code))
        return "cannot \(doing) \(path): \(why) – \(advice)"
    }

    /// The disk as a whole takes nothing now, so that another file would fare no better.
    public var concernsTheDisk: Bool { [ENOSPC, EDQUOT, EROFS].contains(code) }

    private var advice: String {
        switch code {
        case ENOSPC, EDQUOT: "make room on that disk; it is tried again"
        case EACCES, EPERM: "let the feedwatch user write there; it is tried again"
        case EROFS: "mount it writable, or let systemd (\"feedwatch check\" prints how); it is tried again"
        case EIO: "look at the disk's health in the kernel log"
        case ENOTDIR, EISDIR, EEXIST, ELOOP, EFBIG: "move what stands at that place out of the way"
        case ENOENT: "put the folder back; it is tried again"
        case 0: "this is a fault of feedwatch; please report it"
        default: "it is tried again"
        }
    }
}
