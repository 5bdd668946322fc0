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

    public func render(_ alert: Alert) -> String { alertTemplate.render(AlertView(alert)) }

    public func render(_ digest: Digest) -> String { digestTemplate.render(DigestView(digest)) }
}

/// What the template of an alert shows.
private struct AlertView {
    let title: String
    let id: String
    let decided: String
    let topics: [String]
    let excerpt: String?
    let byline: String?
    let onlySide: String?
    let saidBy: String
    let changes: [String]
    let whyHere: String
    let links: String
    let footer: String

    init(_ alert: Alert) {
        let words = Words(zone: alert.zone, today: alert.zone.local(alert.decided).date)
        let story = StoryWords(story: alert.story, words: words)
        title = story.title
        id = story.id
        decided = "\(Words.fullDay(alert.day)), \(words.cutoff(alert.decided)), \(Markdown.text(alert.zone.name))"
        topics = alert.story.topics.map { topic in
            let rule = topic.rule.map { ", rule \(Markdown.code($0))" } ?? ""
            return "**\(Markdown.text(topic.name))**: \(topic.match.rawValue)\(rule)"
        }
        excerpt = story.excerpt
        byline = story.byline
        onlySide = alert.story.onlySide.map { "ONE SIDE ONLY (\(Markdown.text($0)))" }
        saidBy = story.saidBy
        changes = story.changes
        whyHere = story.whyHere
        links = story.links
        footer = "\(Markdown.code("feedwatch \(alert.version)")) · excerpts belong to their publishers"
    }
}
