import News
import NewsTesting
import Testing

@testable import Fetch

private let message = "From: Desk <desk@reader.example>\r\nSubject: Daily\r\n\r\nHarbour opens.\r\n"

func makeDelivery(_ change: (inout DeliveryOptions) -> Void = { _ in }) -> Delivery {
    var options = DeliveryOptions(userAgent: "feedwatch/test")
    options.lookup = { _ in [IPAddress("127.0.0.1")!] }
    change(&options)
    return Delivery(options: options)
}

private func mail(
    _ port: Int, _ security: MailServer.Security = .plain, host: String = "127.0.0.1",
    to recipients: [String] = ["analyst@reader.example"], _ text: String = message,
    _ change: (inout MailServer) -> Void = { _ in }
) throws -> Mail {
    var server = try MailServer(host: host, port: port, security: security)
    server.allowsPrivateHosts = true
    change(&server)
    return Mail(
        server: server, sender: try MailAddress("desk@reader.example"),
        recipients: try recipients.map { try MailAddress($0) }, message: Array(text.utf8))
}

@Suite(.timeLimit(.minutes(2))) struct MailTests {
    @Test("A mail comes as it was sent, with every line ended by CRLF and dots that end no mail")
    func plain() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        let text = "Subject: Dots\n\n.\n..two\rone\r\n.\r\n\nend"
        let receipt = try await makeDelivery().send(
            try mail(server.port, to: ["a@reader.example", "b@bücher.example"], text))
        #expect(receipt.address == "127.0.0.1" && receipt.refusals.isEmpty)
        let taken = try #require(server.taken.first)
        #expect(server.taken.count == 1 && taken.from == "desk@reader.example")
        #expect(taken.to == ["a@reader.example", "b@xn--bcher-kva.example"])
        #expect(
            String(decoding: taken.data, as: UTF8.self)
                == "Subject: Dots\r\n\r\n.\r\n..two\r\none\r\n.\r\n\r\nend\r\n")
        #expect(server.commands.last == "QUIT" && server.commands.contains { $0.hasPrefix("MAIL FROM:<desk@") })
    }

    @Test("Without STARTTLS nothing is said of the mail; a server that is asked in the clear gets no login")
    func noTLS() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        let delivery = makeDelivery()
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await delivery.send(
                try mail(server.port, .startTLS) { $0.login = .basic(user: "desk", password: "secret") })
        }
        #expect(failure?.code == .noTLS && failure?.isLasting == true, "\(String(describing: failure))")
        #expect(!server.commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
        let outside = Delivery(options: options(leadingTo: "192.0.2.9"))
        let clear = await #expect(throws: DeliveryFailure.self) {
            try await outside.send(
                try mail(25, host: "mail.outlet.example") { $0.login = .basic(user: "desk", password: "secret") })
        }
        #expect(clear?.isLasting == true && clear.map { "\($0)".contains("secret") } == false)
    }

    private func options(leadingTo address: String) -> DeliveryOptions {
        var options = DeliveryOptions(userAgent: "feedwatch/test")
        options.lookup = { _ in [IPAddress(address)!] }
        return options
    }

    @Test(
        "Over TLS, asked for or from the first byte, the login goes along and the certificate is judged",
        .enabled(if: TLSServer.isThere, "openssl is not there"),
        arguments: [MailServer.Security.startTLS, .tls])
    func tls(security: MailServer.Security) async throws {
        let identities = try TLSIdentities()
        let identity = try identities.identity("mail.outlet.example")
        let server = try SMTPServer {
            $0.tunnel = { TLSTunnel.open(identity) }
            $0.isTLS = security == .tls
        }
        defer { server.stop() }
        func send(_ host: String) async throws -> MailReceipt {
            try await makeDelivery { $0.mailDeadline = .seconds(30) }.send(
                try mail(server.port, security, host: host) {
                    $0.login = .basic(user: "desk", password: "secret")
                    $0.authorities = identities.authority.certificate
                })
        }
        #expect(try await send("mail.outlet.example").refusals.isEmpty)
        #expect(server.taken.map(\.isOverTLS) == [true])
        #expect(server.commands.contains { $0.hasPrefix("AUTH") })
        // Before TLS nothing but the wish for it is said.
        let plain = server.commands.prefix { $0 != "STARTTLS" }
        if security == .startTLS { #expect(plain.allSatisfy { $0.hasPrefix("EHLO") }) }
        let failure = await #expect(throws: DeliveryFailure.self) { try await send("other.outlet.example") }
        #expect(failure?.code == .way(.tlsWrongHost) && failure?.isLasting == false)
        #expect(server.taken.count == 1)
    }

    @Test(
        "What a server answers is told with its words, and as passing or lasting",
        arguments: [
            ("MAIL", "452 4.3.1 disk full", "put-off", false), ("MAIL", "550 5.7.1 not you", "refused", true),
            ("RCPT", "450 4.2.0 grey-listed", "put-off", false), ("RCPT", "550 5.1.1 no such user", "refused", true),
            ("DATA", "451 later", "put-off", false), ("DATA", "554 no", "refused", true),
            (".", "421 4.3.2 shutting down", "put-off", false), (".", "554 5.7.1 spam", "refused", true),
            ("AUTH", "535 5.7.8 wrong", "login", true), ("AUTH", "454 4.7.0 later", "login", false),
            ("EHLO", "421 too busy", "put-off", false),
        ])
    func replies(verb: String, reply: String, word: String, isLasting: Bool) async throws {
        let server = try SMTPServer {
            $0.answer = { command in
                if verb == "EHLO", command.hasPrefix("HELO") { return .line(reply) }
                return command.hasPrefix(verb) ? .line(reply) : nil
            }
        }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(
                try mail(server.port) { $0.login = .basic(user: "desk", password: "secret") })
        }
        #expect(failure?.code.word == word && failure?.isLasting == isLasting, "\(String(describing: failure))")
        #expect(failure?.detail.contains(reply) == true && failure?.detail.contains("127.0.0.1") == true)
        #expect(server.taken.isEmpty)
    }

    @Test("A greeting that is a refusal is one", arguments: [("421 go away", false), ("554 never", true)])
    func greeting(text: String, isLasting: Bool) async throws {
        let server = try SMTPServer { $0.greeting = .line(text) }
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(try mail(server.port))
        }
        #expect(
            failure?.isLasting == isLasting && failure?.detail.contains(text) == true, "\(String(describing: failure))")
    }

    @Test("A recipient that is refused keeps the mail from no other; where all are, one that may come later decides")
    func recipients() async throws {
        let server = try SMTPServer {
            $0.answer = { command in
                if command.contains("gone") { return .line("550-5.1.1 no\r\n550 5.1.1 such user") }
                return command.contains("grey") ? .line("450 4.2.0 later") : nil
            }
        }
        defer { server.stop() }
        let delivery = makeDelivery()
        let names = ["gone@reader.example", "here@reader.example", "grey@reader.example"]
        let receipt = try await delivery.send(try mail(server.port, to: names))
        #expect(receipt.refusals.map(\.recipient.description) == [names[0], names[2]])
        #expect(receipt.refusals.map(\.isLasting) == [true, false])
        #expect(receipt.refusals[0].words == "550 5.1.1 no 5.1.1 such user", "\(receipt)")
        #expect(server.taken.map(\.to) == [[names[1]]])
        for recipients in [[names[2], names[0]], [names[0], names[2]], [names[0]]] {
            let failure = await #expect(throws: DeliveryFailure.self) {
                try await delivery.send(try mail(server.port, to: recipients))
            }
            #expect(failure?.isLasting == (recipients.count == 1), "\(recipients): \(String(describing: failure))")
        }
        #expect(server.taken.count == 1)
    }

    @Test(
        "A server that never ends, drips, falls silent or breaks off costs one deadline at most, and may be tried again",
        arguments: [
            "endless greeting", "endless line", "endless reply", "silent greeting", "silent after data",
            "breaks off at once",
            "breaks off after data", "no SMTP",
        ])
    func hostile(what: String) async throws {
        let server = try SMTPServer {
            switch what {
            case "endless greeting": $0.greeting = .endless("220-and so on\r\n")
            case "endless line": $0.greeting = .endless("220 and so on ")
            case "silent greeting": $0.greeting = .silence
            case "breaks off at once": $0.greeting = .close
            case "no SMTP": $0.greeting = .endless("SSH-2.0-server\r\n")
            case "endless reply": $0.answer = { $0.hasPrefix("RCPT") ? .endless("250-and so on\r\n") : nil }
            case "silent after data": $0.answer = { $0 == "." ? .silence : nil }
            default: $0.answer = { $0 == "." ? .close : nil }
            }
        }
        defer { server.stop() }
        let delivery = makeDelivery {
            $0.connect = .milliseconds(1500)
            $0.mailDeadline = .milliseconds(1500)
        }
        let failure = await #expect(throws: DeliveryFailure.self) { try await delivery.send(try mail(server.port)) }
        #expect(failure?.isLasting == false, "\(what): \(String(describing: failure))")
        #expect(failure?.detail.contains("smtp://127.0.0.1:\(server.port)") == true)
        #expect(server.taken.isEmpty)
    }

    @Test("Nobody waits for a server that says no goodbye, nor for one that is silent after a mail when told to stop")
    func goodbye() async throws {
        let silent = try SMTPServer { $0.answer = { $0 == "QUIT" ? .silence : nil } }
        defer { silent.stop() }
        #expect(try await makeDelivery().send(try mail(silent.port)).refusals.isEmpty)
        let stuck = try SMTPServer { $0.answer = { $0 == "." ? .silence : nil } }
        defer { stuck.stop() }
        let delivery = makeDelivery { $0.mailDeadline = .seconds(20) }
        let stopped = Task { try await delivery.send(try mail(stuck.port)) }
        let cancelled = Task { try await delivery.send(try mail(stuck.port)) }
        while stuck.commands.count(where: { $0 == "DATA" }) < 2 { await Task.yield() }
        cancelled.cancel()
        let one = await #expect(throws: DeliveryFailure.self) { try await cancelled.value }
        #expect(one?.code == .way(.cancelled) && one?.isLasting == false)
        delivery.shutdown()
        let other = await #expect(throws: DeliveryFailure.self) { try await stopped.value }
        #expect(other?.code == .way(.stopped))
        let late = await #expect(throws: DeliveryFailure.self) { try await delivery.send(try mail(stuck.port)) }
        #expect(late?.code == .way(.stopped))
    }

    @Test(
        "What could end a line is in no address, and what is no address is not sent to",
        arguments: [
            "a@b.example\r\nRCPT TO:<x@y.example>", "a\n@b.example", "a@b.example>", "<a@b.example>", "a b@c.example",
            "\"a b\"@c.example", "a@[127.0.0.1]", "a@127.0.0.1", "a@b.example/x", "a@b.example:25", "a@", "@b.example",
            "a",
            "a..b@c.example", ".a@c.example", "a\0@c.example", "ä@c.example", "a@b@c.example", "a@b.example?x",
            "a@%0d%0a",
            String(repeating: "a", count: 65) + "@c.example", "a@" + String(repeating: "b.", count: 130) + "example",
        ])
    func addresses(text: String) throws {
        let error = #expect(throws: DeliveryFailure.self) { try MailAddress(text) }
        #expect(error?.code == .unfit && error?.detail.contains("\n") == false)
    }

    @Test(
        "A mail that a server could read in another way is not sent",
        arguments: ["nothing", "NUL", "8 bits", "a long line", "too much"])
    func unfit(what: String) throws {
        let bytes: [UInt8] =
            switch what {
            case "nothing": []
            case "NUL": Array("a\0b".utf8)
            case "8 bits": Array("Grüße".utf8)
            case "a long line": Array(repeating: 0x61, count: Limits.mailLineBytesMax + 1)
            default: Array(repeating: 0x0A, count: Limits.mailBytesMax + 1)
            }
        let error = #expect(throws: DeliveryFailure.self) { try Mail.lines(bytes) }
        #expect(error?.code == .unfit && error?.isLasting == true)
        #expect(
            try Mail.lines(Array(repeating: 0x61, count: Limits.mailLineBytesMax)).count == Limits.mailLineBytesMax + 2)
    }

    @Test("However its lines end, a mail has no CR or LF alone and nothing of it is lost", arguments: 0..<40)
    func lineEnds(seed: Int) throws {
        var random = Random(state: UInt64(seed))
        let bytes = (0..<200).map { _ in [0x0D, 0x0A, 0x2E, 0x61][Int(random.next() % 4)] as UInt8 }
        let lines = try Mail.lines(bytes)
        let text = String(decoding: lines, as: UTF8.self).unicodeScalars
        #expect(lines.suffix(2) == [0x0D, 0x0A], "seed \(seed)")
        let ends = lines.indices.filter { lines[$0] == 0x0D }
        #expect(ends.allSatisfy { lines[$0 + 1] == 0x0A } && ends.count == lines.count { $0 == 0x0A }, "seed \(seed)")
        #expect(text.filter { $0 != "\r" && $0 != "\n" }.map(\.value) == bytes.filter { $0 > 0x0D }.map(UInt32.init))
    }

    @Test("Only an allowed private server is spoken to, a metadata service never")
    func privateServers() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        let failure = await #expect(throws: DeliveryFailure.self) {
            try await makeDelivery().send(
                try mail(server.port, host: "mail.outlet.example") { $0.allowsPrivateHosts = false })
        }
        #expect(failure?.code == .way(.privateAddress) && failure?.isLasting == true)
        #expect(failure?.detail.contains("127.0.0.1") == true && server.commands.isEmpty)
        let metadata = Delivery(options: options(leadingTo: "169.254.169.254"))
        let never = await #expect(throws: DeliveryFailure.self) {
            try await metadata.send(try mail(25, host: "mail.outlet.example"))
        }
        #expect(never?.code == .way(.privateAddress))
    }
}
