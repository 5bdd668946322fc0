import Foundation
import NewsTesting
import Testing

@Suite("The site that serves the seeds")
struct SeedsSiteTests {
    private static let wireCopy = "/harbour-courier.example/2025/03/30/us-forces-japan-headquarters.html"

    private func withSite(_ body: (SeedSite, SeedsClient) throws -> Void) throws {
        let site = try SeedSite(folder: SeedsFolder.web)
        defer { site.stop() }
        let port = try #require(site.base.split(separator: ":").last.flatMap { Int($0) })
        try body(site, SeedsClient(port: port))
    }

    @Test("a phase answers with its own files and those of earlier phases, never with later ones")
    func phases() throws {
        try withSite { site, client in
            let older = "/harbour-courier.example/2025/03/28/frigate-refit.html"
            #expect(site.phase == 1)
            #expect(try client.get(older).status == 200)
            #expect(try client.get(Self.wireCopy).status == 404)
            site.phase = 2
            #expect(try client.get(older).status == 200)
            #expect(try client.get(Self.wireCopy).text.contains("40,000 U.S. troops"))
            site.phase = 3
            let corrected = try client.get(Self.wireCopy).text
            #expect(corrected.contains("More than 50,000 U.S. troops"))
            #expect(corrected.contains("Correction, 31 March:"))
            site.phase = 1
            #expect(try client.get(Self.wireCopy).status == 404)
        }
    }

    @Test("a phase beyond the last is the last and one before the first is the first")
    func phaseIsClamped() throws {
        try withSite { site, _ in
            site.phase = 99
            #expect(site.phase == SeedSite.phases.upperBound)
            site.phase = -1
            #expect(site.phase == SeedSite.phases.lowerBound)
        }
    }

