/// Names of encodings as servers and documents write them, read as browsers read them (WHATWG Encoding §4.2, "Names and labels").
enum CharsetLabel {
    /// The encoding that a label really means, by the name that iconv knows; nil for a label that nobody knows, or of an encoding
    /// that iconv lacks.
    static func encoding(_ label: String) -> String? {
        var name = label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        while name.hasPrefix("x-x-") { name.removeFirst(2) }
        for spelling in [name, name.replacing("_", with: "-")] {
            if let found = table[spelling] { return found }
            for prefix in ["x-", "cs"] where spelling.hasPrefix(prefix) {
                if let found = table[String(spelling.dropFirst(prefix.count))] { return found }
            }
        }
        return isoPart(name.replacing("_", with: "-"))
    }

    /// Encodings that browsers know by name and refuse (WHATWG §14.1), or that no text is written in, and that iconv lacks.
    static func isUnsupported(_ label: String) -> Bool { unsupported.contains(label.lowercased()) }

    private static let unsupported: Set<String> = ["hz-gb-2312", "hz", "replacement", "x-user-defined"]

    private static func isoPart(_ name: String) -> String? {
        guard name.hasPrefix("iso-8859") || name.hasPrefix("iso8859") else { return nil }
        let digits = name.drop { $0 != "9" }.dropFirst().drop { $0 == "-" || $0 == ":" }.prefix { $0.isNumber }
        return Int(digits).flatMap { table["iso-8859-\($0)"] }
    }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for line in (standard + "\n" + wild).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            for label in parts[1].split(separator: " ") { table[String(label)] = String(parts[0]) }
        }
        return table
    }()

    /// iconv's name, and the labels that the standard gives.
    private static let standard = """
        UTF-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
        CP866: 866 cp866 csibm866 ibm866
        ISO-8859-2: csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
        ISO-8859-3: csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
        ISO-8859-4: csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
        ISO-8859-5: csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
        ISO-8859-6: arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e \
            iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
        ISO-8859-7: csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 \
            iso_8859-7 iso_8859-7:1987 sun_eu_greek
        ISO-8859-8: csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 \
            iso_8859-8 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
        ISO-8859-10: csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
        ISO-8859-13: iso-8859-13 iso8859-13 iso885913
        ISO-8859-14: iso-8859-14 iso8859-14 iso885914
        ISO-8859-15: csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
        ISO-8859-16: iso-8859-16
        KOI8-R: cskoi8r koi koi8 koi8-r koi8_r
        KOI8-U: koi8-ru koi8-u
        MACINTOSH: csmacintosh mac macintosh x-mac-roman
        CP874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
        CP1250: cp1250 windows-1250 x-cp1250
        CP1251: cp1251 windows-1251 x-cp1251
        CP1252: ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 \
            iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252
        CP1253: cp1253 windows-1253 x-cp1253
        CP1254: cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 \
            windows-1254 x-cp1254
        CP1255: cp1255 windows-1255 x-cp1255
        CP1256: cp1256 windows-1256 x-cp1256
        CP1257: cp1257 windows-1257 x-cp1257
        CP1258: cp1258 windows-1258 x-cp1258
        MAC-UK: x-mac-cyrillic x-mac-ukrainian
        GB18030: chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030
        BIG5-HKSCS: big5 big5-hkscs cn-big5 csbig5 x-x-big5
        EUC-JP-MS: cseucpkdfmtjapanese euc-jp x-euc-jp
        ISO-2022-JP: csiso2022jp iso-2022-jp
        CP932: csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
        CP949: cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 \
            windows-949
        UTF-16BE: unicodefffe utf-16be
        UTF-16LE: csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
        """

    /// What feeds and servers write beside those.
    private static let wild = """
        UTF-8: utf-8n u8 utf8mb4
        UTF-16LE: utf16 utf16le u16 utf-16-le
        UTF-16BE: utf16be utf-16-be
        UTF-32LE: utf-32 utf-32le utf32 ucs-4 iso-10646-ucs-4 u32
        UTF-32BE: utf-32be
        CP1252: latin-1 ansi 8859-1 646 windows1252 macintosh-latin1 dos-1252 win-1252 iso-8859-1-windows-3.1-latin-1
        CP1250: windows1250 win-1250 cp-1250
        CP1251: windows1251 win-1251 cp-1251 win1251
        CP1253: windows1253 win-1253
        CP1254: windows1254 win-1254 isolatin5
        CP1255: windows1255 win-1255
        CP1256: windows1256 win-1256
        CP1257: windows1257 win-1257
        CP1258: windows1258 vietnamese
        VISCII: viscii
        ISO-8859-15: latin-9
        ISO-8859-7: isolatingreek
        GB18030: gb-2312 gb-2312-80 cp936 ms936 euc-cn gb18030-2000 windows-936
        BIG5-HKSCS: cp950 big5hkscs big5-tw windows-950
        CP932: shiftjis cp932 s-jis windows-932
        EUC-JP-MS: eucjp ujis euc-jp-ms
        CP949: euckr cp949 uhc ms949 ksc-5601-1987
        ISO-2022-KR: iso-2022-kr iso2022kr
        ISO-2022-CN: iso-2022-cn
        ISO-2022-CN-EXT: iso-2022-cn-ext
        EUC-TW: euc-tw
        KOI8-R: koi8r
        MACINTOSH: macroman mac-roman
        MAC-UK: mac-cyrillic
        CP437: ibm437 cp437 437
        CP850: ibm850 cp850 850
        TCVN5712-1: tcvn
        """
}
