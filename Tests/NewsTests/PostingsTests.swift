import Testing

@testable import News

@Suite("Postings")
struct PostingsTests {
    /// Features whose products with the golden ratio begin alike, so that buckets are shared.
    private static func feature(_ random: inout SplitMix64) -> UInt32 {
        let product = UInt32.random(in: 0..<40, using: &random) << 26 | UInt32.random(in: 0..<60, using: &random) << 9
        return product &* 0x0E8B_2F51
    }

    @Test("Packed or not, what has a feature is visited newest first, without what is gone, as in a plain list")
    func packed() {
        let seed = UInt64.random(in: 0...9999)
        var random = SplitMix64(seed: seed)
        var postings = ShinglePostings()
        /// By number: its features, and whether it can be found.
        var articles: [(features: [UInt32], isFound: Bool)] = []
        for round in 0..<60 {
            for _ in 0..<Int.random(in: 1...100, using: &random) {
                let features = Array(Set((0..<20).map { _ in Self.feature(&random) }))
                articles.append((features, true))
                postings.add(Int32(articles.count - 1), to: features, where: articles.map(\.isFound))
            }
            for _ in 0..<10 { articles[Int.random(in: 0..<articles.count, using: &random)].isFound = false }
            if round.isMultiple(of: 4) {
                postings.pack(Renumbering(closingUp: articles.map(\.isFound)))
                articles.removeAll { !$0.isFound }
            }
            let isFound = articles.map(\.isFound)
            for _ in 0..<40 {
                let feature = Self.feature(&random)
                let limit = Int.random(in: 0...Postings.visitsMax, using: &random)
                var visited: [Int32] = []
                postings.forEach(postings.find([feature])[0], limit: limit, where: isFound) { visited.append($0) }
                let plain = articles.indices.reversed().filter {
                    isFound[$0] && articles[$0].features.contains(feature)
                }
                .prefix(limit).map { Int32($0) }
                #expect(visited == plain, "seed \(seed), round \(round), feature \(feature)")
            }
        }
    }

    @Test("The ends of all numbers are found where they were put")
    func ends() {
        var postings = ShinglePostings()
        let features: [UInt32] = [0, 1, 0x00FF_FFFF, 0x0100_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF]
        let isFound = [Bool](repeating: true, count: 700)
        for (number, feature) in features.enumerated() {
            postings.add(Int32(number * 90), to: [feature], where: isFound)
        }
        postings.pack(Renumbering(keeping: isFound))
        for (number, feature) in features.enumerated() {
            var visited: [Int32] = []
            postings.forEach(postings.find([feature])[0], limit: 9, where: isFound) { visited.append($0) }
            #expect(visited == [Int32(number * 90)], "feature \(feature)")
        }
    }

    @Test("A feature of so many articles that it may be boilerplate is known as such, wherever these are")
    func frequent() {
        let limit = StoryScale.boilerplateArticles
        let isFound = [Bool](repeating: true, count: 2 * limit)
        for packed in 0...limit {
            var postings = ShinglePostings()
            for number in 0..<packed { postings.add(Int32(number), to: [7], where: isFound) }
            postings.pack(Renumbering(keeping: isFound))
            for number in packed..<limit { postings.add(Int32(number), to: [7], where: isFound) }
            #expect(postings.isFrequent(7) && !postings.isFrequent(8), "\(packed) of \(limit) packed")
        }
    }

    @Test("A long list is cut to the newest that can be found")
    func cut() {
        var postings = Postings()
        var isFound: [Bool] = []
        for number in 0..<1000 {
            isFound.append(true)
            postings.add(Int32(number), to: 7, where: isFound)
            // Another's list lies between.
            postings.add(Int32(number), to: UInt32(number + 10), where: isFound)
            if number >= 90 { isFound[number - 90] = number.isMultiple(of: 3) }
        }
        var visited: [Int32] = []
        postings.forEach(postings.find([7])[0], limit: Postings.visitsMax, where: isFound) { visited.append($0) }
        let newest = isFound.indices.reversed().filter { isFound[$0] }.prefix(Postings.visitsMax)
        #expect(visited == newest.map { Int32($0) })
    }

    @Test("A table of counts is as a dictionary, however often features come and go")
    func table() {
        let seed = UInt64.random(in: 0...9999)
        var random = SplitMix64(seed: seed)
        var table = FeatureTable()
        var plain: [UInt32: Int32] = [:]
        for round in 0..<20_000 {
            // The features of each thousand rounds are others, so that the table is made anew.
            let feature = UInt32(round / 1000 * 100) + UInt32.random(in: 0..<200, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: (table[feature], plain[feature]) = (nil, nil)
            case 1:
                table.add(2, to: feature)
                plain[feature, default: 0] += 2
            default: (table[feature], plain[feature]) = (-7, -7)
            }
            #expect(table[feature] == plain[feature], "seed \(seed), round \(round)")
        }
        var all: [UInt32: Int32] = [:]
        table.forEach { all[$0] = $1 }
        #expect(all == plain, "seed \(seed)")
    }

    @Test("Recent articles are found by number as in a dictionary, whatever goes and however they are numbered anew")
    func recent() {
        let seed = UInt64.random(in: 0...9999)
        var random = SplitMix64(seed: seed)
        var articles = RecentArticles()
        /// The story stands for the article.
        var plain: [Int32: UInt64] = [:]
        var next: Int32 = 0
        for round in 0..<400 {
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                next += Int32.random(in: 1...3, using: &random)
                var article = StoryIndex.Recent(terms: StoryTerms(Self.member), strongEntities: [], story: "x")
                article.story = UInt64(round) << 32 | UInt64(next)
                articles.append(article, number: next)
                plain[next] = article.story
            }
            // Mostly the oldest, now and then any, and now and then all.
            let count = round % 90 == 80 ? plain.count : Int.random(in: 0...8, using: &random)
            for place in 0..<count {
                let oldest = plain.keys.min() ?? 0
                let number = place.isMultiple(of: 5) ? Int32.random(in: 0...next + 1, using: &random) : oldest
                #expect(
                    articles.remove(number)?.story == plain.removeValue(forKey: number), "seed \(seed), round \(round)")
            }
            if round % 40 == 39 {
                let isKept = (0...next).map { plain[$0] != nil || Bool.random(using: &random) }
                let numbers = Renumbering(closingUp: isKept)
                articles = articles.renumbered(numbers)
                plain = Dictionary(uniqueKeysWithValues: plain.map { (numbers.number(of: $0), $1) })
                next = Int32(numbers.count)
            }
            #expect(articles.count == plain.count)
            #expect((0...next + 1).allSatisfy { articles[$0]?.story == plain[$0] }, "seed \(seed), round \(round)")
        }
    }

    private static let member = StoryMember(Reports.reading("north", "a", title: "A quiet day", []))
}
