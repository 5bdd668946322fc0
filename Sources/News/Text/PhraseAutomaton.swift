/// Finds thousands of phrases in one pass (Aho and Corasick, "Efficient string matching", 1975) over folded bytes.
///
/// Matching ignores ASCII case; `FoldedPhrase` says what else must hold. Cost: linear in text and hits, whatever the phrases.
struct PhraseAutomaton: Sendable {
    struct Hit: Hashable {
        var phrase: Int
        /// Of the folded bytes, without a plural or possessive ending.
        var range: Range<Int>
        /// The phrase is an acronym, which case tells from a word.
        var isAcronym: Bool
    }

    private let phrases: [FoldedPhrase]
    /// All transitions of the states near the root, 256 to a state, capitals as small letters, hyphens as spaces: there most of a text is spent.
    private var near: [Int32] = []
    /// For each state its edges, in one shared table. States are numbered breadth first.
    private var firstEdge: [Int32] = []
    private var edgeBytes: [UInt8] = []
    private var edgeTargets: [Int32] = []
    private var failure: [Int32] = []
    /// The nearest state on the failure path, itself included, where a phrase ends; 0 for none.
    private var output: [Int32] = []
    /// Indexes of the phrases that end in each state, in one shared table; several when two lists give the same words.
    private var firstEnding: [Int32] = [0]
    private var endings: [Int32] = []
    /// What is looked at for every end, by phrase.
    private let shapes: [FoldedPhrase.Shape]

    /// Phrases that fold to nothing match nothing. An index into `phrases` names the phrase in hits.
    init(_ phrases: [String]) {
        self.phrases = phrases.map(FoldedPhrase.init)
        shapes = self.phrases.map(\.shape)
        let trie = PhraseTrie(self.phrases.map(\.lower))
        for ending in trie.endings {
            endings += ending
            firstEnding.append(Int32(endings.count))
        }
        layOut(trie.children)
        link()
    }

    /// States that `near` holds at most: 4 MB.
    private static let nearMax = 4096

    /// All occurrences that stand as words, in order of their ends.
    func hits(in text: FoldedText) -> [Hit] {
        let allCapitals = text.isAllCapitals
        var hits: [Hit] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            near.withUnsafeBufferPointer { near in
                output.withUnsafeBufferPointer { output in
                    var state: Int32 = 0
                    for index in bytes.indices {
                        let row = Int(state) << 8
                        state =
                            row < near.count ? near[row | Int(bytes[index])] : next(state, bytes[index])
                        if output[Int(state)] != 0 {
                            take(output[Int(state)], bytes, end: index + 1, allCapitals, into: &hits)
                        }
                    }
                }
            }
        }
        return hits
    }

    /// Those phrases on the path of outputs that stand as words here.
    private func take(
        _ first: Int32, _ bytes: UnsafeBufferPointer<UInt8>, end: Int, _ allCapitals: Bool, into hits: inout [Hit]
    ) {
        var ending = first
        while ending != 0 {
            for place in Int(firstEnding[Int(ending)])..<Int(firstEnding[Int(ending) + 1]) {
                let phrase = Int(endings[place])
                let shape = shapes[phrase]
                let start = end - Int(shape.length)
                // Most ends are within other words: seen without looking at the phrase.
                if shape.startsWord && UTF8Bytes.isSpacedWord(bytes, before: start) { continue }
                if shape.endsWord && !FoldedPhrase.endsWord(bytes, at: end) { continue }
                guard !shape.heedsCase || phrases[phrase].hasCase(of: bytes, at: start, allCapitals) else { continue }
                hits.append(Hit(phrase: phrase, range: start..<end, isAcronym: shape.isAcronym))
            }
            ending = output[Int(failure[Int(ending)])]
        }
    }
}

extension PhraseAutomaton {
    @inline(__always) private func next(_ state: Int32, _ byte: UInt8) -> Int32 {
        var state = state
        while Int(state) << 8 >= near.count {
            let lower = FoldedPhrase.matched(byte)
            for edge in Int(firstEdge[Int(state)])..<Int(firstEdge[Int(state) + 1]) where edgeBytes[edge] == lower {
                return edgeTargets[edge]
            }
            state = failure[Int(state)]
        }
        return near[Int(state) << 8 | Int(byte)]
    }

    private mutating func layOut(_ children: [[(byte: UInt8, target: Int32)]]) {
        for edges in children {
            firstEdge.append(Int32(edgeBytes.count))
            for edge in edges {
                edgeBytes.append(edge.byte)
                edgeTargets.append(edge.target)
            }
        }
        firstEdge.append(Int32(edgeBytes.count))
    }

    /// In order of the states, breadth first, so that all of a state is known before its children's.
    private mutating func link() {
        let states = firstEnding.count - 1
        failure = [Int32](repeating: 0, count: states)
        output = (0..<states).map { firstEnding[$0] == firstEnding[$0 + 1] ? 0 : Int32($0) }
        for state in 0..<states {
            if output[state] == 0 { output[state] = output[Int(failure[state])] }
            let edges = Int(firstEdge[state])..<Int(firstEdge[state + 1])
            for edge in edges {
                failure[Int(edgeTargets[edge])] = state == 0 ? 0 : next(failure[state], edgeBytes[edge])
            }
            if state < Self.nearMax { near += transitions(of: state, edges) }
        }
    }

