/// Which addresses may be spoken to: a URL from a stranger's feed must not reach the machine's own network.
struct AddressPolicy: Sendable {
    /// What an address is for, by the special-purpose registries (RFC 6890 and its successors).
    enum Kind: String, Sendable {
        case ordinary = "public"
        case loopback, metadata, multicast, unspecified, documentation, reserved
        case privateNetwork = "private"
        case linkLocal = "link-local"
        case carrierNAT = "carrier-grade NAT"
    }

    /// Addresses taken for public whatever they are: tests have loopback only.
    var ordinary: Set<IPAddress> = []

    /// Whether the address may be spoken to. Metadata services, multicast and reserved ranges never.
    func allows(_ address: IPAddress, privateHosts: Bool) -> Bool {
        switch kind(of: address) {
        case .ordinary: true
        case .loopback, .privateNetwork, .linkLocal, .carrierNAT: privateHosts
        case .metadata, .multicast, .unspecified, .documentation, .reserved: false
        }
    }

    /// Those of a URL's addresses that may be spoken to; an error when there is none among some.
    func allowed(_ found: [IPAddress], of url: WebURL, privateHosts: Bool) throws(FetchError) -> [IPAddress] {
        let allowed = found.filter { allows($0, privateHosts: privateHosts) }
        if allowed.isEmpty, let first = found.first {
            throw TransferFailure.privateAddress(first, kind(of: first), url)
        }
        return allowed
    }

    func kind(of address: IPAddress) -> Kind {
        if ordinary.contains(address) { return .ordinary }
        if let v4 = address.v4 { return Self.kind(v4: v4) }
        return Self.kind(v6: address)
    }

    private static let v4Table: [(network: UInt32, bits: UInt32, kind: Kind)] = [
        (0xA9FE_A9FE, 32, .metadata),  // 169.254.169.254, most clouds
        (0xA9FE_AA02, 32, .metadata),  // 169.254.170.2 and .23, credentials of containers
        (0xA9FE_AA17, 32, .metadata),
        (0xA9FE_2A2A, 32, .metadata),  // 169.254.42.42
        (0xA9FE_0017, 32, .metadata),  // 169.254.0.23
        (0x6464_64C8, 32, .metadata),  // 100.100.100.200
        (0xA83F_8110, 32, .metadata),  // 168.63.129.16, inside an otherwise public range
        (0x0000_0000, 8, .unspecified),
        (0x0A00_0000, 8, .privateNetwork),
        (0x6440_0000, 10, .carrierNAT),
        (0x7F00_0000, 8, .loopback),
        (0xA9FE_0000, 16, .linkLocal),
        (0xAC10_0000, 12, .privateNetwork),
        (0xC000_0000, 24, .reserved),
        (0xC000_0200, 24, .documentation),
        (0xC058_6300, 24, .reserved),
        (0xC0A8_0000, 16, .privateNetwork),
        (0xC612_0000, 15, .reserved),  // benchmarks, RFC 2544
        (0xC633_6400, 24, .documentation),
        (0xCB00_7100, 24, .documentation),
        (0xE000_0000, 4, .multicast),
        (0xF000_0000, 4, .reserved),
    ]

    /// The same services over IPv6, on networks that are private else: AWS twice, Google Cloud, Scaleway, OpenStack.
    private static let v6Metadata = Set(
        ["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe"].map { IPAddress($0)! })

    private static func kind(v4: UInt32) -> Kind {
        v4Table.first { v4 >> (32 - $0.bits) == $0.network >> (32 - $0.bits) }?.kind ?? .ordinary
    }

    private static func kind(v6 address: IPAddress) -> Kind {
        let high = address.high
        let low = address.low
        if v6Metadata.contains(address) { return .metadata }
        if high == 0, low <= 1 { return low == 1 ? .loopback : .unspecified }
        // An IPv4 address in disguise is judged as what it is: ::/96, ::ffff:0:0/96, NAT64 (RFC 6052), 6to4 (RFC 3056).
        if high == 0, low >> 32 == 0 || low >> 32 == 0xFFFF { return kind(v4: UInt32(truncatingIfNeeded: low)) }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return kind(v4: UInt32(truncatingIfNeeded: low)) }
        if high >> 48 == 0x2002 { return kind(v4: UInt32(truncatingIfNeeded: high >> 16)) }
        if high >> 54 == 0xFE80 >> 6 || high >> 54 == 0xFEC0 >> 6 { return .linkLocal }
        if high >> 57 == 0xFC >> 1 { return .privateNetwork }
        if high >> 56 == 0xFF { return .multicast }
        if high >> 32 == 0x2001_0DB8 || high >> 44 == 0x3FFF0 { return .documentation }
        // 2001::/23 is protocol assignments, Teredo among them; beyond 2000::/3 nothing is assigned.
        if high >> 41 == 0x2001_0000 >> 9 || high >> 61 != 0b001 { return .reserved }
        return .ordinary
    }
}
