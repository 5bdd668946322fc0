import Foundation
import Markup
import News

/// `FeedParser` against xmllint, which builds a tree (`--noout`) or reads a stream (`--stream`), and beside other parsers.
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
        try peers(real)
        texts(real)
        try memory(&news)
    }

    private func measure(_ stage: String, _ documents: [Document]) throws {
        let megabytes = megabytes(documents)
        var costs: [Double] = []
        var trees: [Double] = []
        var streams: [Double] = []
        let files = documents.map(\.file)
        for _ in 0..<Bench.rounds {
            if let tree = try bench.xmllint(["--noout"], files),
                let stream = try bench.xmllint(["--noout", "--stream"], files)
            {
                trees.append(tree)
                streams.append(stream)
            }
            let before = CPUTime.ofThisProcess
            for document in documents { _ = Self.parse(document) }
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

    private static func parse(_ document: Document) -> Feed? {
        try? FeedParser.parse(document.bytes, contentType: document.type, url: "https://outlet.example/rss")
    }

    private func megabytes(_ documents: [Document]) -> Double {
        Double(documents.reduce(0) { $0 + $1.bytes.count }) / 1e6
    }

    /// What other parsers make of the same files; `PYTHON` names the interpreter that has Python's.
    private func peers(_ documents: [Document]) throws {
        let list = bench.work + "/parse-files"
        try Data(documents.map(\.file).joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
        let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "/usr/bin/python3"
        func program(_ module: String) -> [String] {
            let code = """
                import sys, \(module)
                for path in open(sys.argv[1]).read().split("\\n"):
                    try: \(module).parse(open(path, "rb").read())
                    except Exception: pass
                """
            return [python, "-c", code, list]
        }
        let shell = "while read -r file || [ -n \"$file\" ]; do sfeed <\"$file\" >/dev/null; done <\"$0\""
        for (name, command, install) in [
            ("fastfeedparser", program("fastfeedparser"), "pip install fastfeedparser"),
            ("feedparser", program("feedparser"), "pip install feedparser"),
            ("sfeed", ["/bin/sh", "-c", "command -v sfeed >/dev/null || exit 9; " + shell, list], "apt install sfeed"),
        ] {
            let before = CPUTime.ofChildren
            guard let run = try? Run(command[0], Array(command.dropFirst())), run.status == 0 else {
                bench.row("", "", floor: "\(name) is not installed: \(install)")
                continue
            }
            let seconds = CPUTime.ofChildren - before
            bench.row("", "", floor: "\(name) \(Bench.number(megabytes(documents) / seconds)) MB/s, its start included")
        }
    }

    /// Made once for each entry that has not been seen, and so apart from parsing.
    private func texts(_ documents: [Document]) {
        let entries = documents.compactMap(Self.parse).flatMap(\.entries)
        let before = CPUTime.ofThisProcess
        var paragraphs = 0
        for entry in entries { paragraphs += ArticleReader.read(entry: entry, language: nil).paragraphs.count }
        let seconds = CPUTime.ofThisProcess - before
        bench.row(
            "text of \(entries.count) entries", "\(Bench.number(seconds / Double(entries.count) * 1e6)) µs/entry",
            floor: "\(paragraphs) paragraphs")
    }

    /// What `feedwatch parse` needs for the largest feed that is taken beyond what it needs for an empty one.
    private func memory(_ news: inout BenchNews) throws {
        let body = news.feed(id: "large", entries: 1900, words: 1000...1000, hour: 5)
        guard body.count < Limits.feedBytesMax else {
            throw Broken("\(body.count) bytes are more than a feed may have")
        }
        let (large, empty) = (bench.work + "/large.xml", bench.work + "/empty-feed.xml")
        try Data(body).write(to: URL(fileURLWithPath: large))
        try Data("<rss><channel/></rss>".utf8).write(to: URL(fileURLWithPath: empty))
        let stage = "parse, \(Bench.number(Double(body.count) / 1e6)) MB: peak"
        guard FileManager.default.isExecutableFile(atPath: bench.work + "/peak") else {
            return bench.row(stage, "not measured", floor: "no C compiler: apt install gcc")
        }
        func peak(_ file: String) throws -> Int {
            let run = try Run(bench.work + "/peak", [BenchDaemon.program, "parse", file])
            guard run.status == 0, let bytes = Int(run.output.split(separator: "\n").first ?? "") else {
                throw Broken("peak ended with \(run.status): \(run.words)")
            }
            return bytes
        }
        let needed = try peak(large) - peak(empty)
        bench.row(
            stage, "\(Bench.number(Double(needed) / 1e6)) MB", floor: "the body, by which the ratio is",
            ratio: Double(needed) / Double(body.count))
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
