import Foundation

/// What the service's unit with its drop-ins gives it: folders that it may write beside its own, and secrets.
struct ServiceUnit: Sendable {
    /// `ReadWritePaths=`, and where `BindPaths=` lead, without a slash at the end.
    private var writable: [String] = []
    private var bound: [String] = []
    private var boundForReading: [String] = []
    /// By the name that a program asks for.
    private(set) var credentials: Set<String> = []

    /// Where drop-ins stand when systemctl(1) does not say, the later ones last (systemd.unit(5)).
    static let dropIns = ["/usr/lib", "/usr/local/lib", "/run", "/etc"].map {
        "\($0)/systemd/system/feedwatch.service.d"
    }

    /// The unit as systemd has it, else what the drop-ins say.
    static func current() -> ServiceUnit {
        ServiceUnit(text: Self.shown() ?? Self.text(in: dropIns))
    }

    /// - Parameter text: unit files one after the other (systemd.syntax(7)). An empty value takes back what came before it.
    init(text: String) {
        for line in Self.lines(of: text) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let value = String(line[line.index(after: equals)...])
            switch line[..<equals].trimmingCharacters(in: .whitespaces) {
            case "ReadWritePaths": Self.add(UnitWords.split(value).map(Self.path), to: &writable)
            case "BindPaths": Self.add(UnitWords.split(value).map(Self.boundPath), to: &bound)
            case "BindReadOnlyPaths": Self.add(UnitWords.split(value).map(Self.boundPath), to: &boundForReading)
            case "LoadCredential", "LoadCredentialEncrypted", "SetCredential", "SetCredentialEncrypted":
                let name = value.trimmingCharacters(in: .whitespaces).prefix { $0 != ":" }
                if name.isEmpty { credentials = [] } else { credentials.insert(String(name)) }
            default: continue
            }
        }
    }

    /// Whoever may write a folder that this one is in may write here.
    func mayWrite(_ folder: String) -> Bool {
        (writable + bound).contains { $0 == folder || folder.hasPrefix($0 == "/" ? "/" : "\($0)/") }
    }

    /// Also one that no drop-in of paths alone could let it see, such as a home.
    func binds(_ folder: String) -> Bool { bound.contains { $0 == folder || folder.hasPrefix("\($0)/") } }

    /// The same for reading alone.
    func shows(_ path: String) -> Bool {
        binds(path) || boundForReading.contains { $0 == path || path.hasPrefix("\($0)/") }
    }

    private static func add(_ paths: [String], to list: inout [String]) {
        if paths.isEmpty { list = [] } else { list += paths }
    }

    /// The lines of `[Service]`, continued ones joined, without comments.
    private static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var section = "Service"
        var begun = ""
        for raw in text.split(whereSeparator: \.isNewline) {
            let line = raw.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasSuffix("\\") {
                begun += line.dropLast() + " "
                continue
            }
            let whole = begun + line
            begun = ""
            if whole.hasPrefix("["), whole.hasSuffix("]") {
                section = String(whole.dropFirst().dropLast())
            } else if section == "Service" {
                lines.append(whole)
            }
        }
        return lines
    }

    /// `-` and `+` before a path say what is done when it is missing, and from where it is counted.
    private static func path(_ word: String) -> String {
        let path = String(word.drop { $0 == "-" || $0 == "+" })
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// `source:destination:options`; a `\:` belongs to a path.
    private static func boundPath(_ word: String) -> String {
        let parts = word.replacing("\\:", with: "\0").split(separator: ":").map {
            String($0).replacing("\0", with: ":")
        }
        return path(parts.count > 1 ? parts[1] : parts.first ?? "")
    }

    /// `systemctl cat`: with drop-ins from all places, and a unit that was replaced as a whole. Nil where there is no
    /// systemd, or no such unit.
    private static func shown() -> String? {
        let systemctl = Process()
        systemctl.executableURL = URL(filePath: "/usr/bin/systemctl")
        systemctl.arguments = ["cat", "--no-pager", "feedwatch.service"]
        let output = Pipe()
        systemctl.standardOutput = output
        systemctl.standardError = FileHandle.nullDevice
        systemctl.standardInput = FileHandle.nullDevice
        guard (try? systemctl.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        systemctl.waitUntilExit()
        return systemctl.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }

    /// What cannot be read is not there. Of files of one name the last folder's counts.
    static func text(in folders: [String]) -> String {
        var files: [String: String] = [:]
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where name.hasSuffix(".conf") {
                files[name] = "\(folder)/\(name)"
            }
        }
        return files.sorted { $0.key < $1.key }
            .compactMap { try? String(contentsOfFile: $0.value, encoding: .utf8) }.joined(separator: "\n")
    }
}

/// Words of a value in a unit file, apart by spaces, with quotes, backslashes and `%%` (systemd.syntax(7)).
enum UnitWords {
    static func split(_ value: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in value {
            if isEscaped {
                // Before a colon it belongs to BindPaths=.
                word = (word ?? "") + (character == ":" ? "\\:" : String(character == "s" ? " " : character))
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if (character == "\"" || character == "'") && word == nil {
                quote = character
                word = ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words.map { $0.replacing("%%", with: "%") }
    }

    /// One word that is read back as this text.
    static func quoted(_ text: String) -> String {
        let escaped = text.replacing("%", with: "%%").replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return text.contains { $0.isWhitespace || "\\\"'".contains($0) } ? "\"\(escaped)\"" : escaped
    }
}
