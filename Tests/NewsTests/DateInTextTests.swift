import News
import Testing

@Suite struct DateInTextTests {
    @Test(
        "A whole date is found wherever it stands in a line",
        arguments: [
            ("2025-03-30", "2025-03-30"), ("[2025.03.30] Boats leave", "2025-03-30"), ("등록일 2025.03.30.", "2025-03-30"),
            ("2025/3/30 14:05", "2025-03-30"), ("Brussels, 30 March 2025 – Boats leave", "2025-03-30"),
            ("Posted on March 30, 2025 by R. Hollis", "2025-03-30"), ("Sunday, 30 March 2025", "2025-03-30"),
            ("30. März 2025", "2025-03-30"), ("30 de marzo de 2025", "2025-03-30"), ("le 30 mars 2025", "2025-03-30"),
            ("03/30/2025 -", "2025-03-30"), ("30/03/2025", "2025-03-30"), ("30.03.2025 | 3 MB", "2025-03-30"),
            ("20250330", "2025-03-30"), ("2025年3月30日（日）", "2025-03-30"), ("发布时间：2025年03月30日 来源", "2025-03-30"),
            ("2025년 3월 30일", "2025-03-30"), ("令和7年3月30日", "2025-03-30"), ("R7.3.30", "2025-03-30"),
            ("令和元年5月1日", "2019-05-01"), ("民國114年3月30日", "2025-03-30"), ("12 boats, 2025-03-30", "2025-03-30"),
            ("Exercise 2024: 2025-03-30", "2025-03-30"),
        ])
    func found(line: String, day: String) {
        #expect(DateInText.first(in: line)?.rfc3339 == day + "T00:00:00Z")
    }

    @Test(
        "What is no whole date of this world is none",
        arguments: [
            "", "March 2025", "2025", "30 March", "03-30", "2025-02-30", "2025-13-01", "Boats 1 to 30", "令和7年3月",
            "tel. 2025 3412", "1000/2000/3000", "25.03.30", "Resolution 1970 of 5", "3 hours ago",
            String(repeating: "9", count: 5000),
        ])
    func none(line: String) {
        #expect(DateInText.first(in: line) == nil)
    }

    @Test("A day without its year is one in a short line of its own")
    func dayWithoutYear() {
        for line in ["3月30日", "03-30", "[03-30]", "03/30", "30 Mar", "March 30", "3월 30일", "3月30日（日）"] {
            #expect(DateInText.isDayWithoutYear(line), "\(line)")
        }
        for line in [
            "", "2025-03-30", "13-45", "3-30 boats in the harbour", "Boats 3", "12:30", "1 of 20", "March 2025",
        ] {
            #expect(!DateInText.isDayWithoutYear(line), "\(line)")
        }
    }

    @Test("A line with a date and a few words around it is a date's line; a headline with a date in it is not")
    func onlyDate() {
        #expect(DateInText.isOnlyDate("Posted on 30 March 2025, 14:05"))
        #expect(DateInText.isOnlyDate("令和7年3月30日"))
        #expect(!DateInText.isOnlyDate("Statement of 24 March 2025 on the collision at sea"))
        #expect(!DateInText.isOnlyDate("Boats leave"))
    }
}
