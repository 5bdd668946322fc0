import Glibc
import News

/// What a configuration needs of systemd beyond the unit that is shipped: folders outside the sandbox, and secrets.
public struct ServiceNeeds: Sendable {
    /// Where the example of a credential's file is said to be.
    private static let secrets = "/etc/feedwatch-secrets"

    /// Outside the service's own, sorted.
    private var folders: [String] = []
    /// Sources that are files, sorted.
    private var files: [String] = []
    /// Names, sorted.
    private var credentials: [String] = []

    /// - Parameter state: the unit's own state folder, which it may write.
    init(_ configuration: Configuration, state: String = "/var/lib/feedwatch") {
        let settings = configuration.settings
        folders = Set([settings.digestFolder, Self.folder(of: settings.metrics)].map(Self.trimmed)).sorted()
            .filter { !$0.isEmpty && !Self.isWritable($0, state) }
        files = Set(configuration.sources.filter(\.enabled).compactMap { FileAddress.path(of: $0.url) }).sorted()
        let logins = configuration.sources.filter(\.enabled).flatMap {
            [$0.login?.credential, $0.asking.certificate].compactMap(\.self)
        }
        let used = Set(configuration.sources.filter(\.enabled).compactMap(\.via))
        let proxies = settings.proxies.filter { used.contains($0.key) }.compactMap(\.value.credential)
        credentials = Set(logins + proxies + settings.leaving.credentials).sorted()
    }

    /// Warnings of what would keep the service from writing or from starting, then the drop-in that is still to be written
    /// with the words around it; empty when nothing is missing.
    /// - Parameter isMissing: whether nothing is at a path, as far as this user can tell.
    func lines(given: ServiceUnit, isMissing: (String) -> Bool) -> [String] {
        let unseen = folders.compactMap { folder in Self.unseen(folder, given).map { (folder, $0) } }
        let writable = folders.filter { folder in !unseen.contains { $0.0 == folder } }
        var lines = unseen.map { "warning: \($0): \($1)" }
        lines += files.flatMap { file -> [String] in
            if !given.shows(file), let why = Self.unseen(file, given, "/srv/feeds") {
                return ["warning: \(file): \(why)"]
            }
            return isMissing(file) ? ["warning: \(file) does not exist: its source cannot be read until it does"] : []
        }
        lines += writable.filter(isMissing).map { folder in
            "warning: \(folder) does not exist, and the service does not start without it: "
                + "\"sudo install -d -o feedwatch -g feedwatch -m 0750 \(folder)\""
        }
        let unknown = credentials.filter { !given.credentials.contains($0) }
        lines += unknown.map { "\(Self.secrets)/\($0)" }.filter(isMissing).map { file in
            "warning: \(file) does not exist, and the service does not start without it: write one line into it, "
                + "user:password or a token, as root, mode 0600"
        }
        let missing =
            writable.filter { !given.mayWrite($0) }.map { "ReadWritePaths=\(UnitWords.quoted($0))" }
            + unknown.map { "LoadCredential=\($0):\(Self.secrets)/\($0)" }
        guard !missing.isEmpty else { return lines }
        lines.append("warning: the service needs a drop-in for this: \"sudo systemctl edit feedwatch\", write")
        lines += ["[Service]"] + missing
        lines.append("and \"sudo systemctl restart feedwatch\" (service.md in /usr/share/doc/feedwatch: Drop-ins)")
        return lines
    }

    /// The same, of this machine.
    func lines() -> [String] {
        folders.isEmpty && credentials.isEmpty && files.isEmpty
            ? []
            : lines(given: .current()) { path in
                var status = stat()
                return stat(path, &status) != 0 && errno == ENOENT
            }
    }

    /// Why no `ReadWritePaths=` helps, and what does.
    private static func unseen(_ folder: String, _ given: ServiceUnit, _ other: String = "/srv/digests") -> String? {
        func isIn(_ places: [String]) -> Bool { places.contains { folder == $0 || folder.hasPrefix("\($0)/") } }
        if given.binds(folder) { return nil }
        if isIn(["/home", "/root", "/run/user"]) {
            return "the service sees no homes (ProtectHome=yes in its unit) – name another folder, such as \(other)"
        }
        if isIn(["/tmp", "/var/tmp"]) {
            return "the service has a /tmp of its own (PrivateTmp=yes in its unit) – name another folder, such as "
                + other
        }
        return nil
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private static func trimmed(_ folder: String) -> String {
        folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    /// Its state and its runtime folder are all that the unit may write.
    private static func isWritable(_ folder: String, _ state: String) -> Bool {
        [state, "/run/feedwatch"].contains { folder == $0 || folder.hasPrefix("\($0)/") }
    }
}
