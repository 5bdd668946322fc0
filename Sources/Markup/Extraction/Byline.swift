import News

/// Lines that say who wrote: `Posted on 30 March 2025 by Ann Example`, `Text: Ann Example`, `文／…`, `… 기자`.
enum Byline {
    /// Bytes of a line that may be a byline.
    static let bytesMax = 160

    /// The part of a line that holds the names, for `Authors.clean`: without label, verb, date and what follows them.
    static func names(in line: String) -> String {
        guard line.utf8.count <= bytesMax * 2 else { return "" }
        return withoutDate(behindVerb(behindLabel(line)))
    }

    /// Whether a line of text is a byline and nothing else, though nothing marks it as one.
    ///
    /// The names have to look like such: two to five words in capitals in an alphabet that has them, two to four Chinese characters.
    static func isWhole(_ line: String) -> Bool {
        guard line.utf8.count <= bytesMax, line.last != ".", line.last != "?" else { return false }
        let lower = line.lowercased()
        let isReporter = endings.contains { line.hasSuffix($0) }
        guard isReporter || PhraseSearch.begins(anyOf: openings, lower) else { return false }
        let names = Authors.clean([Self.names(in: line)])
        return !names.isEmpty && names.count <= 6 && names.allSatisfy(isPersonal)
    }

    private static let openings = [
        "by ", "by: ", "written by ", "words by ", "story by ", "text by ", "von ", "von: ", "text: ", "autor: ",
        "autorin: ",
        "par ", "por ", "di ", "door ", "av ", "tekst: ", "tekst ", "oleh ", "oleh: ", "penulis: ", "автор: ", "автор ",
        "text von ", "texte : ", "texto: ", "testo di ", "文/", "文／", "文｜", "文：", "文:", "撰文：", "作者：", "記者：", "记者：",
        "記者 ", "记者 ", "執筆：", "著者：", "筆者：", "文・", "글 ", "글=", "글·",
    ]
    private static let endings = [" 기자", "記者", " 특파원"]

    /// Whether a name is a person's by its letters.
    static func isPersonal(_ name: String) -> Bool {
        if name.unicodeScalars.allSatisfy({
            (0x3040...0x9FFF).contains($0.value) || (0xAC00...0xD7AF).contains($0.value)
        }) {
            return (2...5).contains(name.count)
        }
        let words = name.split(separator: " ")
        guard (2...5).contains(words.count) else { return false }
        return words.allSatisfy { word in
            word.first?.isUppercase == true || particles.contains(String(word)) || word.first?.isCased == false
        }
    }

    private static let particles: Set<String> = [
        "von", "van", "de", "der", "den", "da", "do", "dos", "das", "di", "del", "della", "du", "la", "le", "zu", "al",
        "el",
        "bin", "ben", "ter", "ten", "y", "e", "af", "av", "d'", "vom", "zum",
    ]
}

extension Byline {
    /// `Date: … Author: Ann Example Source: …` → `Ann Example`.
    private static func behindLabel(_ line: String) -> String {
        let lower = line.lowercased()
        for label in labels {
            guard let found = PhraseSearch.first(label, in: lower),
                found.lowerBound == lower.startIndex || !lower[lower.index(before: found.lowerBound)].isLetter
            else { continue }
            let rest = line.dropFirst(lower.distance(from: lower.startIndex, to: found.upperBound))
            guard let next = rest.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return String(rest) }
            return String(rest[..<(rest[..<next].lastIndex(of: " ") ?? next)])
        }
        return line
    }

    private static let labels = [
        "autor:", "autorin:", "autor/in:", "author:", "authors:", "autoren:", "auteur:", "auteur :", "autore:",
        "interview:",
        "text:", "texto:", "texte :", "tekst:", "författare:", "skribent:", "journalist:", "penulis:", "reporter:",
        "yazar:",
        "автор:", "автор текста:", "作者：", "作者:", "撰文：", "文：", "記者：", "记者：", "執筆：", "著者：", "筆者：",
    ]

    /// `Posted on 30 March 2025 by Ann Example` → `Ann Example`.
    private static func behindVerb(_ line: String) -> String {
        let lower = line.lowercased()
        var end: String.Index?
        for word in [" by ", " von ", " par ", " por ", " di ", " door ", " av "] {
            guard let found = PhraseSearch.first(word, in: lower) else { continue }
            let before = String(lower[..<found.lowerBound])
            guard before.count <= 60, PhraseSearch.begins(anyOf: verbs, before) else { continue }
            end = max(end ?? found.upperBound, found.upperBound)
        }
        guard let end else { return line }
        return String(line.dropFirst(lower.distance(from: lower.startIndex, to: end)))
    }

    private static let verbs = [
        "posted", "published", "written", "submitted", "reported", "created", "added", "article", "story", "words",
        "text",
        "posts", "erstellt", "eingestellt", "veröffentlicht", "geschrieben", "verfasst", "gepostet", "publiziert",
        "beitrag",
        "artikel", "publié", "écrit", "rédigé", "article", "publicado", "escrito", "redactado", "pubblicato", "scritto",
        "geplaatst", "geschreven", "skrevet", "skriven", "publicerad", "interview", "ein beitrag", "ein artikel",
        "eine analyse",
    ]

    /// Cuts where a number begins, and what leads to it: `Ann Example am Montag, 30. März 2025` → `Ann Example`.
    private static func withoutDate(_ line: String) -> String {
        var words = line.split(separator: " ").map(String.init)
        guard let number = words.firstIndex(where: { $0.first { $0 != "(" && $0 != "[" }?.isNumber == true }),
            number > 0
        else {
            return line
        }
        words.removeSubrange(number...)
        while let last = words.last {
            let bare = last.lowercased().filter { $0.isLetter || $0.isNumber }
            guard bare.isEmpty || leads.contains(bare) || FeedDate.isCalendarWord(bare) else { break }
            words.removeLast()
        }
        return words.joined(separator: " ")
    }

    private static let leads: Set<String> = [
        "am", "on", "at", "le", "el", "il", "vom", "den", "der", "um", "vor", "since", "updated", "published", "posted",
        "veröffentlicht", "aktualisiert", "publié", "publicado", "pubblicato", "erstellt", "date", "datum", "fecha",
        "data",
    ]
}
