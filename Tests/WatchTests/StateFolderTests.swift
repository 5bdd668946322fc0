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

    @Test("Only the owner can open the file that is locked; the group reads beside it who has it")
    func lockIsTheOwners() throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        try playground.state.create()
        let path = playground.state.path
        // As an older version has left it.
        try Data("process 1\nsocket /run/old\n".utf8).write(to: URL(filePath: path + "/lock"))
        chmod(path + "/lock", 0o640)
        let lock = try playground.state.lock()
        func mode(_ name: String) throws -> mode_t {
            var status = stat()
            try #require(stat("\(path)/\(name)", &status) == 0)
            return status.st_mode & 0o777
        }
        #expect(try mode("lock") == 0o600 && mode("holder") == 0o640)
        #expect(try String(contentsOfFile: path + "/holder", encoding: .utf8) == "process \(getpid())\n")
        #expect(try String(contentsOfFile: path + "/lock", encoding: .utf8).isEmpty)
        #expect(throws: StateError.self) { try playground.state.lock() }
        lock.release()
        #expect(try String(contentsOfFile: path + "/holder", encoding: .utf8).isEmpty)
    }

    @Test("A pipe, a folder or a symbolic link in a file's place is not read, and holds nobody up")
    func smallFiles() throws {
        let folder = try ConfigurationFolder(["plain": "12345", "folder/x": ""])
        mkfifo(folder.path + "/pipe", 0o600)
        symlink("plain", folder.path + "/link")
        #expect(SmallFile.read(folder.path + "/plain", bytesMax: 3) == Array("123".utf8))
        #expect(SmallFile.read(folder.path + "/plain", bytesMax: 9) == Array("12345".utf8))
        for name in ["pipe", "folder", "link", "missing"] {
            #expect(SmallFile.read("\(folder.path)/\(name)", bytesMax: 9) == nil, "\(name)")
        }
    }
}
