import Foundation
import News
import Testing

@Suite struct SelectorTests {
    @Test(
        "A selector that cannot be read says where, what is wrong and what to do",
        arguments: [
            ("", 1, "the selector ends where a tag, class or id should stand", "write one, such as li > a"),
            ("li >", 5, "the selector ends where a tag, class or id should stand", "write one, such as li > a"),
            ("> li", 1, "\">\" where a tag, class or id should stand", "write one, such as li > a"),
            ("a,,b", 3, "\",\" where a tag, class or id should stand", "write one, such as li > a"),
            ("li . news", 5, "a class after \".\" is missing", "write it, or remove what stands before"),
            (
                "li.2025", 4, "a name cannot begin with a digit",
                "in an attribute put the value in quotes; elsewhere write [class~=\"…\"] or [id=\"…\"]"
            ),
            ("a[href", 2, "this \"[\" is never closed", "end it with ]"),
            (
                "a[href%='x']", 7, "no comparison after the attribute's name",
                "write =, ^=, $=, *=, ~= or |=, or close it with ]"
            ),
            ("a[href^'x']", 8, "\"^\" without \"=\"", "write ^="),
            ("a[href='x]", 8, "this quote is never closed", "close it"),
            (
                "a:hover", 2, "\":hover\" is not known here",
                "known are :not(), :nth-child(), :first-child, :last-child and :only-child"
            ),
            ("a::text", 2, "pseudo-elements pick no element", "remove it with what follows"),
            ("li:nth-child(x)", 14, "\"x\" is no position", "write a number, odd, even or such as 2n+1"),
            ("li:nth-child(2", 3, "this \"(\" is never closed", "end it with )"),
            ("li:nth-child", 13, "\":nth-child\" without brackets", "write :nth-child(…)"),
            ("a:not(:not(b))", 7, "\":not()\" within \":not()\"", "take it out"),
            ("a:not(b c)", 9, "only simple conditions may stand in these brackets", "take the rest out"),
            ("a {color: red}", 3, "\"{\" where a tag, class or id should stand", "write one, such as li > a"),
            ("//div/a", 1, "\"/\" where a tag, class or id should stand", "write one, such as li > a"),
            ("a)", 2, "\")\" cannot stand here", "remove it, or quote the value that it belongs to"),
            ("a\\", 3, "a backslash at the end", "remove it"),
        ])
    func errors(text: String, column: Int, problem: String, hint: String) {
        let error = #expect(throws: SelectorError.self) { try Selector(text) }
        #expect(error == SelectorError(column: column, problem: problem, hint: hint))
    }

    @Test("Length and number of parts have a limit, and what is just within it is read")
    func limits() throws {
        let most = Array(repeating: "a", count: Limits.selectorPartsMax).joined(separator: " ")
        #expect(try Selector(most).alternatives[0].parts.count == Limits.selectorPartsMax)
        #expect(throws: SelectorError.self) { try Selector(most + " a") }
        #expect(throws: SelectorError.self) { try Selector(most + ", a") }
        #expect(try Selector(String(repeating: "a", count: Limits.selectorCharactersMax)).alternatives.count == 1)
        #expect(throws: SelectorError.self) {
            try Selector(String(repeating: "a", count: Limits.selectorCharactersMax + 1))
        }
    }

    @Test("A selector is kept as its text")
    func codable() throws {
        let rules = Source.LinkRules(select: try Selector("ul > li a[href*='x']"))
        let data = try JSONEncoder().encode(rules)
        #expect(String(decoding: data, as: UTF8.self) == #"{"select":"ul > li a[href*='x']"}"#)
        #expect(try JSONDecoder().decode(Source.LinkRules.self, from: data) == rules)
    }
}
