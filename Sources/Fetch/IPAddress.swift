import Glibc

/// An IPv4 or IPv6 address, without port or zone.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    public let isIPv4: Bool
    /// In network order read as numbers; an IPv4 address is the last 32 bits of `low`.
    let high: UInt64
    let low: UInt64

    /// A strict literal: four decimal parts, or RFC 4291 §2.2 without brackets. Nil for anything else.
    public init?(_ text: String) {
        // Names, of which there are many more, are told apart first.
        let isNumber = text.utf8.last.map { (0x30...0x39).contains($0) } ?? false
        guard isNumber || text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        self.init(cString: text)
    }

    /// The same of C's text.
    init?(cString text: UnsafePointer<CChar>) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(v4: UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(six)
    }

    public init(v4: UInt32) {
        isIPv4 = true
        high = 0
        low = UInt64(v4)
    }

    /// From a socket address of the kernel or of `getaddrinfo`; nil for other families.
    init?(_ address: UnsafePointer<sockaddr>) {
        // The whole structure lies behind the pointer; a `sockaddr` value would be cut to 16 bytes.
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self.init(v4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6: self.init(raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    private init(_ six: in6_addr) {
        isIPv4 = false
        (high, low) = withUnsafeBytes(of: six) {
            (
                UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    var v4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }

    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            if isIPv4 {
                var bytes = UInt32(truncatingIfNeeded: low).bigEndian
                inet_ntop(AF_INET, &bytes, text.baseAddress, socklen_t(text.count))
            } else {
                var bytes = (high.bigEndian, low.bigEndian)
                inet_ntop(AF_INET6, &bytes, text.baseAddress, socklen_t(text.count))
            }
            return String(cString: text.baseAddress!)
        }
    }
}