    @Test(
        "every feed, sitemap and front page is there in every phase with the type of its format, and no seed host keeps its address",
        arguments: [
            ("/harbour-courier.example/feed.rss", "application/rss+xml"),
            ("/northquay.example/atom.xml", "application/xml"),
            ("/kazami-nippo.example/index.rdf", "application/rdf+xml"),
            ("/reefgazette.example/rss.xml", "application/xml"),
            ("/newsbasin.example/feed.json", "application/feed+json"),
            ("/records.tidewater.example/notices.rss", "application/rss+xml"),
            ("/donglan.example/rss/yaowen.xml", "application/xml"),
            ("/chengnan.example/atom.xml", "application/xml"),
            ("/haeoreum.example/rss/allArticle.xml", "application/xml"),
            ("/calamianpost.example/rss.xml", "application/xml"),
            ("/kestrelmonitor.example/sitemap-news.xml", "application/xml"),
            ("/thenightjar.example/", "text/html"),
        ])
    func feeds(path: String, type: String) throws {
        try withSite { site, client in
            let host = path.split(separator: "/")[0]
            for phase in SeedSite.phases {
                site.phase = phase
                let answer = try client.get(path)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == type)
                #expect(answer.text.contains("\(site.base)/\(host)/"))
                #expect(!answer.text.contains("http://\(host)/"))
            }
        }
    }

    @Test("every page of every outlet is served as HTML in the phase that it belongs to")
    func pages() throws {
        try withSite { site, client in
            for page in try SeedPage.load(SeedsFolder.root) {
                site.phase = try #require(page.path.first?.wholeNumberValue)
                let answer = try client.get(String(page.path.dropFirst()))
                #expect(answer.status == 200 && answer.headers["content-type"] == "text/html", "\(page)")
            }
        }
    }

    @Test("rewriting changes the address alone: put back, the bytes are those of the file, in every encoding")
    func rewriteIsReversible() throws {
        try withSite { site, client in
            for phase in SeedSite.phases {
                site.phase = phase
                for path in SeedsFolder.files("web/\(phase)") {
                    let served = try client.get("/" + path).body
                    let restored = replace(Array("\(site.base)/".utf8), by: Array("http://".utf8), in: served)
                    let file = try SeedsFolder.bytes("web/\(phase)/\(path)")
                    #expect(restored == file, "\(path)")
                }
            }
        }
    }

    @Test("an address in configuration is rewritten as the served ones are, and a stranger's is left alone")
    func configuration() throws {
        try withSite { site, _ in
            #expect(
                site.rewrite("feed: http://newsbasin.example/feed.json")
                    == "feed: \(site.base)/newsbasin.example/feed.json")
            #expect(site.rewrite("http://elsewhere.example/") == "http://elsewhere.example/")
            #expect(site.rewrite("http://newsbasin.example.org/") == "http://newsbasin.example.org/")
        }
    }

    @Test("either validator, sent back as it came, is answered with 304, the validators and no body")
    func notModified() throws {
        try withSite { _, client in
            let path = "/newsbasin.example/feed.json"
            let first = try client.get(path)
            let etag = try #require(first.headers["etag"])
            let date = try #require(first.headers["last-modified"])
            #expect(etag.hasPrefix("\"") && etag.hasSuffix("\""))
            let requests = [
                ["If-None-Match": etag], ["If-None-Match": "W/\(etag)"], ["If-None-Match": "\"other\", \(etag)"],
                ["If-None-Match": "*"], ["If-Modified-Since": date],
                ["If-None-Match": etag, "If-Modified-Since": "Mon"],
            ]
            for headers in requests {
                let answer = try client.get(path, headers)
                #expect(answer.status == 304, "\(headers)")
                #expect(answer.body.isEmpty)
                #expect(answer.headers["etag"] == etag)
                #expect(answer.headers["last-modified"] == date)
            }
        }
    }

    @Test("a validator that is not ours is answered in full, and If-None-Match decides before the date")
    func modified() throws {
        try withSite { _, client in
            let path = "/newsbasin.example/feed.json"
            let date = try #require(try client.get(path).headers["last-modified"])
            let requests = [
                ["If-None-Match": "\"other\""], ["If-None-Match": ""],
                ["If-Modified-Since": "Sun, 30 Mar 2025 00:00:01 GMT"],
                ["If-None-Match": "\"other\"", "If-Modified-Since": date],
            ]
            for headers in requests { #expect(try client.get(path, headers).status == 200, "\(headers)") }
        }
    }

    @Test("a new phase changes both validators of what is new in it and neither of what is not")
    func validatorsFollowTheFile() throws {
        try withSite { site, client in
            func validators(_ path: String) throws -> [String?] {
                let headers = try client.get(path).headers
                return [headers["etag"], headers["last-modified"]]
            }
            let feed = try validators("/northquay.example/atom.xml")
            let page = try validators("/northquay.example/2025/03/29/heron/")
            site.phase = 2
            let next = try validators("/northquay.example/atom.xml")
            #expect(next[0] != feed[0])
            #expect(next[1] != feed[1])
            #expect(try validators("/northquay.example/2025/03/29/heron/") == page)
            site.phase = 3
            #expect(try validators("/northquay.example/atom.xml") == next)
        }
    }

    @Test("a slash at the end is the folder's page, and a query is ignored")
    func indexAndQuery() throws {
        try withSite { _, client in
            let index = try client.get("/northquay.example/2025/03/29/heron/")
            #expect(index.text.contains("great blue heron"))
            let page = try client.get("/harbour-courier.example/2025/03/29/grain-terminal.html?utm_source=rss")
            #expect(page.status == 200)
        }
    }

    @Test(
        "nothing outside the folder can be asked for, and a refusal says so",
        arguments: [
            "/../README.md", "/northquay.example/../../../README.md", "/%2e%2e/README.md", "/..%2fREADME.md",
            "//etc/passwd", "/northquay.example/atom.xml/", "/northquay.example", "/", "/2/newsbasin.example/feed.json",
            "/robots.txt", "*", "/northquay.example/..",
        ])
    func traversal(target: String) throws {
        try withSite { site, client in
            let answer = try client.get(target)
            #expect(answer.status == 404)
            #expect(!answer.body.isEmpty)
            #expect(site.count(status: 404) == 1)
        }
    }

    @Test("HEAD has the head of GET and no body; other methods are refused")
    func methods() throws {
        try withSite { _, client in
            let path = "/reefgazette.example/rss.xml"
            let got = try client.get(path)
            let head = try client.get(path, method: "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers == got.headers)
            let posted = try client.get(path, method: "POST")
            #expect(posted.status == 405)
            #expect(posted.headers["allow"] == "GET, HEAD")
        }
    }

    @Test("every answer is counted by path, status and phase")
    func counts() throws {
        try withSite { site, client in
            let path = "/newsbasin.example/feed.json"
            let etag = try #require(try client.get(path + "?x=1").headers["etag"])
            _ = try client.get(path, ["If-None-Match": etag])
            site.phase = 2
            _ = try client.get(path, ["If-None-Match": etag])
            #expect(site.hits.map(\.status) == [200, 304, 200])
            #expect(site.count(path: path) == 3)
            #expect(site.count(path: path, status: 304) == 1)
            #expect(site.count(status: 200, phase: 2) == 1)
            #expect(site.count(path: "/elsewhere") == 0)
        }
    }

    @Test("a folder without seeds is refused with its name")
    func noSeeds() {
        let error = #expect(throws: SeedSite.FolderError.self) { try SeedSite(folder: SeedsFolder.root + "/sources.d") }
        #expect(error?.description.contains("sources.d: no seeds here") == true)
    }

    private func replace(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: old) {
                result += new
                index += old.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
