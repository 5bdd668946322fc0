/// The prose and the examples of `docs/configuration.md`; a test reads the examples as files.
extension ConfigurationDocument {
    struct Section {
        var title: String
        var text: String
        var example: String?
        var kinds: [ConfigurationMappingKind]
    }

    static let introduction = """
        # Configuration

        <!-- Made from the table of keys in Sources/Watch/Configuration by "feedwatch config keys"; do not edit. -->

        YAML in UTF-8. Everything is read and checked before anything starts: `feedwatch check` prints every fault as
        `file:line:column: what is wrong – what to do` and exits 78; columns count characters. A daemon that is told to
        reload and finds a fault keeps what it has.

        | file | what is in it |
        |---|---|
        | `feedwatch.yaml` | settings; may be missing |
        | `sources.d/*.yaml` | sources |
        | `entities.d/*.yaml` | named things with their names in several languages |
        | `topics.d/*.yaml` | topics, one in each file |

        The folder is `--config DIR`, else `$FEEDWATCH_CONFIG`, else `/etc/feedwatch` where it exists, else `./Config`. With
        `/etc/feedwatch`, the files of `/usr/share/feedwatch` are read first; any other folder is read alone.

        Files of a folder are read in name order (by bytes); names that begin with a dot or do not end in `.yaml` are left
        alone. A later file that names an id changes only the keys that it gives: mappings change key by key, lists and all
        else as a whole. Per-file `defaults` fill only keys that neither the source nor an earlier file gives. The same id
        twice in one file is an error.

        | value | how it is written |
        |---|---|
        | id | `a-z`, `0-9` and `-`, at most 64 |
        | time span | a whole number and `s`, `m`, `h` or `d`: `90s`, `15m`, `6h`, `2d` |
        | size | a whole number and `KB`, `MB` or `GB`, in steps of 1,024 bytes: `16MB` |
        | time of day | `06:30` |
        | time zone | IANA name, `Europe/Paris`; it must be in `/usr/share/zoneinfo` |
        | country | ISO 3166-1, two capital letters: `JP`, `NO` |
        | language | BCP 47: `ja`, `zh-Hans`, `en-GB` |
        | URL | `http` or `https` with a host, without user name and password |

        The key says how its value is read, so `country: NO` is Norway and needs no quotes. Anchors and aliases work within
        a file; merge keys (`<<`), tags and several documents in one file do not.

        """

    static let sections: [Section] = [
        Section(
            title: "Settings: feedwatch.yaml",
            text: """
                `feedwatch config sample` prints this file with every default in it.

                An indicator counts stories, copies once: those that have, within its window, an article from each of its source
                sets with one of its `words` and one of its `entities`. In issues it stands beside the 28 days before, once they
                are on file; those that are stored already are counted when it is declared. [digests.md](digests.md#indicators)
                says how its surprise is judged. With `alert` it alerts as well, once when its count rises that far.

                Nothing leaves the machine unless `mail` or `webhook` says so. [digests.md](digests.md#leaving-the-machine) says what is
                sent, and what becomes of what a server does not take.
                """, example: indicatorExample,
            kinds: [.main, .digest, .polling, .keep, .proxy, .indicator, .sourceSet, .mail, .webhook]),
        Section(
            title: "Sources: sources.d",
            text: """
                A source has exactly one of `feed`, `page` and `sitemap`. What it says of `topics` goes before what its articles
                say: `topics: {always: [port-access], never: [cruises]}`.
                """,
            example: sourcesExample,
            kinds: [.sourcesFile, .sourceDefaults, .source, .login, .robots, .expect, .links, .sourceTopics]),
        Section(
            title: "Entities: entities.d", text: entitiesText, example: entitiesExample,
            kinds: [.entitiesFile, .entity]),
        Section(
            title: "Topics: topics.d",
            text: """
                One file, one topic. Strong words decide, normal ones support, weak ones only add; `feedwatch explain` uses the
                same words. Without `alert` a topic never alerts.

                A line of `any_of` holds when all its conditions do, and `feedwatch explain` says of each that fails what is there
                instead. Where a condition has a list, one of it is enough. `newsrooms` is the only one that looks at the whole
                story: when another newsroom writes of it, the line is tried again on the articles that are there. In
                `{words: [collision, 衝突], near: [Taiwan, 台湾]}` a word counts where it stands near one of the others;
                `ahead: true` keeps out what articles say last, as background: the director who was fired years ago.

                A story alerts once, and again only for what `again` names, as an update. What `at_most` or `quiet` holds comes in
                one file when it ends; a story waits only while every topic that would alert on it holds it, and counts against
                each such topic's cap. Without the rule, after a reload, it comes at once. A story that `never_on_only` holds is
                let go after two weeks.
                """,
            example: topicExample,
            kinds: [
                .topic, .strengths, .topicEntities, .requirement, .against, .exception, .thresholds,
                .topicDigest, .alert,
                .condition, .again, .atMost, .quiet,
                .example, .exampleSource,
            ]),
    ]

