extension WebURL {
    /// The spellings under which an address may have been kept: as given and canonical, with and without a final slash,
    /// with and without `www.`, over https and http. The likeliest first, each once; at most ten.
    public static func spellings(of url: String) -> [String] {
        let canonical = canonical(url)
        guard let parts = WebURL(canonical), let host = parts.host, parts.isWeb else { return [canonical] }
        var spellings = [canonical, url]
        let hosts = [host, host.hasPrefix("www.") ? String(host.dropFirst(4)) : "www." + host]
        let path = parts.path
        let paths = [path, path.hasSuffix("/") ? String(path.dropLast()) : path + "/"].filter { !$0.isEmpty }
        for scheme in [parts.scheme, parts.scheme == "https" ? "http" : "https"] {
            for host in hosts {
                for path in paths {
                    var other = parts
                    (other.scheme, other.host, other.path) = (scheme, host, path)
                    spellings.append(other.description)
                }
            }
        }
        var seen: Set<String> = []
        return spellings.filter { seen.insert($0).inserted }
    }
}
