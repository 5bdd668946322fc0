import Fetch
import News

/// How sources are reached: proxies, logins, the way of asking, robots.txt.
extension ConfigurationBuilder {
    mutating func proxies(_ given: ConfigurationMapping?) -> [String: Access.NamedProxy] {
        var proxies: [String: Access.NamedProxy] = [:]
        for entry in given?.entries ?? [] {
            guard case .mapping(let mapping) = entry.value else { continue }
            guard let url = mapping["url"] else {
                let name = ConfigurationReader.clipped(entry.key)
                record(entry.place.fault("proxy \"\(name)\" has no \"url\"", "add one"))
                continue
            }
            guard case .text(let text) = url.value, var proxy = try? Proxy(text) else { continue }
            proxy.resolvesNames = mapping.text("names") == "proxied"
            let credential = mapping.text("login")
            if credential != nil, proxy.scheme == .http, !proxy.isLocal {
                warn(
                    url.valuePlace.fault(
                        "the proxy's login goes over plain http, where anyone on the way can read it", "use https:"))
            }
            proxies[entry.key] = Access.NamedProxy(proxy: proxy, credential: credential)
        }
        return proxies
    }

    mutating func login(_ given: ConfigurationMapping?) -> Source.LoginName? {
        guard let given else { return nil }
        let found = Source.LoginName.Scheme.allCases.compactMap { scheme in
            given.text(scheme.rawValue).map { Source.LoginName(scheme: scheme, credential: $0) }
        }
        if found.count != 1, given.entries.count != 1 {
            record(given.place.fault("\"login\" wants one of basic, bearer and cookie", "keep one of them"))
        }
        return found.first
    }

    func asking(_ mapping: ConfigurationMapping) -> Source.Asking {
        var asking = Source.Asking()
        asking.userAgent = mapping.text("user_agent")
        asking.headers = mapping.texts("headers")
        asking.http = mapping.text("http")
        asking.family = mapping.text("family")
        asking.timeout = mapping.duration("timeout")
        asking.bodyMax = mapping.number("body_max")
        asking.authorities = mapping.text("ca").flatMap { $0.isEmpty ? nil : $0 }
        asking.certificate = mapping.text("certificate")
        asking.insecure = mapping.text("insecure")
        return asking
    }

    mutating func robots(_ given: ConfigurationMapping?) -> Source.RobotsPolicy? {
        guard let given else { return nil }
        let obeys = given.flag("obey")
        let reason = given.text("ignore")
        if given.entries.count != 1 || obeys == false {
            record(
                given.place.fault("\"robots\" wants obey: true, or ignore: with your reason", "keep one of them"))
        }
        return reason.map { .ignore(because: $0) } ?? (obeys == true ? .obey : nil)
    }

    mutating func judgeAccess(of source: Source, _ given: ConfigurationMapping, proxies: [String]) {
        if let via = source.via, !proxies.contains(via), let place = given["via"]?.valuePlace {
            let near = Spelling.nearest(to: via, among: proxies)
            record(
                place.fault(
                    "there is no proxy \"\(via)\" in feedwatch.yaml",
                    near.map { "did you mean \"\($0)\"?" } ?? "write it below proxies: there"))
        }
        if FileAddress.isFile(source.url), !source.localFile, let place = given[source.kind.rawValue]?.valuePlace {
            record(
                place.fault(
                    "\"\(source.id)\" is a file of this machine, which needs local_file: true at the source",
                    "write it there, or an http or https URL"))
        }
        if source.asking.insecure != nil, source.enabled, let place = given["insecure"]?.place {
            warn(
                place.fault(
                    "\"\(source.id)\" is read from whoever answers, and may be anybody's words",
                    "give the authority's file with ca:"))
        }
        if source.enabled, let key = OpenAddress.keyParameter(of: source.url),
            let place = given[source.kind.rawValue]?.valuePlace
        {
            warn(
                place.fault(
                    "\"\(source.id)\" has a key in its address, \(ConfigurationReader.clipped(key))=, which every member of the "
                        + "group can read",
                    "use login: where the server knows one"))
        }
        if source.login != nil, source.url.lowercased().hasPrefix("http:"), !source.privateHosts,
            let place = given["login"]?.place
        {
            record(
                place.fault(
                    "\"\(source.id)\" is read over plain http, where anyone on the way could read its login",
                    "write https:, or remove the login"))
        }
    }
}
