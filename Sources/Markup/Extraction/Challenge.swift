import News

/// A bot guard's answer in place of what was asked for: a test for browsers, or its refusal.
///
/// Told by the guard's own marks, in the headers or on the page, and else by the words by which article pages are judged
/// (`Obstacle`).
public enum Challenge {
    /// - Parameters:
    ///   - body: of an answer without the document that was asked for; its first `Limits.refusedBytesMax` bytes count.
    ///   - headers: of the same answer.
    /// - Returns: a fault `challenge` that names the guard where it is known; nil where this is something else.
    public static func fault(
        status: Int, headers: HTTPHeaders, body: [UInt8], contentType: String?
    ) -> MarkupFault? {
        if let guardian = announced(headers) { return fault(of: guardian) }
        let head = Array(body.prefix(Limits.refusedBytesMax))
        guard isPage(head), let html = try? ArticleReader.decoded(head, contentType: contentType, url: "") else {
            return nil
        }
        return fault(page: html, isAnswer: status == 200, hint: hinted(headers))
    }

    /// The same for a page whose headers nobody knows.
    /// - Parameters:
    ///   - page: in UTF-8.
    ///   - isAnswer: it came with status 200, or from a file.
    ///   - hint: whose it is where the page does not say.
    static func fault(page: [UInt8], isAnswer: Bool, hint: String? = nil) -> MarkupFault? {
        let tree = HTMLTree(utf8: page)
        let pageText = PageReading.text(of: tree, PageReading.blocks(of: tree))
        guard Obstacle.isShort(pageText) else { return nil }
        let marked = mark(page)
        let title = tree.first(.title).map { tree.line($0) } ?? ""
        guard marked != nil || Obstacle.isChallenge(title: title, pageText: pageText, isAnswer: isAnswer) else {
            return nil
        }
        return fault(of: marked ?? hint)
    }

    /// The same for headers alone, which may say it of an answer that could be anything.
    public static func fault(headers: HTTPHeaders) -> MarkupFault? { announced(headers).map { fault(of: $0) } }

    private static func fault(of guardian: String?) -> MarkupFault {
        MarkupFault(
            "challenge",
            "a bot guard\(guardian.map { " (\($0))" } ?? "") answers in its server's place, with a test for browsers or a refusal"
        )
    }

    // MARK: Whose it is

    private static func announced(_ headers: HTTPHeaders) -> String? {
        let marks: [(name: String, values: [String], guardian: String)] = [
            ("cf-mitigated", ["challenge"], "Cloudflare"),
            ("x-amzn-waf-action", ["challenge", "captcha"], "AWS WAF"),
            ("x-vercel-mitigated", ["challenge", "deny"], "Vercel"),
        ]
        return marks.first { mark in headers[mark.name].map { mark.values.contains($0.lowercased()) } ?? false }?
            .guardian
    }

    /// What only a guard's own page has; scripts that guards put on every page are not among them.
    private static func mark(_ html: [UInt8]) -> String? {
        let marks: [(mark: String, guardian: String)] = [
            ("_cf_chl_opt", "Cloudflare"), ("cf-challenge-running", "Cloudflare"),
            ("check.ddos-guard.net", "DDoS-Guard"), ("/.well-known/ddos-guard/", "DDoS-Guard"),
            ("_incapsula_resource", "Imperva"), ("incapsula incident id", "Imperva"),
            ("errors.edgesuite.net", "Akamai"), ("sec-if-cpt-container", "Akamai"), ("bm-verify=", "Akamai"),
            ("captcha-delivery.com", "DataDome"), ("px-captcha", "HUMAN"), ("_pxappid", "HUMAN"),
            ("awswafintegration", "AWS WAF"), ("gokuprops", "AWS WAF"),
            ("anubis_challenge", "Anubis"), ("sucuri_cloudproxy_js", "Sucuri"),
            ("/.well-known/sgcaptcha", "SiteGround"),
            ("please consult with your administrator.", "F5"),
        ]
        let lower = String(decoding: html, as: UTF8.self).lowercased()
        return marks.first { PhraseSearch.stands($0.mark, in: lower) }?.guardian
    }

    /// Who stands in front of the server, whatever it has answered.
    private static func hinted(_ headers: HTTPHeaders) -> String? {
        let server = headers["Server"]?.lowercased() ?? ""
        let servers = [
            ("cloudflare", "Cloudflare"), ("ddos-guard", "DDoS-Guard"), ("akamai", "Akamai"), ("sucuri", "Sucuri"),
        ]
        if let known = servers.first(where: { server.hasPrefix($0.0) }) { return known.1 }
        if headers["X-Iinfo"] != nil || headers["X-CDN"]?.lowercased() == "imperva" { return "Imperva" }
        if headers["X-DataDome"] != nil { return "DataDome" }
        return nil
    }

    static func isPage(_ bytes: [UInt8]) -> Bool {
        let head = String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased()
        return ["<html", "<!doctype html", "<head", "<title", "<body"].contains { head.contains($0) }
    }
}
