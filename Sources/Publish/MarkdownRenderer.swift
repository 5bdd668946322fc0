import Mustache
import News

/// Alerts and digests as Markdown: a pure function of the JSON's value, the templates and the version.
///
/// Values reach the templates as finished Markdown, already escaped, so templates show them with three braces.
public struct MarkdownRenderer: Sendable {
    private let alertTemplate: MustacheTemplate
    private let digestTemplate: MustacheTemplate

    /// With the built-in templates.
    public init() throws {
        alertTemplate = try MustacheTemplate(string: String(decoding: PackageResources.alert_md, as: UTF8.self))
        digestTemplate = try MustacheTemplate(string: String(decoding: PackageResources.digest_md, as: UTF8.self))
    }

    public func render(_ alert: Alert) -> String { alertTemplate.render(AlertView(alert, as: .markdown)) }

    public func render(_ digest: Digest) -> String { digestTemplate.render(DigestView(digest, as: .markdown)) }
}
