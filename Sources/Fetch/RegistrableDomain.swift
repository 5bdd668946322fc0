import CLibpsl

/// The part of a host name that somebody registered: `news.bbc.co.uk` is `bbc.co.uk` (publicsuffix.org).
public enum RegistrableDomain {
    /// Nil for addresses (libpsl would read `0.1` into `10.0.0.1`), public suffixes themselves, and names without a dot.
    ///
    /// `host` is a name in lower-case ASCII, or an address with or without brackets.
    public static func of(_ host: String) -> String? {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard IPAddress(bare) == nil, let list = psl_builtin() else { return nil }
        return bare.lowercased().withCString { name in
            psl_registrable_domain(list, name).map { String(cString: $0) }
        }
    }
}
