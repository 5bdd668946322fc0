import News

/// People in one line, as RSS writes them: `a@b.example (Ann Lee)`, `Ann Lee <a@b.example>`, `Ann Lee`.
enum PersonText {
    static func person(_ text: String) -> Person? {
        let line = PlainText.line(keepingAngles(text))
        guard !line.isEmpty else { return nil }
        guard let email = address(in: line) else { return Person(name: line) }
        var rest = line.replacing(email, with: " ", maxReplacements: 1)
        for noise in ["mailto:", "()", "<>", "( )", "< >", "[]"] { rest = rest.replacing(noise, with: " ") }
        var name = rest.split(separator: " ").joined(separator: " ")
        if name.hasPrefix("("), name.hasSuffix(")") { name = String(name.dropFirst().dropLast()) }
        name = name.trimming { " ,;:-\"".contains($0) }
        return Person(name: name.isEmpty ? nil : name, email: email)
    }

    /// `<a@b>` is no tag.
    private static func keepingAngles(_ text: String) -> String {
        text.contains("@") ? text.replacing("<", with: " ").replacing(">", with: " ") : text
    }

    /// The first word that looks like an address.
    private static func address(in line: String) -> String? {
        let ends: Set<Character> = [" ", "(", ")", "<", ">", ",", ";", "[", "]", "\"", ":"]
        for word in line.split(whereSeparator: ends.contains) {
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty, parts[1].count > 1, !parts[1].hasPrefix(".") { return String(word) }
        }
        return nil
    }
}

extension String {
    /// Without the characters at both ends that `isNoise` holds for.
    func trimming(_ isNoise: (Character) -> Bool) -> String {
        var text = self[...]
        while let first = text.first, isNoise(first) { text.removeFirst() }
        while let last = text.last, isNoise(last) { text.removeLast() }
        return String(text)
    }
}
