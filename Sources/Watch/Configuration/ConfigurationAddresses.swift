import Fetch
import News

/// Codes, paths and addresses: scalars that stand for something outside.
extension ConfigurationType {
    func country(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        if ConfigurationCodes.countries.contains(text) { return .text(text) }
        let upper = text.uppercased()
        let near = ConfigurationCodes.countries.contains(upper) ? upper : ConfigurationCodes.countryForWord[upper]
        throw misfit(text, near.map { "write \($0)" })
    }

    /// Language, script and region of RFC 5646 §2.1, in its recommended case; variants and extensions are not known here.
    func language(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        func isLetters(_ part: String) -> Bool {
            part.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        }
        let primary = parts[0].lowercased()
        guard isLetters(primary), primary.utf8.count == 3 || ConfigurationCodes.languages.contains(primary) else {
            let plain = text.contains("_") ? text.replacing("_", with: "-") : nil
            throw misfit(text, (ConfigurationCodes.languageForCountry[primary] ?? plain).map { "write \($0)" })
        }
        var tag = primary
        var rest = parts.dropFirst()
        if let script = rest.first, script.utf8.count == 4, isLetters(script) {
            tag += "-" + script.prefix(1).uppercased() + script.dropFirst().lowercased()
            rest = rest.dropFirst()
        }
        if let region = rest.first,
            region.utf8.count == 2 && isLetters(region) || region.utf8.count == 3 && Int(region) != nil
        {
            tag += "-" + region.uppercased()
            rest = rest.dropFirst()
        }
        guard rest.isEmpty else { throw misfit(text) }
        return .text(tag)
    }

    func contact(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        if text.isEmpty { return .text("") }
        guard text.utf8.count <= 200, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x28 && $0 != 0x29 })
        else { throw misfit(text) }
        if text.lowercased().hasPrefix("mailto:") {
            let address = text.dropFirst("mailto:".count).split(separator: "@", omittingEmptySubsequences: false)
            guard address.count == 2, !address[0].isEmpty, !address[1].isEmpty else { throw misfit(text) }
            return .text(text)
        }
        if WebAddress.fault(in: text) == nil { return .text(text) }
        throw misfit(text, text.contains("@") && !text.contains(":") ? "write mailto:\(text)" : nil)
    }

    func path(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        if text.isEmpty { return .text("") }
        guard !text.unicodeScalars.contains(where: Self.isControl) else {
            throw ConfigurationMisfit(problem: "has several lines or control characters", hint: "write it in one line")
        }
        let name = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard text.hasPrefix("/"), !["", ".", ".."].contains(name) else { throw misfit(text) }
        guard text.utf8.count <= Limits.pathBytesMax else { throw misfit(text, "shorten it") }
        return .text(text)
    }

    func folder(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        var text = text
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        let isPlain = text.split(separator: "/").allSatisfy { $0 != "." && $0 != ".." }
        guard text != "/", isPlain else { throw misfit(text) }
        return try path(text)
    }

    /// What follows an `@` is never shown: a password stands before it.
    func proxyURL(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        guard !text.contains("@") else {
            throw ConfigurationMisfit(
                problem: "has a user name or password in it", hint: "remove it, and name a credential with login:")
        }
        do { _ = try Proxy(text) } catch { throw misfit(text) }
        return .text(text)
    }

    /// Those that say who asks, with which secret, or how the bytes are framed, are not to be given (RFC 9110 §6, RFC 9112 §6).
    func header(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        guard let colon = text.firstIndex(of: ":"), text.utf8.count <= 1000 else { throw misfit(text) }
        let name = text[..<colon]
        let isToken = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D || byte == 0x5F
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        guard isToken, !name.isEmpty, !value.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw misfit(text)
        }
        let lower = name.lowercased()
        let hints = [
            "user-agent": "use user_agent:", "authorization": "use login:", "cookie": "use login: {cookie: …}",
        ]
        let own = [
            "host", "connection", "te", "trailer", "upgrade", "range", "accept-encoding", "keep-alive", "expect",
            "referer",
        ]
        let prefixes = ["proxy-", "content-", "transfer-", "if-"]
        guard hints[lower] == nil, !own.contains(lower), !prefixes.contains(where: lower.hasPrefix) else {
            throw ConfigurationMisfit(
                problem: "sets \(ConfigurationReader.clipped(String(name))), which is not its to set",
                hint: hints[lower] ?? "remove it")
        }
        return .text("\(name): \(value)")
    }

    func selector(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        let shown = ConfigurationReader.clipped(text)
        do { _ = try Selector(text) } catch {
            throw ConfigurationMisfit(
                problem: "is no CSS selector, at character \(error.column) of \"\(shown)\": \(error.problem)",
                hint: error.hint)
        }
        return .text(text)
    }

    func url(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        if let fault = WebAddress.fault(in: text) { throw fault }
        return .text(text)
    }
}
