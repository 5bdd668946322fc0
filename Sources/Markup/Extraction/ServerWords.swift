import News

/// What a server says with an error, for the operator to read.
public enum ServerWords {
    /// Characters that are shown.
    private static let charactersMax = 200

    /// The first words of an error's body that say more than its status does, on one line, with nothing in them that a terminal
    /// would obey; nil where there are none.
    ///
    /// - Parameter body: of which the first `Limits.refusedBytesMax` bytes count: a page's title or paragraphs, or plain text.
    public static func line(_ body: [UInt8], contentType: String?) -> String? {
        let head = Array(body.prefix(Limits.refusedBytesMax))
        guard let text = try? ArticleReader.decoded(head, contentType: contentType, url: "") else { return nil }
        let lines: [String]
        if Challenge.isPage(text) {
            let tree = HTMLTree(utf8: text)
            let title = tree.first(.title).map { tree.line($0) }
            lines =
                [title ?? ""]
                + PageReading.text(of: tree, PageReading.blocks(of: tree)).split(separator: "\n").map(String.init)
        } else {
            lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        }
        return lines.lazy.prefix(Limits.pageHeadingsMax).map { CleanText.line($0) }.first(where: saysSomething)
            .map { $0.count > charactersMax ? $0.prefix(charactersMax - 1) + "…" : $0 }
    }

    /// `404 Not Found` and `nginx/1.22.1` do not.
    private static func saysSomething(_ line: String) -> Bool {
        let isStatus = line.count < 40 && line.prefix(3).utf8.allSatisfy { (0x30...0x39).contains($0) }
        return line.contains(" ") && !isStatus
    }
}
