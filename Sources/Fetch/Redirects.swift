import News

/// The decisions about redirects (RFC 9110 §15.4).
enum Redirects {
    static let statuses: Set = [301, 302, 303, 307, 308]

    /// The target, when the answer is a redirect that names one. 300 and 304 are answers.
    static func location(status: Int, _ headers: HTTPHeaders) -> String? {
        guard statuses.contains(status), let location = headers["Location"], !location.isEmpty
        else { return nil }
        return location
    }

    /// Refuses a circle, and more than `max` hops.
    static func judge(_ hops: [Hop], max: Int) throws(FetchError) {
        guard let last = hops.last else { return }
        if hops.contains(where: { $0.from == last.to }) {
            throw FetchError(.tooManyRedirects, "redirects in a circle back to \(last.to)")
        }
        guard hops.count <= max else {
            throw FetchError(.tooManyRedirects, "more than \(max) redirects, the last to \(last.to)")
        }
    }
}
