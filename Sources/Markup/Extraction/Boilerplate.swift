/// The words by which pages name what is not the article.
enum Boilerplate {
    /// Whether the role of an element is that of something beside the article.
    static func isBeside(role: String) -> Bool { roles.contains(role.lowercased()) }

    /// At most thirty (HTML standard §2.3.7: parted by ASCII white space).
    static func tokens(_ names: String) -> [Substring] {
        names.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(30).map { Substring($0) }
    }

    /// Whether a class or an id names something beside the article.
    ///
    /// The state classes of WordPress (`tag-sport`, `category-promo`, `has-sidebar`, `comments-open`) and of layouts say nothing
    /// about the element itself.
    /// - Parameter words: those of the name.
    static func isBeside(name: Substring, words: [String]) -> Bool {
        guard let first = words.first else { return false }
        if words.count > 1, besidePairs.contains(first + words[1]) { return true }
        if stateWords.contains(first) && words.count > 1 || name.hasSuffix("-open") || name.hasSuffix("-closed") {
            return false
        }
        for (index, word) in words.enumerated() {
            if besideWords.contains(word) { return true }
            if index + 1 < words.count, besidePairs.contains(word + words[index + 1]) { return true }
        }
        return words.count > 1 ? false : besidePairs.contains(first)
    }

    /// Whether a class says in which state or rubric its page is, and nothing of the element.
    static func isState(_ name: Substring) -> Bool {
        let words = words(of: name)
        return words.count > 1 && stateWords.contains(words[0]) || name.hasSuffix("-open") || name.hasSuffix("-closed")
    }

    /// Lower-case words of an identifier: `relatedPosts-box` → related, posts, box.
    static func words(of name: Substring) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var wasLower = false
        func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
        for byte in name.utf8.prefix(80) {
            let isLetter = isUpper(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
            if !isLetter || isUpper(byte) && wasLower {
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
            if isLetter { word.append(isUpper(byte) ? byte | 0x20 : byte) }
            wasLower = isLetter && !isUpper(byte)
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static let roles: Set<String> = [
        "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "menubar", "alert",
        "tooltip",
        "alertdialog", "toolbar", "tablist",
    ]

    private static let stateWords: Set<String> = [
        "tag", "category", "cat", "has", "is", "no", "with", "wp", "single", "postid", "format", "page", "layout",
        "template",
        "js", "theme", "type", "status", "hentry", "col", "grid", "author",
    ]

    private static let besideWords: Set<String> = [
        "nav", "navbar", "navigation", "menu", "submenu", "footer", "foot", "share", "sharing", "sharebar",
        "sharedaddy",
        "social", "socials", "addthis", "addtoany", "related", "relateds", "promo", "promos", "promotion", "newsletter",
        "newsletters", "comment", "comments", "commentlist", "disqus", "respond", "sidebar", "breadcrumb",
        "breadcrumbs",
        "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adsense", "sponsor", "sponsored", "sponsors",
        "outbrain",
        "taboola", "zergnet", "recommended", "recommendation", "recommendations", "recirc", "recirculation", "teaser",
        "teasers", "trending", "popular", "mostread", "cookie", "cookies", "gdpr", "consent", "subscribe",
        "subscription",
        "signup", "login", "modal", "popup", "overlay", "tooltip", "pagination", "pager", "skip", "masthead",
        "copyright",
        "byline", "bylines", "tags", "taglist", "toolbar", "widget", "widgets", "carousel", "slideshow",
        "regwall", "piano", "banner", "rating", "ratings", "vote", "poll", "print", "hidden", "noprint", "screenreader",
        "infobox", "biography", "bio", "caption", "captions", "credit", "credits", "infolinks", "livefyre", "permalink",
        "shoutbox", "legend", "legende", "remark", "rss", "shares", "facebook", "twitter", "whatsapp", "correlati",
        "verwandt",
        "lateral", "publicidad", "pub", "werbung", "anzeige", "voir", "aussi", "kommentare", "commentaires",
        "comentarios",
        "timestamp", "dateline", "pubdate", "cmplz", "cookiebot", "onetrust", "didomi", "usercentrics",
    ]

    private static let besidePairs: Set<String> = [
        "readmore", "readnext", "readalso", "seealso", "morefrom", "moreon", "morestories", "morenews", "mostpopular",
        "mostread", "mostviewed", "alsolike", "upnext", "nextpost", "prevpost", "postnav", "postmeta", "entrymeta",
        "articlemeta", "metadata", "authorbio", "authorbox", "authorinfo", "aboutauthor", "postfooter", "entryfooter",
        "articlefooter", "latestnews", "lateststories", "toptories", "topstories", "newsletter", "sidebar",
        "relatedposts",
        "relatedarticles", "breadcrumb", "screenreader", "visuallyhidden", "sronly", "storylinks", "linklist",
        "imagecaption", "wpcaption", "tagcloud", "sociallinks", "backtotop", "followus", "siteheader", "pageheader",
        "contentads", "dfpad", "googlead", "jprelatedposts", "inlinepromo", "calltoaction", "postlist", "newslist",
    ]
}
