import Glibc

/// The system's zone files, by IANA name.
struct TimeZones: Sendable {
    /// `/usr/share/zoneinfo`
    let folder: String

    /// Whether a TZif file (RFC 8536) of that name is there.
    func contains(_ name: String) -> Bool {
        guard Self.isName(name) else { return false }
        guard let file = fopen("\(folder)/\(name)", "rbe") else { return false }
        defer { fclose(file) }
        var magic = [UInt8](repeating: 0, count: 4)
        return fread(&magic, 1, 4, file) == 4 && magic == Array("TZif".utf8)
    }

    /// The zone with another case or a slip, such as `Europe/Pariss`; nil when none is near.
    func nearest(to name: String) -> String? {
        let area = name.split(separator: "/").first.map(String.init) ?? ""
        let areas = names(in: folder).filter { $0.first?.isUppercase == true }
        guard name.contains("/") else { return Spelling.nearest(to: name, among: areas) ?? city(name, in: areas) }
        guard let area = Spelling.nearest(to: area, among: areas) else { return nil }
        return Spelling.nearest(to: name, among: names(in: "\(folder)/\(area)").map { "\(area)/\($0)" })
    }

    /// `Paris` to `Europe/Paris`.
    private func city(_ name: String, in areas: [String]) -> String? {
        for area in areas {
            if let city = names(in: "\(folder)/\(area)").first(where: { $0.lowercased() == name.lowercased() }) {
                return "\(area)/\(city)"
            }
        }
        return nil
    }

    private func names(in folder: String) -> [String] { (try? ConfigurationFile.names(in: folder)) ?? [] }

    /// Letters, digits, `_`, `+` and `-` between slashes; never `..`, and not the two other clocks of tzdata, whose
    /// files count leap seconds.
    private static func isName(_ name: String) -> Bool {
        guard name.utf8.count <= 64, !name.hasPrefix("right/"), !name.hasPrefix("posix/") else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}
