/// The HTML elements that reading an article tells apart.
enum Tag: String {
    case text = "#text"
    case other
    case html, head, body, title, meta, link, script, base
    case a, b, strong, em, i, span, font, br, hr, time, small
    case p, div, section, article, main, header, footer, nav, aside, form, fieldset, address
    case h1, h2, h3, h4, h5, h6, hgroup
    case ul, ol, li, dl, dt, dd, menu
    case table, thead, tbody, tfoot, tr, td, th, caption
    case blockquote, q, pre, center, details, summary, figure, figcaption, picture
    case style, noscript, template, iframe, frame, frameset, object, embed, applet, svg, math, canvas, video, audio, map
    case button, select, option, textarea, input, label, dialog, rt, rp, datalist, progress, meter

    /// Starts and ends a paragraph.
    var isBlock: Bool {
        switch self {
        case .html, .body, .p, .div, .section, .article, .main, .header, .footer, .nav, .aside, .form, .fieldset,
            .address,
            .h1, .h2, .h3, .h4, .h5, .h6, .hgroup, .ul, .ol, .li, .dl, .dt, .dd, .menu, .table, .thead, .tbody, .tfoot,
            .tr, .td, .th, .caption, .blockquote, .pre, .center, .details, .summary, .figure, .figcaption, .hr, .title,
            .dialog, .iframe, .video, .audio, .object, .option:
            true
        default: false
        }
    }

    /// Never holds words of an article.
    var isSilent: Bool {
        switch self {
        case .head, .title, .meta, .link, .script, .base, .style, .noscript, .template, .iframe, .frame, .frameset,
            .object,
            .embed, .applet, .svg, .canvas, .video, .audio, .map, .button, .select, .option, .textarea, .input, .dialog,
            .rt, .rp, .datalist, .progress, .meter:
            true
        default: false
        }
    }

    /// Silent, whatever stands in it.
    var isAlwaysSilent: Bool {
        switch self {
        case .head, .title, .meta, .link, .script, .base, .style, .template, .iframe, .dialog, .rt, .rp: true
        default: false
        }
    }

    /// 1 to 6 for a heading.
    var headingLevel: Int? {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: nil
        }
    }
}

/// Kinds of elements around a node.
struct Surroundings: OptionSet {
    let rawValue: UInt16

    static let aside = Surroundings(rawValue: 1)
    static let nav = Surroundings(rawValue: 1 << 1)
    static let footer = Surroundings(rawValue: 1 << 2)
    static let header = Surroundings(rawValue: 1 << 3)
    static let drawing = Surroundings(rawValue: 1 << 4)
    static let listItem = Surroundings(rawValue: 1 << 5)
    static let main = Surroundings(rawValue: 1 << 6)
    static let article = Surroundings(rawValue: 1 << 7)
    static let section = Surroundings(rawValue: 1 << 8)
    static let heading = Surroundings(rawValue: 1 << 9)
    static let link = Surroundings(rawValue: 1 << 10)
}

extension Surroundings {
    init(_ tag: Tag) {
        self =
            switch tag {
            case .aside: .aside
            case .nav: .nav
            case .footer: .footer
            case .header: .header
            case .svg: .drawing
            case .li: .listItem
            case .main: .main
            case .article: .article
            case .section: .section
            case .h1, .h2, .h3, .h4, .h5, .h6: .heading
            case .a: .link
            default: []
            }
    }
}
