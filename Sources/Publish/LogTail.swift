import Glibc

/// The end of a log: of lines whose second word is an id.
struct LogTail {
    /// Where in the file it begins.
    let start: Int
    let bytes: [UInt8]

    var end: Int { start + bytes.count }

    /// Where the file's last whole line ends; nil where this is further from the end than was read.
    var endOfLines: Int? {
        if let newline = bytes.lastIndex(of: 0x0A) { return start + newline + 1 }
        return start == 0 ? 0 : nil
    }

    /// Whether a whole line has this as its second word.
    func hasLine(of id: String) -> Bool {
        let count = (endOfLines ?? start) - start
        let word = Array(" \(id)".utf8)
        return bytes.withUnsafeBytes { lines in
            var from = 0
            while from < count, let end = Self.first(0x0A, in: lines[from..<count]) {
                if let space = Self.first(0x20, in: lines[from..<end]), space + word.count <= end,
                    lines[space..<(space + word.count)].elementsEqual(word),
                    space + word.count == end || lines[space + word.count] == 0x20
                {
                    return true
                }
                from = end + 1
            }
            return false
        }
    }

    private static func first(_ byte: Int32, in part: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard let base = part.base.baseAddress, let found = memchr(base + part.startIndex, byte, part.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
