/// A day that stands somewhere in a line of a page: `[2025-03-30] Boats leave`, `Brussels, 30 March 2025`, `2025年3月30日`.
///
/// Only whole dates with a year are found, the years of Japan's eras (`令和7年`, `R7.3.30`) and of the Republic of China
/// (`民國114年`) among them; nothing is filled in from today.
public enum DateInText {
    /// Bytes of a line that are looked at.
    static let lineBytesMax = 400

    /// The first whole date of a line, as midnight UTC; nil when there is none.
    /// - Parameter order: of day and month around slashes, where both readings are possible.
    public static func first(in line: String, _ order: DayOrder = .monthFirst) -> Timestamp? {
        guard line.utf8.contains(where: { (0x30...0x39).contains($0) }) || line.contains("元年"),
            let scan = DateScanner(Array(line.utf8.prefix(lineBytesMax)))
        else { return nil }
        let parts = significant(scan.tokens)
        for index in parts.indices {
            if let date = date(in: parts, yearAt: index, order) {
                return Timestamp(seconds: Int64(date.daysSince1970) * 86_400)
            }
        }
        return nil
    }

    /// Whether a line is a date and hardly anything else: `Posted on 30 March 2025, 14:05`.
    public static func isOnlyDate(_ line: String) -> Bool {
        guard line.utf8.count <= 60, first(in: line) != nil else { return false }
        let letters = line.unicodeScalars.count { $0.properties.isAlphabetic }
        return letters <= 24
    }

    /// Whether a short line is a day without its year, as lists of recent things write it: `3月30日`, `03-30`, `30 Mar`.
    ///
    /// It says that a list is dated, not when: the year is not guessed.
    public static func isDayWithoutYear(_ line: String) -> Bool {
        guard line.utf8.count <= 24, let scan = DateScanner(Array(line.utf8)) else { return false }
        let parts = significant(scan.tokens)
        guard parts.count == 2 else { return false }
        switch (parts[0].part, parts[1].part) {
        case (.month, .number(1...31, 1...2)), (.number(1...31, 1...2), .month): return true
        case (.number(1...12, 1...2), .number(1...31, 1...2)):
            return scan.tokens.contains(.word("月")) || scan.tokens.contains(.word("월"))
                || [0x2D, 0x2F, 0x2E].contains(parts[1].before) && line.utf8.count <= 8
        default: return false
        }
    }

    private enum Part {
        case number(Int, digits: Int)
        case month(Int)
        /// The year before an era's first.
        case era(Int)
        /// A word that is no part of a date.
        case barrier
    }

    /// Numbers, months and eras, with the sign before each number; what stands between the parts of a date is left out.
    private static func significant(_ tokens: [DateScanner.Token]) -> [(part: Part, before: UInt8)] {
        var parts: [(Part, UInt8)] = []
        var sign: UInt8 = 0x20
        for token in tokens {
            switch token {
            case .number(let value, let digits): parts.append((.number(value, digits: digits), sign))
            case .sign(let found):
                if found > 0x20 { sign = found }
                continue
            case .word(let word):
                if let month = DateWords.months[word] {
                    parts.append((.month(month), sign))
                } else if let era = eras[word] {
                    parts.append((.era(era), sign))
                } else if word.hasSuffix("元"), let era = eras[String(word.dropLast())] {
                    parts += [(.era(era), sign), (.number(1, digits: 1), sign)]
                } else if !DateWords.units.contains(word), !DateWords.fillers.contains(word) {
                    if let era = eras.first(where: { $0.key.utf8.count > 1 && word.hasSuffix($0.key) }) {
                        parts.append((.era(era.value), sign))
                    } else {
                        parts.append((.barrier, sign))
                    }
                }
            }
            sign = 0x20
        }
        return parts
    }

    private static func date(in parts: [(part: Part, before: UInt8)], yearAt index: Int, _ order: DayOrder)
        -> CivilDate?
    {
        func number(_ offset: Int, most: Int) -> Int? {
            let at = index + offset
            guard parts.indices.contains(at), case .number(let value, 1...2) = parts[at].part, value <= most else {
                return nil
            }
            return value
        }
        func month(_ offset: Int) -> Int? {
            let at = index + offset
            guard parts.indices.contains(at), case .month(let month) = parts[at].part else { return nil }
            return month
        }
        switch parts[index].part {
        case .era(let base):
            guard let year = number(1, most: 99) ?? longEraYear(parts, index + 1), let month = number(2, most: 12),
                let day = number(3, most: 31)
            else { return nil }
            return valid(base + year, month, day)
        case .number(let value, 8): return valid(value / 10_000, value / 100 % 100, value % 100)
        case .number(let year, 4):
            if let month = number(1, most: 12) ?? month(1), let day = number(2, most: 31),
                let date = valid(year, month, day)
            {
                return date
            }
            if let month = month(-1), let day = number(-2, most: 31) { return valid(year, month, day) }
            if let month = month(-2), let day = number(-1, most: 31) { return valid(year, month, day) }
            guard let first = number(-2, most: 31), let second = number(-1, most: 31), parts[index].before > 0x20
            else { return nil }
            let dayFirst = valid(year, second, first)
            let monthFirst = valid(year, first, second)
            return parts[index].before == UInt8(ascii: "/") && order == .monthFirst
                ? monthFirst ?? dayFirst : dayFirst ?? monthFirst
        default: return nil
        }
    }

    /// The Republic of China's years have three digits.
    private static func longEraYear(_ parts: [(part: Part, before: UInt8)], _ index: Int) -> Int? {
        guard parts.indices.contains(index), case .number(let value, 3) = parts[index].part, value < 200 else {
            return nil
        }
        return value
    }

    private static func valid(_ year: Int, _ month: Int, _ day: Int) -> CivilDate? {
        guard (1970...2199).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    private static let eras: [String: Int] = [
        "令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "民國": 1911, "民国": 1911, "中華民國": 1911,
    ]
}
