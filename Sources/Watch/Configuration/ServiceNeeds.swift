import Foundation

/// What a configuration needs of systemd beyond the unit that is shipped: folders outside the sandbox, and secrets.
public struct ServiceNeeds: Sendable {
    /// Where drop-ins of the administrator stand (systemd.unit(5)).
    public static let dropIns = [
        "/etc/systemd/system/feedwatch.service.d", "/run/systemd/system/feedwatch.service.d",
    ]

    /// Where the example of a credential's file is said to be.
    private static let secrets = "/etc/feedwatch-secrets"

    /// Lines of `[Service]`, with what each is for.
    private var needs: [(line: String, isGivenBy: [String])] = []

    /// - Parameter state: the unit's own state folder, which it may write.
    init(_ configuration: Configuration, state: String = "/var/lib/feedwatch") {
        let settings = configuration.settings
        for folder in Set([settings.digestFolder, Self.folder(of: settings.metrics)]).sorted()
        where !folder.isEmpty && !Self.isWritable(folder, state) {
            needs.append(("ReadWritePaths=\(Self.quoted(folder))", Self.above(folder).map { "ReadWritePaths=\($0)" }))
        }
        let logins = configuration.sources.filter(\.enabled).flatMap {
            [$0.login?.credential, $0.asking.certificate].compactMap(\.self)
        }
        let used = Set(configuration.sources.filter(\.enabled).compactMap(\.via))
        let proxies = settings.proxies.filter { used.contains($0.key) }.compactMap(\.value.credential)
        for name in Set(logins + proxies).sorted() {
            needs.append(
                (
                    "LoadCredential=\(name):\(Self.secrets)/\(name)",
                    ["LoadCredential=\(name):", "LoadCredentialEncrypted=\(name):"]
                ))
        }
    }

    /// The drop-in that is still to be written, with the words that go before it; empty when nothing is.
    /// - Parameter given: the lines of the drop-ins that are there.
    func lines(given: [String]) -> [String] {
        let missing = needs.filter { need in
            !given.contains { line in
                need.isGivenBy.contains { $0.hasSuffix(":") ? line.hasPrefix($0) : line == $0 || line == "\($0)/" }
            }
        }
        guard !missing.isEmpty else { return [] }
        var lines = ["the service needs a drop-in for this: \"sudo systemctl edit feedwatch\", write", "[Service]"]
        lines += missing.map(\.line)
        lines.append("and \"sudo systemctl restart feedwatch\" (docs/service.md, Drop-ins)")
        return lines
    }

    /// The lines of the drop-ins in these folders; what cannot be read is not there.
    static func given(in folders: [String] = dropIns) -> [String] {
        folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".conf") }.flatMap { name -> [String] in
                guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { return [] }
                return text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " && $0 != "\"" } }
            }
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// Its state and its runtime folder are all that the unit may write.
    private static func isWritable(_ folder: String, _ state: String) -> Bool {
        [state, "/run/feedwatch"].contains { folder == $0 || folder.hasPrefix("\($0)/") }
    }

    /// The folder and all that it is in: whoever may write there may write here.
    private static func above(_ folder: String) -> [String] {
        var folders: [String] = []
        var rest = folder[...]
        while let slash = rest.lastIndex(of: "/") {
            folders.append(String(rest).filter { $0 != " " })
            rest = rest[..<slash]
        }
        return folders
    }

    private static func quoted(_ path: String) -> String { path.contains(" ") ? "\"\(path)\"" : path }
}
