/// A zone as a feed names it: an offset, or a place with the summer time rule that it has kept since 2007.
///
/// This is a table for dates in feeds only, where an IANA name is rare and wrong; the digest's own zone is read from the
/// system's zone files.
enum DateZone: Equatable {
    case fixed(seconds: Int)
    case european(standardHours: Int)
    case american(standardHours: Int)
    /// Summer from the first Sunday of October to the first of April.
    case australian(standardHours: Int)
    /// Summer from the last Sunday of September to the first of April.
    case newZealand

    /// Seconds east of UTC at a local time, given as seconds as if it were UTC.
    func offset(atLocal local: Int64) -> Int {
        switch self {
        case .fixed(let seconds): return seconds
        case .european(let hours):
            let year = Self.year(of: local)
            let start = Self.sunday(of: year, month: 3, last: true) + Int64(hours + 1) * 3600
            let end = Self.sunday(of: year, month: 10, last: true) + Int64(hours + 2) * 3600
            return (hours + (start <= local && local < end ? 1 : 0)) * 3600
        case .american(let hours):
            let year = Self.year(of: local)
            let start = Self.sunday(of: year, month: 3, last: false) + 7 * 86_400 + 2 * 3600
            let end = Self.sunday(of: year, month: 11, last: false) + 2 * 3600
            return (hours + (start <= local && local < end ? 1 : 0)) * 3600
        case .australian(let hours):
            let start = Self.sunday(of: Self.year(of: local), month: 10, last: false)
            return Self.southern(local, hours: hours, start: start)
        case .newZealand:
            let start = Self.sunday(of: Self.year(of: local), month: 9, last: true)
            return Self.southern(local, hours: 12, start: start)
        }
    }

    /// Both changes are at two hours of standard time.
    private static func southern(_ local: Int64, hours: Int, start: Int64) -> Int {
        let end = sunday(of: year(of: local), month: 4, last: false) + 3 * 3600
        return (hours + (local < end || start + 2 * 3600 <= local ? 1 : 0)) * 3600
    }

    private static func year(of local: Int64) -> Int {
        CivilDate(daysSince1970: Int(local.floorDivided(by: 86_400))).year
    }

    private static func sunday(of year: Int, month: Int, last: Bool) -> Int64 {
        let anchor = CivilDate(year: year, month: month, day: last ? CivilDate.days(inMonth: month, year: year) : 1)
        let shift = last ? -anchor.weekday : (7 - anchor.weekday) % 7
        return Int64(anchor.daysSince1970 + shift) * 86_400
    }

