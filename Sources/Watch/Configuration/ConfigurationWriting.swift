import News

extension ConfigurationType {
    /// A value of this type in one line, as it would be written in a file.
    func written(_ value: ConfigurationValue) -> String {
        switch (self, value) {
        case (.duration, .number(let seconds)): Self.written(seconds, Self.durationUnits)
        case (.size, .number(let bytes)): Self.written(bytes, Self.sizeUnits)
        case (_, .number(let number)): String(number)
        case (_, .flag(let flag)): String(flag)
        case (_, .time(let time)): "\"\(time)\""
        case (_, .text(let text)): Self.quoted(text)
        case (.list(let type), .list(let items)):
            "[\(items.map { type.written($0.value) }.joined(separator: ", "))]"
        case (.oneOrMore(let type), .list(let items)):
            items.count == 1 ? type.written(items[0].value) : ConfigurationType.list(type).written(value)
        case (.mapping(let kind), .mapping(let mapping)):
            "{\(mapping.entries.map { kind.written($0) }.joined(separator: ", "))}"
        case (.byLanguage(let type), .mapping(let mapping)):
            "{\(mapping.entries.map { "\($0.key): \(type.written($0.value))" }.joined(separator: ", "))}"
        default: "?"
        }
    }

    /// `90s 15m 6h 2d`
    static func written(_ duration: Duration) -> String {
        written(Int(duration.components.seconds), durationUnits)
    }

    /// Plain where YAML reads it back as this text, else in double quotes (YAML 1.2 §7.3).
    static func quoted(_ text: String) -> String {
        let inner = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || " -_./@+'()~%".unicodeScalars.contains(scalar)
                || scalar == ":"
        }
        let first =
            text.unicodeScalars.first.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
        let isPlain = inner && first && !text.contains(": ") && !text.hasSuffix(":") && !text.hasSuffix(" ")
        if isPlain { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    quoted += "\\U" + String(String(UInt64(scalar.value) + 0x1_0000_0000, radix: 16).dropFirst())
                default: quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}

extension ConfigurationMappingKind {
    fileprivate func written(_ entry: ConfigurationEntry) -> String {
        let type = ConfigurationKeys.keys(of: self).first { $0.name == entry.key }?.type
        return "\(entry.key): \(type?.written(entry.value) ?? "?")"
    }
}