    private func transitions(of state: Int, _ edges: Range<Int>) -> [Int32] {
        let fallback = Int(failure[state]) << 8
        var row = state == 0 ? [Int32](repeating: 0, count: 256) : Array(near[fallback..<fallback + 256])
        for edge in edges {
            row[Int(edgeBytes[edge])] = edgeTargets[edge]
            if (0x61...0x7A).contains(edgeBytes[edge]) { row[Int(edgeBytes[edge] & 0xDF)] = edgeTargets[edge] }
            if edgeBytes[edge] == 0x20 { row[0x2D] = edgeTargets[edge] }
        }
        return row
    }
}

/// The phrases by their bytes, states numbered breadth first.
private struct PhraseTrie {
    private(set) var children: [[(byte: UInt8, target: Int32)]] = [[]]
    private(set) var endings: [[Int32]] = [[]]

    init(_ phrases: [[UInt8]]) {
        var grown: [[(byte: UInt8, target: Int32)]] = [[]]
        var ends: [[Int32]] = [[]]
        for (index, phrase) in phrases.enumerated() where !phrase.isEmpty {
            var state = 0
            for byte in phrase {
                if let edge = grown[state].first(where: { $0.byte == byte }) {
                    state = Int(edge.target)
                } else {
                    grown.append([])
                    ends.append([])
                    grown[state].append((byte, Int32(grown.count - 1)))
                    state = grown.count - 1
                }
            }
            ends[state].append(Int32(index))
        }
        number(grown, ends)
    }

    private mutating func number(_ grown: [[(byte: UInt8, target: Int32)]], _ ends: [[Int32]]) {
        var order = [0]
        var read = 0
        while read < order.count {
            children[read] = grown[order[read]].map { edge in
                order.append(Int(edge.target))
                children.append([])
                endings.append(ends[Int(edge.target)])
                return (edge.byte, Int32(order.count - 1))
            }
            read += 1
        }
    }
}

/// One phrase as it is looked for.
struct FoldedPhrase: Sendable {
    let lower: [UInt8]
    /// As written, for the case of acronyms and names.
    private let written: [UInt8]
    /// The first and the last character are letters of a spaced script: nothing of a word may touch them.
    private let startsWord: Bool
    private let endsWord: Bool
    /// Five capitals at most, as `PLA`: matched as written, for `pla` and `wake` are words.
    let isAcronym: Bool
    /// One capitalised word, as `Guam`: its first letter must be a capital in the text too.
    private let isName: Bool

    init(_ text: String) {
        var bytes = FoldedText(text).bytes
        if bytes.last == 0x20 { bytes.removeLast() }
        written = bytes
        lower = bytes.map(Self.matched)
        startsWord = UTF8Bytes.isSpacedWord(bytes, at: 0)
        endsWord = UTF8Bytes.isSpacedWord(bytes, before: bytes.count)
        let capitals = bytes.count { $0 >= 0x41 && $0 <= 0x5A }
        let small = bytes.count { $0 >= 0x61 && $0 <= 0x7A }
        isAcronym = capitals > 0 && capitals <= 5 && small == 0 && bytes.allSatisfy { $0 < 0x80 }
        isName = capitals == 1 && small > 0 && !bytes.contains(0x20) && bytes[0] >= 0x41 && bytes[0] <= 0x5A
    }

    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// As phrases are compared: hyphens are spaces, `war-fighting` is `war fighting`.
    @inline(__always) static func matched(_ byte: UInt8) -> UInt8 { byte == 0x2D ? 0x20 : lower(byte) }

    /// What tells most occurrences that are parts of other words from those that stand.
    struct Shape: Sendable {
        var length: Int32
        var startsWord: Bool
        var endsWord: Bool
        var heedsCase: Bool
        var isAcronym: Bool
    }

    var shape: Shape {
        Shape(
            length: Int32(lower.count), startsWord: startsWord, endsWord: endsWord, heedsCase: isAcronym || isName,
            isAcronym: isAcronym)
    }

    /// Whether an acronym or a name is written as such, and is no word in small letters.
    func hasCase(of bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ allCapitals: Bool) -> Bool {
        if isAcronym && !allCapitals { return bytes[start..<start + written.count].elementsEqual(written) }
        return !isName || bytes[start] == written[0]
    }

    /// A word ends here, or after a plural or possessive: `s`, `es`, `'s`, `s'`.
    static func endsWord(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        if !UTF8Bytes.isSpacedWord(bytes, at: index) { return true }
        var end = index
        if bytes[end] | 0x20 == 0x65 { end += 1 }
        guard end < bytes.count, bytes[end] | 0x20 == 0x73 else { return false }
        return !UTF8Bytes.isSpacedWord(bytes, at: end + 1)
    }
}

extension FoldedText {
    /// A headline set in capitals: case tells nothing in it.
    var isAllCapitals: Bool {
        var capitals = 0
        for byte in bytes {
            if byte >= 0x61 && byte <= 0x7A { return false }
            if byte >= 0x41 && byte <= 0x5A { capitals += 1 }
        }
        return capitals >= 12
    }
}
