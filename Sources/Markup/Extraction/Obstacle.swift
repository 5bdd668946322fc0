import News

/// What stands between a reader and the article: a paywall, a challenge of a bot guard, a page that wants a script.
enum Obstacle {
    /// - Parameters:
    ///   - text: what was read of the page.
    ///   - pageText: all text of the page, to tell a bare challenge from an article about one; asked for where the text is short.
    static func faults(title: String?, text: String, pageText: () -> String, isPaid: Bool) -> [MarkupFault] {
        let length = BlockReader.weight(text.utf8)
        let pageText = length < Self.enough ? pageText() : ""
        let lower = pageText.lowercased()
        if length < 1500, isShort(pageText) {
            if isChallenge(title?.lowercased() ?? "", lower, isAnswer: true) {
                return [MarkupFault("challenge", "the site answers with a test for browsers instead of the article")]
            }
            if length < 400, PhraseSearch.stands(anyOf: scripts, in: lower) {
                return [
                    MarkupFault("needs-script", "the page shows its article only to a browser that runs its scripts")
                ]
            }
        }
        if isPaid {
            return [MarkupFault("paywall", "the page says that its article is not free; what is shown was read")]
        }
        if PhraseSearch.stands(anyOf: paywalls, in: lower) {
            return [MarkupFault("paywall", "the page asks to subscribe or to log in; what is shown was read")]
        }
        return []
    }

    /// Length of a text from which on nothing stood before it.
    private static let enough = 2500

    /// A line, in lower case, that asks to subscribe or to log in.
    static func isOffer(_ lower: String) -> Bool { PhraseSearch.stands(anyOf: offers, in: lower) }

    /// A bare challenge, and no page that writes of one.
    static func isShort(_ pageText: String) -> Bool { BlockReader.weight(pageText.utf8) < 3000 }

    /// Whether so short a page is a test for browsers.
    /// - Parameter isAnswer: it came as an answer; where its status says no, a title that says so again is no sign.
    static func isChallenge(title: String, pageText: String, isAnswer: Bool) -> Bool {
        isChallenge(title.lowercased(), pageText.lowercased(), isAnswer: isAnswer)
    }

    private static func isChallenge(_ title: String, _ pageText: String, isAnswer: Bool) -> Bool {
        (challengeTitles + (isAnswer ? refusalTitles : [])).contains(where: { title.hasPrefix($0) })
            || PhraseSearch.stands(anyOf: challenges, in: pageText)
    }

    private static let challengeTitles = [
        "just a moment", "attention required", "are you a robot", "security check", "pardon our interruption",
        "robot check", "ddos-guard", "human verification", "one moment, please", "client challenge",
        "checking your browser",
    ]
    private static let refusalTitles = ["access denied", "please wait", "403 forbidden", "request rejected"]
    private static let challenges = [
        "checking your browser before", "verify you are human", "verifying you are human",
        "confirm you are not a robot",
        "please verify you are a human", "complete the security check", "enable javascript and cookies to continue",
        "unusual traffic from your", "please complete the captcha", "performance & security by cloudflare",
        "you have been blocked",
        "prove you are not a robot", "confirm that you're not a robot", "press & hold to confirm",
    ]
    private static let scripts = [
        "you need to enable javascript", "please enable javascript", "javascript is disabled", "requires javascript",
        "enable javascript to view", "javascript is required",
    ]
    private static let offers = [
        "subscribe to continue", "please subscribe", "already a subscriber", "already subscribed",
        "to view the full story",
        "this article is for subscribers", "this content is for subscribers", "free articles left",
        "unlock this article",
        "to continue reading", "become a member to", "create a free account", "bereits abonnent", "jetzt abonnieren",
        "réservé aux abonnés", "déjà abonné", "solo para suscriptores", "riservato agli abbonati",
        "exclusivo para assinantes", "有料会員限定", "続きを読むには", "訂閱以繼續閱讀", "付费阅读", "유료회원", "구독자 전용",
    ]
    private static let paywalls = [
        "subscribe to continue reading", "subscribe to read", "to continue reading", "this article is for subscribers",
        "this content is for subscribers", "subscribers only", "subscriber-only", "already a subscriber",
        "exclusive to subscribers",
        "you have reached your limit", "you've reached your limit", "free articles left", "unlock this article",
        "become a member to read",
        "weiterlesen mit", "jetzt weiterlesen", "nur für abonnenten", "bereits abonnent", "réservé aux abonnés",
        "réservé à nos abonnés",
        "contenido exclusivo para suscriptores", "solo para suscriptores", "riservato agli abbonati",
        "exclusivo para assinantes",
        "有料会員限定", "この記事は有料", "会員限定記事", "残り", "続きを読むには", "訂閱以繼續閱讀", "会员专享", "付费阅读", "유료회원", "구독자 전용",
    ]
}
