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
    private let indicatorTemplate: MustacheTemplate

    public init(_ templates: Templates = .builtIn) throws {
        alertTemplate = try templates.template("alert.md")
        digestTemplate = try templates.template("digest.md")
        moreTemplate = try templates.template("more.md")
        blindTemplate = try templates.template("blind.md")
        indicatorTemplate = try templates.template("indicator.md")
    }

    public func render(_ alert: Alert) -> String { alertTemplate.render(AlertView(alert, as: .markdown)) }

    public func render(_ digest: Digest) -> String { digestTemplate.render(DigestView(digest, as: .markdown)) }

    public func render(_ held: HeldAlerts) -> String { moreTemplate.render(HeldView(held, as: .markdown)) }

    public func render(_ blind: BlindAlert) -> String { blindTemplate.render(BlindView(blind, as: .markdown)) }

    public func render(_ rise: IndicatorAlert) -> String {
        indicatorTemplate.render(IndicatorAlertView(rise, as: .markdown))
    }
}
