import Glibc

extension UnsafeBufferPointer where Element == UInt8 {
    /// Whether `text` stands at `index`.
    func matches(_ text: StaticString, at index: Int) -> Bool {
        guard let baseAddress, index + text.utf8CodeUnitCount <= count else { return false }
        return memcmp(baseAddress + index, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Where the next such byte is.
    func index(of byte: UInt8, from start: Int) -> Int? {
        guard let baseAddress, start < count, let hit = memchr(baseAddress + start, Int32(byte), count - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(baseAddress)
    }

    /// Behind the next occurrence of `text` that begins before `limit`.
    func end(of text: StaticString, from start: Int, limit: Int = .max) -> Int? {
        var from = start
        while from < limit, let hit = index(of: text.utf8Start[0], from: from) {
            if matches(text, at: hit) { return hit + text.utf8CodeUnitCount }
            from = hit + 1
        }
        return nil
    }
}
