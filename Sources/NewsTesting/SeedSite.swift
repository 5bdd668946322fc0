import Foundation
import News
import Synchronization

/// The small web of `seeds/web`, served on loopback for the demo and for tests: its outlets in three phases.
///
/// `FOLDER/PHASE/HOST/PATH` answers `/HOST/PATH`, from the highest phase up to the current one that has the file; a
/// path that ends in a slash is its `index.html`, a query is ignored. In text, `http://HOST/` of every host of the
/// folder becomes `BASE/HOST/`, so that seeds read like real documents. The bytes are ASCII there, so this is right in
/// every encoding the seeds use. All files are read when it starts: nothing outside the folder can be asked for.
///
/// Each answer carries a strong ETag (RFC 9110 §8.8.3) of its bytes and the Last-Modified of its phase. If-None-Match
/// is compared as §13.1.2 has it. If-Modified-Since counts only with exactly the date that was sent, so that a client
/// which makes up dates is found out.
public final class SeedSite: Sendable {
    /// The phases that `seeds/web` may have.
    public static let phases = 1...lastModified.count

    /// One answer, as it was given.
    public struct Hit: Sendable, Hashable {
        public var phase: Int
        /// As asked for, with its query.
        public var path: String
        public var status: Int
    }

    /// The folder is not a site, or a file of it cannot be read.
    public struct FolderError: Error, CustomStringConvertible {
        public let description: String
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    public let base: String

    private let server: LoopbackServer
    private let shelf: Shelf

    /// Reads the folder (`seeds/web`) and starts to serve phase 1. Port 0 is any free port.
    public init(folder: String, port: Int = 0) throws {
        shelf = Shelf()
        server = try shelf.open(files: Self.read(folder), port: port)
        base = server.url("")
    }

    /// Everything is served below this path, too, for who sends the login `reader:secret` (RFC 7617).
    static let loginPath = "/login"
    static let login = "Basic cmVhZGVyOnNlY3JldA=="

    /// Which phase is published, from now on for every request; kept within `phases`.
    public var phase: Int {
        get { shelf.state.withLock { $0.phase } }
        set { shelf.state.withLock { $0.phase = min(max(newValue, Self.phases.lowerBound), Self.phases.upperBound) } }
    }

    /// Every answer so far, in the order given.
    public var hits: [Hit] { shelf.state.withLock { $0.hits } }

    /// How many answers fit all that is given. A path is compared without its query.
    public func count(path: String? = nil, status: Int? = nil, phase: Int? = nil) -> Int {
        hits.count { hit in
            (path == nil || path == Shelf.withoutQuery(hit.path)) && (status == nil || status == hit.status)
                && (phase == nil || phase == hit.phase)
        }
    }

    /// Where a seed stands while it is served: `http://HOST/PATH` of one of its hosts becomes `BASE/HOST/PATH`.
    /// For addresses in configuration, which is not served.
    public func rewrite(_ text: String) -> String {
        String(
            decoding: Shelf.rewrite(Array(text.utf8), hosts: shelf.state.withLock { $0.hosts }, base: base),
            as: UTF8.self)
    }

    /// Stops serving; returns when the port is free.
    public func stop() { server.stop() }
}

extension SeedSite {
    /// When each phase was published (RFC 9110 §5.6.7). Fixed, for the time of a checkout says nothing.
    fileprivate static let lastModified = [
        "Sat, 29 Mar 2025 21:00:00 GMT", "Mon, 31 Mar 2025 05:00:00 GMT", "Mon, 31 Mar 2025 12:00:00 GMT",
    ]

    fileprivate struct File {
        var phase: Int
        /// `HOST/PATH`
        var path: String
        var bytes: [UInt8]
    }

    private static func read(_ folder: String) throws -> [File] {
        var files: [File] = []
        for phase in phases {
            let root = "\(folder)/\(phase)"
            for path in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }).sorted() ?? [] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
                guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
                guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else {
                    throw FolderError(description: "\(root)/\(path): cannot be read")
                }
                files.append(File(phase: phase, path: path, bytes: Array(data)))
            }
        }
        guard files.contains(where: { $0.phase == 1 }) else {
            throw FolderError(description: "\(folder): no seeds here – give the folder that holds 1/HOST/PATH")
        }
        return files
    }
}

