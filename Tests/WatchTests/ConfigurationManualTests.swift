import Testing

@testable import Watch

@Suite("The manual page of the configuration")
struct ConfigurationManualTests {
    private let lines = ConfigurationManual.page.split(separator: "\n", omittingEmptySubsequences: false)

    @Test("has an entry for every key that can be used, with the key's own words")
    func everyKey() {
        let page = ConfigurationManual.page
        let words = page.replacing(/\\(fB|fR|&)?/, with: "")
        for kind in ConfigurationMappingKind.allCases {
            #expect(lines.contains(".SS \"\(kind.title)\""), "\(kind)")
            for row in ConfigurationKeys.keys(of: kind) where row.presence != .reserved {
                #expect(page.contains(".TP\n\\fB\(row.name)\\fR\n"), "\(kind).\(row.name)")
                #expect(words.contains("\n\(row.doc.replacing("`", with: ""))\n"), "\(kind).\(row.name)")
            }
        }
    }

    @Test("knows only the commands and escapes that it means, and leaves no Markdown behind")
    func onlyKnownCommands() {
        let commands: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".EX", ".EE", ".BR"]
        for line in lines where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(commands.contains(String(line.prefix(3))), "\(line)")
        }
        for line in lines {
            let escapes = line.split(separator: "\\", omittingEmptySubsequences: false).dropFirst()
            #expect(escapes.allSatisfy { ["-", "e", "&", "fB", "fR"].contains(where: $0.hasPrefix) }, "\(line)")
            #expect(!line.contains("`") && !line.contains("](") && !line.hasPrefix("|"), "\(line)")
        }
        #expect(lines.filter { $0 == ".EX" }.count == lines.filter { $0 == ".EE" }.count)
    }

    @Test("keeps the examples of the document line by line")
    func examples() {
        for line in ConfigurationDocument.topicExample.split(separator: "\n") {
            #expect(lines.contains { $0 == line.replacing("-", with: "\\-") }, "\(line)")
        }
    }
}