    /// By abbreviation or IANA name, lower case; nil when unknown. `CST`, `EST` and `MST` are the American ones (RFC 822
    /// §5.1); military letters say nothing reliable (RFC 2822 §4.3) and count as UTC.
    static func named(_ name: String) -> DateZone? {
        if name.utf8.count == 1, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) { return .fixed(seconds: 0) }
        if let minutes = abbreviations[name] { return .fixed(seconds: minutes * 60) }
        if name.hasPrefix("etc/") { return named(String(name.dropFirst(4))) }
        return places[name]
    }

    private static let abbreviations: [String: Int] = [
        "gmt": 0, "ut": 0, "utc": 0, "zulu": 0, "wet": 0, "greenwich": 0, "uct": 0,
        "est": -300, "et": -300, "edt": -240, "cst": -360, "ct": -360, "cdt": -300, "mst": -420, "mt": -420,
        "mdt": -360,
        "pst": -480, "pt": -480, "pdt": -420, "ast": -240, "at": -240, "adt": -180, "nst": -210, "ndt": -150,
        "akst": -540, "akdt": -480, "hst": -600, "hast": -600, "brt": -180, "brst": -120, "art": -180, "clt": -240,
        "bst": 60, "ist": 330, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120,
        "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180, "cat": 120, "sast": 120, "eat": 180,
        "wat": 60,
        "irst": 210, "gst": 240, "pkt": 300, "npt": 345, "bdt": 360, "mmt": 390, "ict": 420, "wib": 420, "wita": 480,
        "wit": 540, "hkt": 480, "sgt": 480, "pht": 480, "myt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570,
        "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "chst": 600,
    ]

    private static let places: [String: DateZone] = {
        var table: [String: DateZone] = [:]
        func add(_ names: String, _ zone: DateZone) {
            for name in names.split(separator: " ") { table[String(name)] = zone }
        }
        add("europe/london europe/dublin europe/lisbon", .european(standardHours: 0))
        add(
            "europe/brussels europe/paris europe/berlin europe/madrid europe/rome europe/vienna",
            .european(standardHours: 1))
        add(
            "europe/amsterdam europe/zurich europe/stockholm europe/oslo europe/copenhagen", .european(standardHours: 1)
        )
        add("europe/prague europe/warsaw europe/budapest europe/belgrade europe/zagreb", .european(standardHours: 1))
        add("europe/luxembourg europe/ljubljana europe/bratislava", .european(standardHours: 1))
        add("europe/athens europe/helsinki europe/kiev europe/kyiv europe/sofia", .european(standardHours: 2))
        add("europe/bucharest europe/tallinn europe/riga europe/vilnius asia/nicosia", .european(standardHours: 2))
        add("europe/minsk asia/istanbul asia/kuwait asia/qatar", .fixed(seconds: 10_800))
        add("europe/moscow europe/istanbul asia/riyadh asia/baghdad africa/nairobi", .fixed(seconds: 10_800))
        add("america/new_york america/toronto america/detroit us/eastern", .american(standardHours: -5))
        add("america/chicago america/winnipeg us/central", .american(standardHours: -6))
        add("america/denver america/edmonton us/mountain", .american(standardHours: -7))
        add("america/los_angeles america/vancouver us/pacific", .american(standardHours: -8))
        add("america/halifax", .american(standardHours: -4))
        add("america/phoenix", .fixed(seconds: -25_200))
        add("america/sao_paulo america/argentina/buenos_aires", .fixed(seconds: -10_800))
        add("asia/tokyo asia/seoul", .fixed(seconds: 32_400))
        add("asia/shanghai asia/hong_kong asia/taipei asia/singapore asia/manila", .fixed(seconds: 28_800))
        add("asia/kuala_lumpur australia/perth prc", .fixed(seconds: 28_800))
        add("asia/bangkok asia/jakarta asia/ho_chi_minh asia/saigon", .fixed(seconds: 25_200))
        add("asia/kolkata asia/calcutta asia/colombo", .fixed(seconds: 19_800))
        add("asia/kathmandu", .fixed(seconds: 20_700))
        add("asia/dhaka", .fixed(seconds: 21_600))
        add("asia/yangon asia/rangoon", .fixed(seconds: 23_400))
        add("asia/tehran", .fixed(seconds: 12_600))
        add("asia/kabul", .fixed(seconds: 16_200))
        add("asia/tashkent asia/almaty asia/yekaterinburg", .fixed(seconds: 18_000))
        add("asia/vladivostok", .fixed(seconds: 36_000))
        add("america/mexico_city america/costa_rica america/guatemala", .fixed(seconds: -21_600))
        add("america/bogota america/lima america/panama", .fixed(seconds: -18_000))
        add("america/caracas america/la_paz america/puerto_rico", .fixed(seconds: -14_400))
        add("africa/johannesburg", .fixed(seconds: 7200))
        add("africa/lagos africa/algiers africa/tunis", .fixed(seconds: 3600))
        add("atlantic/reykjavik africa/accra africa/abidjan", .fixed(seconds: 0))
        add("australia/sydney australia/melbourne australia/hobart australia/canberra", .australian(standardHours: 10))
        add("pacific/auckland", .newZealand)
        add("asia/karachi", .fixed(seconds: 18_000))
        add("asia/dubai", .fixed(seconds: 14_400))
        add("asia/guam pacific/guam pacific/port_moresby australia/brisbane", .fixed(seconds: 36_000))
        add("pacific/honolulu us/hawaii", .fixed(seconds: -36_000))
        return table
    }()
}
