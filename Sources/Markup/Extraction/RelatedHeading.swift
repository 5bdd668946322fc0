/// Lines that stand between an article and what a site would like to be read next, and lines about sharing.
enum RelatedHeading {
    /// A heading such as "You may also like": what follows it is not the article.
    ///
    /// Lines are asked about in lower case here.
    static func isRelated(_ lower: String) -> Bool {
        let words = normal(lower)
        guard !words.isEmpty, words.utf8.count <= 90 else { return false }
        if words.hasPrefix("more "), ends.contains(where: { words.hasSuffix($0) }) { return true }
        return exact.contains(words) || PhraseSearch.begins(anyOf: starts, words)
    }

    /// A line like "Share this", "Advertisement", "Read more": never the article's own words.
    static func isNoise(_ lower: String) -> Bool {
        let words = normal(lower)
        if words.isEmpty { return true }
        guard words.utf8.count <= 90 else { return false }
        return noise.contains(words) || PhraseSearch.begins(anyOf: noiseStarts, words)
    }

    /// An address or a time as machines write it, or who owns the page.
    static func isNotice(_ lower: String) -> Bool {
        let bytes = Array(lower.utf8.prefix(11))
        if !lower.utf8.contains(0x20),
            PhraseSearch.begins(anyOf: ["http://", "https://"], lower)
                || bytes.count == 11 && bytes[4] == 0x2D && bytes[7] == 0x2D && bytes[10] == 0x74
        {
            return true
        }
        return PhraseSearch.begins(anyOf: ["©", "copyright "], lower) || PhraseSearch.stands(anyOf: notices, in: lower)
    }

    private static let notices = [
        "all rights reserved", "is the copyrighted property", "alle rechte vorbehalten", "tous droits réservés",
        "todos los derechos reservados", "無断転載", "版权所有", "무단 전재",
    ]

    /// Punctuation at the ends gone.
    private static func normal(_ lower: String) -> String {
        guard lower.utf8.count <= 400 else { return lower }
        let scalars = lower.unicodeScalars
        guard let first = scalars.firstIndex(where: ComparedText.isWord),
            let last = scalars.lastIndex(where: ComparedText.isWord)
        else { return "" }
        let words = String(scalars[first...last])
        return words.unicodeScalars.contains("’") ? words.replacing("’", with: "'") : words
    }

    private static let exact: Set<String> = [
        "related", "recommended", "trending", "trending now", "most read", "most popular", "popular", "read next",
        "up next",
        "see also", "read also", "also read", "more", "more news", "more stories", "top stories", "latest news",
        "latest",
        "what to read next", "sponsored", "promoted", "around the web", "from the web", "elsewhere", "popular stories",
        "latest stories", "editors' picks", "editor's picks", "don't miss", "in case you missed it", "you might like",
        "further reading", "other news", "other stories", "comments", "leave a reply", "leave a comment",
        "about the author",
        "関連記事", "関連ニュース", "関連リンク", "関連キーワード", "あわせて読みたい", "おすすめ記事", "おすすめ", "こちらもおすすめ", "人気記事",
        "アクセスランキング", "ランキング", "新着記事", "最新記事", "最新ニュース", "この記事を読んだ人はこんな記事も読んでいます", "次に読む",
        "相关阅读", "相关新闻", "相关文章", "相关报道", "相关链接", "推荐阅读", "延伸阅读", "热门推荐", "热门文章", "更多新闻", "更多报道", "猜你喜欢",
        "最新文章", "新闻推荐", "编辑推荐", "為您推薦", "延伸閱讀", "相關新聞", "相關閱讀", "相關文章", "相關報導", "推薦閱讀", "熱門文章", "熱門新聞",
        "更多新聞", "更多報導", "猜你喜歡", "관련기사", "관련 기사", "관련뉴스", "관련 뉴스", "추천기사", "추천 기사", "많이 본 뉴스", "인기기사", "인기 기사",
        "이 시각 주요뉴스", "주요뉴스", "최신기사", "함께 보면 좋은 기사", "mehr zum thema", "auch interessant", "lesen sie auch",
        "lesen sie mehr",
        "das könnte sie auch interessieren", "das könnte dich auch interessieren", "weitere artikel", "weiterlesen",
        "meistgelesen", "verwandte artikel", "mehr aus", "à lire aussi", "a lire aussi", "lire aussi", "voir aussi",
        "sur le même sujet",
        "articles similaires", "les plus lus", "à lire également", "vous aimerez aussi", "lo más leído",
        "noticias relacionadas",
        "te puede interesar", "también te puede interesar", "lee también", "más noticias", "artículos relacionados",
        "leggi anche", "articoli correlati", "potrebbe interessarti", "ti potrebbe interessare", "leia também",
        "leia mais",
        "notícias relacionadas", "veja também", "lees ook", "lees meer", "gerelateerd", "läs också", "läs mer",
        "les også",
        "læs også", "czytaj także", "zobacz także", "zobacz też", "читайте также", "по теме", "читать далее",
        "материалы по теме",
        "baca juga", "berita terkait", "xem thêm", "tin liên quan", "ข่าวที่เกี่ยวข้อง", "ilgili haberler",
    ]

