import News
import Publish

/// Where a running service keeps what is of use only while it runs: `RUNTIME_DIRECTORY`, else `STATE/run`.
public struct RuntimeFolder: Sendable, Hashable {
    public var path: String

    public init(path: String) { self.path = path }

    /// The service's own. systemd names several folders with colons between them: the first is ours.
    public init(of state: StateFolder, environment: [String: String]) {
        let named = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        path = named ?? state.path + "/run"
    }

    public var statusFile: String { path + "/status.json" }
    var controlSocket: String { path + "/control.sock" }

    func create() throws(StateError) { try StateFolder(path: path).create() }

    /// Where a service of this state may keep it, for who has not its environment.
    static func candidates(of state: StateFolder, environment: [String: String]) -> [RuntimeFolder] {
        let own = RuntimeFolder(of: state, environment: environment)
        let others = state.path == "/var/lib/feedwatch" ? ["/run/feedwatch"] : []
        // Beside the socket that the process has named, whatever its environment.
        let served = state.servedSocket.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let paths = [served.joined(separator: "/")] + others + [state.path + "/run"]
        return [own] + paths.map(RuntimeFolder.init(path:)).filter { $0 != own }
    }

    /// What a service of this state has last said of itself; nil where none does, or it cannot be read.
    static func lastStatus(of state: StateFolder, environment: [String: String]) -> StatusFile? {
        for folder in candidates(of: state, environment: environment) {
            guard let bytes = SmallFile.read(folder.statusFile, bytesMax: Limits.statusFileBytesMax) else { continue }
            if let status = try? PublicJSON.decode(StatusFile.self, from: bytes) { return status }
        }
        return nil
    }
}
