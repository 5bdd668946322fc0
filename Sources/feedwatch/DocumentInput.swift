import ArgumentParser
import Fetch
import Foundation
import Markup
import News
import Watch

/// Where a command's document comes from: a file, the standard input, or the web.
struct DocumentOptions: ParsableArguments {
    @Flag(help: "Let an address on loopback or a private network be fetched.")
    var privateHosts = false

    /// A file's bytes, the standard input's (`-`), or what an http(s) address answers, fetched as the daemon does.
    ///
    /// - Throws: `MarkupError` for a file that cannot be read, `FetchError`; `Failure` for an answer without a document.
    func document(_ subject: String, kind: FetchRequest.Kind) async throws -> InputDocument {
        guard InputDocument.isAddress(subject) else {
            return InputDocument(body: try Input.bytes(subject, max: FetchLimits(kind).bodyBytesMax))
        }
        let fetcher = Fetcher(options: FetchOptions(userAgent: "feedwatch/\(feedwatchVersion)"))
        do {
            let response = try await fetcher.fetch(
                FetchRequest(url: subject, kind: kind, allowsPrivateHosts: privateHosts))
            await fetcher.shutdown()
            guard response.hasDocument else { throw Failure("the server answered \(response.status)") }
            return InputDocument(
                body: response.body, contentType: response.headers["Content-Type"], url: response.url,
                contentLanguage: response.headers["Content-Language"], terms: PageTerms(response.headers),
                isCut: response.isCut)
        } catch {
            await fetcher.shutdown()
            throw error
        }
    }
}

/// A document with what was said about it on the way.
struct InputDocument {
    var body: [UInt8]
    var contentType: String?
    /// Empty for a file.
    var url = ""
    var contentLanguage: String?
    var terms = PageTerms()
    /// It goes on beyond what is read of one.
    var isCut = false

    static func isAddress(_ subject: String) -> Bool {
        let lower = subject.prefix(8).lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }
}