    private static let starts = [
        "you may also", "you might also", "you may be interested", "more from ", "more on ", "related articles",
        "related stories", "related posts", "related news", "related content", "related topics", "related coverage",
        "related links", "related reading", "recommended for you", "recommended stories", "recommended reading",
        "recommended articles", "stories you may", "read more from", "more stories from", "more in ",
        "sponsored content",
        "sponsored links", "paid content", "promoted stories", "promoted content", "we recommend", "people also read",
        "readers also", "today's top", "most viewed", "more like this", "you'll also like", "other articles",
        "das könnte ", "mehr zum thema", "lesen sie auch", "dans la même rubrique", "también te puede",
        "関連記事", "相关阅读", "延伸閱讀", "관련기사",
    ]

    /// Of "More great stories from us" and its kin.
    private static let ends = [" stories", " news", " articles", " coverage", " posts", " reading"]

    private static let noise: Set<String> = [
        "share", "share this", "share it", "tweet", "email", "e-mail", "print", "save", "copy link", "link copied",
        "follow us",
        "facebook", "twitter", "linkedin", "whatsapp", "pinterest", "reddit", "telegram", "x", "advertisement", "ad",
        "ads",
        "advertising", "advert", "sponsored", "read more", "continue reading", "story continues below advertisement",
        "story continues", "article continues below", "article continues below advertisement", "subscribe", "sign up",
        "sign in", "log in", "register", "comments", "comment", "loading", "close", "menu", "search", "skip to content",
        "back to top", "view comments", "show comments", "enlarge this image", "hide caption", "toggle caption",
        "image credit",
        "more", "next", "previous", "listen", "play", "watch", "anzeige", "werbung", "teilen", "drucken", "publicité",
        "partager",
        "imprimer", "publicidad", "compartir", "imprimir", "pubblicità", "condividi", "stampa", "publicidade",
        "compartilhar",
        "advertentie", "annons", "reklama", "реклама", "поделиться", "広告", "シェア", "シェアする", "ツイート", "印刷", "スポンサーリンク",
        "広告の後に続きます", "請繼續往下閱讀",
        "분享", "分享", "打印", "分享到", "广告", "廣告", "列印", "공유", "공유하기", "광고", "프린트", "글자크기", "본문 글씨 줄이기", "본문 글씨 키우기",
        "guardar", "enviar", "favorite", "like", "like this", "like loading", "report a typo", "text size", "font size",
    ]

    private static let noiseStarts = [
        "share this", "share on ", "share with", "share via", "share to ", "share article", "share story",
        "click to share",
        "click here to share", "tweet this", "follow us on", "like us on", "sign up for ",
        "sign up to ",
        "subscribe to ", "subscribe now", "like this story", "like this article", "enjoyed this ", "get our newsletter",
        "story continues below", "article continues",
        "continue reading below", "scroll to continue", "auf facebook teilen", "auf twitter teilen", "partager sur",
        "compartir en", "condividi su", "share:", "copyright ©", "copyright (c)", "all rights reserved", "©",
    ]
}
