import Foundation
import Glibc
import News
import Testing

@testable import Watch

@Suite struct ConfigurationHostileTests {
    /// The one fault of a main file of these bytes.
    private func fault(_ bytes: [UInt8], in name: String = "feedwatch.yaml") throws -> String? {
        let folder = try ConfigurationFolder([:])
        try folder.write(bytes, to: name)
        let faults = folder.faults()
        #expect(faults.count == 1)
        return faults.first
    }

    @Test("bytes that are not UTF-8 are found where they stand, in characters")
    func notUTF8() throws {
        #expect(
            try fault(Array("excerpt: 1\n# 沖縄".utf8) + [0xE6, 0x97])
                == "feedwatch.yaml:2:5: not UTF-8 – save the file as UTF-8")
        #expect(try fault([0xFF, 0xFE, 0x61, 0x00]) == "feedwatch.yaml:1:1: not UTF-8 – save the file as UTF-8")
        #expect(try fault([0x23, 0xED, 0xA0, 0x80]) == "feedwatch.yaml:1:2: not UTF-8 – save the file as UTF-8")
    }

    @Test("a file at the limit is read, and one byte more is refused")
    func fileSize() throws {
        let most = Limits.configurationFileBytesMax
        let line = Array("# twelve byte\n".utf8)
        var bytes = Array(repeating: line, count: most / line.count).flatMap { $0 }
        bytes += [UInt8](repeating: 0x23, count: most - bytes.count)
        let folder = try ConfigurationFolder([:])
        try folder.write(bytes, to: "feedwatch.yaml")
        #expect(folder.faults() == [])
        #expect(try fault(bytes + [0x23]) == "feedwatch.yaml: is larger than 4 MB – split it into several files")
    }

    /// Ten levels, each nine times the one before: three thousand million values in half a kilobyte.
    private static let bomb: String = {
        let names = "abcdefghij".map(String.init)
        let levels = zip(names, names.dropFirst()).map { inner, outer in
            "\(outer): &\(outer) [\(Array(repeating: "*\(inner)", count: 9).joined(separator: ","))]\n"
        }
        return "a: &a [x,x,x,x,x,x,x,x,x]\n" + levels.joined()
    }()

    @Test(
        "aliases that would swell, as values or as keys, or nest without end, are refused before they are followed",
        arguments: [
            bomb, bomb + "? *j\n: 1\n", bomb + "z: {*j : 1}\n",
            "a0: &a0 [x]\n" + (1...20_000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined(),
            "a: &a [" + String(repeating: "x,", count: 1000) + "]\nb: [" + String(repeating: "*a,", count: 1000)
                + "]\n",
        ])
    func aliasBombs(text: String) throws {
        let said = try fault(Array(text.utf8), in: "sources.d/a.yaml") ?? ""
        #expect(
            said.hasSuffix(
                "more than 500000 values or 64 levels with its aliases – write it with fewer aliases (*name)"))
    }

    @Test(
        "documents nested without end are a fault and no crash",
        arguments: ["[", "{a: ", "? ", "- ", "[{", "? - ", "!a [", "&a [", "*a [", "{? "])
    func deepNesting(unit: String) throws {
        let text = String(repeating: unit, count: 50_000)
        let faults = try ConfigurationFolder(["feedwatch.yaml": text]).faults()
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("feedwatch.yaml:1:") == true)
    }

    @Test("a file with more faults than anyone reads ends with one that says so")
    func manyFaults() throws {
        let text = (0..<5000).map { "k\($0): 1\n" }.joined()
        let faults = try ConfigurationFolder(["feedwatch.yaml": text]).faults()
        #expect(faults.count == Limits.configurationFaultsMax + 1)
        #expect(faults.contains("feedwatch.yaml: has more than 1000 faults – mend these first"))
    }

    @Test("lists and languages beyond all use are refused")
    func longLists() throws {
        let tags = Array(repeating: "x", count: Limits.configurationItemsMax + 1).joined(separator: ",")
        #expect(
            try fault(Array("defaults: {tags: [\(tags)]}".utf8), in: "sources.d/a.yaml")
                == "sources.d/a.yaml:1:12: \"tags\" has 5001 items, at most 5000 are read – split it")
        let languages = (0..<65).map { "en-\(100 + $0): {strong: [x]}" }.joined(separator: ", ")
        #expect(
            try fault(Array("topic: t\nwords: {\(languages)}".utf8), in: "topics.d/a.yaml")
                == "topics.d/a.yaml:2:1: 65 languages, at most 64 are read – remove some")
    }

    @Test("what a terminal would obey is not printed")
    func escapesAreNotPrinted() throws {
        #expect(
            try fault(Array("excerpt: \"\\e[31m\\u202E\\n9\"".utf8))
                == "feedwatch.yaml:1:10: \"excerpt\" must be a whole number from 0 to 2000, not \"\u{FFFD}[31m\u{FFFD}\u{FFFD}9\" – write digits only"
        )
    }

    @Test("folders, links, pipes and files that may not be read are told as what they are")
    func strangeFiles() throws {
        let folder = try ConfigurationFolder(["sources.d/real.txt": "sources: {a: 'https://a.example/'}\n"])
        let files = FileManager.default
        let sources = "\(folder.path)/sources.d"
        try files.createDirectory(atPath: "\(sources)/b.yaml", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: "\(sources)/c.yaml", withDestinationPath: "real.txt")
        try files.createSymbolicLink(atPath: "\(sources)/d.yaml", withDestinationPath: "nowhere.txt")
        try files.createSymbolicLink(atPath: "\(sources)/e.yaml", withDestinationPath: "e.yaml")
        #expect(mkfifo("\(sources)/f.yaml", 0o600) == 0)
        try folder.write([], to: "topics.d")
        #expect(
            folder.faults() == [
                "sources.d/b.yaml: is a folder, where a configuration file should be – move it away",
                "sources.d/d.yaml: is a symbolic link to nothing – mend or remove the link",
                "sources.d/e.yaml: is a symbolic link in a circle – mend or remove the link",
                "sources.d/f.yaml: is no regular file, where a configuration file should be – move it away",
                "topics.d: is a file, where a folder should be – put a folder there",
            ])
        for name in ["b.yaml", "d.yaml", "e.yaml", "f.yaml"] { try files.removeItem(atPath: "\(sources)/\(name)") }
        try files.removeItem(atPath: "\(folder.path)/topics.d")
        #expect(try folder.load().sources.map(\.id) == ["a"])
    }

    @Test("a file without leave to read it is a fault", .enabled(if: geteuid() != 0, "root may read everything"))
    func unreadableFile() throws {
        let folder = try ConfigurationFolder(["feedwatch.yaml": ""])
        #expect(chmod("\(folder.path)/feedwatch.yaml", 0) == 0)
        #expect(
            folder.faults() == [
                "feedwatch.yaml: may not be read by this user – be a member of the group feedwatch "
                    + "(\"sudo adduser NAME feedwatch\", then log in again), and let the group read it"
            ])
    }

    @Test("a folder that is not there is a fault; a vendor folder need not be")
    func missingFolders() throws {
        let folder = try ConfigurationFolder([:])
        #expect(throws: Never.self) {
            try Configuration.load(ConfigurationLocation(folder: folder.path, vendor: folder.path + "/none"))
        }
        #expect {
            try Configuration.load(ConfigurationLocation(folder: folder.path + "/none"))
        } throws: { error in
            (error as? ConfigurationErrors)?.faults.map { folder.relative($0.description) }
                == ["none: there is no such folder – make it, or name another with --config"]
        }
    }

    @Test("a system without time zones knows UTC and says what is missing")
    func noTimeZones() throws {
        let folder = try ConfigurationFolder(["feedwatch.yaml": "timezone: Europe/Paris\n"])
        var location = ConfigurationLocation(folder: folder.path)
        location.zones = folder.path + "/none"
        #expect {
            try Configuration.load(location)
        } throws: { error in
            (error as? ConfigurationErrors)?.faults.map { folder.relative($0.description) } == [
                "feedwatch.yaml:1:11: \"timezone\" is \"Europe/Paris\", and no time zones are in none – install tzdata, or write UTC"
            ]
        }
        try folder.write(Array("timezone: UTC\n".utf8), to: "feedwatch.yaml")
        #expect(try Configuration.load(location).settings.timezone == "UTC")
    }

    @Test(
        "a zone's name never leads out of the folder of zones",
        arguments: ["..", "/etc/hostname", "a/../../x", "", "right/UTC", "posix/UTC", "a//b", "Europe"])
    func zoneNames(name: String) { #expect(!TimeZones(folder: "/usr/share/zoneinfo").contains(name)) }

    @Test("random damage to a good file is read or refused, and never more than that")
    func randomDamage() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let good = Array(ConfigurationDocument.topicExample.utf8)
        let alphabet = Array("\t\n :-[]{}&*!|>'\"%@`#,?x0".utf8) + [0x00, 0x80, 0xC3, 0xE6, 0xFF]
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
                }
            }
            let yaml = ConfigurationYAML(file: "x.yaml")
            do {
                var reader = ConfigurationReader(file: "x.yaml", zones: TimeZones(folder: ""))
                _ = reader.read(try yaml.root(of: bytes), as: .topic)
                #expect(reader.faults.allSatisfy { $0.line > 0 && $0.column > 0 }, "seed \(seed)")
            } catch {
                #expect(error.faults.count == 1, "seed \(seed)")
            }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
