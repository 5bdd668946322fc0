import Testing

@testable import Watch

@Suite struct StateFolderTests {
    @Test(
        "--state, then FEEDWATCH_STATE, then the system's folder where it exists, then ./state",
        arguments: [
            ("here", ["FEEDWATCH_STATE": "there"], true, "here"), (nil, ["FEEDWATCH_STATE": "there"], true, "there"),
            (nil, ["FEEDWATCH_STATE": ""], false, "state"), (nil, [:], true, "/var/lib/feedwatch"),
            (nil, [:], false, "state"),
        ] as [(String?, [String: String], Bool, String)])
    func resolve(option: String?, environment: [String: String], isInstalled: Bool, expected: String) {
        let folder = StateFolder.resolve(option: option, environment: environment) { _ in isInstalled }
        #expect(folder.path == expected)
    }
}
