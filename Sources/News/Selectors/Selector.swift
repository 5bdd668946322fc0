/// A compiled CSS selector: the part of Selectors Level 4 that picks links out of a page.
///
/// Known are type, `*`, `#id`, `.class`, `[attribute]` with all its operators and the flags `i` and `s`, `:first-child`,
/// `:last-child`, `:only-child`, `:nth-child()`, `:not()` with compound selectors, the four combinators, and lists.
/// What it matches on is decided in `Markup`; this is the value only.
public struct Selector: Sendable, Hashable {
    /// As it was written.
    public let text: String
    /// The parts of a list, of which one must match; at most `Limits.selectorPartsMax` compounds in all.
    public let alternatives: [Complex]

    /// Compounds from the outermost to the subject.
    public struct Complex: Sendable, Hashable {
        public var parts: [Part]
    }

    public struct Part: Sendable, Hashable {
        /// How it stands to the part before; of no meaning for the first.
        public var combinator: Combinator
        public var compound: Compound
    }

    public enum Combinator: Sendable, Hashable {
        /// ` `
        case descendant
        /// `>`
        case child
        /// `+`
        case nextSibling
        /// `~`
        case laterSibling
    }

    /// Conditions on one element, all of which must hold.
    public struct Compound: Sendable, Hashable {
        /// Lower case; nil for `*` and where none is written.
        public var type: String?
        public var ids: [String] = []
        public var classes: [String] = []
        public var attributes: [AttributeTest] = []
        public var positions: [Position] = []
        /// `:not()`: none of these may match.
        public var excluded: [Compound] = []

        public init() {}
    }

    public struct AttributeTest: Sendable, Hashable {
        /// Lower case.
        public var name: String
        public var comparison: Comparison
        public var value: String
        /// The flag `i`: letters of ASCII in any case.
        public var ignoresCase: Bool
    }

    public enum Comparison: Sendable, Hashable {
        case exists
        /// `=`
        case equals
        /// `~=`
        case hasWord
        /// `|=`
        case hasLanguage
        /// `^=`
        case begins
        /// `$=`
        case ends
        /// `*=`
        case contains
    }

    /// A place among the element's siblings, counted from 1.
    public enum Position: Sendable, Hashable {
        /// `an+b`
        case nth(step: Int, offset: Int)
        case last
        case only
    }

    /// Compiles a selector.
    /// - Throws: where it cannot be read, and why.
    public init(_ text: String) throws(SelectorError) {
        var parser = try SelectorParser(text)
        alternatives = try parser.list()
        self.text = text
    }
}

/// What is wrong with a selector.
public struct SelectorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1, in Unicode scalars.
    public var column: Int
    public var problem: String
    public var hint: String

    public init(column: Int, problem: String, hint: String) {
        self.column = column
        self.problem = problem
        self.hint = hint
    }

    public var description: String { "character \(column): \(problem) – \(hint)" }
}

extension Selector: CustomStringConvertible {
    public var description: String { text }
}

extension Selector: Codable {
    /// One JSON string.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
