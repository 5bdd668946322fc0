import CZlib

/// A body in gzip (RFC 1952), piece by piece, read as browsers and archivers read it: one member after another, and what
/// stands behind the last is left out. libcurl 7.88 fails on both.
///
/// Belongs to one thread at a time.
final class Gunzip {
    enum Progress {
        case goesOn
        /// Behind the end stands something that is no gzip; everything before has been given.
        case endsInOther
        case isBroken
        /// The taker wants no more.
        case isStopped
    }

    /// On the heap: zlib knows a stream by its address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let isReady: Bool
    /// Nothing of a member is missing.
    private(set) var isAtEnd = false
    private var members = 0
    private var hasOutput = false

    init() {
        stream.initialize(to: z_stream())
        isReady = feedwatch_gunzip_begin(stream) == Z_OK
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// - Parameter take: gets what has been unpacked, at most 32 KB at a time; false wants no more.
    func unpack(_ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Bool) -> Progress {
        guard isReady else { return .isBroken }
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
        return withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 16) { room in
            while true {
                if isAtEnd {
                    guard stream.pointee.avail_in > 0 else { return .goesOn }
                    (isAtEnd, hasOutput) = (false, false)
                    inflateReset(stream)
                }
                stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(room.count)
                let code = inflate(stream, Z_NO_FLUSH)
                let count = room.count - Int(stream.pointee.avail_out)
                if count > 0 {
                    hasOutput = true
                    guard take(UnsafeRawBufferPointer(rebasing: room[..<count])) else { return .isStopped }
                }
                switch code {
                case Z_STREAM_END:
                    isAtEnd = true
                    members += 1
                case Z_OK, Z_BUF_ERROR:
                    if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return .goesOn }
                default: return members > 0 && !hasOutput ? .endsInOther : .isBroken
                }
            }
        }
    }

    /// The body is over, in what may be the beginning of a further member and is none.
    var hasWholeMembers: Bool { isAtEnd || members > 0 && !hasOutput }
}
