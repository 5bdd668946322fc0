import Fetch
import News

/// The table of keys: it drives reading, types, defaults, errors, the sample and the documentation.
enum ConfigurationKeys {
    static let textMost = 300
    static let phraseMost = 200
    static let proseMost = 4000
    static let minute = 60
    static let day = 86_400
    /// The pack that is on unless the main file says otherwise.
    static let defaultPack = "starter"

    static func keys(of kind: ConfigurationMappingKind) -> [ConfigurationKey] {
        switch kind {
        case .main: main
        case .digest: digest
        case .polling: polling
        case .proxy: proxy
        case .keep: keep
        case .indicator: indicator
        case .mail: mail
        case .webhook: webhook
        case .sourceSet: sourceSet
        case .sourcesFile: sourcesFile
        case .source: source
        case .sourceDefaults: sourceDefaults
        case .login: login
        case .robots: robots
        case .expect: expect
        case .links: links
        case .sourceTopics: sourceTopics
        case .entitiesFile: entitiesFile
        case .entity: entity
        case .topic: topic
        case .strengths: strengths
        case .topicEntities: topicEntities
        case .requirement: requirement
        case .against: against
        case .exception: exception
        case .topicDigest: topicDigest
        case .thresholds: thresholds
        case .alert: alert
        case .condition: condition
        case .again: again
        case .atMost: atMost
        case .quiet: quiet
        case .example: example
        case .exampleSource: exampleSource
        }
    }

    // MARK: feedwatch.yaml

    static let main: [ConfigurationKey] = [
        .init(
            "contact", .contact, standard: #""""#,
            "in the User-Agent, so that a webmaster can reach you: the first thing to write"),
        .init("timezone", .timezone, standard: "UTC", "IANA name, for the digest hour and the dates of folders"),
        .init("digest", .mapping(.digest), "the daily digest"),
        .init(
            "excerpt", .integer(0...2000), standard: "240", "characters quoted per story; 0 is headline only"),
        .init("polling", .mapping(.polling), "how sources are read"),
        .init("keep", .mapping(.keep), "how long the database keeps what; files of readers are never deleted"),
        .init(
            "packs", .list(.id), standard: "[\(defaultPack)]", "source packs that are on; docs/sources.md lists them"),
        .init(
            "metrics", .path, standard: #""""#,
            "where to write figures for Prometheus, `…/feedwatch.prom`; nowhere when empty"),
        .init("proxies", .byID(.proxy), "named proxies, for `via` of a source"),
        .init(
            "indicators", .byID(.indicator),
            "what is counted and set beside its usual number in issues, and may alert"),
        .init("mail", .mapping(.mail), "alerts and issues by mail; none without it"),
        .init("webhook", .mapping(.webhook), "alerts and issues as JSON to a web server; none without it"),
    ]

