import Foundation
import News
import NewsTesting

/// What the disk does when the power fails: of what was written to a file after its last fsync a random end is lost.
enum PowerCut {
    private struct Change {
        var offset: Int
        var old: ArraySlice<UInt8>
        /// Of the file, before.
        var size: Int
    }

    /// Takes changes of the database and of its log back, of each for itself, and forgets them.
    /// - Parameter undo: as `FAULTS_UNDO` of the shim.
    /// - Returns: how many were not on the disk, and how many of these are lost.
    static func strike(
        _ database: String, undo: String, using random: inout SplitMix64
    ) throws -> (loose: Int, lost: Int) {
        let bytes = FileManager.default.contents(atPath: undo).map(Array.init) ?? []
        try? FileManager.default.removeItem(atPath: undo)
        let changes = try changes(bytes)
        var count = (loose: 0, lost: 0)
        for (path, changes) in [(database, changes.database), (database + "-wal", changes.log)] {
            let kept = Int.random(in: 0...changes.count, using: &random)
            count.loose += changes.count
            count.lost += changes.count - kept
            guard kept < changes.count else { continue }
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
            guard file >= 0 else { throw Broken("\(path): \(String(cString: strerror(errno)))") }
            defer { close(file) }
            for change in changes[kept...].reversed() {
                let written = change.old.withUnsafeBytes {
                    pwrite(file, $0.baseAddress, $0.count, off_t(change.offset))
                }
                guard written == change.old.count, ftruncate(file, off_t(change.size)) == 0 else {
                    throw Broken("\(path): \(String(cString: strerror(errno)))")
                }
            }
        }
        return count
    }

    /// Those since the last fsync of each file, in order. A record that is not whole is of a change that was not made.
    private static func changes(_ bytes: [UInt8]) throws -> (database: [Change], log: [Change]) {
        var found: (database: [Change], log: [Change]) = ([], [])
        var place = 0
        while place + 24 <= bytes.count {
            let (kind, length, offset, size) = bytes.withUnsafeBytes { bytes in
                (
                    bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self),
                    Int(bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)),
                    Int(bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)),
                    Int(bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
                )
            }
            let end = place + 24 + length
            guard end <= bytes.count else { break }
            let change = Change(offset: offset, old: bytes[(place + 24)..<end], size: size)
            switch kind {
            case 1: found.database.append(change)
            case 2: found.log.append(change)
            case 3: found.database = []
            case 4: found.log = []
            default: throw Broken("the shim wrote a record of kind \(kind) at \(place)")
            }
            place = end
        }
        return found
    }
}
