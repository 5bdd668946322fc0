import Yams

extension ConfigurationYAML {
    /// Where the library stopped, and why, in our words.
    func fault(of error: YamlError, in text: String) -> ConfigurationFault {
        func at(_ mark: Mark, _ message: String, _ hint: String) -> ConfigurationFault {
            ConfigurationFault(file: file, line: mark.line, column: mark.column, message: message, hint: hint)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let (message, hint) = Self.plainWords(for: problem)
            // Where something was opened and never closed, people look for the opening.
            return at(Self.isUnclosed(problem) ? context?.mark ?? mark : mark, message, hint)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = String((keys.first ?? "").prefix(80).map { $0 == "\u{F8E8}" ? "*" : $0 })
            let again = Self.line(ofSecond: key, at: context.mark, in: text).map { ", again in line \($0)" } ?? ""
            return at(context.mark, "\"\(key)\" stands twice in one mapping\(again)", "keep one of them")
        default:
            return ConfigurationFault(file: file, message: "cannot be parsed as YAML: \(error)")
        }
    }

    private static func isUnclosed(_ problem: String) -> Bool {
        [
            "could not find expected ':'", "found unexpected end of stream", "did not find expected ',' or ']'",
            "did not find expected ',' or '}'",
        ].contains(problem)
    }

    /// What libyaml says, in words for people who write lists of sources.
    static func plainWords(for problem: String) -> (message: String, hint: String) {
        switch problem {
        case "found character that cannot start any token":
            (
                "a character that cannot stand here",
                "indent with spaces, not tabs; quote values that begin with @, ` or %"
            )
        case "mapping values are not allowed in this context":
            ("a colon where no key can be", "check the indentation, or quote a value that has \": \" in it")
        case "did not find expected key":
            ("a key should stand here", "check the indentation and the quotes above")
        case "could not find expected ':'":
            ("no colon after this key", "write \"key: value\"")
        case "did not find expected '-' indicator":
            ("an item of the list should begin here", "begin it with \"- \", as far in as the others")
        case "found unexpected end of stream":
            ("this quote is never closed", "close it")
        case "did not find expected ',' or ']'":
            ("this list in brackets is not closed", "separate items by commas and end the list with ]")
        case "did not find expected ',' or '}'":
            ("this mapping in braces is not closed", "separate keys by commas and end it with }")
        case "did not find expected node content":
            ("a value should stand here", "check the brackets, braces and commas above")
        case "found undefined alias":
            ("an alias without an anchor of its name", "quote a value that begins with *")
        case "but found another document":
            ("a second document begins", "keep one document in a file")
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            ("a tab where indentation should be", "indent with spaces")
        case "did not find expected <document start>":
            ("more text where the document has ended", "check the quotes and the indentation")
        case _ where problem.hasPrefix("Maximum nesting level"):
            ("too many levels within each other", "check brackets and indentation")
        default:
            ("not YAML: \(problem)", "check indentation, quotes and brackets here and above")
        }
    }

    /// The line in which a key of a block mapping stands for the second time; nil when it is not found so simply.
    private static func line(ofSecond key: String, at first: Mark, in text: String) -> Int? {
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard number > first.line else { continue }
            let indentation = line.prefix { $0 == UInt8(ascii: " ") }.count
            let rest = line.dropFirst(indentation)
            guard let start = rest.first, start != UInt8(ascii: "#"), start != UInt8(ascii: "\r") else { continue }
            if indentation < first.column - 1 { return nil }
            guard indentation == first.column - 1 else { continue }
            if ["\(key):", "\"\(key)\":", "'\(key)':"].contains(where: { rest.starts(with: $0.utf8) }) {
                return number
            }
        }
        return nil
    }
}
