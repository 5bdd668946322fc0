import News

/// Cleans the names that pages and feeds give as authors.
enum Authors {
    /// Splits "By A, B and C", drops addresses and job titles, keeps the order, each name once.
    static func clean(_ values: [String]) -> [String] {
        var names: [String] = []
        for value in values.prefix(Limits.authorsMax * 2) where value.utf8.count <= Limits.articleFieldBytesMax {
            for name in split(PlainText.line(value)) {
                let name = trimmed(name)
                guard isName(name), !names.contains(where: { StoryText.normal($0) == StoryText.normal(name) }) else {
                    continue
                }
                names.append(name)
                if names.count == Limits.authorsMax { return names }
            }
        }
        return names
    }

    private static func split(_ line: String) -> [String] {
        var parts = [line]
        for separator in [
            ";", " | ", "|", " and ", " & ", " und ", " et ", " y ", " with ", ", ", " / ", "、", "，", "•", "·",
        ] {
            parts = parts.flatMap { part in PhraseSearch.stands(separator, in: part) ? cut(part, separator) : [part] }
        }
        return parts
    }

    private static func cut(_ part: String, _ separator: String) -> [String] {
        // The middle dot joins the parts of one foreign name in Chinese and Japanese.
        if separator == "·", part.utf8.contains(where: { $0 >= 0xE3 }) { return [part] }
        return part.split(separator: separator).map(String.init)
    }

    private static func trimmed(_ name: String) -> String {
        var name = PlainText.cleaned(name)
        for _ in 0..<3 {
            let lower = name.lowercased()
            guard let prefix = prefixes.first(where: { lower.utf8.starts(with: $0.utf8) }) else { break }
            name = PlainText.cleaned(String(name.dropFirst(prefix.count)))
        }
        if let open = name.firstIndex(where: { "(（[<".contains($0) }), open > name.startIndex {
            name = PlainText.cleaned(String(name[..<open]))
        }
        for suffix in [" 記者", "記者", " 기자", "기자", "特派员", "記者団"]
        where name.hasSuffix(suffix) && name.count > suffix.count + 1 {
            name = PlainText.cleaned(String(name.dropLast(suffix.count)))
        }
        while let last = name.last, ",.:-–—*".contains(last), !(last == "." && name.hasSuffix("r.")) {
            name.removeLast()
        }
        return PlainText.cleaned(name)
    }

    private static func isName(_ name: String) -> Bool {
        let lower = name.lowercased()
        guard name.utf8.count >= 2, name.count <= 80, !lower.hasPrefix("http"), !lower.hasPrefix("www."),
            !name.utf8.contains(0x40), !name.utf8.contains(0x2F),
            name.unicodeScalars.contains(where: { $0.properties.isAlphabetic })
        else { return false }
        if junk.contains(lower) || name.first == "(" { return false }
        // A date or a duration that stands beside the name.
        if name.first?.isNumber == true { return false }
        let words = lower.split(separator: " ")
        if words.contains(where: { networks.contains(String($0)) }) { return false }
        return words.count <= 8 && !words.contains { titles.contains(String($0)) }
    }

    private static let prefixes = [
        "by ", "by: ", "written by ", "posted by ", "von ", "von: ", "par ", "por ", "di ", "author: ", "autor: ",
        "text: ", "de notre correspondant ",
        "文/", "文：", "文／", "記者", "记者", "作者：", "作者:", "撰文：", "責任編輯：", "编辑：", "reported by ", "story by ", "words by ",
    ]

    private static let junk: Set<String> = [
        "admin", "administrator", "editor", "staff", "unknown", "anonymous", "null", "none", "author", "by", "follow",
        "guest", "name", "no author", "wordpressadmin", "posted", "publiziert am", "veröffentlicht am", "developer",
        "webmaster",
        "reporter", "correspondent", "jr", "phd", "md", "share", "updated", "published", "redaktion online",
    ]

    /// Of the links that stand beside a name.
    private static let networks: Set<String> = [
        "twitter", "facebook", "instagram", "linkedin", "whatsapp", "youtube", "email", "e-mail",
    ]

    /// Words that make a part a job, not a name.
    private static let titles: Set<String> = [
        "correspondent", "reporter", "columnist", "editor", "journalist", "writer", "contributor", "redakteur",
        "redakteurin",
        "korrespondent", "korrespondentin", "producer", "photographer",
    ]
}
