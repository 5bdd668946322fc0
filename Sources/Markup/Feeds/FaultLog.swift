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

    var faults: [MarkupFault] {
        firsts.map { fault in
            let count = counts[fault.code] ?? 1
            return count == 1 ? fault : MarkupFault(fault.code, "\(fault.detail) (\(count) times)")
        }
    }
}
