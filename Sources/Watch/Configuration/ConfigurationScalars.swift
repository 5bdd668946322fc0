import News

/// Why a scalar's text is not of the declared type: `must be …, not "60"`, and what to write.
struct ConfigurationMisfit: Error {
    var problem: String
    var hint: String
}

extension ConfigurationType {
    /// The value in the text of one scalar. Lists and mappings are not scalars; reading them as one is our mistake.
    func read(_ text: String, zones: TimeZones) throws(ConfigurationMisfit) -> ConfigurationValue {
        switch self {
        case .id: try id(text)
        case .text(let most): try line(text, most)
        case .prose(let most): try prose(text, most)
        case .contact: try contact(text)
        case .path: try path(text)
        case .folder: try folder(text)
        case .flag: try flag(text)
        case .integer(let range): try integer(text, range)
        case .duration(let range): try quantity(text, Self.durationUnits, range)
        case .size(let range): try quantity(text, Self.sizeUnits, range)
        case .localTime: try localTime(text)
        case .timezone: try timezone(text, zones)
        case .url: try url(text)
        case .proxyURL: try proxyURL(text)
        case .header: try header(text)
        case .selector: try selector(text)
        case .country: try country(text)
        case .language: try language(text)
        case .choice(let names): try choice(text, names)
        case .list, .oneOrMore, .mapping, .byID, .byLanguage: preconditionFailure("\(self) is no scalar")
        }
    }

    /// What a value of this type is called.
    var noun: String {
        switch self {
        case .id: "made of a-z, 0-9 and -"
        case .text: "one line of text"
        case .prose: "text"
        case .contact: "a mailto: or https: address"
        case .path: "the absolute path of a file"
        case .folder: "the absolute path of a folder"
        case .flag: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "a time span"
        case .size: "a size in bytes"
        case .localTime: "a time of day"
        case .timezone: "an IANA time zone"
        case .url: "an http or https URL"
        case .proxyURL: "the address of a proxy"
        case .header: "a line of a request"
        case .selector: "a CSS selector"
        case .country: "a country (ISO 3166-1, two letters)"
        case .language: "a language (BCP 47)"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .list, .oneOrMore: "a list"
        case .mapping, .byID, .byLanguage: "a mapping"
        }
    }

    /// How to write one.
    var advice: String {
        switch self {
        case .id: "write lower-case letters, digits and hyphens, at most 64"
        case .text, .prose: "put it in quotes"
        case .contact: "write mailto:you@example.org"
        case .path: "write one such as /var/lib/prometheus/node-exporter/feedwatch.prom"
        case .folder: "write one such as /srv/digests"
        case .flag: "write true or false"
        case .integer: "write digits only"
        case .duration: "write a number and s, m, h or d, such as 90s, 15m, 6h, 2d"
        case .size: "write a number and KB, MB or GB, such as 16MB"
        case .localTime: "write hours and minutes, such as 06:30"
        case .timezone: "write one such as Europe/Paris"
        case .url: "write it whole, such as https://example.org/feed.xml"
        case .header: "write one such as \"Accept-Language: ja\", in quotes"
        case .proxyURL: "write one such as socks5h://127.0.0.1:9050 or http://proxy.example.org:3128"
        case .selector: "write one such as \"ul.press li > a\", in quotes"
        case .country: "write one such as JP"
        case .language: "write one such as ja or zh-Hans"
        case .choice(let names): "write one such as \(names[0])"
        case .list, .oneOrMore: "begin each item with \"- \""
        case .mapping, .byID, .byLanguage: "write its keys below it, indented"
        }
    }

    func misfit(_ text: String, _ hint: String? = nil) -> ConfigurationMisfit {
        ConfigurationMisfit(
            problem: "must be \(noun), not \"\(ConfigurationReader.clipped(text))\"", hint: hint ?? advice)
    }
}

// MARK: - Text

extension ConfigurationType {
    private func id(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        let isID = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isID, (1...64).contains(text.utf8.count) else { throw misfit(text) }
        return .text(text)
    }

    private func line(_ text: String, _ most: Int) throws(ConfigurationMisfit) -> ConfigurationValue {
        let value = Self.trimmed(text)
        guard !value.isEmpty else {
            throw ConfigurationMisfit(problem: "is empty", hint: "write something, or remove it")
        }
        guard !value.unicodeScalars.contains(where: { Self.isControl($0) }) else {
            throw ConfigurationMisfit(problem: "has several lines or control characters", hint: "write it in one line")
        }
        return .text(try atMost(most, value))
    }

