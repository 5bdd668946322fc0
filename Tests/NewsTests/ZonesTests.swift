import FoundationEssentials
import Testing

@testable import News

/// A TZif file (RFC 8536) made by hand.
struct HandmadeTZif {
    var version: UInt8 = 0x32
    var times: [Int64] = []
    var indexes: [UInt8] = []
    var types: [(seconds: Int32, isDST: Bool, abbreviation: Int)] = [(0, false, 0)]
    var abbreviations = "UTC\0"
    var footer = ""

    var bytes: [UInt8] {
        let first = version == 0 ? block(timeSize: 4) : HandmadeTZif().header() + HandmadeTZif().data(timeSize: 4)
        guard version != 0 else { return first }
        return first + block(timeSize: 8) + [0x0A] + Array(footer.utf8) + [0x0A]
    }

    private func block(timeSize: Int) -> [UInt8] { header() + data(timeSize: timeSize) }

    private func header() -> [UInt8] {
        Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15 + 12) + big(Int64(times.count), 4)
            + big(Int64(types.count), 4) + big(Int64(abbreviations.utf8.count), 4)
    }

    private func data(timeSize: Int) -> [UInt8] {
        times.flatMap { big($0, timeSize) } + indexes
            + types.flatMap { big(Int64($0.seconds), 4) + [$0.isDST ? 1 : 0, UInt8($0.abbreviation)] }
            + Array(abbreviations.utf8)
    }

    private func big(_ value: Int64, _ size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
    }

    static func ruled(_ rule: String) -> HandmadeTZif {
        var file = HandmadeTZif()
        file.footer = rule
        return file
    }
}

private func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? Timestamp(seconds: 0) }

private func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate { CivilDate(year: year, month: month, day: day) }

@Suite("Zones")
struct ZonesTests {
    static func ruled(_ rule: String) throws -> Zone { try Zone(name: "Test", tzif: HandmadeTZif.ruled(rule).bytes) }

