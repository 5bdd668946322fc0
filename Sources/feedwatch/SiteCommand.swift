import ArgumentParser
import News
import Watch

struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Shows or forgets what reading the pages of a site has taught.",
        discussion: """
            Lines that at least three pages of a site repeat are left out of its articles, and where its articles stand is \
            preferred on pages that leave a choice. --forget lets it be learned anew, through the control socket of a \
            running service or without one. A source's "article" is what to write where pages are read wrong.
            """)

    @OptionGroup var state: StateOptions

    @Flag(help: "Forget what its pages have taught.")
    var forget = false

    @Flag(help: "Print a JSON array.")
    var json = false

    @Argument(help: ArgumentHelp("A site, or an address on it; without one all are listed.", valueName: "site"))
    var site: String?

    func validate() throws {
        if forget, site == nil {
            throw ValidationError("--forget wants a site, as in \"feedwatch site outlet.example\"")
        }
        if forget, json { throw ValidationError("--forget prints no data; leave --json out") }
    }

    func run() throws {
        if forget, let site {
            try state.tell(.forgetSite(site))
            return
        }
        let store = try state.openForReading()
        defer { store.close() }
        let rows = try Failure.told { try SiteMemories(store: store).rows(site) }
        try Terminal.show(
            SiteMemories.lines(rows, isWhole: site != nil).map { StyledLine($0) }, or: json ? rows : nil)
    }
}
