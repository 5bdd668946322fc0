import Fetch
import Foundation
import News

/// How sources are reached where it takes more than an address: proxies by name, and secrets.
struct Access: Sendable {
    /// A proxy as the main file names it.
    struct NamedProxy: Sendable, Hashable {
        var proxy: Proxy
        /// The name of the credential with its login.
        var credential: String?
    }

    var proxies: [String: NamedProxy] = [:]
    var credentials = Credentials(environment: [:])
    /// What servers are told where a source says nothing else; nil is what the fetcher was started with.
    var userAgent: String?

    func login(of source: Source) throws -> Login? {
        guard let login = source.login else { return nil }
        switch login.scheme {
        case .basic: return try credentials.basic(login.credential)
        case .bearer: return try credentials.bearer(login.credential)
        case .cookie: return nil
        }
    }

    /// - Parameter isOwn: the request is for the source's own server, which alone may see its secrets.
    func options(of source: Source, isOwn: Bool) throws -> RequestOptions {
        let asking = source.asking
        var options = RequestOptions()
        options.userAgent = asking.userAgent ?? userAgent
        options.httpVersion = asking.http.flatMap(RequestOptions.HTTPVersion.init(rawValue:)) ?? .two
        options.family = asking.family.flatMap(RequestOptions.Family.init(rawValue:))
        options.authorities = asking.authorities
        options.isInsecure = asking.insecure != nil
        guard isOwn else { return options }
        options.headers = asking.headers
        options.certificate = try asking.certificate.map(credentials.path)
        if let login = source.login, login.scheme == .cookie {
            options.cookie = try credentials.cookie(login.credential)
        }
        return options
    }

    func proxy(of source: Source) throws -> Proxy? {
        guard let name = source.via else { return nil }
        guard let named = proxies[name] else {
            throw Fault(stage: Stage.fetch.rawValue, code: "proxy", detail: "there is no proxy \"\(name)\"")
        }
        var proxy = named.proxy
        if let credential = named.credential { proxy.login = try credentials.basic(credential) }
        return proxy
    }
}

/// The secrets that systemd hands over, one file each in a folder that only this service can read (systemd.exec(5),
/// LoadCredential=). They are read when they are used, and stand in no log, no status and no database.
struct Credentials: Sendable {
    /// Nil outside a unit with credentials.
    let folder: String?

    init(environment: [String: String]) { folder = environment["CREDENTIALS_DIRECTORY"] }

    /// A file with `user:password` in its first line (RFC 7617 §2).
    func basic(_ name: String) throws -> Login {
        let line = try secret(name)
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
            throw fault(name, "is not of the form user:password")
        }
        return .basic(user: String(line[..<colon]), password: String(line[line.index(after: colon)...]))
    }

    /// A file with a token in its first line (RFC 6750 §2.1).
    func bearer(_ name: String) throws -> Login {
        let line = try secret(name)
        guard line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw fault(name, "is no token in one word") }
        return .bearer(token: line)
    }

    /// A file with `name=value; name=value` in its first line (RFC 6265 §4.2.1).
    func cookie(_ name: String) throws -> String {
        let line = try secret(name)
        guard line.contains("="), line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw fault(name, "is not of the form name=value; name=value")
        }
        return line
    }

    /// Where the file is, for who reads it itself.
    func path(_ name: String) throws -> String {
        _ = try secret(name)
        return "\(folder ?? "")/\(name)"
    }

    private func secret(_ name: String) throws -> String {
        guard let folder else {
            throw fault(name, "is not there: systemd gives it to the service; \"feedwatch check\" says what to write")
        }
        guard let file = FileHandle(forReadingAtPath: "\(folder)/\(name)") else {
            throw fault(name, "is not among the service's: \"feedwatch check\" says what to write")
        }
        defer { try? file.close() }
        let bytes = try file.read(upToCount: Limits.credentialBytesMax + 1) ?? Data()
        guard bytes.count <= Limits.credentialBytesMax else {
            throw fault(name, "is longer than \(Limits.credentialBytesMax) bytes")
        }
        let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard !line.isEmpty, !line.contains("\0") else { throw fault(name, "is empty") }
        return line
    }

    /// Says nothing of what is in it.
    private func fault(_ name: String, _ what: String) -> Fault {
        Fault(stage: Stage.fetch.rawValue, code: "credential", detail: "the credential \"\(name)\" \(what)")
    }
}
