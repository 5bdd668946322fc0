import Fetch
import News

/// Mail and webhook.
extension ConfigurationBuilder {
    mutating func leaving(_ main: ConfigurationMapping) -> Leaving {
        Leaving(mail: mail(main.mapping("mail"), at: main["mail"]?.place), webhook: webhook(main.mapping("webhook")))
    }

    private mutating func mail(_ given: ConfigurationMapping?, at place: ConfigurationPlace?) -> Leaving.MailWay? {
        guard let given, !given.entries.isEmpty, let place else { return nil }
        let mapping = ConfigurationKeys.completed(given, as: .mail)
        for key in ["server", "from", "to"] where given[key] == nil {
            record(place.fault("\"mail\" has no \"\(key)\"", "add one"))
        }
        guard let name = given["server"], let text = mapping.text("server"), let from = given["from"] else {
            return nil
        }
        let security = mapping.choice("security", MailServer.Security.self) ?? .startTLS
        guard var server = server(text, security, at: name.valuePlace),
            let sender = address(mapping.text("from"), at: from.valuePlace)
        else { return nil }
        server.authorities = mapping.text("ca").flatMap { $0.isEmpty ? nil : $0 }
        // What the operator has named may stand in the operator's own network.
        server.allowsPrivateHosts = true
        let recipients = given.items("to").compactMap { address($0.text, at: $0.place) }
        let credential = mapping.text("login")
        if credential != nil, security == .plain {
            warn(name.valuePlace.fault("the mail server's login goes in the clear", "write security: starttls or tls"))
        }
        guard (1...Limits.mailRecipientsMax).contains(recipients.count) else {
            if let to = given["to"], recipients.count == given.items("to").count {
                record(
                    to.valuePlace.fault(
                        "\"to\" names nobody, or too many", "write 1 to \(Limits.mailRecipientsMax) addresses"))
            }
            return nil
        }
        return Leaving.MailWay(
            server: server, credential: credential, from: sender, to: recipients, wants: Self.wants(mapping))
    }

    private mutating func server(
        _ text: String, _ security: MailServer.Security, at place: ConfigurationPlace
    ) -> MailServer? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? Int(parts[1]) : nil
        let isFit = parts.count == 1 || port.map { (1...65_535).contains($0) } ?? false
        if isFit, let server = try? MailServer(host: String(parts[0]), port: port, security: security) { return server }
        record(
            place.fault(
                "\"\(ConfigurationReader.clipped(text))\" is no mail server",
                "write its name, and a port where it needs one: mail.example.org:587"))
        return nil
    }

    private mutating func address(_ text: String?, at place: ConfigurationPlace) -> MailAddress? {
        guard let text else { return nil }
        do { return try MailAddress(text) } catch {
            record(place.fault(error.detail, "write name@host"))
            return nil
        }
    }

    private mutating func webhook(_ given: ConfigurationMapping?) -> Leaving.WebhookWay? {
        guard let given, !given.entries.isEmpty else { return nil }
        let mapping = ConfigurationKeys.completed(given, as: .webhook)
        guard let url = given["url"], let text = mapping.text("url") else {
            if given["url"] == nil { record(given.place.fault("\"webhook\" has no \"url\"", "add one")) }
            return nil
        }
        let credential = mapping.text("login")
        if credential != nil, text.lowercased().hasPrefix("http:") {
            warn(url.valuePlace.fault("the webhook's token goes over plain http", "use https:"))
        }
        return Leaving.WebhookWay(
            url: text, credential: credential, authorities: mapping.text("ca").flatMap { $0.isEmpty ? nil : $0 },
            wants: Self.wants(mapping))
    }

    private static func wants(_ mapping: ConfigurationMapping) -> Leaving.Wants {
        Leaving.Wants(alerts: mapping.flag("alerts") ?? true, digest: mapping.flag("digest") ?? true)
    }
}
