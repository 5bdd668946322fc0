import News

/// What was wrong with a document: each kind once, counted, in the order of its first place.
struct FaultLog {
    private var counts: [String: Int] = [:]
    private var firsts: [MarkupFault] = []

    mutating func record(_ code: String, _ detail: @autoclosure () -> String) {
        counts[code, default: 0] += 1
        guard counts[code] == 1, firsts.count < Limits.faultsMax else { return }
        firsts.append(MarkupFault(code, detail()))
    }

    mutating func record(_ faults: [MarkupFault]) {
        for fault in faults { record(fault.code, fault.detail) }
    }

    /// Reads a date and records what is wrong with it.
    mutating func date(_ text: String, zone: Zone?) -> Timestamp? {
        guard let read = FeedDate.read(text, zone: zone) else {
            record("bad-date", "\"\(text.prefix(60))\" is no date")
            return nil
        }
        // Systems write it where they know no date.
        guard read.time.seconds != 0 else {
            record("bad-date", "\"\(text.prefix(60))\" is the beginning of Unix time")
            return nil
        }
        if let doubt = read.doubt { record(doubt, zone: zone?.name ?? "UTC") }
        return read.time
    }

    private mutating func record(_ doubt: FeedDate.Doubt, zone: String) {
        switch doubt {
        case .unknownZone(let name):
            record("unknown-zone", "\"\(name.prefix(40))\" is no zone that is known; read in \(zone)")
        case .ambiguousZone(let name, let seconds):
            record(
                MarkupFault.ambiguousZone,
                "\"\(name.uppercased())\" names several zones, read as \(seconds / 60) minutes from UTC; timezone: settles it"
            )
        }
    }

    var faults: [MarkupFault] {
        firsts.map { fault in
            let count = counts[fault.code] ?? 1
            return count == 1 ? fault : MarkupFault(fault.code, "\(fault.detail) (\(count) times)")
        }
    }
}
