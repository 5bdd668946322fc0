import News
import Testing

@Suite struct RobotsRulesTests {
    private func rules(_ text: String, token: String = "feedwatch") -> RobotsRules {
        RobotsRules(Array(text.utf8), token: token)
    }

    @Test(
        "The group that names us counts alone, whatever its spelling; groups of one name are one; else that of everybody"
    )
    func groups() {
        let text = """
            User-agent: *
            Disallow: /all

            User-Agent: other
            user-agent : FeedWatch/2.0
            Disallow: /first   # a remark

            User-agent: other
            Disallow: /other
            User-agent: feedwatch
            Disallow: /second

            """
        let own = rules(text)
        #expect(!own.allows("/first") && !own.allows("/second") && own.allows("/all") && own.allows("/other"))
        let stranger = rules(text, token: "stranger")
        #expect(!stranger.allows("/all/x") && stranger.allows("/first"))
        // A longer name is another one.
        #expect(rules("User-agent: feedwatcher\nDisallow: /\n").allows("/"))
        #expect(!rules("User-agent: x\nUser-agent: *\nDisallow: /a\n").allows("/a"))
    }

    @Test(
        "The longest pattern decides, allow before disallow; stars, ends and percent signs are read as the RFC has them",
        arguments: [
            ("Allow: /p\nDisallow: /", "/page", true), ("Allow: /folder\nDisallow: /folder", "/folder/page", true),
            ("Allow: /page\nDisallow: /*.htm", "/page.htm", false), ("Allow: /$\nDisallow: /", "/", true),
            ("Allow: /$\nDisallow: /", "/page.htm", false), ("Disallow: *.gif$", "/a.gif", false),
            ("Disallow: *.gif$", "/a.gif?x", true), ("Disallow: /a*b*c", "/a-bb-x-c!", false),
            ("Disallow: /a*b*c", "/a-c-b", true), ("Disallow: /*?print=", "/story?print=1", false),
            ("Disallow: /foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http%3a%2f%2ffoo.bar", false),
            ("Disallow: /%7Ejoe/", "/~joe/x", false), ("Disallow: /ツ", "/%e3%83%84", false),
            ("Disallow: /a%2Fb", "/a/b", true), ("Disallow:", "/x", true), ("Disallow: /", "/robots.txt", true),
            ("Disallow: /x", "", true), ("Disallow: /", "", false), ("Disallow: /*x$", "/x", false),
            ("Disallow: /xy*y$", "/xy", true), ("Disallow: /x**y", "/x1y", false), ("Noindex: /x", "/x", true),
        ])
    func patterns(lines: String, target: String, allowed: Bool) {
        #expect(rules("User-agent: *\n\(lines)\n").allows(target) == allowed)
    }

    @Test("A file is read as it is: a mark at its head, any line ends, other lines, and no file at all")
    func oddFiles() {
        #expect(
            !rules("\u{FEFF}User-agent:*\rDisallow:/a\r\rSitemap: https://x.example/s.xml\rDisallow: /b").allows("/b"))
        #expect(rules("Disallow: /a").allows("/a"))
        #expect(rules("<html>no</html>").allows("/a"))
        #expect(RobotsRules.allowAll.allows("/a"))
        let bytes = Array("User-agent: *\nDisallow: /".utf8) + [0xFF, 0xFE, 0x0A]
        #expect(RobotsRules(bytes, token: "feedwatch").allows("/a"))
    }

    @Test("What comes after 500 KiB does not count, and a file that is made to cost hours is a no at once")
    func limits() {
        let filler = String(repeating: "# \(String(repeating: "x", count: 997))\n", count: 512)
        #expect(rules("User-agent: *\n\(filler)Disallow: /late\n").allows("/late"))
        #expect(!rules("User-agent: *\n\(filler.prefix(500_000))\nDisallow: /early\n").allows("/early"))
        let evil = String(repeating: "a", count: 900)
        let lines = (0..<500).map { "Disallow: /*\(evil)\($0)*b" }.joined(separator: "\n")
        let costly = rules("User-agent: *\n\(lines)\n")
        #expect(!costly.allows("/" + String(repeating: "a", count: 1900)))
        #expect(costly.allows("/short"))
    }
}
