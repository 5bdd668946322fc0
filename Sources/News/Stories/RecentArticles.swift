/// What is kept of the articles that follow-ups can come to, by number: nearly all of the last numbers have something, so that
/// they are found where they lie, without a dictionary's steps.
struct RecentArticles: Sendable {
    /// Of the first slot.
    private var first: Int32 = 0
    private var slots: [StoryIndex.Recent?] = []
    /// Slots before it have nothing.
    private var start = 0
    private(set) var count = 0

    subscript(number: Int32) -> StoryIndex.Recent? {
        let slot = Int(number - first)
        return slots.indices.contains(slot) ? slots[slot] : nil
    }

    /// - Parameter number: higher than all before.
    mutating func append(_ article: StoryIndex.Recent, number: Int32) {
        if count == 0 { (first, slots, start) = (number, [], 0) }
        slots.append(contentsOf: repeatElement(nil, count: Int(number - first) - slots.count))
        slots.append(article)
        count += 1
    }

    mutating func remove(_ number: Int32) -> StoryIndex.Recent? {
        guard let article = self[number] else { return nil }
        slots[Int(number - first)] = nil
        count -= 1
        while start < slots.count, slots[start] == nil { start += 1 }
        if start * 2 > slots.count {
            slots.removeFirst(start)
            first += Int32(start)
            start = 0
        }
        return article
    }

    func renumbered(_ numbers: Renumbering) -> RecentArticles {
        var renumbered = RecentArticles()
        for (slot, article) in slots.enumerated() {
            guard let article, let number = numbers[first + Int32(slot)] else { continue }
            renumbered.append(article, number: number)
        }
        return renumbered
    }
}
