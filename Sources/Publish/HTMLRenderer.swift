import Mustache
import News

/// Alerts, digests and the list of issues as HTML pages: a pure function of the JSON's value, the templates and the version.
///
/// A page is whole in itself: one stylesheet inside, no script, nothing fetched from anywhere; its content security
/// policy names the stylesheet by its hash (CSP 3 §6.7.3.3), so that nothing else could run or load either. Values
/// reach the templates as finished HTML, already escaped, so templates show them with three braces.
public struct HTMLRenderer: Sendable {
    private let library: MustacheLibrary
    private let alertTemplate: MustacheTemplate
    private let digestTemplate: MustacheTemplate
    private let moreTemplate: MustacheTemplate
    private let blindTemplate: MustacheTemplate
    private let indicatorTemplate: MustacheTemplate
    private let indexTemplate: MustacheTemplate

    public init(_ templates: Templates = .builtIn) throws {
        let style = templates.texts["page.css"] ?? []
        library = MustacheLibrary(templates: [
            "style": try MustacheTemplate(string: String(decoding: style, as: UTF8.self)),
            "style-hash": try MustacheTemplate(string: "sha256-\(Hash.base64(style))"),
            "head": try templates.template("head.html"), "facts": try templates.template("facts.html"),
        ])
        alertTemplate = try templates.template("alert.html")
        digestTemplate = try templates.template("digest.html")
        moreTemplate = try templates.template("more.html")
        blindTemplate = try templates.template("blind.html")
        indicatorTemplate = try templates.template("indicator.html")
        indexTemplate = try templates.template("index.html")
    }

    public func render(_ alert: Alert) -> String {
        alertTemplate.render(AlertView(alert, as: .html), library: library)
    }

    public func render(_ digest: Digest) -> String {
        digestTemplate.render(DigestView(digest, as: .html), library: library)
    }

    public func render(_ held: HeldAlerts) -> String {
        moreTemplate.render(HeldView(held, as: .html), library: library)
    }

    public func render(_ blind: BlindAlert) -> String {
        blindTemplate.render(BlindView(blind, as: .html), library: library)
    }

    public func render(_ rise: IndicatorAlert) -> String {
        indicatorTemplate.render(IndicatorAlertView(rise, as: .html), library: library)
    }

    func render(_ index: IssueIndex) -> String { indexTemplate.render(IndexView(index), library: library) }
}
