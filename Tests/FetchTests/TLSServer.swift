import Foundation

/// openssl's test server on loopback: it answers every GET with a page of its own over TLS.
final class TLSServer {
    static let openssl = "/usr/bin/openssl"
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: openssl) }
    /// Where it must be there, as in CI, it is a failure that it is not.
    static var isWanted: Bool { isThere || isRequired }
    static var isRequired: Bool { ProcessInfo.processInfo.environment["REQUIRED"]?.isEmpty == false }

    let port: Int
    private let process = Process()

    /// - Parameter arguments: of `openssl s_server`, beside the certificate's.
    init(_ identity: TLSIdentity, _ arguments: [String] = []) throws {
        process.executableURL = URL(fileURLWithPath: Self.openssl)
        process.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", identity.certificate, "-key", identity.key]
            + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw CancellationError() }
            said += String(decoding: more, as: UTF8.self)
        }
        port = Int(said.split(separator: "ACCEPT 127.0.0.1:")[1].prefix { $0.isNumber }) ?? 0
    }

    deinit {
        // Not by a signal that it may have inherited as ignored.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// Certificates made for a test, in a folder that goes with them: an authority, and names that it vouches for.
final class TLSIdentities {
    let folder: String
    let authority: TLSIdentity

    init() throws {
        folder = NSTemporaryDirectory() + "feedwatch-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authority = TLSIdentity(certificate: "\(folder)/ca.pem", key: "\(folder)/ca.key")
        try Self.run(
            Self.request + [
                "-x509", "-days", "2", "-subj", "/CN=Test authority", "-out", authority.certificate,
                "-keyout", authority.key,
            ])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func identity(_ host: String, days: Int = 2) throws -> TLSIdentity {
        let stem = "\(folder)/\(UUID().uuidString)"
        let identity = TLSIdentity(certificate: stem + ".pem", key: stem + ".key")
        try Data("subjectAltName=DNS:\(host)\n".utf8).write(to: URL(fileURLWithPath: stem + ".ext"))
        try Self.run(Self.request + ["-subj", "/CN=\(host)", "-out", stem + ".csr", "-keyout", identity.key])
        try Self.run([
            "x509", "-req", "-in", stem + ".csr", "-CA", authority.certificate, "-CAkey", authority.key,
            "-CAcreateserial",
            "-days", "\(days)", "-extfile", stem + ".ext", "-out", identity.certificate,
        ])
        return identity
    }

    /// Certificate and key in one file, as a client's credential has them.
    func joined(_ identity: TLSIdentity) throws -> String {
        let path = identity.certificate + ".both"
        let parts = [identity.certificate, identity.key].map { FileManager.default.contents(atPath: $0) ?? Data() }
        try (parts[0] + parts[1]).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static let request = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TLSServer.openssl)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CancellationError() }
    }
}

struct TLSIdentity {
    var certificate: String
    var key: String
}
