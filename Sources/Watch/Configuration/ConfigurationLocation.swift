/// Which folders the configuration is read from.
public struct ConfigurationLocation: Sendable, Hashable {
    /// The administrator's folder, `feedwatch.yaml`, `sources.d`, `entities.d`, `topics.d` in it.
    public var folder: String
    /// The package's folder, read before `folder`; nil when `folder` is read alone. It need not exist.
    public var vendor: String?
    /// The system's time zones, in which `timezone` must be.
    public var zones = "/usr/share/zoneinfo"

    public init(folder: String, vendor: String? = nil) {
        self.folder = folder
        self.vendor = vendor
    }

    public static let system = "/etc/feedwatch"
    public static let package = "/usr/share/feedwatch"

    /// `--config`, else `FEEDWATCH_CONFIG` (unless empty), else `/etc/feedwatch` where it exists, else `./Config`.
    ///
    /// The vendor layer belongs to `/etc/feedwatch`, however it was named; any other folder is read alone.
    public static func resolve(
        flag: String?, environment: [String: String], exists: (String) -> Bool
    ) -> ConfigurationLocation {
        var folder = flag ?? environment["FEEDWATCH_CONFIG"] ?? ""
        if folder.isEmpty { folder = exists(system) ? system : "./Config" }
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return ConfigurationLocation(folder: folder, vendor: folder == system ? package : nil)
    }
}
