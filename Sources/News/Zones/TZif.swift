/// The content of a TZif file (RFC 8536).
struct TZif {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// Before the first transition (RFC 8536 §3.2).
    var first: Zone.Offset
    /// Strictly ascending.
    var transitions: [Zone.Transition]
    /// The footer, for times after the last transition (RFC 8536 §3.3).
    var rules: PosixZone?

    init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= Limits.zoneFileBytesMax else {
            throw Fault(description: "more than \(Limits.zoneFileBytesMax) bytes")
        }
        var reader = Reader(bytes: bytes)
        var header = try reader.header()
        if header.version >= 2 {
            // The 32-bit block stands first for old readers; the same follows in 64 bits.
            try reader.skip(header.length(timeSize: 4))
            header = try reader.header()
        }
        let timeSize = header.version >= 2 ? 8 : 4
        (first, transitions) = try reader.block(header, timeSize: timeSize)
        rules = nil
        guard header.version >= 2 else { return }
        let footer = try reader.footer()
        if !footer.isEmpty {
            guard let parsed = PosixZone(footer) else { throw Fault(description: "the footer's rule is not readable") }
            rules = parsed
        }
    }
}

extension TZif {
    /// RFC 8536 §3.1.
    private struct Header {
        var version: Int
        var utCount: Int
        var standardCount: Int
        var leapCount: Int
        var timeCount: Int
        var typeCount: Int
        var characterCount: Int

        /// Bytes of the data block that follows.
        func length(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + standardCount
                + utCount
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func skip(_ count: Int) throws(Fault) {
            guard count <= bytes.count - position else { throw Fault(description: "the file is cut off") }
            position += count
        }

        mutating func number(bytes size: Int) throws(Fault) -> Int64 {
            let start = position
            try skip(size)
            var value: Int64 = size == 8 ? 0 : bytes[start] >= 0x80 ? -1 : 0
            for byte in bytes[start..<position] { value = value << 8 | Int64(byte) }
            return value
        }

        mutating func count() throws(Fault) -> Int {
            Int(try number(bytes: 4)) & 0xFFFF_FFFF
        }

        mutating func header() throws(Fault) -> Header {
            let start = position
            try skip(20)
            guard bytes[start..<start + 4].elementsEqual("TZif".utf8) else {
                throw Fault(description: "not a TZif file")
            }
            let version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 0x30
            guard version >= 1 else { throw Fault(description: "unknown TZif version") }
            return Header(
                version: version, utCount: try count(), standardCount: try count(), leapCount: try count(),
                timeCount: try count(), typeCount: try count(), characterCount: try count())
        }

        /// RFC 8536 §3.2.
        mutating func block(
            _ header: Header, timeSize: Int
        ) throws(Fault) -> (first: Zone.Offset, transitions: [Zone.Transition]) {
            guard header.typeCount > 0 else { throw Fault(description: "no local time type") }
            guard header.length(timeSize: timeSize) <= bytes.count - position else {
                throw Fault(description: "the file is cut off")
            }
            var times: [Int64] = []
            for _ in 0..<header.timeCount { times.append(try number(bytes: timeSize)) }
            let typeStart = position
            try skip(header.timeCount)
            let types = try types(header)
            try skip(header.leapCount * (timeSize + 4) + header.standardCount + header.utCount)

            var transitions: [Zone.Transition] = []
            for (index, time) in times.enumerated() {
                let type = Int(bytes[typeStart + index])
                guard type < types.count else { throw Fault(description: "a transition of unknown type \(type)") }
                if index > 0, times[index - 1] >= time { throw Fault(description: "transitions are out of order") }
                transitions.append(Zone.Transition(at: Timestamp(seconds: time), offset: types[type]))
            }
            return (types[0], transitions)
        }

        private mutating func types(_ header: Header) throws(Fault) -> [Zone.Offset] {
            let characters = position + header.typeCount * 6
            let end = characters + header.characterCount
            var types: [Zone.Offset] = []
            for _ in 0..<header.typeCount {
                let seconds = try number(bytes: 4)
                // RFC 8536 §3.2: between -25 and +26 hours.
                guard seconds > -90_000, seconds < 93_600 else { throw Fault(description: "an offset of \(seconds) s") }
                let isDST = bytes[position] != 0
                let start = characters + Int(bytes[position + 1])
                position += 2
                guard start < end, let stop = bytes[start..<end].firstIndex(of: 0) else {
                    throw Fault(description: "an abbreviation that does not end")
                }
                let abbreviation = String(decoding: bytes[start..<stop], as: UTF8.self)
                types.append(Zone.Offset(seconds: Int(seconds), abbreviation: abbreviation, isDST: isDST))
            }
            try skip(header.characterCount)
            return types
        }

        /// Between two newlines at the end of the file.
        mutating func footer() throws(Fault) -> [UInt8] {
            guard position < bytes.count, bytes[position] == 0x0A,
                let end = bytes[(position + 1)...].firstIndex(of: 0x0A)
            else { throw Fault(description: "the footer is cut off") }
            return Array(bytes[position + 1..<end])
        }
    }
}
