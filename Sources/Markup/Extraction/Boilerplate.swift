/// The words by which pages name what is not the article.
enum Boilerplate {
    /// Whether the role of an element is that of something beside the article.
    static func isBeside(role: String) -> Bool { roles.contains(role.lowercased()) }

    /// Whether a class says in which state or rubric its page is, and nothing of the element.
    static func isState(_ name: Substring) -> Bool {
        let words = words(of: name)
        return words.count > 1 && stateWords.contains(words[0]) || stateEndings.contains { name.hasSuffix($0) }
    }

    /// `comments-open`
    static let stateEndings = ["-open", "-closed"]

    /// Lower-case words of an identifier: `relatedPosts-box` → related, posts, box.
    static func words(of name: Substring) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        cut(name.utf8) {
            word.append($0)
        } end: {
            words.append(String(decoding: word, as: UTF8.self))
            word.removeAll(keepingCapacity: true)
        }
        return words
    }

    /// Hands over the bytes of each word in lower case, and tells its end; of an identifier the first 80 bytes count.
    @inline(__always)
    static func cut(_ name: some Sequence<UInt8>, letter: (UInt8) -> Void, end: () -> Void) {
        var (isOpen, wasLower) = (false, false)
        for byte in name.prefix(80) {
            let isUpper = (0x41...0x5A).contains(byte)
            let isLetter = isUpper || (0x61...0x7A).contains(byte) || byte >= 0x80
            if isOpen, !isLetter || isUpper && wasLower {
                end()
                isOpen = false
            }
            if isLetter {
                letter(isUpper ? byte | 0x20 : byte)
                isOpen = true
            }
            wasLower = isLetter && !isUpper
        }
        if isOpen { end() }
    }

    private static let roles: Set<String> = [
        "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "menubar", "alert",
        "tooltip",
        "alertdialog", "toolbar", "tablist",
    ]

    /// The state classes of WordPress (`tag-sport`, `category-promo`, `has-sidebar`) and of layouts say nothing of the element itself.
    static let stateWords: Set<String> = [
        "tag", "category", "cat", "has", "is", "no", "with", "wp", "single", "postid", "format", "page", "layout",
        "template",
        "js", "theme", "type", "status", "hentry", "col", "grid", "author",
    ]

    static let besideWords = [
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

    /// Two words of a name, or one that is both.
    static let besidePairs = [
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
