import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationLayersTests {
    @Test("a later file changes only the keys that it gives, in both layers and in name order")
    func laterFilesOverride() throws {
        let vendor = try ConfigurationFolder([
            "sources.d/50-b.yaml": """
            defaults: {country: JP, tags: [vendor], expect: {every: 7d}}
            sources:
              page: {feed: "https://page.example/rss", interval: 6h, name: The Page}
              gone: https://gone.example/rss
            """,
            "feedwatch.yaml": "digest: {at: \"07:00\", cutoff: 20m}\nexcerpt: 100\n",
        ])
        let own = try ConfigurationFolder([
            "sources.d/10-a.yaml": """
            defaults: {country: US, language: en, tags: [mine]}
            sources:
              page: {interval: 3h}
              gone: {enabled: false, because: asked by our librarian}
              new: https://new.example/rss
            """,
            "sources.d/20-b.yaml": "sources: {page: {name: Page, tags: []}, new: {country: KR}}\n",
            "feedwatch.yaml": "contact: mailto:a@b.example\ndigest: {cutoff: 5m}\n",
        ])
        let configuration = try own.load(vendor: vendor)
        var page = Source(id: "page", name: "Page", url: "https://page.example/rss")
        page.interval = .seconds(3 * 3600)
        page.isShipped = true
        page.country = "JP"  // the vendor file's defaults came first
        page.language = "en"  // nobody gave one before
        page.expectEvery = .seconds(7 * 86_400)
        var gone = Source(id: "gone", url: "https://gone.example/rss")
        gone.country = "JP"
        gone.isShipped = true
        gone.language = "en"
        gone.tags = ["vendor"]
        gone.expectEvery = .seconds(7 * 86_400)
        gone.enabled = false
        gone.because = "asked by our librarian"
        var new = Source(id: "new", url: "https://new.example/rss")
        new.country = "KR"
        new.language = "en"
        new.tags = ["mine"]
        #expect(configuration.sources == [gone, new, page])
        #expect(configuration.settings.digestAt == LocalTime(hour: 7, minute: 0))
        #expect(configuration.settings.digestCutoff == .seconds(300))
        #expect(configuration.settings.excerpt == 100)
        #expect(configuration.warnings.isEmpty)
    }

    @Test("a source that is a feed in one file and a page in a later one is a fault at the later one")
    func twoDocumentsAcrossFiles() throws {
        let vendor = try ConfigurationFolder(["sources.d/a.yaml": "sources: {a: 'https://a.example/rss'}\n"])
        let own = try ConfigurationFolder([
            "sources.d/a.yaml": "sources:\n  a: {interval: 3h, page: 'https://a.example/news'}\n"
        ])
        #expect(
            own.faults(vendor: vendor) == [
                "sources.d/a.yaml:2:21: source \"a\" has \"feed\" and \"page\" – keep one of them; a source is one document"
            ])
    }

    @Test("pages and sitemaps are read with their pages fetched, unless the file says otherwise")
    func kinds() throws {
        let sources = try ConfigurationFolder([
            "sources.d/a.yaml": """
            sources:
              a: {page: "https://a.example/news", links: {select: "ul > li", title: h3, date: time}}
              b: {sitemap: "https://b.example/sitemap.xml"}
              c: {sitemap: "https://c.example/sitemap.xml", full_text: never}
              d: https://d.example/rss
            """
        ]).load().sources
        var page = Source(id: "a", url: "https://a.example/news", kind: .page)
        page.links = Source.LinkRules(
            select: try Selector("ul > li"), title: try Selector("h3"), date: try Selector("time"))
        #expect(sources[0] == page)
        #expect(sources.map(\.kind) == [.page, .sitemap, .sitemap, .feed])
        #expect(sources.map(\.fullText) == [.fetch, .fetch, .never, .feed])
    }

    @Test("files are read vendor first, the main file first, folders and names in order, hidden and foreign ones not")
    func filesAreReadInOrder() throws {
        let one = "sources: {a: 'https://a.example/'}\n"
        let vendor = try ConfigurationFolder(["sources.d/90.yaml": one, "feedwatch.yaml": ""])
        let own = try ConfigurationFolder([
            "topics.d/a.yaml": "", "entities.d/a.yaml": "# nothing yet\n", "sources.d/b.yaml": one,
            "sources.d/B.yaml": one,
            "sources.d/10.yaml": one, "sources.d/.hidden.yaml": "[", "sources.d/x.yaml~": "[", "sources.d/x.yml": "[",
            "feedwatch.yaml": "---\n",
        ])
        let configuration = try own.load(vendor: vendor)
        #expect(
            configuration.files == [
                "\(vendor.path)/feedwatch.yaml", "\(vendor.path)/sources.d/90.yaml", "\(own.path)/feedwatch.yaml",
                "\(own.path)/sources.d/10.yaml", "\(own.path)/sources.d/B.yaml", "\(own.path)/sources.d/b.yaml",
                "\(own.path)/entities.d/a.yaml", "\(own.path)/topics.d/a.yaml",
            ])
        #expect(
            configuration.warnings.map { own.relative($0.description) }.contains(
                "sources.d/x.yml: is not read – name it x.yaml"))
    }

    @Test("the hash is that of names and bytes: the same elsewhere, another for every change")
    func hashTellsChanges() throws {
        let text = "sources: {a: 'https://a.example/'}\n"
        let first = try ConfigurationFolder(["sources.d/a.yaml": text]).load().hash
        #expect(first.count == 64)
        #expect(try ConfigurationFolder(["sources.d/a.yaml": text]).load().hash == first)
        #expect(try ConfigurationFolder(["sources.d/b.yaml": text]).load().hash != first)
        #expect(try ConfigurationFolder(["sources.d/a.yaml": text + "#\n"]).load().hash != first)
        #expect(try ConfigurationFolder(["sources.d/a.yaml": text, "feedwatch.yaml": ""]).load().hash != first)
    }

    @Test("topics and entities are merged by id too, languages and strengths one by one")
    func topicsAreMerged() throws {
        let vendor = try ConfigurationFolder([
            "entities.d/a.yaml": "entities: {usfj: {name: U.S. Forces Japan, aliases: {en: [USFJ], ja: [在日米軍]}}}\n",
            "topics.d/a.yaml":
                "topic: t\nname: T\nwords: {en: {strong: [a], weak: [b]}, ja: {strong: [抑止]}}\nalert: {any_of: [{match: clear}]}\n",
        ])
        let own = try ConfigurationFolder([
            "entities.d/a.yaml": "entities: {usfj: {country: US, aliases: {en: [USFJ, US Forces Japan]}}}\n",
            "topics.d/z.yaml": "topic: t\nwords: {en: {weak: []}, ja: {normal: [威嚇]}}\nentities: {strong: [usfj]}\n",
        ])
        let configuration = try own.load(vendor: vendor)
        var usfj = Entity(id: "usfj", name: "U.S. Forces Japan")
        usfj.country = "US"
        usfj.aliases = ["en": ["USFJ", "US Forces Japan"], "ja": ["在日米軍"]]
        #expect(configuration.entities == [usfj])
        let topic = try #require(configuration.topics.first)
        #expect(
            topic.words == [
                .init("a", language: "en", strength: .strong), .init("抑止", language: "ja", strength: .strong),
                .init("威嚇", language: "ja", strength: .normal),
            ])
        #expect(topic.name == "T")
        #expect(topic.strongEntities == ["usfj"])
        #expect(topic.alertAnyOf.map(\.match) == [.clear])
    }

    @Test("all faults of all files are told at once, a file that is no YAML with its first one, in order of place")
    func allFaultsAtOnce() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "timezone: Mars\nexcerpt: x\nmial: 1d\n",
            "sources.d/a.yaml":
                "sources:\n  a: ftp://a.example/\n  b: {feed: 'https://b.example/', country: jp, nam: B}\n",
            "sources.d/b.yaml": "sources:\n  c: [\n",
            "sources.d/c.yaml": "sources:\n  d: https://d.example/\n  d: https://e.example/\n",
            "entities.d/a.yaml": "entities:\n  e: {name: E, country: XX}\n",
            "topics.d/a.yaml": "topic: t\nentities: {strong: [e, f]}\n",
            "topics.d/b.yaml": "topic: u\n",
        ])
        let places = folder.faults().map { $0.prefix(while: { $0 != " " }) }
        #expect(
            places == [
                "entities.d/a.yaml:2:25:", "feedwatch.yaml:1:11:", "feedwatch.yaml:2:10:", "feedwatch.yaml:3:1:",
                "sources.d/a.yaml:2:6:", "sources.d/a.yaml:3:44:", "sources.d/a.yaml:3:48:", "sources.d/b.yaml:3:1:",
                "sources.d/c.yaml:2:3:", "topics.d/a.yaml:2:24:", "topics.d/b.yaml:1:8:",
            ])
    }

    @Test("a file that cannot be parsed brings no second fault on what it would have defined")
    func noFollowingFaults() throws {
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": "sources: {a: [\n", "sources.d/b.yaml": "sources: {a: {interval: 3h}}\n",
            "entities.d/a.yaml": "entities: ]\n", "topics.d/a.yaml": "topic: t\nentities: {strong: [usfj]}\n",
        ])
        #expect(folder.faults().map { $0.prefix(while: { $0 != ":" }) } == ["entities.d/a.yaml", "sources.d/a.yaml"])
    }

    @Test("a broken folder yields nothing, and the same folder mended loads again")
    func reload() throws {
        let folder = try ConfigurationFolder(["sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n"])
        let before = try folder.load()
        try folder.write(Array("sources: {a: 'https://a.example/', b: {fed: x}}\n".utf8), to: "sources.d/a.yaml")
        #expect(throws: ConfigurationErrors.self) { try folder.load() }
        try folder.write(
            Array("sources: {a: 'https://a.example/', b: 'https://b.example/'}\n".utf8), to: "sources.d/a.yaml")
        let after = try folder.load()
        #expect(before.sources.map(\.id) == ["a"])
        #expect(after.sources.map(\.id) == ["a", "b"])
        #expect(before.hash != after.hash)
    }

    @Test("haste, plain http and an empty contact are warnings with their places, told once")
    func warnings() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: \"\"\npolling: {interval: 30m}\nmetrics: /run/feedwatch.txt\n",
            "sources.d/a.yaml": """
            defaults: {interval: 59m}
            sources:
              a: http://a.example/
              b: {feed: "https://b.example/", interval: 5m}
              c: {feed: "http://127.0.0.1:8080/", private_hosts: true, interval: 60m}
              d: {feed: "http://d.example/", enabled: false, interval: 1m}
              e: https://e.example/
            """,
        ])
        let warnings = try folder.load().warnings.map { folder.relative($0.description) }
        let haste = "write 60m or more, unless the publisher is glad of it: servers may refuse whoever comes too often"
        #expect(
            warnings == [
                "feedwatch.yaml:1:1: \"contact\" is empty – write mailto:you@example.org, so that a webmaster can reach you",
                "feedwatch.yaml:2:11: \"interval\" of 30m is below 60m – \(haste)",
                "feedwatch.yaml:3:10: \"metrics\" does not end in .prom, and node_exporter passes such files over – name it feedwatch.prom",
                "sources.d/a.yaml:1:12: \"interval\" of 59m is below 60m – \(haste)",
                "sources.d/a.yaml:3:6: \"a\" is read over plain http, where anyone on the way can change it – try https:",
                "sources.d/a.yaml:4:35: \"interval\" of 5m is below 60m – \(haste)",
            ])
    }

    @Test("what is allowed and cannot work as written is a warning with its place", arguments: suspects)
    func suspect(_ suspect: Mistake) throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:x@a.example\n",
            "sources.d/0.yaml": "sources: {first: 'https://0.example/'}\n",
            "entities.d/0.yaml": "entities: {port: {name: Port}}\n", suspect.place.rawValue: suspect.text,
        ])
        let said = try folder.load().warnings.map { folder.relative($0.description) }
        #expect(said == (suspect.said.isEmpty ? [] : ["\(suspect.place.rawValue):\(suspect.said)"]))
    }

    @Test("A set of an indicator that no source is in, or only sources that are switched off, is a warning")
    func emptySets() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": """
            contact: mailto:x@a.example
            indicators:
              ships: {words: [ship], sources: [{ids: [first]}, {country: [JP], tags: [coast]}, {country: [KR]}]}

            """,
            "sources.d/0.yaml":
                "sources: {first: 'https://0.example/', off: {feed: 'https://1.example/', country: KR, enabled: false}}\n",
        ])
        #expect(
            try folder.load().warnings.map { folder.relative($0.description) } == [
                "feedwatch.yaml:3:52: no source is in this set – check country, tags",
                "feedwatch.yaml:3:84: every source of this set is switched off – switch one on, or its pack; until then it counts nothing",
            ])
    }

    static let suspects: [Mistake] = [
        Mistake(
            "one URL in two enabled sources", .sources,
            "sources:\n  a: https://a.example/\n  b: {feed: https://a.example/}\n",
            "3:13: \"b\" reads the same URL as \"a\" – keep one of them, or disable one"),
        Mistake(
            "one URL in an enabled and a disabled source", .sources,
            "sources:\n  a: https://a.example/\n  b: {feed: https://a.example/, enabled: false}\n", ""),
        Mistake(
            "a word without a letter", .topic,
            "topic: a\nwords: {en: {strong: [port, \"-\"]}}\n",
            "2:29: \"-\" has no letter or digit, so it is no word to look for – write a word, or remove it"),
        Mistake(
            "an alias without a letter", .entities, "entities: {x: {name: X, aliases: {ja: [\"…\", 港]}}}\n",
            "1:40: \"…\" has no letter or digit, so it is no word to look for – write a word, or remove it"),
        Mistake(
            "a word against without a letter", .topic,
            "topic: a\nwords: {en: {strong: [port]}}\nagainst: [{words: [\"/\", cruise]}]\n",
            "3:20: \"/\" has no letter or digit, so it is no word to look for – write a word, or remove it"),
        Mistake(
            "an alert that asks for a clear match of weak words", .topic,
            "topic: a\nwords: {en: {weak: [port], normal: [berth]}}\nalert: {any_of: [{match: clear}]}\n",
            "3:26: topic \"a\" has no strong word or entity, so no match is ever clear – add one, or write likely"),
        Mistake(
            "a digest from clear matches of weak words", .topic,
            "topic: a\nwords: {en: {weak: [port]}}\ndigest: {from: clear}\n",
            "3:16: topic \"a\" has no strong word or entity, so no match is ever clear – add one, or write likely"),
        Mistake(
            "a clear match with a strong entity", .topic,
            "topic: a\nwords: {en: {weak: [port]}}\nentities: {strong: [port]}\nalert: {any_of: [{match: clear}]}\n", ""
        ),
        Mistake(
            "more strong words than there are", .topic,
            "topic: a\nwords: {en: {strong: [port, berth]}}\nrequire: [{any_strong: 9}]\n",
            "3:24: \"any_strong\" of 9 is more than topic \"a\" has, 2, so nothing can match it "
                + "– add strong words or entities, or ask for fewer"),
        Mistake(
            "a slip in the id of another region", .topic,
            "topic: a\nwords: {en: {strong: [berth]}}\nelsewhere: [prot, cruise, Prot]\n",
            "3:13: no entity \"prot\", so the word is looked for – did you mean \"port\"?"),
        Mistake(
            "an id of no entity among other regions", .topic,
            "topic: a\nwords: {en: {strong: [berth]}}\nelsewhere: [far-gulf]\n",
            "3:13: no entity \"far-gulf\", so the word is looked for – add it to entities.d, or write the name as texts do"
        ),
        Mistake(
            "a word of every text", .topic, "topic: a\nwords: {en: {strong: [berth, The], weak: [port]}}\n",
            "2:30: \"The\" stands in every text, so as a strong word it tells nothing "
                + "– write the phrase that it is part of, or remove it"),
        Mistake(
            "a phrase of two strengths", .topic,
            "topic: a\nwords: {en: {strong: [Long  Berth], weak: [long berth]}, ja: {weak: [long berth]}}\n",
            "2:44: \"long berth\" is weak and strong in en – keep one of them"),
        Mistake(
            "a word for and against", .topic,
            "topic: a\nwords: {en: {strong: [berth]}}\nagainst: [{words: [Berth]}]\n",
            "3:20: \"Berth\" speaks for the topic and against it – remove it on one side"),
        Mistake(
            "a word that never counts", .topic,
            "topic: a\nwords: {en: {strong: [berth]}}\nnot_within: [dry berth, berth]\n",
            "3:25: \"berth\" is a word of the topic, which not_within then never lets count – remove it on one side"),
        Mistake(
            "an alert without a condition", .topic, "topic: a\nwords: {en: {strong: [port]}}\nalert: {}\n",
            "3:1: \"alert\" has no condition, so topic \"a\" never alerts – write any_of: [{match: clear}] if it should"
        ),
        Mistake(
            "an empty list of conditions", .topic,
            "topic: a\nwords: {en: {strong: [port]}}\nalert: {any_of: []}\n",
            "3:9: \"any_of\" has no condition, so topic \"a\" never alerts – write any_of: [{match: clear}] if it should"
        ),
    ]

    @Test("a folder that is nearly named like one of ours is told, and a file or a folder of another name is not")
    func misnamedFolders() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:x@a.example\n",
            "sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n",
            "source.d/a.yaml": "sources: {b: 'https://b.example/'}\n", "topics/a.yaml": "topic: a\n",
            "entity.d": "a file", "templates/x.yaml": "", "notes.d/x.yaml": "",
        ])
        let configuration = try folder.load()
        #expect(configuration.sources.map(\.id) == ["a"])
        #expect(
            configuration.warnings.map { folder.relative($0.description) } == [
                "source.d: is a folder that is not read – did you mean sources.d?",
                "topics: is a folder that is not read – did you mean topics.d?",
            ])
    }

    @Test(
        "the folder is the flag, else the variable, else the system's, else ./Config; the vendor layer is the system's own",
        arguments: [
            ("/x", "/y", true, "/x", nil), (nil, "/y", true, "/y", nil),
            (nil, "", true, "/etc/feedwatch", "/usr/share/feedwatch"),
            (nil, nil, true, "/etc/feedwatch", "/usr/share/feedwatch"), (nil, nil, false, "./Config", nil),
            ("/etc/feedwatch/", nil, false, "/etc/feedwatch", "/usr/share/feedwatch"), ("/", nil, true, "/", nil),
        ] as [(String?, String?, Bool, String, String?)])
    func location(flag: String?, variable: String?, hasSystem: Bool, folder: String, vendor: String?) {
        let location = ConfigurationLocation.resolve(
            flag: flag, environment: variable.map { ["FEEDWATCH_CONFIG": $0] } ?? [:],
            exists: { $0 == "/etc/feedwatch" && hasSystem })
        #expect(location == ConfigurationLocation(folder: folder, vendor: vendor))
    }
}
