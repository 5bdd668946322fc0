import News
import NewsTesting

/// Made-up news with the statistics of real news: words by Zipf's law, events with names and words of their own, copies.
///
/// The same seed gives the same articles.
struct BenchNews {
    /// By rank: English function words, then made-up ones, 20,000 in all.
    private let words: [String]
    /// Sums of the weights, which fall as 1 / (rank + 2.7).
    private let sums: [Double]
    /// What events are about.
    private let names: [String]
    private var random: SplitMix64
    private var recent: [Event] = []
    private var last: [Article] = []

    private struct Event {
        var names: [String]
        var words: [String]
    }

    static let copies = 0.05
    static let followUps = 0.10
    /// Events and articles that a follow-up or a copy may go back to.
    private static let memory = 200

    init(names: [String], seed: UInt64) {
        self.names = names
        random = SplitMix64(seed: seed)
        let small =
            "the of to and in a that for on is with said was as by at from it has his be are an have not were will "
            + "its their who this which but been they had would he after about also more or one new people government"
        words = small.split(separator: " ").map(String.init) + (0..<20_000).map(Self.madeUp)
        var sum = 0.0
        sums = words.indices.map {
            sum += 1 / (Double($0) + 2.7)
            return sum
        }
    }

    /// Different for each number, two to four syllables: the frequent ones are the short ones.
    private static func madeUp(_ number: Int) -> String {
        let syllables = (0..<70).map {
            String(["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st"][$0 / 5])
                + ["a", "e", "i", "o", "u"][$0 % 5]
        }
        var word = syllables[number % 70] + syllables[number / 70 % 70]
        if number >= 4900 { word += syllables[number / 4900] }
        return word + ["n", "r", "ing", "ed", "s"][number % 5]
    }

    /// - Parameter length: words of the text.
    mutating func article(words length: ClosedRange<Int> = 300...600) -> Article {
        let kind = Double.random(in: 0..<1, using: &random)
        if kind < Self.copies, let original = last.randomElement(using: &random) { return copy(of: original) }
        let isFollowUp = kind < Self.copies + Self.followUps
        let event = (isFollowUp ? recent.randomElement(using: &random) : nil) ?? newEvent()
        var article = Article()
        article.title = sentence(9, event)
        article.language = "en"
        var left = Int.random(in: length, using: &random)
        while left > 0 {
            let count = min(left, Int.random(in: 30...70, using: &random))
            article.paragraphs.append(sentence(count / 2, event) + ". " + sentence(count - count / 2, event) + ".")
            left -= count
        }
        if last.count < Self.memory {
            last.append(article)
        } else {
            last[Int.random(in: 0..<Self.memory, using: &random)] = article
        }
        return article
    }

    private mutating func copy(of original: Article) -> Article {
        var article = original
        article.title = sentence(9, recent[0])
        article.paragraphs[article.paragraphs.count - 1] = sentence(30, recent[0]) + "."
        return article
    }

    private mutating func newEvent() -> Event {
        let event = Event(
            names: (0..<3).compactMap { _ in names.randomElement(using: &random) },
            words: (0..<20).map { _ in words[Int.random(in: 500..<words.count, using: &random)] })
        if recent.count < Self.memory {
            recent.append(event)
        } else {
            recent[Int.random(in: 0..<Self.memory, using: &random)] = event
        }
        return event
    }

    private mutating func sentence(_ count: Int, _ event: Event) -> String {
        var picked: [String] = []
        for _ in 0..<count {
            let chance = Int.random(in: 0..<40, using: &random)
            switch chance {
            case 0: picked.append(event.names.randomElement(using: &random) ?? "")
            case 1...4: picked.append(event.words.randomElement(using: &random) ?? "")
            default: picked.append(word())
            }
        }
        let text = picked.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private mutating func word() -> String {
        let place = Double.random(in: 0..<sums[sums.count - 1], using: &random)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] <= place { low = middle + 1 } else { high = middle }
        }
        return words[low]
    }
}

extension BenchNews {
    /// RSS of so many articles, their text as content.
    mutating func feed(id: String, entries: Int, words: ClosedRange<Int>, hour: Int) -> [UInt8] {
        var text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Outlet \(id)</title>"
        for number in 0..<entries {
            let article = article(words: words)
            text += """
                <item><title>\(article.title ?? "")</title><link>https://outlet.example/\(id)/\(hour)/\(number)</link>
                <guid>\(id)-\(hour)-\(number)</guid><pubDate>Sun, 30 Mar 2025 \(hour / 10)\(hour % 10):20:00 GMT</pubDate>
                <description><![CDATA[<p>\(article.paragraphs.joined(separator: "</p>\n<p>"))</p>]]></description></item>

                """
        }
        return Array((text + "</channel></rss>\n").utf8)
    }
}
