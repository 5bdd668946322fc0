import Fetch
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// What stands in a feed's place and is no feed.
@Suite struct ChallengeTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private struct Answer {
        var name: String
        var status = 200
        var headers: [(String, String)] = []
        var body: String
        /// In the fault's words.
        var says: String
        var code = "challenge"
    }

    private static let wait = "<html><head><title>Just a moment...</title></head><body>"
    private static let answers: [Answer] = [
        .init(name: "announced", headers: [("cf-mitigated", "challenge")], body: "", says: "Cloudflare"),
        .init(name: "forbidden", status: 403, headers: [("cf-mitigated", "challenge")], body: wait, says: "Cloudflare"),
        .init(
            name: "script", status: 503,
            body: "<!DOCTYPE html><html><body><script>window._cf_chl_opt={}</script></body></html>", says: "Cloudflare"),
        .init(
            name: "worded", headers: [("Server", "cloudflare")], body: wait + "<p>Verify you are human.",
            says: "Cloudflare"),
        .init(
            name: "ddos-guard", status: 403,
            body:
                "<!doctype html><title>DDoS-Guard</title><script src=\"https://check.ddos-guard.net/check.js\"></script>",
            says: "DDoS-Guard"),
        .init(
            name: "akamai", status: 403,
            body: "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>Reference #18.1 "
                + "https://errors.edgesuite.net/18.1</BODY></HTML>", says: "Akamai"),
        .init(
            name: "imperva",
            body: "<html><body><iframe src=\"/_Incapsula_Resource?x=1\">Request unsuccessful.</iframe>",
            says: "Imperva"),
        .init(
            name: "aws", status: 202, headers: [("x-amzn-waf-action", "challenge")], body: "", says: "AWS WAF"),
        .init(
            name: "datadome", status: 403,
            body:
                "<html><head><title>outlet.example</title></head><body><script src=\"https://ct.captcha-delivery.com/c.js\">"
                + "</script></body></html>", says: "DataDome"),
        .init(
            name: "unknown", status: 429, headers: [("Retry-After", "86400")],
            body: "<html><title>Security check</title><body>Please complete the CAPTCHA to go on.</body></html>",
            says: "a bot guard answers"),
        // And what is none.
        .init(
            name: "busy", status: 429,
            body: "Slow down:\u{1B}[2J thirty requests an hour\u{202E} are enough.\nSee /terms",
            says: "says: \"Slow down:[2J thirty requests an hour are enough.\"", code: "throttled"),
        .init(
            name: "closed", status: 403,
            body:
                "<html><head><title>403 Forbidden</title></head><body><center>403 Forbidden</center><hr>nginx/1.22.1</body>",
            says: "answered 403: the server refuses access", code: "refused"),
        .init(
            name: "resting", status: 503,
            body: "<html><title>Please wait</title><body><p>We mend the presses until noon.</body></html>",
            says: "says: \"Please wait\"", code: "throttled"),
        .init(
            name: "front", headers: [("Server", "cloudflare")],
            body:
                "<html><title>Outlet</title><body><script src=\"/cdn-cgi/challenge-platform/scripts/jsd/main.js\"></script>"
                + "<p>Harbour opens. Ferries run.</body></html>", says: "names no feed", code: "not-a-feed"),
        .init(
            name: "report",
            body: "<html><title>Outlet</title><body>"
                + String(
                    repeating: "<p>The page said: verify you are human, and readers were annoyed at that.</p>",
                    count: 60)
                + "</body></html>", says: "names no feed", code: "not-a-feed"),
    ]

    @Test(
        "A bot guard's answer is named with the guard in status, coverage and log, whatever its status; a refusal is not one"
    )
    func named() async throws {
        let answers = Self.answers
        let server = try LoopbackServer { request in
            guard let answer = answers.first(where: { request.path == "/\($0.name)" }) else {
                return Playground.rss([("1", "Ferries run", "Verify you are human.")])
            }
            return .init(
                status: answer.status, headers: [("Content-Type", "text/html")] + answer.headers,
                body: Array(answer.body.utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n  feed: \(server.url("/feed"))\n"
                + answers.map { "  \($0.name): \(server.url("/" + $0.name))\n" }.joined()
                + "  listing: {page: \"\(server.url("/worded"))\"}\n")
        defer { playground.remove() }
        let station = try playground.open(at: start)
        let summary = try await station.onePass()
        #expect(summary.baseline == 1 && summary.faults.count == answers.count + 1)
        let health = try station.store.health(from: start - .seconds(1), to: start)
        let faults = Dictionary(uniqueKeysWithValues: health.map { ($0.source, $0.fault) })
        for answer in answers {
            let fault = try #require(faults[answer.name] ?? nil)
            #expect(fault.code == answer.code, "\(answer.name): \(fault)")
            #expect(fault.detail.contains(answer.says) && !fault.detail.contains("\u{1B}"), "\(answer.name): \(fault)")
        }
        #expect(faults["listing"]??.code == "challenge")
        let due = Dictionary(uniqueKeysWithValues: health.map { ($0.source, $0.nextDue) })
        #expect(due["unknown"] == start + .seconds(86_400) && due["forbidden"] == start + .seconds(3600))
        #expect(due["script"] == start + .seconds(7200))
        _ = try await station.publishDigestNow()
        await station.close()
        let digest = playground.text("digests/2025-03-30.md")
        #expect(digest.contains("*ddos-guard*") && digest.contains("a bot guard (DDoS-Guard) answers"), "\(digest)")
    }

    @Test("A bot guard before an article's page is named, too, and the feed's own words are filed")
    func pages() async throws {
        let polls = Counter()
        let server = try LoopbackServer { request in
            guard request.path != "/rss" else {
                let host = request.header("Host") ?? ""
                let items = (0..<polls.add()).map {
                    "<item><guid isPermaLink=\"false\">\($0)</guid><link>http://\(host)/\($0)</link><title>Ferry \($0)</title></item>"
                }
                return .text(
                    "<rss version=\"2.0\"><channel><title>Outlet</title>\(items.joined())</channel></rss>",
                    type: "text/xml")
            }
            return .text("<html>", type: "text/html", status: 403, headers: [("cf-mitigated", "challenge")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources: {outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}}\n")
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        _ = try await playground.pass(at: start + .seconds(90_000))
        let station = try playground.open(at: start + .seconds(90_060))
        _ = try await station.publishDigestNow()
        await station.close()
        #expect(playground.text("digests/2025-03-31.md").contains("*outlet* 1 article: challenge"))
    }
}
