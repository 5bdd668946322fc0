import Glibc

/// One conversion to UTF-8 by the C library's iconv.
struct Iconv: ~Copyable {
    private let handle: iconv_t

    /// Nil when the C library lacks the encoding.
    init?(from encoding: String) {
        guard let opened = iconv_open("UTF-8", encoding), Int(bitPattern: opened) != -1 else { return nil }
        handle = opened
    }

    deinit { iconv_close(handle) }

    /// Converts everything; what is not valid becomes U+FFFD, one for each bad byte.
    func decode(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], badBytes: Int) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2 + 16)
        var bad = 0
        var input = Array(bytes)
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        input.withUnsafeMutableBytes { source in
            guard let start = source.baseAddress else { return }
            var from: UnsafeMutablePointer<CChar>? = start.assumingMemoryBound(to: CChar.self)
            var left = source.count
            while left > 0 {
                let failure = step(&from, &left, &chunk, into: &text)
                guard let failure, failure != E2BIG else { continue }
                bad += 1
                text += [0xEF, 0xBF, 0xBD]
                from = from?.advanced(by: 1)
                left -= 1
                _ = iconv(handle, nil, nil, nil, nil)
            }
        }
        return (text, bad)
    }

    /// One call; the error number of its failure, if any.
    private func step(
        _ from: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, _ chunk: inout [UInt8], into text: inout [UInt8]
    ) -> Int32? {
        var failure: Int32?
        let written = chunk.withUnsafeMutableBytes { target in
            var to: UnsafeMutablePointer<CChar>? = target.baseAddress?.assumingMemoryBound(to: CChar.self)
            var room = target.count
            if iconv(handle, &from, &left, &to, &room) == -1 { failure = errno }
            return target.count - room
        }
        text += chunk[..<written]
        return failure
    }
}
