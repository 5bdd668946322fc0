import Foundation
import Markup
import News

/// `ArticleReader` against a tree of the same pages made by libxml2 and not looked at.
struct ReadBench {
    let bench: Bench

    func run() throws {
        try measure("read, seeds' pages", list: "pages-seeds", repeated: 5)
        if let cost = try measure("read, corpus of pages", list: "pages-corpus", repeated: 1) {
            try peers(list: "pages-corpus", beside: cost)
        }
        try memory()
    }

    /// Python programs at the same pages, by their own account of CPU seconds after their start; `PYTHON` names the interpreter
    /// that has them.
    private func peers(list: String, beside cost: Double) throws {
        let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "/usr/bin/python3"
        let code = """
            import sys, time
            pages = [open(path, "rb").read() for path in open(sys.argv[1]).read().split()]
            name = sys.argv[2]
            if name == "resiliparse":
                from resiliparse.extract.html2text import extract_plain_text
                from resiliparse.parse.encoding import bytes_to_str, detect_encoding
                read = lambda page: extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True)
            elif name == "readability-lxml":
                import logging
                from readability import Document
                logging.disable()
                read = lambda page: Document(page.decode("utf-8", "replace")).summary()
            else:
                import trafilatura
                read = lambda page: trafilatura.bare_extraction(page, with_metadata=True, fast=name.endswith("fast"))
            before = time.process_time()
            for page in pages:
                try: read(page)
                except Exception: pass
            print(len(pages), time.process_time() - before)
            """
        for (name, package) in [
            ("resiliparse", "resiliparse"), ("trafilatura, fast", "trafilatura"), ("trafilatura", "trafilatura"),
            ("readability-lxml", "readability-lxml"),
        ] {
            let run = try? Run(python, ["-c", code, "\(bench.work)/\(list)", name])
            let figures = run?.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } ?? []
            guard let run, run.status == 0, figures.count == 2 else {
                bench.row("", "", floor: "\(name) is not installed: pip install \(package)")
                continue
            }
            bench.row(
                "", "", floor: "\(name) \(Bench.number(figures[0] / figures[1])) pages/s", ratio: cost / figures[1])
        }
    }

    /// What stays resident after the first thousand pages, and after a hundred thousand: the seeds' over and over.
    private func memory() throws {
        let files = try String(contentsOfFile: "\(bench.work)/pages-seeds", encoding: .utf8).split(separator: "\n")
        let pages = try files.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: String($0)))) }
        guard !pages.isEmpty else { return }
        var resident: [Double] = []
        for number in 1...100_000 {
            let page = pages[number % pages.count]
            _ = try? ArticleReader.read(page: page, contentType: "text/html", url: "https://outlet.example/a")
            if number == 1000 || number == 100_000 { resident.append(try Self.residentMegabytes()) }
        }
        bench.row(
            "resident after 100,000 pages", "\(Bench.number(resident[1])) MB",
            floor: "after 1,000 \(Bench.number(resident[0])) MB", ratio: resident[1] / resident[0])
    }

    /// proc(5): the second field of statm, in pages of 4 KB.
    static func residentMegabytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (fields.dropFirst().first.flatMap { Double($0) } ?? 0) * 4096 / 1e6
    }

    /// - Parameter list: a file of file names that the run has laid down; where it is missing, nothing is measured.
    /// - Returns: CPU seconds for all pages once; nil where nothing was measured.
    @discardableResult
    private func measure(_ stage: String, list: String, repeated: Int) throws -> Double? {
        let path = "\(bench.work)/\(list)"
        guard let files = try? String(contentsOfFile: path, encoding: .utf8).split(separator: "\n"), !files.isEmpty
        else {
            bench.row(stage, "not measured", floor: bench.missing(list))
            return nil
        }
        let pages = try files.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: String($0)))) }
        var costs: [Double] = []
        var floors: [Double] = []
        for _ in 0..<3 {
            if let floor = try bench.floor("html", [path, "\(repeated)"]) { floors.append(floor[0]) }
            for _ in 0..<repeated {
                let before = CPUTime.ofThisProcess
                for page in pages {
                    _ = try? ArticleReader.read(page: page, contentType: "text/html", url: "https://outlet.example/a")
                }
                costs.append(CPUTime.ofThisProcess - before)
            }
        }
        let cost = costs.min() ?? 0
        let floor = floors.min()
        bench.row(
            "\(stage), \(pages.count)", "\(Bench.number(Double(pages.count) / cost)) pages/s",
            floor: floor.map { "libxml2's bare tree \(Bench.number(Double(pages.count) / $0)) pages/s" }
                ?? bench.missing("html"), ratio: floor.map { cost / $0 })
        return cost
    }
}
