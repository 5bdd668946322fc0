import ArgumentParser
import Foundation
import NewsTesting

/// Serves seeds/ to a feedwatch that somebody else runs, `make check-service`'s among them.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves seeds/ on loopback until its input ends.",
        discussion: """
            Prints the sources of seeds/ with the addresses at which they are served. A line on standard input is the \
            number of the phase that is served from then on; it is answered by the same number.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The port; 0 is any free one.")
    var port = 0

    func run() async throws {
        let site = try SeedSite(folder: repository.seeds + "/web", port: port)
        defer { site.stop() }
        let sources = try String(contentsOfFile: repository.seeds + "/sources.d/seeds.yaml", encoding: .utf8)
        say(site.rewrite(sources) + "---\n")
        while let line = readLine() {
            guard let phase = Int(line) else { throw ValidationError("\"\(line)\" is no phase – give a number") }
            site.phase = phase
            say("\(site.phase)\n")
        }
    }

    /// At once: whoever started this waits for it, and a pipe would keep it back.
    private func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
