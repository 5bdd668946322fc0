/// The commented main file, made from the table: every key with its default, commented out.
public enum ConfigurationSample {
    /// What `Config/feedwatch.yaml` holds and `feedwatch config sample` prints.
    public static var mainFile: String {
        var lines = [
            "# feedwatch.yaml: everything has a default; take the # from what you change.",
            "# Sources, entities and topics stand in sources.d, entities.d and topics.d beside it.",
            "# All keys, theirs too: docs/configuration.md, or \"feedwatch config keys\".",
        ]
        for row in ConfigurationKeys.main where row.presence != .reserved {
            lines.append("")
            // What must be given where it is written at all has no line to take a # from.
            guard case .mapping(let kind) = row.type, !kind.isOff else {
                lines.append(line(row, indentation: ""))
                continue
            }
            lines.append(padded("#\(row.name):", row.doc))
            lines += ConfigurationKeys.keys(of: kind).filter { $0.presence != .reserved }.map {
                line($0, indentation: "  ")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ row: ConfigurationKey, indentation: String) -> String {
        padded("#\(indentation)\(row.name): \(row.standard ?? "")", row.doc)
    }

    private static func padded(_ text: String, _ comment: String) -> String {
        let width = 28
        return text + String(repeating: " ", count: max(1, width - text.count)) + "# "
            + comment.replacing("`", with: "")
    }
}
