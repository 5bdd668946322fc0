/// A zone as a feed names it: an offset, or a place with the rule that its clocks follow today.
///
/// The rules are a table for dates in feeds only, where an IANA name is rare; a source's own zone is read from the system's files.
enum DateZone: Hashable {
    case fixed(seconds: Int)
    case place(Zone)

    /// The moment when clocks of the zone show a time.
    func timestamp(of date: CivilDate, _ clock: FeedDate.Clock) -> Timestamp {
        let second = min(clock.second, 59)
        switch self {
        case .fixed(let east):
            let wall = Int64(date.daysSince1970) * 86_400 + Int64(clock.hour * 3600 + clock.minute * 60 + second)
            return Timestamp(seconds: wall - Int64(east))
        case .place(let zone):
            return zone.timestamp(of: date, hour: clock.hour, minute: clock.minute) + .seconds(second)
        }
    }

    /// By abbreviation or IANA name, lower case; nil when unknown. `CST`, `EST` and `MST` are the American ones (RFC 822
    /// §5.1); military letters say nothing reliable (RFC 2822 §4.3) and count as UTC.
    static func named(_ name: String) -> DateZone? {
        if name.utf8.count == 1, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) { return .fixed(seconds: 0) }
        if let minutes = abbreviations[name] { return .fixed(seconds: minutes * 60) }
        if let place = places[name] { return .place(place) }
        return name.hasPrefix("etc/") ? named(String(name.dropFirst(4))) : nil
    }

    /// Abbreviations that news from several parts of the world give to different zones: of India, Ireland and Israel, of Britain and
    /// Bangladesh, of the Atlantic coast and Arabia.
    static let ambiguous: Set<String> = ["ist", "bst", "ast"]

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
        "hne": -300, "hae": -240, "cot": -300, "pet": -300, "ect": -300, "bot": -240, "vet": -240, "gyt": -240,
        "clst": -180, "uyt": -180, "gft": -180, "srt": -180, "cvt": -60, "fet": 180, "idt": 180, "samt": 240,
        "azt": 240, "mut": 240, "sct": 240, "aft": 270, "uzt": 300, "tmt": 300, "tjt": 300, "mvt": 300, "yekt": 300,
        "slst": 330, "kgt": 360, "btt": 360, "omst": 360, "krat": 420, "novt": 420, "hovt": 420, "irkt": 480,
        "ulat": 480, "bnt": 480, "phst": 480, "yakt": 540, "pwt": 540, "tlt": 540, "vlat": 600, "pgt": 600, "chut": 600,
        "sbt": 660, "vut": 660, "nct": 660, "pont": 660, "kost": 660, "magt": 660, "sakt": 660, "pett": 720,
        "fjt": 720, "mht": 720, "gilt": 720, "tvt": 720, "wakt": 720, "tot": 780,
    ]

    private static let places: [String: Zone] = {
        var table: [String: Zone] = [:]
        for line in rules.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let zone = Zone(name: words[0], rule: words[0]) else { continue }
            for name in words.dropFirst() { table[name] = zone }
        }
        return table
    }()

    /// The rule (POSIX.1-2017 §8.3) and the places that follow it, as tzdata has them since 2024.
    private static let rules = """
        <+01>-1 africa/casablanca
        <+0330>-3:30 asia/tehran
        <+03>-3 europe/minsk asia/istanbul asia/kuwait asia/qatar europe/istanbul asia/riyadh asia/baghdad \
            asia/amman asia/damascus asia/bahrain asia/aden
        <+0430>-4:30 asia/kabul
        <+04>-4 asia/dubai asia/baku asia/tbilisi asia/yerevan asia/muscat europe/samara
        <+0530>-5:30 asia/colombo
        <+0545>-5:45 asia/kathmandu
        <+05>-5 asia/tashkent asia/almaty asia/yekaterinburg indian/maldives
        <+0630>-6:30 asia/yangon asia/rangoon
        <+06>-6 asia/dhaka asia/thimphu
        <+07>-7 asia/bangkok asia/ho_chi_minh asia/saigon asia/novosibirsk asia/phnom_penh asia/vientiane
        <+08>-8 asia/singapore asia/kuala_lumpur asia/brunei asia/ulaanbaatar
        <+09>-9 pacific/palau asia/dili
        <+10>-10 asia/vladivostok pacific/port_moresby
        <+11>-11 pacific/noumea
        <+12>-12 pacific/fiji pacific/tarawa asia/kamchatka
        <-03>3 america/sao_paulo america/argentina/buenos_aires america/montevideo america/asuncion
        <-04>4 america/caracas america/la_paz
        <-04>4<-03>,M9.1.6/24,M4.1.6/24 america/santiago
        <-05>5 america/bogota america/lima america/guayaquil
        ACST-9:30 australia/darwin
        ACST-9:30ACDT,M10.1.0,M4.1.0/3 australia/adelaide
        AEST-10 australia/brisbane
        AEST-10AEDT,M10.1.0,M4.1.0/3 australia/sydney australia/melbourne australia/hobart australia/canberra
        AKST9AKDT,M3.2.0,M11.1.0 america/anchorage
        AST4 america/puerto_rico
        AST4ADT,M3.2.0,M11.1.0 america/halifax
        AWST-8 australia/perth
        CAT-2 africa/khartoum africa/harare
        CET-1 africa/algiers africa/tunis
        CET-1CEST,M3.5.0,M10.5.0/3 europe/brussels europe/paris europe/berlin europe/madrid europe/rome \
            europe/vienna europe/amsterdam europe/zurich europe/stockholm europe/oslo europe/copenhagen \
            europe/prague europe/warsaw europe/budapest europe/belgrade europe/zagreb europe/luxembourg \
            europe/ljubljana europe/bratislava europe/tirane europe/sarajevo europe/skopje europe/podgorica \
            europe/malta
        CST-8 asia/shanghai asia/taipei prc asia/macau
        CST5CDT,M3.2.0/0,M11.1.0/1 america/havana
        CST6 america/mexico_city america/costa_rica america/guatemala
        CST6CDT,M3.2.0,M11.1.0 america/chicago america/winnipeg us/central
        ChST-10 pacific/guam
        EAT-3 africa/nairobi africa/addis_ababa
        EET-2 africa/tripoli
        EET-2EEST,M3.5.0,M10.5.0/3 europe/chisinau
        EET-2EEST,M3.5.0/0,M10.5.0/0 asia/beirut
        EET-2EEST,M3.5.0/3,M10.5.0/4 europe/athens europe/helsinki europe/kiev europe/kyiv europe/sofia \
            europe/bucharest europe/tallinn europe/riga europe/vilnius asia/nicosia
        EET-2EEST,M4.5.5/0,M10.5.4/24 africa/cairo
        EST5 america/panama
        EST5EDT,M3.2.0,M11.1.0 america/new_york america/toronto america/detroit us/eastern
        GMT0 atlantic/reykjavik africa/accra africa/abidjan
        GMT0BST,M3.5.0/1,M10.5.0 europe/london
        HKT-8 asia/hong_kong
        HST10 pacific/honolulu us/hawaii
        IST-1GMT0,M10.5.0,M3.5.0/1 europe/dublin
        IST-2IDT,M3.4.4/26,M10.5.0 asia/jerusalem
        IST-5:30 asia/kolkata asia/calcutta
        JST-9 asia/tokyo
        KST-9 asia/seoul asia/pyongyang
        MSK-3 europe/moscow
        MST7 america/phoenix
        MST7MDT,M3.2.0,M11.1.0 america/denver america/edmonton us/mountain
        NST3:30NDT,M3.2.0,M11.1.0 america/st_johns
        NZST-12NZDT,M9.5.0,M4.1.0/3 pacific/auckland
        PKT-5 asia/karachi
        PST-8 asia/manila
        PST8PDT,M3.2.0,M11.1.0 america/los_angeles america/vancouver us/pacific
        SAST-2 africa/johannesburg
        UTC0 etc/utc
        WAT-1 africa/lagos
        WET0WEST,M3.5.0/1,M10.5.0 europe/lisbon atlantic/canary
        WIB-7 asia/jakarta
        WIT-9 asia/jayapura
        WITA-8 asia/makassar
        """
}