/// What is served, and to whom it was.
private final class Shelf: Sendable {
    struct Page: Sendable {
        var bytes: [UInt8]
        var type: String
        var etag: String
        var lastModified: String
    }

    struct State: Sendable {
        var phase = 1
        var hosts: [String] = []
        /// One mapping from `/HOST/PATH` per phase, the first phase first.
        var pages: [[String: Page]] = []
        var hits: [SeedSite.Hit] = []
    }

    let state = Mutex(State())

    /// Starts the server under the lock: whoever finds the port at once waits until the pages stand on the shelf.
    func open(files: [SeedSite.File], port: Int) throws -> LoopbackServer {
        let hosts = Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) }).sorted()
        return try state.withLock { state in
            let server = try LoopbackServer(port: port) { [self] in answer($0) }
            state.hosts = hosts
            state.pages = SeedSite.phases.map { _ in [:] }
            for file in files {
                let bytes = Self.rewrite(file.bytes, hosts: hosts, base: server.url(""))
                state.pages[file.phase - 1]["/" + file.path] = Page(
                    bytes: bytes, type: Self.type(of: file.path), etag: "\"\(Hash.hex(bytes).prefix(32))\"",
                    lastModified: SeedSite.lastModified[file.phase - 1])
            }
            return server
        }
    }

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Response {
        state.withLock { state in
            let response = Self.response(to: request, in: state)
            state.hits.append(SeedSite.Hit(phase: state.phase, path: request.path, status: response.status))
            return response
        }
    }

    private static func response(to request: LoopbackServer.Request, in state: State) -> LoopbackServer.Response {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text("only GET and HEAD here\n", status: 405, headers: [("Allow", "GET, HEAD")])
        }
        var path = withoutQuery(request.path)
        if path.hasPrefix(SeedSite.loginPath) {
            guard request.header("Authorization") == SeedSite.login else {
                return .text("a login is needed here\n", status: 401, headers: [("WWW-Authenticate", "Basic")])
            }
            path.removeFirst(SeedSite.loginPath.count)
        }
        if path.hasSuffix("/") { path += "index.html" }
        guard let page = state.pages.prefix(state.phase).last(where: { $0[path] != nil })?[path] else {
            return .text("nothing here: \(path)\n", status: 404)
        }
        let validators = [("ETag", page.etag), ("Last-Modified", page.lastModified)]
        if isUnchanged(page, for: request) { return .init(status: 304, headers: validators) }
        return .init(headers: [("Content-Type", page.type)] + validators, body: page.bytes)
    }

    /// If-None-Match decides alone where it is sent (RFC 9110 §13.1.3).
    private static func isUnchanged(_ page: Page, for request: LoopbackServer.Request) -> Bool {
        guard let list = request.header("If-None-Match") else {
            return request.header("If-Modified-Since") == page.lastModified
        }
        let tags = list.split { $0 == "," || $0 == " " || $0 == "\t" }
        return tags.contains { $0 == page.etag || $0 == "W/" + page.etag || $0 == "*" }
    }

    static func withoutQuery(_ path: String) -> String {
        String(path.prefix { $0 != "?" && $0 != "#" })
    }

    /// Replaces `http://HOST/` of every host by `BASE/HOST/`, byte for byte, in one pass.
    static func rewrite(_ bytes: [UInt8], hosts: [String], base: String) -> [UInt8] {
        let places = hosts.map { Array("http://\($0)/".utf8) }
        let replacements = hosts.map { Array("\(base)/\($0)/".utf8) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 256)
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if bytes[index] == UInt8(ascii: "h"), let host = places.firstIndex(where: { rest.starts(with: $0) }) {
                result += replacements[host]
                index += places[host].count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Without a charset where the document names its own, as most servers answer.
    private static func type(of path: String) -> String {
        let types = [
            "rss": "application/rss+xml", "rdf": "application/rdf+xml", "atom": "application/atom+xml",
            "xml": "application/xml", "json": "application/feed+json", "html": "text/html", "htm": "text/html",
            "shtml": "text/html",
        ]
        let name = path.split(separator: ".").last.map(String.init) ?? ""
        return types[name] ?? "application/octet-stream"
    }
}
