import FoundationEssentials
import Glibc
import News
import Synchronization
import Testing

@testable import Publish

@Suite("Delivery")
struct PublisherTests {
    struct Crash: Error {}

    /// A folder of its own for each test, removed afterwards.
    final class Folder {
        let path: String
        init() {
            var template = Array("/tmp/feedwatch-publish-XXXXXX".utf8CString)
            path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// Every file below it, with its bytes and mode.
        func content() throws -> [String: [UInt8]] {
            var found: [String: [UInt8]] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
                var status = stat()
                stat("\(path)/\(name)", &status)
                if status.st_mode & S_IFMT == S_IFDIR { continue }
                found[name] = try Files(beforeStep: { _ in }).read("\(path)/\(name)")
            }
            return found
        }

        func mode(_ name: String) -> UInt32 {
            var status = stat()
            return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
        }
    }

    static func alertParcel() throws -> Parcel {
        let alert = GoldenTests.alert
        return Parcel(
            kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided)
    }

    static func digestParcel(day: Int = 0) throws -> Parcel {
        let digest = Digest.compose(GoldenTests.days[day].input)
        return Parcel(
            kind: .digest, stem: digest.stem, json: try PublicJSON.encode(digest), decided: digest.issued)
    }

    @Test("An alert becomes three files and one line, with modes that the group may read")
    func alert() throws {
        let folder = Folder()
        let parcel = try Self.alertParcel()
        try Publisher(root: folder.path).deliver(parcel)
        let files = try folder.content()
        #expect(
            files.keys.sorted() == ["html", "json", "md"].map { "\(parcel.stem).\($0)" } + ["alerts/alerts.log"])
        #expect(files[parcel.stem + ".json"] == parcel.json)
        let log = String(decoding: files["alerts/alerts.log"] ?? [], as: UTF8.self)
        #expect(log.hasPrefix("2025-03-30T01:53:10Z alerts/2025-03-30/015310Z-k7f2 Indo-Pacific deterrence, "))
        #expect(log.filter { $0 == "\n" }.count == 1)
        #expect(folder.mode("alerts") & ~0o750 == 0 && folder.mode("alerts/2025-03-30") == 0o750)
        #expect(folder.mode(parcel.stem + ".md") & ~0o640 == 0)
    }

    @Test("Delivered twice, nothing changes, and a file in place is left byte for byte")
    func twice() throws {
        let folder = Folder()
        let parcel = try Self.alertParcel()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(parcel)
        try Files(beforeStep: { _ in }).replace("\(folder.path)/\(parcel.stem).md", with: Array("mine".utf8))
        let before = try folder.content()
        try publisher.deliver(parcel)
        #expect(try folder.content() == before)
    }

    @Test("After a crash before any step, delivering again gives the same files and bytes", arguments: [true, false])
    func crashes(isAlert: Bool) throws {
        let parcel = try isAlert ? Self.alertParcel() : Self.digestParcel()
        let undisturbed = Folder()
        let steps = Mutex(0)
        try Publisher(root: undisturbed.path, beforeStep: { _ in steps.withLock { $0 += 1 } }).deliver(parcel)
        let expected = try undisturbed.content()
        let count = steps.withLock { $0 }
        #expect(count > 10)
        for stop in 0..<count {
            let folder = Folder()
            let step = Mutex(0)
            let crashing = try Publisher(root: folder.path) { _ in
                let number = step.withLock { value in
                    defer { value += 1 }
                    return value
                }
                if number == stop { throw Crash() }
            }
            #expect(throws: Crash.self) { try crashing.deliver(parcel) }
            try Publisher(root: folder.path).deliver(parcel)
            #expect(try folder.content() == expected, "stopped before step \(stop)")
        }
    }

    @Test("A torn last line of the log is cut off, and the line of another alert is kept")
    func tornLog() throws {
        let folder = Folder()
        let parcel = try Self.alertParcel()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(parcel)
        let whole = try #require(try folder.content()["alerts/alerts.log"])
        let other = Array("2025-01-01T00:00:00Z alerts/2025-01-01/000000Z-aaaa Topic: says \(parcel.stem)\n".utf8)
        let path = "\(folder.path)/alerts/alerts.log"
        for length in [1, whole.count / 2, whole.count - 1] {
            try Files(beforeStep: { _ in }).replace(path, with: other + whole.prefix(length))
            try publisher.deliver(parcel)
            #expect(try folder.content()["alerts/alerts.log"] == other + whole)
        }
    }

    @Test("The latest issue is the last one by its day, also when an older one is delivered after it")
    func latest() throws {
        let folder = Folder()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(try Self.digestParcel(day: 0))
        try publisher.deliver(try Self.digestParcel(day: 3))
        try publisher.deliver(try Self.digestParcel(day: 0))
        let files = try folder.content()
        #expect(files["digests/latest.json"] == files["digests/2025-10-26.json"])
        #expect(files["digests/latest.md"] == files["digests/2025-10-26.md"])
        #expect(files["digests/latest.html"] == files["digests/2025-10-26.html"])
        #expect(files["digests/2025-03-30.md"] != nil)
    }

    @Test("The latest issue is the one that was published last, whatever its day, where that is known")
    func latestByOrder() throws {
        let folder = Folder()
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(try Self.digestParcel(day: 3))
        try publisher.deliver(try Self.digestParcel(day: 0)) { _, _ in false }
        let files = try folder.content()
        #expect(files["digests/latest.json"] == files["digests/2025-03-30.json"])
    }

    @Test("The feed of alerts is emptied when nothing is left for it, and not made for nothing")
    func emptyFeed() throws {
        let folder = Folder()
        let publisher = try Publisher(root: folder.path)
        let now = at("2025-03-30T11:00:00Z")
        #expect(try publisher.renewFeed([], now: now) == nil && folder.content().isEmpty)
        let alert = GoldenTests.alert
        let parcel = Parcel(
            kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided)
        _ = try publisher.renewFeed([parcel], now: now)
        _ = try publisher.renewFeed([], now: now)
        let feed = try #require(try folder.content()["alerts/alerts.atom"])
        let text = String(decoding: feed, as: UTF8.self)
        #expect(text.hasSuffix("</feed>\n") && !text.contains("<entry>"))
    }

    @Test("An embargo can be told by one line of grep, and no headline can feign one")
    func embargoByGrep() throws {
        func json(_ alert: Alert) throws -> String { String(decoding: try PublicJSON.encode(alert), as: UTF8.self) }
        var open = GoldenTests.update
        open.story.embargo = nil
        open.story.title = "\"embargo\" : lifted"
        #expect(try json(GoldenTests.update).contains("\"embargo\" :") && !json(open).contains("\"embargo\" :"))
    }

    @Test("Files quote an address where it ends, not where it goes on as another")
    func quoting() throws {
        let folder = Folder()
        let alert = GoldenTests.alert
        let publisher = try Publisher(root: folder.path)
        try publisher.deliver(
            Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided))
        let url = try #require(alert.story.members[0].url)
        let files = PublishedFiles(root: folder.path)
        #expect(files.quoting([url], since: alert.day).count == 4)
        #expect(files.quoting([String(url.dropLast())], since: alert.day).isEmpty)
    }

    @Test("Temporary files of a crash are removed, other files are not touched")
    func leftovers() throws {
        let folder = Folder()
        let files = Files(beforeStep: { _ in })
        try files.makeFolder("\(folder.path)/digests")
        try files.place([1], at: "\(folder.path)/digests/.2025-01-01.md.tmp")
        try files.place([2], at: "\(folder.path)/digests/notes.txt")
        try Publisher(root: folder.path).deliver(try Self.digestParcel())
        let content = try folder.content()
        #expect(content["digests/.2025-01-01.md.tmp"] == nil)
        #expect(content["digests/notes.txt"] == [2])
    }

    @Test(
        "A stem that leads elsewhere is refused",
        arguments: [
            "alerts/../../etc/x", "/alerts/x", "digests/x", "alerts/.hidden", "alerts//x", "alerts/a b", "alerts",
        ])
    func stems(stem: String) throws {
        let folder = Folder()
        var parcel = try Self.alertParcel()
        parcel.stem = stem
        #expect(throws: DeliveryError.self) { try Publisher(root: folder.path).deliver(parcel) }
        #expect(try folder.content().isEmpty)
    }

    @Test("JSON that cannot be read is an error that names the file, and nothing is written")
    func brokenJSON() throws {
        let folder = Folder()
        var parcel = try Self.alertParcel()
        parcel.json = Array("{\"schema\": 1".utf8)
        let error = #expect(throws: DeliveryError.self) { try Publisher(root: folder.path).deliver(parcel) }
        #expect(error?.description.contains(parcel.stem) == true)
        #expect(try folder.content().isEmpty)
    }

    @Test("A file where a folder should be is an error with the place, the reason and what to do")
    func fileInTheWay() throws {
        let folder = Folder()
        try Files(beforeStep: { _ in }).place([], at: "\(folder.path)/alerts")
        let error = #expect(throws: DeliveryError.self) {
            try Publisher(root: folder.path).deliver(try Self.alertParcel())
        }
        #expect(error?.code == ENOTDIR || error?.code == EEXIST)
        #expect(error?.description.contains("\(folder.path)/alerts") == true)
    }

    @Test(
        "What is no file is not taken for a delivered one: it is told with the place and what to do",
        arguments: [".md", ".json"], [true, false])
    func noFileInPlace(suffix: String, isFolder: Bool) throws {
        let alert = try Self.alertParcel()
        let digest = try Self.digestParcel()
        for (parcel, path) in [
            (alert, alert.stem + suffix), (digest, digest.stem + suffix), (digest, "digests/latest" + suffix),
        ] {
            let folder = Folder()
            let place = "\(folder.path)/\(path)"
            try Files(beforeStep: { _ in }).makeFolder(String(place[..<place.lastIndex(of: "/")!]))
            #expect((isFolder ? mkdir(place, 0o700) : mkfifo(place, 0o600)) == 0)
            let error = #expect(throws: DeliveryError.self) { try Publisher(root: folder.path).deliver(parcel) }
            #expect(error?.code == (isFolder ? EISDIR : EEXIST))
            let words = error?.description ?? ""
            #expect(words.contains(place) && words.contains("out of the way"), "\(words)")
            unlink(place)
            rmdir(place)
            try Publisher(root: folder.path).deliver(parcel)
            #expect(try folder.content()[path]?.isEmpty == false)
        }
    }

    @Test("A file too large to be an issue is refused unread, and a link to a file that was moved is a file in place")
    func largeFileAndLink() throws {
        let folder = Folder()
        let files = Files(beforeStep: { _ in })
        let path = "\(folder.path)/large"
        try files.replace(path, with: [1])
        truncate(path, off_t(Limits.publishedFileBytesMax + 1))
        #expect(throws: DeliveryError(doing: "read", path: path, code: EFBIG)) { try files.read(path) }
        symlink(path, "\(folder.path)/link")
        try files.place([2], at: "\(folder.path)/link")
        var status = stat()
        #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test("A log that is a folder is told")
    func folderForLog() throws {
        let folder = Folder()
        let files = Files(beforeStep: { _ in })
        try files.makeFolder("\(folder.path)/log")
        let error = #expect(throws: DeliveryError.self) {
            try files.append(line: "a b", id: "b", to: "\(folder.path)/log")
        }
        #expect(error?.code == EISDIR)
    }

    @Test(
        "A folder that may not be written is told, and works once it may",
        .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyFolder() throws {
        let folder = Folder()
        chmod(folder.path, 0o500)
        let error = #expect(throws: DeliveryError.self) {
            try Publisher(root: folder.path).deliver(try Self.alertParcel())
        }
        #expect(error?.code == EACCES)
        chmod(folder.path, 0o700)
        try Publisher(root: folder.path).deliver(try Self.alertParcel())
    }

    private static let canMount: Bool = {
        let folder = Folder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=32k") == 0 else { return false }
        umount2(folder.path, Int32(MNT_DETACH))
        return true
    }()

    @Test(
        "A full disk is told, leaves no torn file, and delivery goes on when there is room",
        .enabled(if: canMount, "only a root that may mount can make a small disk"))
    func fullDisk() throws {
        let folder = Folder()
        try #require(mount("tmpfs", folder.path, "tmpfs", 0, "size=32k") == 0)
        defer { umount2(folder.path, Int32(MNT_DETACH)) }
        let files = Files(beforeStep: { _ in })
        try files.replace("\(folder.path)/ballast", with: [UInt8](repeating: 7, count: 20 << 10))
        let parcel = try Self.digestParcel()
        let error = #expect(throws: DeliveryError.self) { try Publisher(root: folder.path).deliver(parcel) }
        #expect(error?.code == ENOSPC)
        let left = try folder.content().filter { $0.key.hasSuffix(".tmp") || $0.value.isEmpty }
        #expect(left.isEmpty)
        unlink("\(folder.path)/ballast")
        _ = mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT), "size=512k")
        try Publisher(root: folder.path).deliver(parcel)
        #expect(try folder.content()["digests/latest.json"] == parcel.json)
    }
}
