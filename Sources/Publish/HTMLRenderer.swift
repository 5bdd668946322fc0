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
    private let indexTemplate: MustacheTemplate

    /// With the built-in templates.
    public init() throws {
        let style = PackageResources.page_css
        let partials: [String: [UInt8]] = [
            "style": style, "style-hash": Array("sha256-\(Hash.base64(style))".utf8),
            "head": PackageResources.head_html, "facts": PackageResources.facts_html,
        ]
        library = MustacheLibrary(templates: try partials.mapValues(Self.template))
        alertTemplate = try Self.template(PackageResources.alert_html)
        digestTemplate = try Self.template(PackageResources.digest_html)
        moreTemplate = try Self.template(PackageResources.more_html)
        blindTemplate = try Self.template(PackageResources.blind_html)
        indexTemplate = try Self.template(PackageResources.index_html)
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

    func render(_ index: IssueIndex) -> String { indexTemplate.render(IndexView(index), library: library) }

    private static func template(_ bytes: [UInt8]) throws -> MustacheTemplate {
        try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
    }
}
