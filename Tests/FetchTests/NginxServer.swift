import Foundation
import NewsTesting

/// A real nginx on loopback for one test, HTTP and HTTPS, with files of the test's own.
final class NginxServer {
    static let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].first(where: FileManager.default.isExecutableFile)
    static var isWanted: Bool { program != nil && TLSServer.isThere || TLSServer.isRequired }

    /// One answer, as its access log has it.
    struct Line: Equatable {
        /// `HTTP/2.0`, and `GET /feed.xml`.
        var version: String
        var request: String
        var status: Int
        /// Of the connection, and the number of the request on it.
        var connection: Int
        var number: Int
        /// At which it was reached.
        var address: String
    }

    let port: Int
    let tlsPort: Int
    private let folder: String
    private let process = Process()

    /// - Parameters:
    ///   - files: by name, served at `/NAME`.
    ///   - addresses: where it listens, in 127.0.0.0/8; the first must be 127.0.0.1.
    init(_ identity: TLSIdentity, files: [String: [UInt8]], addresses: [String] = ["127.0.0.1"]) throws {
        struct Missing: Error { let description = "nginx is not installed: apt install nginx-light" }
        guard let program = Self.program else { throw Missing() }
        folder = NSTemporaryDirectory() + "feedwatch-nginx-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/www", withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/www/\(name)")) }
        let ports = try freeLoopbackPorts(2)
        (port, tlsPort) = (ports[0], ports[1])
        let listen = addresses.map { "listen \($0):\(port); listen \($0):\(tlsPort) ssl http2;" }
        let configuration = Self.configuration(folder, identity, listen: listen.joined(separator: " "))
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/nginx.conf"))
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-p", folder, "-c", folder + "/nginx.conf"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for port in [port, tlsPort] { try waitForListener(port: port, of: process) }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func url(_ file: String, tls: Bool = true) -> String {
        tls ? "https://outlet.test:\(tlsPort)/\(file)" : "http://outlet.test:\(port)/\(file)"
    }

    /// What was answered, once so many lines are written: nginx writes one after the answer.
    func log(lines count: Int) async -> [Line] {
        let patience = ContinuousClock.now + .seconds(30)
        while true {
            let text = FileManager.default.contents(atPath: folder + "/access.log") ?? Data()
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap(Self.line)
            if lines.count >= count || ContinuousClock.now > patience { return lines }
            await Task.yield()
        }
    }

    private static func line(_ text: Substring) -> Line? {
        let parts = text.split(separator: "|").map(String.init)
        guard parts.count == 6 else { return nil }
        return Line(
            version: parts[0], request: parts[1], status: Int(parts[2]) ?? 0, connection: Int(parts[3]) ?? 0,
            number: Int(parts[4]) ?? 0, address: parts[5])
    }

    private static func configuration(_ folder: String, _ identity: TLSIdentity, listen: String) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
        return """
            \(geteuid() == 0 ? "user root;" : "")
            daemon off;
            master_process off;
            pid \(folder)/pid;
            error_log \(folder)/error.log;
            events { worker_connections 64; }
            http {
                log_format lines '$server_protocol|$request_method $request_uri|$status|$connection|$connection_requests|$server_addr';
                access_log \(folder)/access.log lines;
                \(temporary)
                types { application/rss+xml xml; application/octet-stream bin; }
                gzip on;
                gzip_types application/rss+xml;
                gzip_min_length 100;
                server {
                    \(listen)
                    ssl_certificate \(identity.certificate);
                    ssl_certificate_key \(identity.key);
                    root \(folder)/www;
                    location = /moved { return 301 /feed.xml; }
                }
            }

            """
    }
}
