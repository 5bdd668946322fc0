import News

/// What can be said of an http(s) URL without asking the network (RFC 3986 §3).
enum WebAddress {
    /// Nil when it is whole: scheme, host, a port where one is given, and nothing that would leak or not be sent.
    static func fault(in text: String) -> ConfigurationMisfit? {
        let whole = "write it whole, such as https://example.org/feed.xml"
        func not(_ what: String, _ hint: String) -> ConfigurationMisfit {
            ConfigurationMisfit(problem: "\(what): \"\(ConfigurationReader.clipped(text))\"", hint: hint)
        }
        guard text.utf8.count <= Limits.urlBytesMax else {
            return ConfigurationMisfit(problem: "is longer than \(Limits.urlBytesMax) bytes", hint: "shorten it")
        }
        guard
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.properties.isWhitespace || $0.value == 0x7F })
        else { return not("is a URL with white space in it", "write a space as %20") }
        if FileAddress.isFile(text) {
            return FileAddress.path(of: text) == nil ? not("is no file's URL", FileAddress.rule) : nil
        }
        guard let (scheme, rest) = split(text) else { return not("is no http or https URL", whole) }
        guard ["http", "https"].contains(scheme.lowercased()) else {
            return not("is no http or https URL", "only http and https are read")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            // Never shown: it may be a password.
            return ConfigurationMisfit(
                problem: "is a URL with a user name or password", hint: "remove it, and name a credential with login:")
        }
        guard !authority.contains("\\"), let (host, port) = hostAndPort(authority), !host.isEmpty else {
            return not("is a URL without a host", whole)
        }
        guard isPort(port) else { return not("is a URL with a bad port", "write 1 to 65535, or leave it out") }
        return nil
    }

    private static func split(_ text: String) -> (scheme: Substring, rest: Substring)? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return (text[..<colon], text[colon...].dropFirst(3))
    }

    /// The port is nil where none is given, and empty after a bare colon.
    private static func hostAndPort(_ authority: Substring) -> (host: Substring, port: Substring?)? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            return (
                authority[authority.index(after: authority.startIndex)..<end], rest.isEmpty ? nil : rest.dropFirst()
            )
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func isPort(_ port: Substring?) -> Bool {
        guard let port else { return true }
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port) else {
            return false
        }
        return (1...65_535).contains(number)
    }
}