    private func prose(_ text: String, _ most: Int) throws(ConfigurationMisfit) -> ConfigurationValue {
        let value = Self.trimmed(text)
        guard !value.isEmpty else {
            throw ConfigurationMisfit(problem: "is empty", hint: "write something, or remove it")
        }
        guard !value.unicodeScalars.contains(where: { Self.isControl($0) && $0 != "\n" && $0 != "\t" }) else {
            throw ConfigurationMisfit(problem: "has control characters", hint: "remove them")
        }
        return .text(try atMost(most, value))
    }

    private func atMost(_ most: Int, _ text: String) throws(ConfigurationMisfit) -> String {
        let count = text.unicodeScalars.count
        guard count <= most else {
            throw ConfigurationMisfit(problem: "has \(count) characters, at most \(most) are read", hint: "shorten it")
        }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Control characters and line separators, which would break lines of logs, headers and digests.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }

    private func flag(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        switch text {
        case "true": return .flag(true)
        case "false": return .flag(false)
        default:
            switch text.lowercased() {
            case "true", "yes", "on", "y", "1": throw misfit(text, "write true")
            case "false", "no", "off", "n", "0": throw misfit(text, "write false")
            default: throw misfit(text)
            }
        }
    }

    private func choice(_ text: String, _ names: [String]) throws(ConfigurationMisfit) -> ConfigurationValue {
        if names.contains(text) { return .text(text) }
        guard
            let near = Spelling.nearest(to: text, among: names)
                ?? names.first(where: { $0.lowercased() == text.lowercased() })
        else { throw misfit(text) }
        throw misfit(text, "did you mean \"\(near)\"?")
    }
}

// MARK: - Numbers and times

extension ConfigurationType {
    static let durationUnits = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
    static let sizeUnits = [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)]

    private func integer(_ text: String, _ range: ClosedRange<Int>) throws(ConfigurationMisfit) -> ConfigurationValue {
        guard let number = Self.digits(text) else {
            // 0240 is 240 to most people and 160 to YAML 1.1.
            let plain = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? "0" : String(text.drop { $0 == "0" })
            throw misfit(text, Self.digits(plain).map { "write \($0)" })
        }
        guard range.contains(number) else {
            throw misfit(text, number > range.upperBound ? "write less" : "write more")
        }
        return .number(number)
    }

    private func quantity(
        _ text: String, _ units: [(name: String, factor: Int)], _ range: ClosedRange<Int>
    ) throws(ConfigurationMisfit) -> ConfigurationValue {
        for unit in units where text.hasSuffix(unit.name) {
            // "5d" ends in "d" and "5KB" in "KB"; no unit is another's ending.
            guard let number = Self.digits(String(text.dropLast(unit.name.count))) else { break }
            let (value, overflow) = number.multipliedReportingOverflow(by: unit.factor)
            guard !overflow, range.contains(value) else {
                let (low, high) = (Self.written(range.lowerBound, units), Self.written(range.upperBound, units))
                throw ConfigurationMisfit(
                    problem: "must be from \(low) to \(high), not \"\(ConfigurationReader.clipped(text))\"",
                    hint: overflow || value > range.upperBound ? "write less" : "write more")
            }
            return .number(value)
        }
        throw misfit(text)
    }

    /// A whole number without sign, leading zeros or anything around it; nil for others and for more than 15 digits.
    private static func digits(_ text: String) -> Int? {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 15, bytes.allSatisfy({ (0x30...0x39).contains($0) }),
            bytes.count == 1 || bytes.first != 0x30
        else { return nil }
        return Int(text)
    }

    /// A number of seconds or bytes in its largest whole unit.
    static func written(_ value: Int, _ units: [(name: String, factor: Int)]) -> String {
        let unit = units.last { value >= $0.factor && value.isMultiple(of: $0.factor) } ?? units[0]
        return "\(value / unit.factor)\(unit.name)"
    }

    private func localTime(_ text: String) throws(ConfigurationMisfit) -> ConfigurationValue {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isTime = parts.count == 2 && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isTime, let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60 else {
            throw misfit(text)
        }
        let time = LocalTime(hour: hour, minute: minute)
        guard time.description == text else { throw misfit(text, "write \(time)") }
        return .time(time)
    }

    private func timezone(_ text: String, _ zones: TimeZones) throws(ConfigurationMisfit) -> ConfigurationValue {
        // Always there, also on a system without tzdata.
        if text == "UTC" || zones.contains(text) { return .text(text) }
        guard zones.contains("Europe/Paris") else {
            throw ConfigurationMisfit(
                problem: "is \"\(ConfigurationReader.clipped(text))\", and no time zones are in \(zones.folder)",
                hint: "install tzdata, or write UTC")
        }
        throw misfit(text, zones.nearest(to: text).map { "did you mean \"\($0)\"?" })
    }
}