    @Test(
        "Local times follow the footer's rule, also at the moment when clocks change",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2025-03-30T00:59:59Z", "2025-03-30 01:59:59", "CET"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2025-03-30T01:00:00Z", "2025-03-30 03:00:00", "CEST"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2025-10-26T00:59:59Z", "2025-10-26 02:59:59", "CEST"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2025-10-26T01:00:00Z", "2025-10-26 02:00:00", "CET"),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2025-10-04T15:30:00Z", "2025-10-05 02:30:00", "+11"),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2025-04-05T15:00:00Z", "2025-04-06 01:30:00", "+1030"),
            ("EST5EDT,M3.2.0,M11.1.0", "2025-07-04T12:00:00Z", "2025-07-04 08:00:00", "EDT"),
            ("EST5EDT", "2025-07-04T12:00:00Z", "2025-07-04 08:00:00", "EDT"),
            ("EST5EDT,0/0,J365/25", "2025-01-01T05:00:00Z", "2025-01-01 01:00:00", "EDT"),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2025-07-01T00:00:00Z", "2025-07-01 01:00:00", "IST"),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2025-01-01T00:00:00Z", "2025-01-01 00:00:00", "GMT"),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2025-03-29T00:00:00Z", "2025-03-29 03:00:00", "EEST"),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2025-03-30T01:00:00Z", "2025-03-30 00:00:00", "-01"),
            ("JST-9", "2025-12-31T15:00:00Z", "2026-01-01 00:00:00", "JST"),
        ])
    func rules(rule: String, utc: String, local: String, abbreviation: String) throws {
        let zone = try Self.ruled(rule)
        #expect(zone.local(moment(utc)).description == local)
        #expect(zone.offset(at: moment(utc)).abbreviation == abbreviation)
    }

    @Test("A transition table is used up to its end, the first type before it, the footer after it")
    func table() throws {
        var file = HandmadeTZif.ruled("CET-1CEST,M3.5.0,M10.5.0/3")
        file.times = [-1_000_000_000, 0]
        file.indexes = [1, 2]
        file.types = [(561, false, 0), (3600, false, 4), (7200, true, 8)]
        file.abbreviations = "LMT\0CET\0EET\0"
        let zone = try Zone(name: "Test", tzif: file.bytes)
        #expect(zone.offset(at: Timestamp(seconds: -1_000_000_001)).abbreviation == "LMT")
        #expect(zone.offset(at: Timestamp(seconds: -1)).seconds == 3600)
        #expect(zone.offset(at: moment("2025-07-01T00:00:00Z")).abbreviation == "CEST")
        file.footer = ""
        #expect(
            try Zone(name: "Test", tzif: file.bytes).offset(at: moment("2025-07-01T00:00:00Z")).abbreviation == "EET")
    }

    @Test("A version 1 file, 32 bits and without a footer, is read too")
    func versionOne() throws {
        var file = HandmadeTZif()
        (file.version, file.times, file.indexes) = (0, [-86_400], [1])
        (file.types, file.abbreviations) = ([(0, false, 0), (32_400, false, 4)], "LMT\0JST\0")
        let zone = try Zone(name: "Test", tzif: file.bytes)
        #expect(zone.local(Timestamp(seconds: 0)).clock == "09:00")
        #expect(zone.offset(at: Timestamp(seconds: -86_401)).abbreviation == "LMT")
    }

    @Test(
        "The system's own files say what happened",
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Pacific/Apia"), "tzdata is not installed"),
        arguments: [
            ("Europe/Paris", "2025-03-30T01:00:00Z", "2025-03-30 03:00:00"),
            ("Europe/Paris", "2060-07-01T00:00:00Z", "2060-07-01 02:00:00"),
            ("Australia/Lord_Howe", "2025-10-04T15:30:00Z", "2025-10-05 02:30:00"),
            ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29 23:59:59"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31 00:00:00"),
            ("Asia/Kathmandu", "2025-01-01T00:00:00Z", "2025-01-01 05:45:00"),
            ("America/New_York", "1900-01-01T05:00:00Z", "1900-01-01 00:00:00"),
        ])
    func system(name: String, utc: String, local: String) throws {
        let zone = try Zone(name: name, tzif: [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))))
        #expect(zone.local(moment(utc)).description == local)
    }

    @Test(
        "A wall's time is the first of two, and after a gap the first moment that exists",
        arguments: [
            (3, 30, 2, 30, "2025-03-30T01:00:00Z"), (3, 30, 3, 0, "2025-03-30T01:00:00Z"),
            (3, 30, 1, 59, "2025-03-30T00:59:00Z"), (10, 26, 2, 30, "2025-10-26T00:30:00Z"),
            (10, 26, 3, 0, "2025-10-26T02:00:00Z"), (7, 1, 6, 30, "2025-07-01T04:30:00Z"),
        ])
    func wall(month: Int, date: Int, hour: Int, minute: Int, utc: String) throws {
        let zone = try Self.ruled("CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(zone.timestamp(of: day(2025, month, date), hour: hour, minute: minute) == moment(utc))
    }

    @Test(
        "Five years of issues: every local day one, in order, at its hour or after a gap",
        arguments: [
            "CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "UTC0",
            "<-12>12<-11>,M3.2.0/0,M11.1.0/24",
        ])
    func fiveYears(rule: String) throws {
        let zone = try Self.ruled(rule)
        for hour in [LocalTime(hour: 2, minute: 30), LocalTime(hour: 0, minute: 0), LocalTime(hour: 23, minute: 45)] {
            var last = DigestClock.next(after: moment("2020-01-01T12:00:00Z"), at: hour, zone: zone)
            for _ in 0..<(5 * 365) {
                let next = DigestClock.next(after: last.due, at: hour, zone: zone)
                try #require(next.due > last.due && next.day.daysSince1970 == last.day.daysSince1970 + 1)
                let local = zone.local(next.due)
                try #require(local >= LocalDateTime(date: next.day, hour: hour.hour, minute: hour.minute))
                last = next
            }
        }
    }

    @Test(
        "A day that a zone left out has no issue",
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Pacific/Apia"), "tzdata is not installed"))
    func apia() throws {
        let file = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Pacific/Apia"))
        let zone = try Zone(name: "Pacific/Apia", tzif: [UInt8](file))
        let hour = LocalTime(hour: 6, minute: 30)
        let last = DigestClock.next(after: moment("2011-12-29T00:00:00Z"), at: hour, zone: zone)
        #expect(last.day == day(2011, 12, 29))
        let next = DigestClock.next(after: last.due, at: hour, zone: zone)
        #expect(next.day == day(2011, 12, 31))
        #expect(zone.local(next.due).description == "2011-12-31 06:30:00")
    }

    @Test(
        "The last issue is that of the last day whose hour has come",
        arguments: [
            ("2025-03-30T05:59:59Z", "2025-03-29"), ("2025-03-30T06:00:00Z", "2025-03-30"),
            ("2025-03-30T23:59:59Z", "2025-03-30"), ("2025-03-31T00:30:00Z", "2025-03-30"),
        ])
    func lastIssue(time: String, day: String) {
        let last = DigestClock.last(upTo: moment(time), at: LocalTime(hour: 6, minute: 0), zone: .utc)
        #expect(last.day.description == day && last.due <= moment(time))
        #expect(DigestClock.next(after: moment(time), at: LocalTime(hour: 6, minute: 0), zone: .utc).due > moment(time))
    }

    @Test(
        "A source that would come due shortly after the cut-off is asked before it, and none loses more than half of its wait",
        arguments: [
            // Paris: the issue of 06:30 is due at 04:30 UTC, its cut-off is 04:20.
            ("2025-06-01T03:25:00Z", "2025-06-01T04:25:00Z", 0, "2025-06-01T04:19:00Z"),
            ("2025-06-01T03:25:00Z", "2025-06-01T04:25:00Z", 1, "2025-06-01T04:15:00Z"),
            ("2025-06-01T03:25:00Z", "2025-06-01T04:35:00Z", 0, "2025-06-01T04:19:00Z"),
            ("2025-06-01T03:25:00Z", "2025-06-01T04:35:01Z", 0, "2025-06-01T04:35:01Z"),
            ("2025-06-01T03:25:00Z", "2025-06-01T04:20:00Z", 0, "2025-06-01T04:20:00Z"),
            ("2025-06-01T04:18:00Z", "2025-06-01T04:23:00Z", 0, "2025-06-01T04:23:00Z"),
            ("2025-06-01T04:11:00Z", "2025-06-01T04:26:00Z", 0, "2025-06-01T04:19:00Z"),
        ] as [(String, String, Double, String)])
    func beforeCutoff(tried: String, due: String, share: Double, expected: String) throws {
        let pulled = DigestClock.pulledBeforeCutoff(
            moment(due), tried: moment(tried), share: share, at: LocalTime(hour: 6, minute: 30),
            cutoff: .seconds(600), zone: try Self.ruled("CET-1CEST,M3.5.0,M10.5.0/3"))
        #expect(pulled == moment(expected))
    }

    @Test("Every cut and every changed byte of a file is an error or a zone, never a crash")
    func hostileBytes() throws {
        var file = HandmadeTZif.ruled("CET-1CEST,M3.5.0,M10.5.0/3")
        file.times = [-1_000_000_000, 0, 1 << 40]
        file.indexes = [1, 0, 1]
        file.types = [(561, false, 0), (3600, true, 4)]
        file.abbreviations = "LMT\0CET\0"
        let bytes = file.bytes
        for length in 0..<bytes.count {
            #expect(throws: ZoneError.self) { try Zone(name: "T", tzif: Array(bytes[..<length])) }
        }
        for index in bytes.indices {
            for value in [0, 0x2C, 0x7F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                guard let zone = try? Zone(name: "T", tzif: changed) else { continue }
                for seconds in [Int64.min, -1_000_000_001, 0, 1_743_000_000, 1 << 41, Int64.max] {
                    _ = zone.local(Timestamp(seconds: seconds)).description
                    _ = zone.transitions(after: Timestamp(seconds: 0), through: Timestamp(seconds: seconds))
                }
                _ = DigestClock.next(
                    after: moment("2025-03-30T00:00:00Z"), at: LocalTime(hour: 2, minute: 30), zone: zone)
            }
        }
    }

    @Test(
        "A rule that is none is refused, and the error names the zone and the package",
        arguments: [
            "X", "CET", "CET-25", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "<+1-1", "CET-1CEST,M3.5.0/999,J1",
            "CET-1 ",
        ])
    func badRules(rule: String) throws {
        let error = #expect(throws: ZoneError.self) { try Self.ruled(rule) }
        #expect(error?.description.contains("Test") == true && error?.description.contains("tzdata") == true)
    }
}