    static let digest: [ConfigurationKey] = [
        .init("at", .localTime, standard: #""06:30""#, "local time at which it appears"),
        .init("cutoff", .duration(0...6 * 3600), standard: "10m", "its window ends this much before `at`"),
        .init(
            "folder", .folder, standard: #""""#,
            "where digests are written; when empty, `digests` of the state folder"),
        .init("below_the_line", .integer(0...100), standard: "10", "how many near misses it lists"),
    ]

    static let polling: [ConfigurationKey] = [
        .init(
            "interval", .duration(minute...7 * day), standard: "60m", "a wish; servers' own words may slow it"),
        .init("transfers", .integer(1...1000), standard: "256", "transfers at a time, of all sources"),
        .init("in_flight", .size(16 << 20...4 << 30), standard: "64MB", "bytes of bodies in flight at a time"),
        .init(
            "robots", .choice(["obey"]), standard: "obey",
            "what robots.txt asks of crawlers is done; `robots` of a source excepts it"),
    ]

    static let proxy: [ConfigurationKey] = [
        .init("url", .proxyURL, .requiredOnce, "its scheme (`http`, `https`, `socks5`, `socks5h`), host and port"),
        .init("login", .id, "the name of a credential, `user:password`, for the proxy itself"),
        .init(
            "names", .choice(["judged", "proxied"]), standard: "judged",
            "`judged`: this machine looks names up first and refuses those that lead to private networks; `proxied`: only "
                + "the proxy looks them up, and where they lead is its affair"),
    ]

    static let keep: [ConfigurationKey] = [
        .init(
            "text", .duration(31 * day...3650 * day), standard: "90d",
            "articles' texts, from their last change; copies are looked for in those of 30 days"),
        .init(
            "versions", .duration(day...3650 * day), standard: "30d",
            "what earlier versions of a text said, from its last change"),
        .init(
            "metadata", .duration(60 * day...3650 * day), standard: "400d",
            "everything else; an entry from when its feed no longer lists it"),
    ]

    static let indicator: [ConfigurationKey] = [
        .init("name", .text(most: textMost), otherwise: "the id", "as shown to readers"),
        .init("words", .list(.text(most: phraseMost)), standard: "[]", "one of these in the article"),
        .init("entities", .list(.id), standard: "[]", "one of these in the article"),
        .init(
            "sources", .list(.mapping(.sourceSet)), standard: "[]",
            "a story counts that has an article from each of these sets; from any source without it"),
        .init(
            "window", .duration(day...7 * day), standard: "1d", "whole days in which stories are counted together"),
        .init(
            "threshold", .integer(2...1000), standard: "30",
            "what comes once in so many days or more seldom is told as unusual"),
        .init(
            "alert", .integer(60...1000), otherwise: "it never alerts",
            "so many stories as come once in so many days or more seldom alert, once a rise"),
    ]

    static let mail: [ConfigurationKey] = [
        .init(
            "server", .text(most: textMost), .requiredOnce,
            "a mail server's name, with a port where it is not the usual one"),
        .init(
            "security", .choice(names(MailServer.Security.self)), standard: "starttls",
            "`starttls`: port 587, and nothing is sent without it; `tls`: port 465; `plain`: port 25, read along by everybody"
        ),
        .init("login", .id, "the name of a credential, `user:password`"),
        .init("ca", .path, otherwise: "the system's", "PEM file of the authorities that its certificate may be from"),
        .init("from", .text(most: textMost), .requiredOnce, "the sender's address"),
        .init("to", .list(.text(most: textMost)), .requiredOnce, "who gets it"),
        .init(
            "alerts", .flag, standard: "true",
            "send alerts, what was held, that sources are blind and that indicators rise"),
        .init("digest", .flag, standard: "true", "send the daily issue"),
    ]

    static let webhook: [ConfigurationKey] = [
        .init("url", .url, .requiredOnce, "where each file's JSON is posted to"),
        .init("login", .id, "the name of a credential with a token (RFC 6750)"),
        .init("ca", .path, otherwise: "the system's", "PEM file of the authorities that its certificate may be from"),
        .init(
            "alerts", .flag, standard: "true",
            "send alerts, what was held, that sources are blind and that indicators rise"),
        .init("digest", .flag, standard: "true", "send the daily issue"),
    ]

    static let sourceSet: [ConfigurationKey] = [
        .init("ids", .list(.id), standard: "[]", "one of these sources"),
        .init("country", .oneOrMore(.country), "the source's country"),
        .init("affiliation", .oneOrMore(.choice(names(Source.Affiliation.self))), "the source's affiliation"),
        .init("origin", .oneOrMore(.choice(names(Source.Origin.self))), "the source's origin"),
        .init("tags", .list(.text(most: 64)), standard: "[]", "one of its tags"),
    ]

    // MARK: sources.d

    static let sourcesFile: [ConfigurationKey] = [
        .init("defaults", .mapping(.sourceDefaults), "for the sources of this file that say nothing else"),
        .init("sources", .byID(.source), "mapping from id; `id: URL` is the shortest form"),
    ]

    static let source: [ConfigurationKey] =
        [
            .init("name", .text(most: textMost), otherwise: "the id", "as shown to readers"),
            .init(
                "feed", .url, otherwise: "one of the three",
                "the URL of a feed document: RSS, Atom, RDF or JSON Feed"),
            .init("page", .url, otherwise: "one of the three", "the URL of an HTML page that lists links to articles"),
            .init(
                "sitemap", .url, otherwise: "one of the three",
                "the URL of an XML sitemap, a Google News sitemap, or an index of sitemaps"),
            .init("links", .mapping(.links), otherwise: "found automatically", "which links of a `page` are entries"),
        ] + sourceCommon + sourceReserved

    static let sourceDefaults: [ConfigurationKey] = sourceCommon + sourceReserved

    private static let sourceCommon: [ConfigurationKey] = [
        .init(
            "enabled", .flag, otherwise: "whether one of its packs is on; `true` without packs",
            "`false` keeps the source and does not read it; `true` reads it whatever packs are on"),
        .init("packs", .list(.id), standard: "[]", "names under which `packs` of the main file turns it on"),
        .init("because", .text(most: textMost), "why it is disabled, in your words"),
        .init("country", .country, "where the outlet is, ISO 3166-1: `JP`"),
        .init("language", .language, "of entries that do not say their own, BCP 47: `ja`, `zh-Hans`"),
        .init("timezone", .timezone, "where times are read that name no zone; UTC when it is not given"),
        .init(
            "interval", .duration(minute...7 * day), otherwise: "`polling.interval`",
            "a wish; the server's own words may slow it; `check` warns below 60m"),
        .init("tags", .list(.text(most: 64)), standard: "[]", "your own words for grouping sources"),
        .init("affiliation", .choice(names(Source.Affiliation.self)), "who stands behind it; shown in every line"),
        .init(
            "reliability", .choice(names(Source.Reliability.self)),
            "your own judgement, A (completely reliable) to F (cannot be judged)"),
        .init("origin", .choice(names(Source.Origin.self)), "what kind of place its texts come from"),
        .init("topics", .mapping(.sourceTopics), "topics that its articles always or never belong to"),
        .init(
            "full_text", .choice(names(Source.FullText.self)), otherwise: "`feed`; of a page or sitemap `fetch`",
            "`feed`: the feed's own text; `fetch`: the page behind each entry; `never`: headline and summary only"),
        .init(
            "article", .selector, otherwise: "looked for",
            "the text on the page behind each entry: `div.story-text`; all of it is taken as it stands there"),
        .init(
            "ids", .choice(names(Source.IDs.self)), otherwise: "`feed`, until its ids were seen to change",
            "what its entries are known by: `feed`: their ids; `address`: their links"),
        .init(
            "fold_copies", .flag, standard: "true",
            "`false`: each of its articles is a text of its own, for notices that look alike and are not; the same page is still the same"
        ),
        .init(
            "time", .choice(names(Source.TimePolicy.self)), standard: "published",
            "which time counts; `first-seen` where the feed's own dates are not to be trusted"),
        .init(
            "excerpt", .integer(0...2000), otherwise: "`excerpt` of the main file",
            "characters quoted per story; 0 is headline only"),
        .init(
            "first_read", .choice(names(Source.FirstRead.self)), standard: "silent",
            "what the first poll does: `silent` reports nothing, `last-24h` files the last day as news"),
        .init("expect", .mapping(.expect), "how often something new is to be expected"),
        .init(
            "critical", .flag, standard: "false", "alert when it cannot be read for 2 h; others after 24 h"),
        .init(
            "private_hosts", .flag, standard: "false", "loopback, private and link-local addresses may be fetched"),
        .init(
            "local_file", .flag, standard: "false",
            "its address may be a file of this machine, `file:///srv/feeds/notices.xml`; links never are"),
        .init("login", .mapping(.login), "what the server is asked with; never sent to another host"),
        .init("via", .id, "a proxy of the main file's `proxies`"),
        .init(
            "user_agent", .text(most: 300), otherwise: "feedwatch with the contact", "what the server is told who asks"),
        .init("headers", .list(.header), standard: "[]", "lines for its own server: `\"Accept-Language: ja\"`"),
        .init(
            "http", .choice(names(RequestOptions.HTTPVersion.self)), otherwise: "`2`",
            "the highest version that is spoken"),
        .init("family", .choice(names(RequestOptions.Family.self)), otherwise: "both", "addresses of this family only"),
        .init("timeout", .duration(5...600), otherwise: "\(Limits.requestSeconds)s", "for a whole request"),
        .init("body_max", .size(64 << 10...64 << 20), otherwise: "by its kind", "bytes of its document, decompressed"),
        .init("ca", .path, otherwise: "the system's", "PEM file of the authorities that its certificate may be from"),
        .init("certificate", .id, "the name of a credential: a PEM file with a client's certificate and key"),
        .init("insecure", .text(most: textMost), "any certificate will do, for this reason; `check` warns of it"),
        .init(
            "robots", .mapping(.robots), otherwise: "obeyed, but on private hosts",
            "whether its listing and article pages, and the feed of a shipped source, obey robots.txt"),
    ]

    private static let sourceReserved: [ConfigurationKey] = [
        .reserved("keep_text", "how long its texts are kept")
    ]

    static let login: [ConfigurationKey] = [
        .init(
            "basic", .id, otherwise: "one of the three",
            "the name of a credential that holds `user:password` (RFC 7617)"),
        .init("bearer", .id, otherwise: "one of the three", "the name of a credential that holds a token (RFC 6750)"),
        .init(
            "cookie", .id, otherwise: "one of the three", "the name of a credential that holds `name=value; name=value`"
        ),
    ]

    static let robots: [ConfigurationKey] = [
        .init("obey", .flag, otherwise: "one of the two", "`true`: it is obeyed on private hosts too"),
        .init(
            "ignore", .text(most: textMost), otherwise: "one of the two",
            "it is not, for this reason: `agreed with their webmaster, 3 May`"),
    ]

    static let expect: [ConfigurationKey] = [
        .init(
            "every", .duration(minute...400 * day), .required, "silence longer than this is said in coverage")
    ]

    static let links: [ConfigurationKey] = [
        .init("select", .selector, "the links, or elements that hold one each: `ul.press li > a`"),
        .init("title", .selector, otherwise: "the link's own text", "the headline, within what holds the link"),
        .init("date", .selector, otherwise: "looked for", "the date, within what holds the link: `time`"),
    ]

    static let sourceTopics: [ConfigurationKey] = [
        .init("always", .list(.id), "its articles match these likely at least, whatever they say"),
        .init("never", .list(.id), "its articles never match these"),
    ]

    // MARK: entities.d

    static let entitiesFile: [ConfigurationKey] = [
        .init("entities", .byID(.entity), "mapping from id")
    ]

    static let entity: [ConfigurationKey] = [
        .init("name", .text(most: textMost), .requiredOnce, "in English, for readers; counts as an alias"),
        .init("type", .text(most: 64), "`unit`, `weapon-system`: your word; `place`, `country`, `exercise`: see above"),
        .init("country", .country, "ISO 3166-1; counted by `require: [{countries: 2}]`"),
        .init("aliases", .byLanguage(.list(.text(most: phraseMost))), "its names, by language"),
        .init(
            "ambiguous", .byLanguage(.list(.text(most: phraseMost))),
            "names that count only beside what settles them in the same topic, as said above"),
        .init(
            "not_within", .byLanguage(.list(.text(most: phraseMost))),
            "longer phrases in which one of the names means something else"),
    ]

    // MARK: topics.d

    static let topic: [ConfigurationKey] = [
        .init("topic", .id, .required, "its id; one file, one topic"),
        .init("name", .text(most: textMost), otherwise: "the id", "as shown to readers"),
        .init("about", .prose(most: proseMost), "what it is about, for people"),
        .init("belongs", .list(.text(most: textMost)), standard: "[]", "what belongs to it, for people"),
        .init("does_not", .list(.text(most: textMost)), standard: "[]", "what does not, for people"),
        .init("words", .byLanguage(.mapping(.strengths)), "its phrases, by language and strength"),
        .init("entities", .mapping(.topicEntities), "ids of entities.d; all aliases, all languages"),
        .init(
            "not_within", .list(.text(most: phraseMost)), standard: "[]",
            "longer phrases in which one of its words means something else"),
        .init("require", .list(.mapping(.requirement)), standard: "[]", "all of these, or it is no match at all"),
        .init("against", .list(.mapping(.against)), standard: "[]", "words that speak against it"),
        .init(
            "elsewhere", .list(.text(most: phraseMost)), standard: "[]",
            "other regions, by name or as ids of entities: what names them more than its own places and actors is about those"
        ),
        .init(
            "thresholds", .mapping(.thresholds), "where a match is likely and clear; `feedwatch topic tune` finds them"),
        .init("digest", .mapping(.topicDigest), "which matches the digest takes"),
        .init("alert", .mapping(.alert), "which matches alert; none without it"),
        .init("tests", .list(.mapping(.example)), standard: "[]", "run by `feedwatch check`"),
    ]

    static let strengths: [ConfigurationKey] = [
        .init("strong", .list(.text(most: phraseMost)), standard: "[]", "one of these decides"),
        .init("normal", .list(.text(most: phraseMost)), standard: "[]", "these support"),
        .init("weak", .list(.text(most: phraseMost)), standard: "[]", "these only add"),
    ]

    static let topicEntities: [ConfigurationKey] = [
        .init("strong", .list(.id), standard: "[]", "entities that decide"),
        .init("weak", .list(.id), standard: "[]", "entities that only add"),
    ]

    static let requirement: [ConfigurationKey] = [
        .init("any_strong", .integer(1...20), "so many different strong words or strong entities"),
        .init("strong_ahead", .integer(1...20), "so many of them in the headline or the lead"),
        .init("in_title", .integer(1...20), "so many different words and entities in the headline, weak ones aside"),
        .init("countries", .integer(1...20), "so many different countries among the entities found"),
    ]

    static let against: [ConfigurationKey] = [
        .init("words", .list(.text(most: phraseMost)), .required, "one of these holds the article back"),
        .init(
            "strength", .choice(names(Topic.Strength.self)), standard: "strong",
            "how much it takes away: a strong word in the headline nearly all"),
        .init("unless", .mapping(.exception), "what lifts it again"),
    ]

    static let exception: [ConfigurationKey] = [
        .init("entity", .choice(["strong", "weak"]), "an entity of this strength of the topic"),
        .init("near", .list(.text(most: phraseMost)), "one of these words in the article"),
    ]

    static let thresholds: [ConfigurationKey] = [
        .init(
            "likely", .integer(1...99), otherwise: "50", "in hundredths of the score, that of a match which is likely"),
        .init("clear", .integer(1...99), otherwise: "60", "of one that is clear; not less than likely"),
    ]

    static let topicDigest: [ConfigurationKey] = [
        .init("from", .choice(["likely", "clear"]), standard: "likely", "a story is in the digest from this match on")
    ]

    static let alert: [ConfigurationKey] = [
        .init("any_of", .list(.mapping(.condition)), standard: "[]", "each line: all its conditions together"),
        .init(
            "never_on_only", .list(.choice(names(Source.Affiliation.self))), standard: "[]",
            "a story that only these affiliations have written of waits until another has"),
        .init("again", .mapping(.again), "when a story that has alerted alerts again"),
        .init("at_most", .mapping(.atMost), "a cap; what is above it comes in one file"),
        .init("quiet", .mapping(.quiet), "hours whose alerts come in one file when they end"),
    ]

    static let again: [ConfigurationKey] = [
        .init(
            "after", .duration(0...7 * day), standard: "6h",
            "from one alert of a story to the next at least; of several topics the shortest; a reason that comes sooner waits"
        ),
        .init(
            "when", .list(.choice(names(Topic.Again.Reason.self))),
            standard: "[correction, new-strong-entity, number-in-headline]",
            "what alerts again, as an update; `new-rule`: a line of `any_of` that did not hold before; `[]`: never"),
    ]

    static let atMost: [ConfigurationKey] = [
        .init(
            "count", .integer(1...1000), .required, "alerts of the topic in a span that begins with the first of them"),
        .init("per", .duration(minute...7 * day), .required, "that span; at its end the rest comes together"),
    ]

    static let quiet: [ConfigurationKey] = [
        .init("from", .localTime, .required, "local time at which they begin"),
        .init("to", .localTime, .required, "local time at which they end, on the next day where it is not later"),
        .init("unless", .list(.text(most: phraseMost)), "an article with one of these words is not held"),
    ]

    static let condition: [ConfigurationKey] = [
        .init("match", .choice(["likely", "clear"]), "at least this match"),
        .init("origin", .oneOrMore(.choice(names(Source.Origin.self))), "the source's origin"),
        .init("affiliation", .oneOrMore(.choice(names(Source.Affiliation.self))), "the source's affiliation"),
        .init("reliability", .choice(names(Source.Reliability.self)), "the source's reliability, at least"),
        .init("country", .oneOrMore(.country), "the source's country"),
        .init("language", .oneOrMore(.language), "the article's language; `zh` takes `zh-Hans`, too"),
        .init(
            "newsrooms", .integer(1...20),
            "so many newsrooms have written of the story for themselves, as its issue counts them"),
        .init("entity", .oneOrMore(.id), "one of these in the article"),
        .init("words", .list(.text(most: phraseMost)), "one of these in the article"),
        .init(
            "near", .list(.text(most: phraseMost)),
            "one of the `words` stands near one of these, some sixteen words apart at most"),
        .init(
            "ahead", .flag, standard: "false",
            "`words` and `near` count in headline and lead only, not in what an article adds further down"),
    ]

    static let example: [ConfigurationKey] = [
        .init("title", .text(most: Limits.titleCharactersMax), .required, "the headline"),
        .init("text", .prose(most: 20_000), "the article; blank lines part its paragraphs"),
        .init("source", .mapping(.exampleSource), "where it is from"),
        .init("expect", .choice(names(Topic.Example.Expectation.self)), .required, "what is to become of it"),
    ]

    static let exampleSource: [ConfigurationKey] = [
        .init("id", .id, "a configured source, which is as it is where the keys below say nothing else"),
        .init("origin", .choice(names(Source.Origin.self)), "as in a source"),
        .init("affiliation", .choice(names(Source.Affiliation.self)), "as in a source"),
        .init("reliability", .choice(names(Source.Reliability.self)), "as in a source"),
        .init("country", .country, "as in a source"),
        .init("language", .language, "of the article"),
        .init("newsrooms", .integer(0...20), otherwise: "`1`", "so many have written of its story for themselves"),
    ]

    private static func names<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> [String] {
        Choice.allCases.map(\.rawValue)
    }
}

extension ConfigurationKeys {
    /// The mapping with the table's defaults for the keys that nobody gave.
    static func completed(
        _ given: ConfigurationMapping?, as kind: ConfigurationMappingKind
    ) -> ConfigurationMapping {
        var mapping = given ?? ConfigurationMapping(place: ConfigurationPlace(file: ""))
        for row in keys(of: kind) where mapping[row.name] == nil {
            guard let value = row.standardValue else { continue }
            mapping.entries.append(
                ConfigurationEntry(key: row.name, place: mapping.place, value: value, valuePlace: mapping.place))
        }
        return mapping
    }
}

extension ConfigurationKey {
    /// `standard`, read as the key's type; a row that cannot be read is our mistake and stops every test.
    var standardValue: ConfigurationValue? {
        guard let standard else { return nil }
        if standard.hasPrefix("["), case .list(let itemType) = type {
            let names = standard.dropFirst().dropLast().split(separator: ", ").map(String.init)
            return .list(
                names.map { ConfigurationItem(value: itemType.standardValue($0, of: name), place: .init(file: "")) })
        }
        let text = standard.hasPrefix("\"") ? String(standard.dropFirst().dropLast()) : standard
        return type.standardValue(text, of: name)
    }
}

extension ConfigurationType {
    fileprivate func standardValue(_ text: String, of name: String) -> ConfigurationValue {
        guard let value = try? read(text, zones: TimeZones(folder: "")) else {
            preconditionFailure("the default of \(name) is no \(noun)")
        }
        return value
    }
}
