import Fetch
import Foundation
import Glibc
import News
import NewsTesting
import Testing

@testable import Storage
@testable import Watch

@Suite struct WatchAccessTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test("A credential is the first line of its file, and what is wrong with it is told without a letter of it")
    func credentials() throws {
        let folder = try ConfigurationFolder([
            "good": "reader:open: sesame\nnext line\n", "token": "t0k3n\r\n", "bare": "s3cret\n", "two": "s3cret words",
            "empty": "\n", "long": String(repeating: "s3cret", count: 4000), "colon": ":s3cret", "cookie": "a=b; c=d\n",
        ])
        let credentials = Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.path])
        #expect(try credentials.basic("good") == .basic(user: "reader", password: "open: sesame"))
        #expect(try credentials.bearer("token") == .bearer(token: "t0k3n"))
        for name in ["bare", "colon", "empty", "long", "missing"] {
            let fault = try #require(throws: Fault.self) { try credentials.basic(name) }
            #expect(fault.code == "credential" && fault.detail.contains(name) && !fault.detail.contains("s3cret"))
        }
        for name in ["two", "empty", "missing"] {
            let fault = try #require(throws: Fault.self) { try credentials.bearer(name) }
            #expect(!fault.detail.contains("s3cret"))
        }
        #expect(throws: Fault.self) { try Credentials(environment: [:]).basic("good") }
        #expect(try credentials.cookie("cookie") == "a=b; c=d")
        #expect(throws: Fault.self) { try credentials.cookie("token") }
    }

    @Test(
        "A source with a login is asked with it, its pages on the same server too; without its secret nobody is asked")
    func loginOfSource() throws {
        let folder = try ConfigurationFolder(["a": "reader:secret"])
        var source = Source(id: "outlet", url: "https://outlet.example/rss")
        source.login = Source.LoginName(scheme: .basic, credential: "a")
        var polling = Polling(interval: .seconds(3600), jitter: { _ in 0 })
        polling.access.credentials = Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.path])
        let known = PollState(url: source.url, validators: .none, hasBaseline: true, failures: 0, listed: 0)
        let login = Login.basic(user: "reader", password: "secret")
        #expect(try polling.request(source, known).login == login)
        #expect(try polling.request(page: "https://outlet.example/story", of: source).login == login)
        for other in ["https://cdn.example/story", "http://outlet.example:443/x", "https://outlet.example:8443/x"] {
            #expect(try polling.request(page: other, of: source).login == nil)
        }
        source.login?.credential = "b"
        #expect(throws: Fault.self) { try polling.request(source, known) }
    }

    @Test("A source is read through the proxy that it names, and a proxy that is not there is told as such")
    func viaProxy() async throws {
        let proxy = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { proxy.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"http://127.0.0.1:1/rss\", private_hosts: true, via: way}\n",
            main: "proxies: {way: {url: \"http://127.0.0.1:\(proxy.port)\"}}\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).baseline == 1)
        #expect(proxy.requests.map(\.path) == ["http://127.0.0.1:1/rss"])
        proxy.stop()
        let faults = try await playground.pass(at: start + .seconds(90_000)).faults
        #expect(faults.map(\.fault.code) == ["proxy"], "\(faults)")
    }

    @Test("check prints the drop-in for folders outside the sandbox and for secrets, and nothing that is there already")
    func dropIn() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": """
            digest: {folder: /srv/digests/}
            metrics: /var/lib/prometheus/node-exporter/feedwatch.prom
            proxies: {way: {url: "https://proxy.example:3128", login: way-login}, idle: {url: "https://i.example:1", login: idle}}

            """,
            "sources.d/a.yaml": """
            sources:
              a: {feed: "https://a.example/rss", login: {basic: minami}, via: way}
              b: {feed: "https://b.example/rss", login: {bearer: off}, enabled: false}

            """,
        ])
        let needs = ServiceNeeds(try folder.load())
        let all = [
            "ReadWritePaths=/srv/digests", "ReadWritePaths=/var/lib/prometheus/node-exporter",
            "LoadCredential=minami:/etc/feedwatch-secrets/minami",
            "LoadCredential=way-login:/etc/feedwatch-secrets/way-login",
        ]
        func missing(_ text: String) -> [String] {
            Array(needs.lines(given: ServiceUnit(text: text), isMissing: { _ in false }).dropFirst(2).dropLast())
        }
        #expect(missing("") == all)
        #expect(
            missing("[Service]\nReadWritePaths=/srv\n LoadCredentialEncrypted = minami:/etc/secret\n") == [
                all[1], all[3],
            ])
        #expect(missing(all.joined(separator: "\n")).isEmpty)
        let inside = try ConfigurationFolder(["feedwatch.yaml": "digest: {folder: /var/lib/feedwatch/issues}\n"])
        #expect(ServiceNeeds(try inside.load()).lines(given: ServiceUnit(text: ""), isMissing: { _ in true }).isEmpty)
    }

    @Test(
        "A unit gives what systemd reads in it: lists, resets, quotes, continued lines, prefixes, bound folders",
        arguments: [
            ("ReadWritePaths=/a /srv/digests/ /b", true), ("ReadWritePaths=-/srv/digests", true),
            ("ReadWritePaths=-+/srv", true), ("ReadWritePaths=/a \\\n# why\n  /srv/digests", true),
            ("ReadWritePaths='/a b' \"/srv/digests\"", true), ("BindPaths=/home/x:/srv/digests:rbind", true),
            ("BindPaths=/srv/digests", true), ("BindPaths=/srv/digests:/other", false),
            ("ReadWritePaths=/srv\nReadWritePaths=", false), ("ReadWritePaths=\nReadWritePaths=/srv", true),
            ("[Unit]\nReadWritePaths=/srv", false), ("[Unit]\nA=b\n[Service]\nReadWritePaths=/srv", true),
            ("#ReadWritePaths=/srv", false), ("ReadOnlyPaths=/srv", false), ("ReadWritePaths=/srv/digests2", false),
            ("BindPaths=/srv\nReadWritePaths=", true),
        ])
    func unit(text: String, isGiven: Bool) {
        #expect(ServiceUnit(text: text).mayWrite("/srv/digests") == isGiven)
    }

    @Test("A credential is given by its name alone, too, and taken back by an empty line")
    func unitCredentials() {
        #expect(ServiceUnit(text: "LoadCredential=a\nSetCredential=b:x\n").credentials == ["a", "b"])
        #expect(ServiceUnit(text: "LoadCredential=a\nLoadCredential=\nLoadCredential=b:/x").credentials == ["b"])
    }

    @Test(
        "A path in a drop-in is read back as it is",
        arguments: ["/srv/a", "/srv/100%", "/srv/a b", "/srv/a\"b", "/srv/a\\b", "/srv/it's", "/srv/日報"])
    func unitWords(path: String) {
        #expect(UnitWords.split(UnitWords.quoted(path)) == [path])
        #expect(ServiceUnit(text: "ReadWritePaths=\(UnitWords.quoted(path))").mayWrite(path))
    }

    @Test(
        "What would keep the service from starting is warned of, and no line is printed that cannot help",
        arguments: [
            ("/home/ada/news", "warning: /home/ada/news: the service sees no homes", false),
            ("/root/news", "warning: /root/news: the service sees no homes", false),
            ("/tmp/news", "warning: /tmp/news: the service has a /tmp of its own", false),
            ("/srv/news", "warning: /srv/news does not exist", true),
        ])
    func folders(path: String, words: String, hasDropIn: Bool) throws {
        let folder = try ConfigurationFolder(["feedwatch.yaml": "digest: {folder: \(path)}\n"])
        let lines = ServiceNeeds(try folder.load()).lines(given: ServiceUnit(text: ""), isMissing: { _ in true })
        #expect(lines[0].hasPrefix(words))
        #expect(lines.contains("ReadWritePaths=\(path)") == hasDropIn)
        let bound = ServiceUnit(text: "BindPaths=/srv/x:\(path)")
        #expect(ServiceNeeds(try folder.load()).lines(given: bound, isMissing: { _ in false }).isEmpty)
    }

    @Test("A file of the configuration that its group may not read is told")
    func unreadableForService() throws {
        let folder = try ConfigurationFolder(["feedwatch.yaml": "", "sources.d/a.yaml": "", "sources.d/b.yaml": ""])
        for (name, mode) in [("", 0o755), ("feedwatch.yaml", 0o644), ("sources.d", 0o755), ("sources.d/a.yaml", 0o640)]
        {
            chmod("\(folder.path)/\(name)", mode_t(mode))
        }
        chmod("\(folder.path)/sources.d/b.yaml", 0o600)
        let group = FilesOfService.Reader(user: .max - 1, groups: [getgid()])
        #expect(
            FilesOfService.unreadable(of: folder.path, by: group) == [
                "\(folder.path)/sources.d/b.yaml may not be read by the service – \"sudo chgrp feedwatch "
                    + "\(folder.path)/sources.d/b.yaml; sudo chmod g+rX \(folder.path)/sources.d/b.yaml\""
            ])
        let stranger = FilesOfService.Reader(user: .max - 1, groups: [])
        #expect(FilesOfService.unreadable(of: folder.path, by: stranger).count == 2)
    }

    @Test(
        "Digests go into the folder that the configuration names, and issues that are there already go along"
    )
    func digestFolder() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let files = FileManager.default
        let other = NSTemporaryDirectory() + "feedwatch-digests-\(UUID().uuidString)"
        try files.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: other) }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n",
            main: "digest: {folder: \(other)}\n")
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        let station = try playground.open(at: start + .seconds(3600))
        let issue = try await station.publishDigestNow()
        await station.close()
        #expect(issue.isNew && issue.undelivered.isEmpty)
        let names = try files.contentsOfDirectory(atPath: other).sorted()
        #expect(names.contains("2025-03-30.md") && names.contains("latest.html") && names.contains("index.html"))
        #expect(playground.text("digests/2025-03-30.md").hasPrefix("# feedwatch"))
        // A folder of the state's own is none elsewhere.
        #expect(
            DigestFolder.place(playground.state.path + "/other", in: playground.state)?.contains("inside the state")
                == true)
        // Without the key the state has a folder of its own again, and the issues come along; with it they leave again.
        let state = playground.state
        #expect(DigestFolder.place("", in: state) == nil)
        #expect(
            try files.attributesOfItem(atPath: state.path + "/digests")[.type] as? FileAttributeType == .typeDirectory)
        #expect(playground.text("digests/2025-03-30.md").hasPrefix("# feedwatch"))
        #expect(DigestFolder.place(state.path + "/digests", in: state) == nil)
        let third = other + "/third"
        try files.createDirectory(atPath: third, withIntermediateDirectories: true)
        #expect(DigestFolder.place(third, in: state) == nil)
        #expect(try files.contentsOfDirectory(atPath: third).sorted() == names)
        #expect(try files.destinationOfSymbolicLink(atPath: state.path + "/digests") == third)
        // A folder that cannot take them changes nothing.
        let fault = try #require(DigestFolder.place(other + "/none", in: state))
        #expect(
            fault.contains("cannot be copied there") && playground.text("digests/2025-03-30.md").hasPrefix("# feed"))
    }

    @Test("A folder for digests that is gone is told, and the issue waits for it")
    func digestFolderThatIsGone() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let other = NSTemporaryDirectory() + "feedwatch-digests-\(UUID().uuidString)"
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n",
            main: "digest: {folder: \(other)}\n")
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        let station = try playground.open(at: start + .seconds(3600))
        let issue = try await station.publishDigestNow()
        #expect(issue.undelivered.map(\.stem) == ["digests/2025-03-30"], "\(issue)")
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        #expect(try await station.courier.deliver().isEmpty)
        await station.close()
        #expect(FileManager.default.fileExists(atPath: other + "/2025-03-30.md"))
    }
}
