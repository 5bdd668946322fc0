import News

/// What an address looks like, without its words: articles of one site share a form, and it tells them from rubrics.
struct AddressShape {
    /// Host and path with numbers as `#`, slugs as `*`, and rubrics as they are: addresses of one form compare equal.
    let form: String
    /// It names one document: a date, a number, a slug of several words, or a file that is no HTML.
    let isArticle: Bool
    /// A year, month and day in the path.
    let date: Timestamp?
    /// It names a keyword, an author, an account or a further page of the list.
    let isService: Bool
    let isMedia: Bool
    let url: WebURL

    init(_ url: WebURL) {
        self.url = url
        var form = url.host ?? ""
        let segments = url.path.split(separator: "/").map { $0.lowercased() }
        isMedia = Self.media.contains(segments.last?.split(separator: ".").dropFirst().last.map(String.init) ?? "")
        var isArticle = false
        for (index, segment) in segments.enumerated() {
            let kind = Self.kind(of: segment, isLast: index == segments.count - 1)
            form += "/" + (kind.pattern ?? segment)
            isArticle = isArticle || kind.isArticle
        }
        let names = (url.query ?? "").split(separator: "&").map { pair -> String in
            let parts = pair.split(separator: "=", maxSplits: 1)
            let value = parts.count > 1 ? parts[1] : ""
            if value.utf8.count >= 2, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                !Self.listWords.contains(parts[0].lowercased())
            {
                isArticle = true
            }
            return parts.isEmpty ? "" : String(parts[0])
        }
        date = Self.date(in: url.path)
        // Of dated addresses the rubrics differ, and the form is the same.
        if date != nil { form = (url.host ?? "") + "/date/\(segments.count)" }
        self.form = names.isEmpty ? form : form + "?" + names.sorted().joined(separator: "&")
        self.isArticle = isArticle || date != nil
        isService = Self.isService(segments, query: url.query)
    }

    private static func kind(of segment: String, isLast: Bool) -> (pattern: String?, isArticle: Bool) {
        let stem = segment.split(separator: ".").first.map(String.init) ?? segment
        let ending = segment.split(separator: ".").last.map(String.init) ?? ""
        let digits = stem.utf8.count { (0x30...0x39).contains($0) }
        if isLast, files.contains(ending) { return ("*." + ending, true) }
        if digits == stem.utf8.count, digits > 0 {
            let isYear = digits == 4 && (stem.hasPrefix("19") || stem.hasPrefix("20"))
            return ("#", digits >= 3 && isLast && !isYear || digits >= 6)
        }
        guard isLast else { return (digits >= 3 ? "#" : nil, digits >= 5) }
        let words = stem.split { $0 == "-" || $0 == "_" || $0 == "+" }
        let isSlug =
            words.count >= 4 || words.count == 3 && stem.utf8.count >= 18 || stem.contains("%") && stem.utf8.count > 30
        if isSlug || digits >= 3 || stem.utf8.count >= 24 { return ("*", true) }
        return (digits > 0 || segment != stem ? "*" : nil, digits >= 2 && segment != stem)
    }

    /// `/2025/03/30/`, `/2025/mar/30/`, `/2025/0330`, `/2025-03-30-`, `/20250330`, `t20250330_`.
    private static func date(in path: String) -> Timestamp? {
        let path = withMonthNumber(path.lowercased())
        var runs: [(value: Int, digits: Int, separator: UInt8)] = []
        var value = 0
        var digits = 0
        var before: UInt8 = 0x2F
        for byte in path.utf8.suffix(300) + [0x2F] {
            if (0x30...0x39).contains(byte), digits < 12 {
                value = value * 10 + Int(byte - 0x30)
                digits += 1
            } else {
                if digits > 0 { runs.append((value, digits, before)) }
                (value, digits, before) = (0, 0, byte)
            }
        }
        for (index, run) in runs.enumerated() {
            if run.digits == 8 || run.digits == 12 || run.digits == 10 {
                var day = run.value
                for _ in 8..<run.digits { day /= 10 }
                if let date = valid(day / 10_000, day / 100 % 100, day % 100) { return date }
            }
            if run.digits == 4, index + 1 < runs.count, runs[index + 1].digits == 4, runs[index + 1].separator == 0x2F,
                let date = valid(run.value, runs[index + 1].value / 100, runs[index + 1].value % 100)
            {
                return date
            }
            guard run.digits == 4, index + 2 < runs.count, runs[index + 1].digits <= 2, runs[index + 2].digits <= 2,
                [0x2F, 0x2D, 0x5F].contains(runs[index + 1].separator),
                [0x2F, 0x2D, 0x5F].contains(runs[index + 2].separator)
            else { continue }
            if let date = valid(run.value, runs[index + 1].value, runs[index + 2].value) { return date }
        }
        return nil
    }

    private static func withMonthNumber(_ path: String) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let index = segments.firstIndex(where: { months[String($0)] != nil }), index > 0,
            let month = months[String(segments[index])], segments[index - 1].utf8.count == 4
        else { return path }
        var changed = segments
        changed[index] = "\(month)"
        return changed.joined(separator: "/")
    }

    private static let months: [String: Int] = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]

    private static func valid(_ year: Int, _ month: Int, _ day: Int) -> Timestamp? {
        guard (1990...2099).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        return Timestamp(seconds: Int64(CivilDate(year: year, month: month, day: day).daysSince1970) * 86_400)
    }

    private static func isService(_ segments: [String], query: String?) -> Bool {
        for (index, segment) in segments.enumerated()
        where serviceWords.contains(segment.split(separator: ".").first.map(String.init) ?? segment) {
            // `/page/2`, `/tag/navy`, `/author/r-hollis`, `/login`: the word last or last but one.
            if index >= segments.count - 2 { return true }
        }
        return (query ?? "").lowercased().split(separator: "&").contains { pair in
            listWords.contains(String(pair.prefix { $0 != "=" }))
                && pair.drop { $0 != "=" }.dropFirst().allSatisfy(\.isNumber)
        } && segments.isEmpty
    }

    private static let files: Set<String> = [
        "pdf", "doc", "docx", "hwp", "hwpx", "odt", "rtf", "ppt", "pptx", "xls", "xlsx",
    ]

    /// Pictures, sounds, films and archives: what a page shows, not what it reports.
    private static let media: Set<String> = [
        "jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "mp3", "mp4", "m4a", "mov", "wmv", "avi", "zip", "css",
        "js", "ics",
        "exe", "apk",
    ]

    private static let listWords: Set<String> = [
        "page", "p", "paged", "pageindex", "pageno", "curpage", "currentpage", "offset", "start",
    ]

    private static let serviceWords: Set<String> = [
        "tag", "tags", "category", "categories", "author", "authors", "login", "signin", "signup", "register",
        "subscribe",
        "account", "page", "search", "rss", "feeds", "privacy", "privacy-policy", "contact", "contact-us", "about",
        "about-us", "sitemap", "terms", "cookies", "cookie-policy", "share", "sharer", "intent", "newsletters",
        "advertise",
        "careers", "faq", "help", "accessibility",
    ]
}
