import CLibcurl  // In release builds its headers own SOCK_STREAM.
import Glibc
import News

/// The system's own way from a name to addresses.
public enum SystemLookup {
    /// `getaddrinfo` did not find the name, or could not ask.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Blocks for as long as the system's resolver does. At most `Limits.addressesMax`, in the order of RFC 6724.
    public static func addresses(of host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw Failure(description: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next, found.count < Limits.addressesMax {
            if let address = entry.pointee.ai_addr.flatMap({ IPAddress(UnsafePointer($0)) }), !found.contains(address) {
                found.append(address)
            }
            next = entry.pointee.ai_next
        }
        return found
    }
}
