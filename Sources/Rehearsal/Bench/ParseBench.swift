import Foundation
import Markup
import News

/// `FeedParser` against xmllint, which builds a tree (`--noout`) or reads a stream (`--stream`).
struct ParseBench {
    let bench: Bench
    let corpora: String

    private struct Document {
        var file: String
        var type: String?
        var bytes: [UInt8]
    }

    func run() throws {
        var news = BenchNews(names: ["Harbour Board", "Northern Fleet"], seed: 21)
        let generated = try (0..<100).map { number in
            let file = "\(bench.work)/feed-\(number).xml"
            let bytes = news.feed(id: "\(number)", entries: 40, words: 200...600, hour: 5)
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            return Document(file: file, type: "application/rss+xml", bytes: bytes)
        }
        try measure("parse, 100 feeds of 100 KB", generated)
        let folder = corpora + "/feeds-perf"
        guard let list = try? String(contentsOfFile: folder + "/list.tsv", encoding: .utf8) else {
            return bench.row("parse, real feeds", "not measured", floor: "no \(folder)")
        }
        let real = try list.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let file = "\(folder)/\(columns[0])"
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            return Document(
                file: file, type: columns.count > 1 && !columns[1].isEmpty ? String(columns[1]) : nil, bytes: bytes)
        }
        try measure("parse, \(real.count) real feeds", real)
    }

    private func measure(_ stage: String, _ documents: [Document]) throws {
        let megabytes = Double(documents.reduce(0) { $0 + $1.bytes.count }) / 1e6
        var costs: [Double] = []
        var trees: [Double] = []
        var streams: [Double] = []
        let files = documents.map(\.file)
        for _ in 0..<3 {
            if let tree = try bench.xmllint(["--noout"], files),
                let stream = try bench.xmllint(["--noout", "--stream"], files)
            {
                trees.append(tree)
                streams.append(stream)
            }
            let before = CPUTime.ofThisProcess
            for document in documents {
                _ = try? FeedParser.parse(document.bytes, contentType: document.type, url: "https://outlet.example/rss")
            }
            costs.append(CPUTime.ofThisProcess - before)
        }
        let cost = costs.min() ?? 0
        let speed = "\(Bench.number(megabytes / cost)) MB/s"
        guard let tree = trees.min(), let stream = streams.min() else {
            return bench.row(stage, speed, floor: "xmllint is not installed (libxml2-utils)")
        }
        bench.row(stage, speed, floor: "xmllint --noout \(Bench.number(megabytes / tree)) MB/s", ratio: cost / tree)
        bench.row("", "", floor: "xmllint --stream \(Bench.number(megabytes / stream)) MB/s", ratio: cost / stream)
    }
}

extension Bench {
    /// CPU seconds on the files, without those of an empty document; nil where xmllint is not installed.
    func xmllint(_ options: [String], _ files: [String]) throws -> Double? {
        let program = "/usr/bin/xmllint"
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        let empty = work + "/empty.xml"
        try Data("<rss/>".utf8).write(to: URL(fileURLWithPath: empty))
        func seconds(_ files: [String]) throws -> Double {
            let before = CPUTime.ofChildren
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = options + files
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return CPUTime.ofChildren - before
        }
        return max(try seconds(files) - seconds([empty]), 1e-6)
    }
}
