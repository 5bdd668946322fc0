import Publish

/// What `feedwatch check` does: loads the configuration, runs the tests inside topic files, tries the templates, and says all that is wrong.
public struct ConfigurationCheck: Sendable {
    /// What is printed, one fault per line, errors first; empty when all is well.
    public var lines: [String]
    /// For people, when the configuration can be used: how much of what was read.
    public var summary: String?
    /// What the service could not read, and the drop-in that systemd needs for it, with words; empty when nothing is missing, or
    /// systemd does not run this configuration.
    public var needs: [String] = []
    /// 0, or 78 when the configuration cannot be used or a topic's test fails.
    public var exitCode: Int32

    /// `runTopicTests` returns a fault for each test of a topic whose outcome is not the expected one.
    public static func run(
        _ location: ConfigurationLocation, runTopicTests: (Configuration) -> [ConfigurationFault]
    ) -> ConfigurationCheck {
        do {
            let configuration = try Configuration.load(location)
            let templates = Templates(configuration).faults.map(ConfigurationFault.init)
            let failures = (runTopicTests(configuration) + templates).sorted()
            let warnings = (configuration.warnings + configuration.faultsOfExamples).sorted().map { fault in
                var warning = fault
                warning.message = "warning: \(fault.message)"
                return warning
            }
            let isService = location.folder == ConfigurationLocation.system
            return ConfigurationCheck(
                lines: (failures + warnings).map(\.description), summary: summary(of: configuration),
                needs: isService ? needs(of: configuration, in: location.folder) : [],
                exitCode: failures.isEmpty ? 0 : 78)
        } catch {
            return ConfigurationCheck(lines: error.faults.map(\.description), summary: nil, exitCode: 78)
        }
    }

    /// What the system's service lacks for its configuration, as `check` says it; empty when that cannot be read.
    public static func needsOfService() -> [String] {
        let location = ConfigurationLocation(
            folder: ConfigurationLocation.system, vendor: ConfigurationLocation.package)
        return (try? Configuration.load(location)).map { needs(of: $0, in: location.folder) } ?? []
    }

    private static func needs(of configuration: Configuration, in folder: String) -> [String] {
        FilesOfService.unreadable(of: folder).map { "warning: \($0)" } + ServiceNeeds(configuration).lines()
    }

    /// `74 sources (2 disabled), 31 more in packs that are off, 3 topics with 12 tests, 120 entities, 9 files, configuration 9c1e`
    private static func summary(of configuration: Configuration) -> String {
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        let disabled = configuration.sources.count { !$0.enabled }
        let tests = configuration.topics.reduce(0) { $0 + $1.tests.count }
        let offered = configuration.offered.count
        return [
            count(configuration.sources.count, "source", "sources") + (disabled > 0 ? " (\(disabled) disabled)" : "")
                + (offered > 0 ? ", \(offered) more in packs that are off" : ""),
            count(configuration.topics.count, "topic", "topics") + " with " + count(tests, "test", "tests"),
            count(configuration.entities.count, "entity", "entities"),
            count(configuration.files.count, "file", "files"),
            "configuration \(configuration.hash.prefix(4))",
        ].joined(separator: ", ")
    }
}
