import Foundation
import Markup
import Testing

/// Every label of the WHATWG Encoding standard (§4.2), with a character that tells its encoding from others.
@Suite struct CharsetLabelTests {
    private static let standard: [(String, [UInt8], String)] = [
        ("unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8", [0xC3, 0xA9], "é"),
        ("866 cp866 csibm866 ibm866", [0x80], "А"),
        ("csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2", [0xB1], "ą"),
        ("csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3", [0xA1], "Ħ"),
        ("csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4", [0xA2], "ĸ"),
        (
            "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
            [0xB0], "А"
        ),
        (
            "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
                + "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
            [0xC7], "ا"
        ),
        (
            "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
                + "iso_8859-7 iso_8859-7:1987 sun_eu_greek",
            [0xE1], "α"
        ),
        (
            "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
                + "iso_8859-8 iso_8859-8:1988 visual",
            [0xE0], "א"
        ),
        ("csiso88598i iso-8859-8-i logical", [0xE0], "א"),
        ("csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6", [0xBF], "ŋ"),
        ("iso-8859-13 iso8859-13 iso885913", [0xE0], "ą"),
        ("iso-8859-14 iso8859-14 iso885914", [0xA1], "Ḃ"),
        ("csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9", [0xA4], "€"),
        ("iso-8859-16", [0xAA], "Ș"),
        ("cskoi8r koi koi8 koi8-r koi8_r", [0xC1], "а"),
        ("koi8-ru koi8-u", [0xA4], "є"),
        ("csmacintosh mac macintosh x-mac-roman", [0x8E], "é"),
        ("dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874", [0xA1], "ก"),
        ("cp1250 windows-1250 x-cp1250", [0x8A], "Š"),
        ("cp1251 windows-1251 x-cp1251", [0xE0], "а"),
        (
            "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 "
                + "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
            [0x93], "“"
        ),
        ("cp1253 windows-1253 x-cp1253", [0xE1], "α"),
        (
            "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
                + "windows-1254 x-cp1254",
            [0xFE], "ş"
        ),
        ("cp1255 windows-1255 x-cp1255", [0xE0], "א"),
        ("cp1256 windows-1256 x-cp1256", [0xC7], "ا"),
        ("cp1257 windows-1257 x-cp1257", [0xE0], "ą"),
        ("cp1258 windows-1258 x-cp1258", [0xFE], "₫"),
        ("x-mac-cyrillic x-mac-ukrainian", [0xA2], "Ґ"),
        ("chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk", [0xC4, 0xE3], "你"),
        ("gb18030", [0xC4, 0xE3], "你"),
        ("big5 big5-hkscs cn-big5 csbig5 x-x-big5", [0xA7, 0x41], "你"),
        ("cseucpkdfmtjapanese euc-jp x-euc-jp", [0xA4, 0xA2], "あ"),
        ("csiso2022jp iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ"),
        ("csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis", [0x82, 0xA0], "あ"),
        (
            "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
                + "windows-949",
            [0xB0, 0xA1], "가"
        ),
    ]

    @Test("Each label that browsers know is read as they read it", arguments: standard)
    func label(labels: String, bytes: [UInt8], text: String) {
        for label in labels.split(separator: " ") {
            let served = read(bytes, contentType: "text/xml; charset=\(label)")
            #expect(served.title == text && served.faults.allSatisfy { $0 == "wrong-encoding" }, "\(label)")
            // As the document's own word, in other letters and with blanks around.
            let declared = read(bytes, declaration: "<?xml version='1.0' encoding=' \(label.uppercased()) '?>")
            #expect(declared.title == text, "\(label)")
        }
    }

    @Test(
        "A document that was read far enough to find a label of UTF-16 is not in UTF-16",
        arguments: [
            "csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le", "unicodefffe",
            "utf-16be",
        ])
    func wide(label: String) throws {
        #expect(read([0xC3, 0xA9], contentType: "text/xml; charset=\(label)").title == "é")
        let bytes = Self.document.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let feed = try FeedParser.parse(bytes, contentType: "text/xml; charset=\(label)", url: "")
        #expect(feed.title == "TITLE")
    }

    @Test(
        "What browsers refuse is read where the system can, else named, and so is what nobody knows",
        arguments: [
            ("iso-2022-kr", []), ("csiso2022kr", []), ("iso-2022-cn", []), ("iso-2022-cn-ext", []),
            ("hz-gb-2312", ["unsupported-encoding"]), ("replacement", ["unsupported-encoding"]),
            ("x-user-defined", ["unsupported-encoding"]), ("utf-9", ["unknown-encoding"]),
            ("x-x-x-x-x-latin1", []), ("windows-12520", ["unknown-encoding"]), ("iso-8859-12", ["unknown-encoding"]),
        ])
    func refused(label: String, faults: [String]) {
        let served = read(Array("plain".utf8), contentType: "text/xml; charset=\(label)")
        #expect(served.title == "plain" && served.faults == faults)
    }

    private static let document = "<rss><channel><title>TITLE</title></channel></rss>"

    private func read(
        _ title: [UInt8], contentType: String? = nil, declaration: String = ""
    ) -> (title: String?, faults: [String]) {
        let parts = (declaration + Self.document).components(separatedBy: "TITLE")
        let bytes = Array(parts[0].utf8) + title + Array(parts[1].utf8)
        let feed = try? FeedParser.parse(bytes, contentType: contentType, url: "https://outlet.example/")
        return (feed?.title, feed?.faults.map(\.code) ?? ["refused"])
    }
}
