import News

/// Work that waits for its turn: so much at a time, and of one lane one piece at a time, each in order of arrival.
///
/// What waits for its lane holds no place: one host that hangs keeps nobody else's work waiting.
struct Lanes<Item: Sendable>: Sendable {
    struct Turn: Sendable {
        var item: Item
        /// Nil is no lane: only the width bounds it.
        var lane: String?
    }

    private let width: Int
    private var running = 0
    /// May begin as soon as there is a place.
    private var ready = FIFO<Turn>()
    /// The lanes that are taken, each with what waits for it.
    private var lines: [String: FIFO<Turn>] = [:]

    init(width: Int) { self.width = width }

    mutating func add(_ item: Item, lane: String?) {
        let turn = Turn(item: item, lane: lane)
        guard let lane else { return ready.append(turn) }
        if lines[lane] == nil {
            lines[lane] = FIFO()
            ready.append(turn)
        } else {
            lines[lane]!.append(turn)
        }
    }

    /// What may begin now, if anything; `finished` ends it.
    mutating func next() -> Turn? {
        guard running < width, let turn = ready.popFirst() else { return nil }
        running += 1
        return turn
    }

    mutating func finished(lane: String?) {
        running -= 1
        guard let lane else { return }
        if let turn = lines[lane]!.popFirst() { ready.append(turn) } else { lines[lane] = nil }
    }
}

extension WebURL {
    /// The server that a URL speaks to: who asks it twice at a time waits.
    static func server(of url: String) -> String? {
        guard let url = WebURL(url), let host = url.host, !host.isEmpty else { return nil }
        return "\(host):\(url.port ?? (url.scheme == "https" ? 443 : 80))"
    }
}
