/// What readers got, compared.
enum Readers {
    /// - Parameter isLogOrdered: false where the lines of `alerts.log` may stand in another order: a parcel that could not be
    ///   written holds up no other, so the others' lines come before its own.
    /// - Returns: how `found` differs; nil where it is the same, byte for byte.
    static func difference(
        _ expected: [String: [UInt8]], _ found: [String: [UInt8]], isLogOrdered: Bool = true
    ) -> String? {
        let names = Set(expected.keys).union(found.keys).sorted().filter { name in
            if name == "alerts/alerts.log" {
                return isLogOrdered
                    ? seconds(expected[name]) != seconds(found[name]) : lines(expected[name]) != lines(found[name])
            }
            return expected[name] != found[name]
        }
        if names.isEmpty { return nil }
        return names.prefix(10).map { name in
            switch (expected[name], found[name]) {
            case (nil, _): "\(name) extra"
            case (_, nil): "\(name) missing"
            case (let expected?, let found?): "\(name) changed: \(place(expected, found))"
            }
        }.joined(separator: ", ")
    }

    /// Line by line, but for those of one second, which come in the order in which they could be written.
    private static func seconds(_ bytes: [UInt8]?) -> [[String]]? {
        bytes.map { bytes in
            var groups: [[String]] = []
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) {
                if groups.last?.first?.prefix(20) == line.prefix(20) {
                    groups[groups.count - 1].append(line)
                } else {
                    groups.append([line])
                }
            }
            return groups.map { $0.sorted() }
        }
    }

    private static func lines(_ bytes: [UInt8]?) -> [String]? {
        bytes.map { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init).sorted() }
    }

    /// The words around the first byte that differs.
    private static func place(_ expected: [UInt8], _ found: [UInt8]) -> String {
        let same = zip(expected, found).prefix { $0 == $1 }.count
        let around = max(0, same - 30)
        func words(_ bytes: [UInt8]) -> String { String(decoding: bytes.dropFirst(around).prefix(80), as: UTF8.self) }
        return "\"\(words(expected))\" has become \"\(words(found))\""
    }
}
