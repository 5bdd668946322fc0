import Fetch
import News

/// Work that waits for its turn: so much at a time, and of one lane one piece at a time, each in order of arrival.
///
/// What waits for its lane holds no place: one host that hangs keeps nobody else's work waiting. Nor do the hosts of one domain,
/// where it is known: they have a quarter of the places.
struct Lanes<Item: Sendable>: Sendable {
    struct Turn: Sendable {
        var item: Item
        /// Nil is no lane: only the width bounds it.
        var lane: String?
        var domain: String?
    }

    private let width: Int
    private let share: Int
    private var running = 0
    /// May begin as soon as there is a place.
    private var ready = FIFO<Turn>()
    /// The lanes that are taken, each with what waits for it.
    private var lines: [String: FIFO<Turn>] = [:]
    /// Those under way, and those beyond the share, of each domain that has any.
    private var domains: [String: (running: Int, line: FIFO<Turn>)] = [:]

    init(width: Int) {
        self.width = width
        share = max(1, width / 4)
    }

    mutating func add(_ item: Item, lane: String?, domain: String? = nil) {
        let turn = Turn(item: item, lane: lane, domain: domain)
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
        while running < width, let turn = ready.popFirst() {
            guard takesPlace(turn) else { continue }
            running += 1
            return turn
        }
        return nil
    }

    /// False where its domain has its share: then it waits for that.
    private mutating func takesPlace(_ turn: Turn) -> Bool {
        guard let domain = turn.domain else { return true }
        if domains[domain]?.running ?? 0 >= share {
            domains[domain]!.line.append(turn)
            return false
        }
        domains[domain, default: (0, FIFO())].running += 1
        return true
    }

    mutating func finished(lane: String?, domain: String? = nil) {
        running -= 1
        if let domain, var own = domains.removeValue(forKey: domain) {
            own.running -= 1
            if let turn = own.line.popFirst() { ready.append(turn) }
            if own.running > 0 || !own.line.isEmpty { domains[domain] = own }
        }
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

    /// The registrable domain of a server, by its host and port.
    static func domain(ofServer server: String) -> String? {
        RegistrableDomain.of(String(server.prefix(upTo: server.lastIndex(of: ":") ?? server.endIndex)))
    }
}
