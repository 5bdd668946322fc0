import Fetch
import Markup
import News

/// What an answer without a document means: the server's refusal in its own words, or a bot guard in its place.
extension Polling {
    /// Of an answer without a document.
    func refusal(_ response: FetchResponse) -> Fault {
        if let fault = challenge(insteadOfDocument: response) { return fault }
        let (code, meaning) =
            switch response.status {
            case 204, 205: ("no-content", "the server has nothing to send")
            case 206: ("partial", "a part of the document, though the whole was asked for")
            case 401, 403: ("refused", "the server refuses access")
            case 404: ("not-found", "there is nothing at this address")
            case 410: ("gone", "the server says that it is gone for good")
            case 429, 503: ("throttled", "the server asks to come less often or later")
            case 500...: ("server-error", "the server has a fault")
            default: ("status", "the answer has no document")
            }
        return fault(code, "answered \(response.status): \(meaning)", response)
    }

    /// Why an answer could not be read: what stands in its document's place, else what its reader says.
    func reason(_ error: any Error, _ response: FetchResponse) -> any Error {
        if let fault = challenge(insteadOfDocument: response) { return fault }
        return response.isCut && error is MarkupError ? endless(response) : error
    }

    /// Of a body that goes on beyond its limit and has held nothing.
    func endless(_ response: FetchResponse) -> Fault {
        Fault(
            stage: Stage.fetch.rawValue, code: FetchError.Code.tooLarge.rawValue,
            detail: "\(response.url) is larger than \(response.body.count) bytes, and no whole entry is in them")
    }

    /// A guard says so in the headers, whatever the body is.
    func challenge(announcedBy response: FetchResponse) -> Fault? {
        Challenge.fault(headers: response.headers).map { challenge($0, response) }
    }

    /// Asked of a body that has turned out to be no document.
    func challenge(insteadOfDocument response: FetchResponse) -> Fault? {
        Challenge.fault(
            status: response.status, headers: response.headers, body: response.body,
            contentType: response.headers["Content-Type"]
        ).map { challenge($0, response) }
    }

    private func challenge(_ found: MarkupFault, _ response: FetchResponse) -> Fault {
        fault(found.code, "answered \(response.status): \(found.detail)", response)
    }

    private func fault(_ code: String, _ what: String, _ response: FetchResponse) -> Fault {
        let words = ServerWords.line(response.body, contentType: response.headers["Content-Type"])
        return Fault(
            stage: Stage.fetch.rawValue, code: code,
            detail: "\(response.url) \(what)\(words.map { "; it says: \"\($0)\"" } ?? "")")
    }
}
