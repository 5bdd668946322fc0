import News
import Testing

@Suite("Dates of feeds")
struct DatesTests {
    @Test(
        "a date is read in every form that feeds write it in",
        arguments: [
            ("Thu, 27 Mar 2025 09:05:07 GMT", "2025-03-27T09:05:07Z"),
            ("Thu, 27 Mar 25 09:05 +0900", "2025-03-27T00:05:00Z"),
            ("Wed, 27 Mar 2025 09:05:07 EST", "2025-03-27T14:05:07Z"),
            ("27 March 2025", "2025-03-27T00:00:00Z"),
            ("3 Feb 98 1:02:03 GMT", "1998-02-03T01:02:03Z"),
            ("Thu,27 Mar 2025 9:5:7 +00:00", "2025-03-27T09:05:07Z"),
            ("Thu, 27 Mar 2025 24:00:00 +0000", "2025-03-28T00:00:00Z"),
            ("Thu, 27 Mar 2025 09:05:07 GMT+0900 (JST)", "2025-03-27T00:05:07Z"),
            ("Thu, 27 Mar 2025 09:05:07 Asia/Tokyo", "2025-03-27T00:05:07Z"),
            ("Thu, 17 Jul 2025 09:05:07 Europe/Berlin", "2025-07-17T07:05:07Z"),
            ("Thu, 17 Jul 2025 09:05:07 America/New_York", "2025-07-17T13:05:07Z"),
            ("Thu, 27th March, 2025 at 3:04 p.m.", "2025-03-27T15:04:00Z"),
            ("March 27, 2025 - 12:10am", "2025-03-27T00:10:00Z"),
            ("Thu Mar 27 09:05:07 2025", "2025-03-27T09:05:07Z"),
            ("Thu Mar 27 09:05:07 PDT 2025", "2025-03-27T16:05:07Z"),
            ("2025-03-27T09:05:07.123+05:30", "2025-03-27T03:35:07Z"),
            ("2025-03-27 09:05:07 +0530", "2025-03-27T03:35:07Z"),
            ("2025-03-27T09:05Z", "2025-03-27T09:05:00Z"),
            ("20250327T090507Z", "2025-03-27T09:05:07Z"),
            ("20250327090507", "2025-03-27T09:05:07Z"),
            ("2025-03-27+02:00", "2025-03-26T22:00:00Z"),
            ("2025-03", "2025-03-01T00:00:00Z"),
            ("2025", "2025-01-01T00:00:00Z"),
            ("2025-086", "2025-03-27T00:00:00Z"),
            ("20250327", "2025-03-27T00:00:00Z"),
            ("1743066307", "2025-03-27T09:05:07Z"),
            ("1743066307000", "2025-03-27T09:05:07Z"),
            ("27.03.2025 09:05", "2025-03-27T09:05:00Z"),
            ("03/27/2025 9:05 PM", "2025-03-27T21:05:00Z"),
            ("Thu, 27/03/2025", "2025-03-27T00:00:00Z"),
            ("Wed, 05/03/2025", "2025-03-05T00:00:00Z"),
            ("Sat, 05/03/2025", "2025-05-03T00:00:00Z"),
            ("Do, 27 März 2025 09:05:07 +0100", "2025-03-27T08:05:07Z"),
            ("27. März 2025, 09:05 Uhr", "2025-03-27T09:05:00Z"),
            ("jeu., 27 févr. 2025 09:05:07 +0100", "2025-02-27T08:05:07Z"),
            ("Mar, 04 Mars 2025 14h30", "2025-03-04T14:30:00Z"),
            ("jueves, 27 de marzo de 2025", "2025-03-27T00:00:00Z"),
            ("gio, 27 mar 2025 09:05:07 +0100", "2025-03-27T08:05:07Z"),
            ("mar, 04 mar 2025 09:05:07 +0100", "2025-03-04T08:05:07Z"),
            ("Чт, 27 мар 2025 09:05:07 +0300", "2025-03-27T06:05:07Z"),
            ("Πεμ, 27 Μαρ 2025 09:05:07 EET", "2025-03-27T07:05:07Z"),
            ("2025年3月27日(木) 18時05分", "2025-03-27T18:05:00Z"),
            ("2025年03月27日 18:05:07", "2025-03-27T18:05:07Z"),
            ("2025-03-27 오후 6:05:07", "2025-03-27T18:05:07Z"),
            ("2025년 3월 27일 오전 6시 5분", "2025-03-27T06:05:00Z"),
            ("2025-03-27 下午 6:05", "2025-03-27T18:05:00Z"),
            ("2025. 3. 27. 18:05", "2025-03-27T18:05:00Z"),
        ])
    func reads(text: String, expected: String) {
        #expect(FeedDate.parse(text)?.rfc3339 == expected)
    }

    @Test(
        "what is not a date gives nothing rather than nonsense",
        arguments: [
            "", "   ", "yesterday", "Thu, 32 Mar 2025", "Thu, 29 Feb 2025 10:00:00 GMT", "2025-13-01",
            "0001-01-01T00:00:00Z",
            "27 Mar", "Thu, 27 zzz 2025 10:00:00 GMT", "27 Mar 2025 25:61:00", "12:30", "99999999999999999999999",
            "1.2.3.4.5.6", "Thu", "\u{0}\u{1}", String(repeating: "1 ", count: 400), "0000-00-00 00:00:00", "年月日",
        ])
    func refuses(text: String) {
        #expect(FeedDate.parse(text) == nil)
    }

    @Test("a time without a zone is read in the zone that the source is known to use")
    func assumedZone() {
        #expect(FeedDate.parse("2025-03-27 18:05", assumingOffset: 32_400)?.rfc3339 == "2025-03-27T09:05:00Z")
        #expect(FeedDate.parse("2025-03-27 18:05Z", assumingOffset: 32_400)?.rfc3339 == "2025-03-27T18:05:00Z")
    }

    @Test("random text never crashes the reader and what it reads is within its years")
    func random() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        let pieces = [
            "12", "2025", "Mar", ":", "+", "-", " ", "T", "Z", "年", "오후", "GMT", "/", ".", ",", "(", "99", "0", "pm",
            "h", "😀",
            "00:00", "\u{301}", "999999",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int(generator.next() % 12)).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))]
            }
            .joined()
            guard let time = FeedDate.parse(text) else { continue }
            let year = CivilDate(daysSince1970: Int(time.seconds.floorDivided(by: 86_400))).year
            #expect((1899...2287).contains(year), "seed \(seed): \(text)")
        }
    }
}

private struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
