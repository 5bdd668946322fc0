import Foundation
import Glibc
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

    @Test("A lock that was released is free, also while a child that is being started still has a copy of it")
    func releasedBesideACopy() throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        try playground.state.create()
        let lock = try playground.state.lock()
        let path = playground.state.path + "/lock"
        let number = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
        }
        let copy = dup(try #require(number.flatMap(CInt.init)))
        defer { close(copy) }
        lock.release()
        try playground.state.lock().release()
    }
}
