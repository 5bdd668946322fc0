import Mustache
import News

/// Alerts and digests as Markdown: a pure function of the JSON's value, the templates and the version.
///
/// Values reach the templates as finished Markdown, already escaped, so templates show them with three braces.
public struct MarkdownRenderer: Sendable {
    private let alertTemplate: MustacheTemplate
    private let digestTemplate: MustacheTemplate
    private let moreTemplate: MustacheTemplate
    private let blindTemplate: MustacheTemplate

    /// With the built-in templates.
    public init() throws {
        alertTemplate = try Self.template(PackageResources.alert_md)
        digestTemplate = try Self.template(PackageResources.digest_md)
        moreTemplate = try Self.template(PackageResources.more_md)
        blindTemplate = try Self.template(PackageResources.blind_md)
    }

    public func render(_ alert: Alert) -> String { alertTemplate.render(AlertView(alert, as: .markdown)) }

    public func render(_ digest: Digest) -> String { digestTemplate.render(DigestView(digest, as: .markdown)) }

    public func render(_ held: HeldAlerts) -> String { moreTemplate.render(HeldView(held, as: .markdown)) }

    public func render(_ blind: BlindAlert) -> String { blindTemplate.render(BlindView(blind, as: .markdown)) }

    private static func template(_ bytes: [UInt8]) throws -> MustacheTemplate {
        try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
    }
}
