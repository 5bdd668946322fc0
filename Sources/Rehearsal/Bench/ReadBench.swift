import Foundation
import Markup
import News

/// `ArticleReader` against a tree of the same pages made by libxml2 and not looked at.
struct ReadBench {
    let bench: Bench

    func run() throws {
        try measure("read, seeds' pages", list: "pages-seeds", repeated: 5)
        try measure("read, corpus of pages", list: "pages-corpus", repeated: 1)
        try memory()
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
    private static func residentMegabytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (fields.dropFirst().first.flatMap { Double($0) } ?? 0) * 4096 / 1e6
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
