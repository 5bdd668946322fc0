/// Reads the text of a selector (Selectors Level 4 §17, CSS Syntax Level 3 §4.3 for identifiers, strings and escapes).
struct SelectorParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var compounds = 0

    init(_ text: String) throws(SelectorError) {
        scalars = Array(text.unicodeScalars)
        guard scalars.count <= Limits.selectorCharactersMax else {
            throw SelectorError(
                column: Limits.selectorCharactersMax + 1,
                problem: "a selector of more than \(Limits.selectorCharactersMax) characters", hint: "shorten it")
        }
    }

    /// The whole text as a list of selectors.
    mutating func list() throws(SelectorError) -> [Selector.Complex] {
        var alternatives: [Selector.Complex] = []
        repeat {
            skipSpace()
            alternatives.append(try complex())
        } while take(",")
        guard index == scalars.count else {
            throw fault("\"\(scalars[index])\" cannot stand here", "remove it, or quote the value that it belongs to")
        }
        return alternatives
    }

    private mutating func complex() throws(SelectorError) -> Selector.Complex {
        var parts = [Selector.Part(combinator: .descendant, compound: try compound())]
        while let combinator = combinator() {
            parts.append(Selector.Part(combinator: combinator, compound: try compound()))
        }
        return Selector.Complex(parts: parts)
    }

    /// Nil at the end of a selector.
    private mutating func combinator() -> Selector.Combinator? {
        let hadSpace = skipSpace()
        let found: Selector.Combinator
        switch peek {
        case ">": found = .child
        case "+": found = .nextSibling
        case "~": found = .laterSibling
        case nil, ",", ")": return nil
        default: return hadSpace ? .descendant : nil
        }
        index += 1
        skipSpace()
        return found
    }

    private mutating func compound() throws(SelectorError) -> Selector.Compound {
        compounds += 1
        guard compounds <= Limits.selectorPartsMax else {
            throw fault("more than \(Limits.selectorPartsMax) parts", "shorten the selector")
        }
        let start = index
        var compound = Selector.Compound()
        if take("*") {
        } else if startsIdentifier {
            compound.type = try identifier("a tag").lowercased()
        }
        while let next = peek {
            switch next {
            case "#":
                index += 1
                compound.ids.append(try identifier("an id after \"#\""))
            case ".":
                index += 1
                compound.classes.append(try identifier("a class after \".\""))
            case "[": compound.attributes.append(try attribute())
            case ":": try pseudoClass(into: &compound)
            default:
                guard index > start else { throw missing() }
                return compound
            }
        }
        guard index > start else { throw missing() }
        return compound
    }

    private func missing() -> SelectorError {
        guard let next = peek else {
            return fault("the selector ends where a tag, class or id should stand", "write one, such as li > a")
        }
        return fault("\"\(next)\" where a tag, class or id should stand", "write one, such as li > a")
    }

    // MARK: Attributes

    private mutating func attribute() throws(SelectorError) -> Selector.AttributeTest {
        let open = index
        index += 1
        skipSpace()
        let name = try identifier("an attribute's name after \"[\"").lowercased()
        skipSpace()
        if take("]") {
            return Selector.AttributeTest(name: name, comparison: .exists, value: "", ignoresCase: false)
        }
        let unclosed = SelectorError(column: open + 1, problem: "this \"[\" is never closed", hint: "end it with ]")
        guard peek != nil else { throw unclosed }
        let comparison = try comparison()
        skipSpace()
        let value = try value()
        skipSpace()
        var ignoresCase = false
        if let flag = peek, ["i", "I", "s", "S"].contains(flag) {
            ignoresCase = flag == "i" || flag == "I"
            index += 1
            skipSpace()
        }
        guard take("]") else { throw unclosed }
        return Selector.AttributeTest(name: name, comparison: comparison, value: value, ignoresCase: ignoresCase)
    }

    private mutating func comparison() throws(SelectorError) -> Selector.Comparison {
        let table: [(sign: Unicode.Scalar, comparison: Selector.Comparison)] = [
            ("~", .hasWord), ("|", .hasLanguage), ("^", .begins), ("$", .ends), ("*", .contains),
        ]
        if take("=") { return .equals }
        for row in table where peek == row.sign {
            index += 1
            guard take("=") else { throw fault("\"\(row.sign)\" without \"=\"", "write \(row.sign)=") }
            return row.comparison
        }
        throw fault("no comparison after the attribute's name", "write =, ^=, $=, *=, ~= or |=, or close it with ]")
    }

    private mutating func value() throws(SelectorError) -> String {
        guard let quote = peek, quote == "\"" || quote == "'" else { return try identifier("a value in quotes") }
        let open = index
        index += 1
        var value = String.UnicodeScalarView()
        while let next = peek {
            if take(quote) { return String(value) }
            if next == "\\" {
                value.append(try escaped())
            } else {
                value.append(next)
                index += 1
            }
        }
        throw SelectorError(column: open + 1, problem: "this quote is never closed", hint: "close it")
    }

    // MARK: Pseudo-classes

    private mutating func pseudoClass(into compound: inout Selector.Compound) throws(SelectorError) {
        let start = index
        index += 1
        if peek == ":" {
            throw SelectorError(
                column: start + 1, problem: "pseudo-elements pick no element", hint: "remove it with what follows")
        }
        let name = try identifier("a name after \":\"").lowercased()
        switch name {
        case "first-child": compound.positions.append(.nth(step: 0, offset: 1))
        case "last-child": compound.positions.append(.last)
        case "only-child": compound.positions.append(.only)
        case "nth-child":
            try open(name)
            compound.positions.append(try nth())
            try close(from: start)
        case "not":
            try open(name)
            repeat {
                skipSpace()
                compound.excluded.append(try excluded())
                skipSpace()
            } while take(",")
            try close(from: start)
        default:
            throw SelectorError(
                column: start + 1, problem: "\":\(name)\" is not known here",
                hint: "known are :not(), :nth-child(), :first-child, :last-child and :only-child")
        }
    }

    private mutating func excluded() throws(SelectorError) -> Selector.Compound {
        let start = index
        let compound = try compound()
        guard compound.excluded.isEmpty else {
            throw SelectorError(column: start + 1, problem: "\":not()\" within \":not()\"", hint: "take it out")
        }
        return compound
    }

    private mutating func open(_ name: String) throws(SelectorError) {
        guard take("(") else { throw fault("\":\(name)\" without brackets", "write :\(name)(…)") }
        skipSpace()
    }

    private mutating func close(from start: Int) throws(SelectorError) {
        skipSpace()
        guard take(")") else {
            throw peek == nil
                ? SelectorError(column: start + 1, problem: "this \"(\" is never closed", hint: "end it with )")
                : fault("only simple conditions may stand in these brackets", "take the rest out")
        }
    }

    /// `odd`, `even`, `3`, `2n`, `2n+1`, `-n+3`.
    private mutating func nth() throws(SelectorError) -> Selector.Position {
        let start = index
        var text = ""
        while let next = peek, next != ")" {
            if !Self.isSpace(next) { text.unicodeScalars.append(next) }
            index += 1
        }
        let bad = SelectorError(
            column: start + 1, problem: "\"\(text.prefix(20))\" is no position",
            hint: "write a number, odd, even or such as 2n+1")
        switch text.lowercased() {
        case "odd": return .nth(step: 2, offset: 1)
        case "even": return .nth(step: 2, offset: 0)
        case let plain:
            guard let n = plain.firstIndex(of: "n") else {
                guard let number = Self.integer(plain) else { throw bad }
                return .nth(step: 0, offset: number)
            }
            let (factor, rest) = (String(plain[..<n]), String(plain[plain.index(after: n)...]))
            let step = factor.isEmpty || factor == "+" ? 1 : factor == "-" ? -1 : Self.integer(factor)
            let offset = rest.isEmpty ? 0 : Self.integer(rest)
            guard let step, let offset, rest.isEmpty || "+-".contains(rest.first!) else { throw bad }
            return .nth(step: step, offset: offset)
        }
    }

    private static func integer(_ text: String) -> Int? { text.utf8.count <= 7 ? Int(text) : nil }

    // MARK: Words

    private var startsIdentifier: Bool { peek.map { Self.isNamePart($0) || $0 == "\\" } ?? false }

    private mutating func identifier(_ what: String) throws(SelectorError) -> String {
        let start = index
        var name = String.UnicodeScalarView()
        while let next = peek {
            if next == "\\" {
                name.append(try escaped())
            } else if Self.isNamePart(next) {
                name.append(next)
                index += 1
            } else {
                break
            }
        }
        guard !name.isEmpty else { throw fault("\(what) is missing", "write it, or remove what stands before") }
        guard !(0x30...0x39).contains(scalars[start].value) else {
            throw SelectorError(
                column: start + 1, problem: "a name cannot begin with a digit",
                hint: "in an attribute put the value in quotes; elsewhere write [class~=\"…\"] or [id=\"…\"]")
        }
        return String(name)
    }

    /// A backslash with one to six hexadecimal digits and a space, or with any other character.
    private mutating func escaped() throws(SelectorError) -> Unicode.Scalar {
        index += 1
        var digits = ""
        while digits.count < 6, let next = peek, Character(next).isHexDigit {
            digits.unicodeScalars.append(next)
            index += 1
        }
        if let code = UInt32(digits, radix: 16) {
            if let next = peek, Self.isSpace(next) { index += 1 }
            return Unicode.Scalar(code).flatMap { $0.value == 0 ? nil : $0 } ?? "\u{FFFD}"
        }
        guard let next = peek else { throw fault("a backslash at the end", "remove it") }
        index += 1
        return next
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: scalar.value >= 0x80
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{C}"
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = index
        while let next = peek, Self.isSpace(next) { index += 1 }
        return index > start
    }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard peek == wanted else { return false }
        index += 1
        return true
    }

    private func fault(_ problem: String, _ hint: String) -> SelectorError {
        SelectorError(column: index + 1, problem: problem, hint: hint)
    }
}
