/// Names of encodings as servers and documents write them, read as browsers read them (WHATWG Encoding, "Names and labels").
enum CharsetLabel {
    /// The encoding that a label really means, by the name that iconv knows; nil for a label that nobody knows.
    static func encoding(_ label: String) -> String? {
        let name = label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        if let found = table[name] { return found }
        if name.hasPrefix("x-") || name.hasPrefix("cs"), let found = encoding(String(name.dropFirst(2))) {
            return found
        }
        let plain = name.replacing("_", with: "-")
        if let found = table[plain] { return found }
        if name.hasPrefix("windows-125") || name.hasPrefix("cp125") || name.hasPrefix("cp866") {
            return "CP" + name.filter(\.isNumber)
        }
        if plain.hasPrefix("iso-8859") || plain.hasPrefix("iso8859") { return isoPart(plain) }
        return nil
    }

    private static func isoPart(_ name: String) -> String? {
        let digits = name.drop { $0 != "9" }.dropFirst().drop { $0 == "-" || $0 == ":" }.prefix { $0.isNumber }
        guard let part = Int(digits), (1...16).contains(part), part != 12 else { return nil }
        switch part {
        case 1: return "CP1252"
        case 9: return "CP1254"
        case 11: return "CP874"
        default: return "ISO-8859-\(part)"
        }
    }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        func add(_ encoding: String, _ labels: String) {
            for label in labels.split(separator: " ") { table[String(label)] = encoding }
        }
        add("UTF-8", "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8n u8 utf8mb4")
        add("UTF-16LE", "utf-16 utf-16le utf16 utf16le unicode ucs-2 iso-10646-ucs-2 unicodefeff u16 utf-16-le")
        add("UTF-16BE", "utf-16be utf16be unicodefffe utf-16-be")
        add("UTF-32LE", "utf-32 utf-32le utf32 ucs-4 iso-10646-ucs-4 u32")
        add("UTF-32BE", "utf-32be")
        add(
            "CP1252",
            "ascii us-ascii ansi-x3.4-1968 latin1 latin-1 l1 iso-ir-100 cp819 ibm819 windows-1252 cp1252 x-cp1252")
        add("CP1252", "iso8859-1 iso88591 iso-8859-1 ansi 8859-1 646 windows1252 macintosh-latin1")
        add("ISO-8859-2", "latin2 l2 iso88592")
        add("ISO-8859-15", "latin9 latin-9 l9 iso885915")
        add("CP1254", "latin5 l5 iso-ir-148 isolatin5")
        add("CP1252", "isolatin1 dos-1252")
        add("ISO-8859-2", "isolatin2 iso-ir-101")
        add("ISO-8859-3", "latin3 l3 isolatin3 iso-ir-109")
        add("ISO-8859-4", "latin4 l4 isolatin4 iso-ir-110")
        add("ISO-8859-5", "cyrillic isolatincyrillic iso-ir-144")
        add(
            "ISO-8859-6",
            "arabic isolatinarabic asmo-708 ecma-114 iso-ir-127 iso88596e iso88596i iso-8859-6-e iso-8859-6-i")
        add("ISO-8859-7", "greek greek8 isolatingreek ecma-118 elot-928 iso-ir-126 sun-eu-greek")
        add(
            "ISO-8859-8",
            "hebrew isolatinhebrew visual iso-ir-138 iso88598e iso88598i iso-8859-8-e iso-8859-8-i logical")
        add("ISO-8859-10", "latin6 l6 isolatin6 iso-ir-157")
        add("ISO-8859-15", "isolatin9")
        add(
            "GB18030",
            "gb2312 gbk gb18030 x-gbk chinese gb-2312-80 csgb2312 iso-ir-58 gb-2312 iso58gb231280 cp936 ms936 euc-cn gb18030-2000"
        )
        add("BIG5-HKSCS", "big5 big5-hkscs cn-big5 x-x-big5 csbig5 cp950 big5hkscs big5-tw")
        add("CP932", "shift-jis shiftjis sjis x-sjis ms-kanji ms932 windows-31j cp932 csshiftjis s-jis")
        add("EUC-JP-MS", "euc-jp eucjp x-euc-jp ujis euc-jp-ms")
        add("ISO-2022-JP", "iso-2022-jp csiso2022jp")
        add(
            "CP949",
            "euc-kr euckr ks-c-5601-1987 ks-c-5601-1989 ksc5601 ksc-5601 korean iso-ir-149 ksc56011987 windows-949 cp949 uhc ms949"
        )
        add("ISO-2022-KR", "iso-2022-kr")
        add("EUC-TW", "euc-tw")
        add("KOI8-R", "koi8-r koi8 koi koi8r")
        add("KOI8-U", "koi8-u koi8-ru")
        add("MACINTOSH", "macintosh mac x-mac-roman macroman mac-roman")
        add("MAC-CYRILLIC", "x-mac-cyrillic mac-cyrillic x-mac-ukrainian")
        add("CP866", "ibm866 866")
        add("CP437", "ibm437 cp437 437")
        add("CP850", "ibm850 cp850 850")
        add("CP874", "tis-620 tis620 dos-874 windows-874")
        add("CP1258", "vietnamese viscii")
        add("TCVN5712-1", "tcvn")
        add("HZ", "hz-gb-2312")
        return table
    }()
}
