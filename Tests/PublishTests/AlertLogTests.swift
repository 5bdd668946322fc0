import FoundationEssentials
import Glibc
import News
import Testing

@testable import Publish

@Suite struct AlertLogTests {
    private let files = Files(beforeStep: { _ in })
    private let line = "2025-03-30T01:53:10Z alerts/one Topic: words"

    private func append(_ id: String, to path: String, _ files: Files? = nil) throws {
        try (files ?? self.files).append(line: "2025-03-30T01:53:10Z \(id) Topic: words", id: id, to: path)
    }

    @Test("Of a log of 100 MB only the end is read: an id there is found, one beyond it is not")
    func largeLog() throws {
        let folder = PublisherTests.Folder()
        let path = "\(folder.path)/alerts.log"
        try append("alerts/beyond", to: path)
        #expect(truncate(path, 100 << 20) == 0)
        let file = open(path, O_WRONLY | O_APPEND)
        #expect(write(file, "\n", 1) == 1)
        close(file)
        try append("alerts/near", to: path)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        try append("alerts/near", to: path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == size)
        try append("alerts/beyond", to: path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == size + 48)
    }

    @Test("A last line longer than any of ours is left alone and told")
    func foreignEnd() throws {
        let folder = PublisherTests.Folder()
        let path = "\(folder.path)/alerts.log"
        try append("alerts/one", to: path)
        truncate(path, off_t(Limits.logTailBytes + 1000))
        let error = #expect(throws: DeliveryError.self) { try append("alerts/two", to: path) }
        #expect(error?.description.contains("longer than any") == true)
        #expect(error?.description.contains("out of the way") == true)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == Limits.logTailBytes + 1000)
    }

    @Test(
        "A log that logrotate moves away between a line and the note of it neither repeats nor loses one",
        arguments: ["alerts.log.1", "alerts.log-20250330"])
    func rotated(name: String) throws {
        let folder = PublisherTests.Folder()
        let path = "\(folder.path)/alerts.log"
        try files.replace("\(folder.path)/alerts.log.2", with: Array("2024-01-01T00:00:00Z alerts/old x\n".utf8))
        try append("alerts/one", to: path)
        #expect(rename(path, "\(folder.path)/\(name)") == 0)
        try append("alerts/one", to: path)
        try append("alerts/two", to: path)
        try append("alerts/one", to: path)
        let content = try folder.content()
        #expect(content[name] == Array((line + "\n").utf8))
        #expect(content["alerts.log"] == Array("2025-03-30T01:53:10Z alerts/two Topic: words\n".utf8))
    }

    @Test("A line whose fsync fails is taken back and written anew, for the kernel would call it written")
    func failedSync() throws {
        let folder = PublisherTests.Folder()
        let path = "\(folder.path)/alerts.log"
        try append("alerts/zero", to: path)
        let before = try folder.content()
        let failing = Files(beforeStep: { step in
            if step.hasPrefix("fsync") { throw DeliveryError(doing: "fsync", path: path, code: EIO) }
        })
        #expect(throws: DeliveryError.self) { try append("alerts/one", to: path, failing) }
        #expect(try folder.content() == before)
        try append("alerts/one", to: path)
        #expect(try folder.content()["alerts.log"] == before["alerts.log"]! + Array((line + "\n").utf8))
    }

    @Test(
        "Only a whole second word is an id",
        arguments: [
            ("a id b\n", true), ("a id\n", true), ("a idx b\n", false), ("a b id c\n", false), ("id a\n", false),
            (" id a\n", true), ("a id b", false), ("x\na b id\na id\n", true), ("", false), ("\n", false),
        ])
    func words(log: String, isThere: Bool) {
        #expect(LogTail(start: 0, bytes: Array(log.utf8)).hasLine(of: "id") == isThere)
    }

    @Test("A folder that was removed while running is made again; without the state folder nothing is made")
    func removedFolders() throws {
        let folder = PublisherTests.Folder()
        let parcel = try PublisherTests.alertParcel()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(parcel)
        let content = try folder.content()
        try FileManager.default.removeItem(atPath: folder.path + "/alerts")
        try publisher.deliver(parcel)
        #expect(try folder.content() == content)
        try FileManager.default.removeItem(atPath: folder.path)
        let error = #expect(throws: DeliveryError.self) { try publisher.deliver(parcel) }
        #expect(error?.code == ENOENT && error?.description.contains("put the folder back") == true)
        #expect(access(folder.path, F_OK) != 0)
    }

    @Test("An issue that cannot be read at this moment is no broken one: the list of issues waits")
    func unreadableIssue() throws {
        #expect(throws: DeliveryError.self) {
            try IssueIndex(names: ["2025-03-30.json"]) { _ in throw DeliveryError(doing: "read", path: "x", code: EIO) }
        }
    }
}
