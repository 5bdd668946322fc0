import Fetch
import News
import Storage

/// What leaves the machine, and where it goes, as the main file has it; nothing by default.
public struct Leaving: Sendable, Hashable {
    var mail: MailWay?
    var webhook: WebhookWay?

    public init() {}

    init(mail: MailWay?, webhook: WebhookWay?) {
        self.mail = mail
        self.webhook = webhook
    }

    struct Wants: Sendable, Hashable {
        var alerts: Bool
        var digest: Bool

        func takes(_ kind: Parcel.Kind) -> Bool { kind == .digest ? digest : alerts }
    }

    struct MailWay: Sendable, Hashable {
        /// Without its login.
        var server: MailServer
        /// The name of the credential with the login.
        var credential: String?
        var from: MailAddress
        var to: [MailAddress]
        var wants: Wants
    }

    struct WebhookWay: Sendable, Hashable {
        var url: String
        /// The name of the credential with the token.
        var credential: String?
        var authorities: String?
        var wants: Wants
    }

    enum Way: String, CaseIterable {
        case mail, webhook
    }

    /// The ways that are configured.
    var ways: [String] {
        [mail == nil ? nil : Way.mail, webhook == nil ? nil : Way.webhook].compactMap { $0?.rawValue }
    }

    /// The ways that want a parcel.
    func ways(for kind: Parcel.Kind) -> [String] {
        [
            mail?.wants.takes(kind) == true ? Way.mail : nil, webhook?.wants.takes(kind) == true ? Way.webhook : nil,
        ].compactMap { $0?.rawValue }
    }

    /// Names of the secrets that it needs.
    var credentials: [String] { [mail?.credential, webhook?.credential].compactMap(\.self) }
}