    static let indicatorExample = """
        # feedwatch.yaml
        indicators:
          closed-roads:
            name: closed roadsteads
            words: [roadstead closed, notice to mariners, 航行警報]
            alert: 200
          both-sides:
            name: crossings told by both sides
            words: [crossing, 通過]
            sources: [{country: [JP]}, {country: [KR], origin: [official, newsroom]}]
            window: 7d
            threshold: 100

        """

    static let sourcesExample = """
        # sources.d/20-ports.yaml
        defaults:                       # this file only; each source may override
          country: JP
          language: ja
          tags: [ports]

        sources:
          minato: https://minato.example/rss      # the shortest form

          coast-office:
            name: Coast Office
            feed: https://coast.example/news.atom
            affiliation: government
            origin: official
            reliability: B
            full_text: fetch
            interval: 2h
            expect: {every: 7d}
            critical: true

          pilot-board:                            # no feed: its list of notices is read
            page: https://pilots.example/notices/
            links: {select: "ul.notices li", date: ".day"}

          old-harbour:
            feed: https://harbour.example/feed.json
            enabled: false
            because: closed in spring

        """

    private static let entitiesText = """
        An `ambiguous` name counts for a topic when its article has the entity's clear name too; or a strong word or name of
        the topic and the entity's country; or, in the headline beside it, a clear name of the topic of the same country, or a
        second ambiguous one while the country of either is named. Countries and places do not settle in this last way.

        Of types, a `place` supports and does not decide: however many of them a topic calls strong, it takes a strong or
        normal word, or a strong name that is no place, to make a match; for a clear one in the headline or the lead. Nor do
        places lift words against. An `exercise` is a name and a deed at once.
        """

    static let entitiesExample = """
        # entities.d/20-ports.yaml
        entities:
          naha-port:
            name: Naha Port
            type: place
            country: JP
            aliases: {en: [Port of Naha], ja: [那覇港]}
            ambiguous: {en: [Naha]}
            not_within: {en: [Naha Marathon]}

        """

    static let topicExample = """
        # topics.d/port-access.yaml
        topic: port-access
        name: Port access
        about: Who may berth where, and who says so.
        belongs: [new access agreements, refused visits]
        does_not: [cruise ships]

        words:
          en:
            strong: ["port access agreement", "refused a port visit"]
            normal: [berth]
            weak: [harbour]
          ja: {strong: [寄港拒否], normal: [寄港]}

        entities:
          strong: [naha-port]

        require:
          - any_strong: 1

        against:
          - words: ["cruise ship"]
            unless: {entity: strong}

        digest: {from: likely}
        alert:
          any_of:
            - {match: clear, origin: official}
            - {match: clear, reliability: B, words: [refused], near: [port visit], ahead: true}
            - {match: likely, newsrooms: 2, affiliation: [private, public-service]}
          never_on_only: [party-state]
          again: {after: 6h, when: [correction, new-strong-entity, number-in-headline]}
          at_most: {count: 4, per: 1h}
          quiet: {from: "23:00", to: "04:00", unless: [collision]}

        tests:
          - title: Island refuses a port visit
            text: The port access agreement is suspended, the Coast Office said.
            source: {origin: official}
            expect: alert
          - title: Island refuses a port visit
            source: {affiliation: private, newsrooms: 1}
            expect: digest
          - title: Cruise ship season opens
            expect: nothing

        """
}
