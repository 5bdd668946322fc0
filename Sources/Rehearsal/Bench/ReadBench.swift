import Foundation
import Markup
import News

/// `ArticleReader` against a tree of the same pages made by libxml2 and not looked at.
struct ReadBench {
    let bench: Bench

    func run() throws {
        try measure("read, seeds' pages", list: "pages-seeds", repeated: 5)
        try measure("read, corpus of pages", list: "pages-corpus", repeated: 1)
    }

    /// - Parameter list: a file of file names that the run has laid down; where it is missing, nothing is measured.
    private func measure(_ stage: String, list: String, repeated: Int) throws {
        let path = "\(bench.work)/\(list)"
        guard let files = try? String(contentsOfFile: path, encoding: .utf8).split(separator: "\n"), !files.isEmpty
        else {
            return bench.row(stage, "not measured", floor: bench.missing(list))
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
    }
}
