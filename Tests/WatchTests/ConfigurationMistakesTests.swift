import Foundation
import News
import Testing

@testable import Watch

/// One mistake in one file that is right otherwise, and what must be said of it: `line:column: what – what to do`.
struct Mistake: Sendable, CustomTestStringConvertible {
    enum Place: String {
        case main = "feedwatch.yaml", sources = "sources.d/a.yaml", entities = "entities.d/a.yaml", topic =
            "topics.d/a.yaml"
    }

    var name: String
    var place: Place
    var text: String
    var said: String

    init(_ name: String, _ place: Place, _ text: String, _ said: String) {
        self.name = name
        self.place = place
        self.text = text
        self.said = said
    }

    var testDescription: String { name }
}

@Suite struct ConfigurationMistakesTests {
    @Test("a mistake is told alone, with its line and column and what to do about it", arguments: mistakes)
    func mistakeIsTold(_ mistake: Mistake) throws {
        let folder = try ConfigurationFolder([mistake.place.rawValue: mistake.text])
        #expect(folder.faults() == ["\(mistake.place.rawValue):\(mistake.said)"])
    }

    static let mistakes: [Mistake] = [
        Mistake(
            "a tab as indentation", .sources,
            "sources:\n\ta: https://a.example/\n",
            "2:1: a character that cannot stand here – indent with spaces, not tabs; quote values "
                + "that begin with @, ` or %"),
        Mistake(
            "a colon in an unquoted value", .sources,
            """
            sources:
              a:
                name: Ports: north

            """,
            "3:16: a colon where no key can be – check the indentation, or quote a value that has "
                + "\": \" in it"),
        Mistake(
            "an open quote", .main,
            """
            contact: "mailto:x@a.example
            timezone: UTC

            """,
            "1:10: this quote is never closed – close it"),
        Mistake(
            "an open bracket", .sources,
            """
            defaults:
              tags: [a, b
            sources:

            """,
            "2:9: this list in brackets is not closed – separate items by commas and end the list "
                + "with ]"),
        Mistake(
            "an open brace", .main,
            """
            digest: {at: 06:30
            excerpt: 1

            """,
            "1:9: this mapping in braces is not closed – separate keys by commas and end it with }"),
        Mistake(
            "a key without a colon", .main,
            """
            excerpt: 240
            contact

            """,
            "2:1: no colon after this key – write \"key: value\""),
        Mistake(
            "an outdented item", .sources,
            """
            sources:
              a:
                tags:
                  - x
                 - y

            """,
            "5:6: a key should stand here – check the indentation and the quotes above"),
        Mistake(
            "an undefined alias", .sources,
            """
            sources:
              a: *b

            """,
            "2:6: an alias without an anchor of its name – quote a value that begins with *"),
        Mistake(
            "a second document", .main,
            """
            excerpt: 240
            ---
            excerpt: 120

            """,
            "2:1: a second document begins – keep one document in a file"),
        Mistake(
            "a value that begins with an at sign", .main,
            "contact: @ops\n",
            "1:10: a character that cannot stand here – indent with spaces, not tabs; quote values "
                + "that begin with @, ` or %"),
        Mistake(
            "an unknown escape", .main,
            "contact: \"mailto:\\q@a.example\"\n",
            "1:18: not YAML: found unknown escape character – check indentation, quotes and brackets "
                + "here and above"),
        Mistake(
            "the same id twice in one file", .sources,
            """
            sources:
              a: https://a.example/
              b: https://b.example/
              a: https://c.example/

            """,
            "2:3: \"a\" stands twice in one mapping, again in line 4 – keep one of them"),
        Mistake(
            "the same key twice in a source", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: JP
                country: KR

            """,
            "4:5: \"country\" stands twice in one mapping, again in line 5 – keep one of them"),
        Mistake(
            "the same id quoted and bare", .sources,
            """
            sources:
              12: https://a.example/
              "12": https://b.example/

            """,
            "2:3: \"12\" stands twice in one mapping, again in line 3 – keep one of them"),
        Mistake(
            "the same key twice in braces", .main,
            "digest: {at: 06:30, at: 07:30}\n",
            "1:10: \"at\" stands twice in one mapping – keep one of them"),
        Mistake(
            "a list for a file", .sources,
            """
            - a
            - b

            """,
            "1:1: the file must be a mapping, not a list – write keys such as defaults: …"),
        Mistake(
            "a word for a file", .main,
            "hello\n",
            "1:1: the file must be a mapping, not \"hello\" – write keys such as contact: …"),
        Mistake(
            "a list where a mapping belongs", .main,
            "digest: [06:30]\n",
            "1:9: \"digest\" must be a mapping, not a list – write its keys below it, indented"),
        Mistake(
            "a scalar where a mapping belongs", .main,
            "digest: 06:30\n",
            "1:9: \"digest\" must be a mapping, not \"06:30\" – write its keys below it, indented"),
        Mistake(
            "sources as a list", .sources,
            """
            sources:
              - a: https://a.example/

            """,
            "2:3: \"sources\" must be a mapping, not a list – write its keys below it, indented"),
        Mistake(
            "a mapping where a scalar belongs", .main,
            "contact: {mail: x}\n",
            "1:10: \"contact\" must be a mailto: or https: address, not a mapping – write "
                + "mailto:you@example.org"),
        Mistake(
            "a list where a scalar belongs", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: [JP, KR]

            """,
            "4:14: \"country\" must be a country (ISO 3166-1, two letters), not a list – write one "
                + "such as JP"),
        Mistake(
            "a scalar where a list belongs", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                tags: ports

            """,
            "4:11: \"tags\" must be a list, not \"ports\" – write [ports]"),
        Mistake(
            "a mapping where a list belongs", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            require: {any_strong: 1}

            """,
            "3:10: \"require\" must be a list, not a mapping – begin each item with \"- \""),
        Mistake(
            "a key that is a list", .sources,
            """
            sources:
              [a, b]: https://a.example/

            """,
            "2:3: a key must be a word, not a list – check brackets and \"?\""),
        Mistake(
            "a key without a value", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country:

            """,
            "4:5: \"country\" has no value – write one, or remove the line"),
        Mistake(
            "a null for a value", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: ~

            """,
            "4:5: \"country\" has no value – write one, or remove the line"),
        Mistake(
            "a tag", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                name: !include b.txt

            """,
            "4:11: \"name\" has the tag !include – remove it; tags are not read"),
        Mistake(
            "a merge key", .sources,
            """
            defaults: &d {country: JP}
            sources:
              a:
                <<: *d
                feed: https://a.example/

            """,
            "4:5: merge keys (<<) are not read – write the keys out, or use defaults:"),
        Mistake(
            "a misspelt key", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                intervall: 60m

            """,
            "4:5: unknown key \"intervall\" – did you mean \"interval\"?"),
        Mistake(
            "a misspelt key of the main file", .main,
            "timezome: UTC\n",
            "1:1: unknown key \"timezome\" – did you mean \"timezone\"?"),
        Mistake(
            "swapped letters", .main,
            """
            excerpt: 240
            digest:
              cutfof: 10m

            """,
            "3:3: unknown key \"cutfof\" – did you mean \"cutoff\"?"),
        Mistake(
            "a mail without recipients", .main,
            "mail: {server: mail.example, from: desk@reader.example}\n",
            "1:1: \"mail\" has no \"to\" – add one"),
        Mistake(
            "a mail server with a path", .main,
            "mail: {server: \"mail.example/x\", from: desk@reader.example, to: [a@reader.example]}\n",
            "1:16: \"mail.example/x\" is no mail server – write its name, and a port where it needs one: mail.example.org:587"
        ),
        Mistake(
            "a mail to nobody's address", .main,
            "mail: {server: mail.example, from: desk@reader.example, to: [analyst]}\n",
            "1:62: \"analyst\" is no mail address: it has no @ – write name@host"),
        Mistake(
            "an indicator of everything", .main,
            "indicators:\n  all: {name: All}\n",
            "2:3: indicator \"all\" has neither words nor entities – add words: or entities:, or it would count every story"
        ),
        Mistake(
            "an indicator by the hour", .main,
            "indicators: {ships: {words: [ship], window: 36h}}\n",
            "1:45: \"window\" is no whole number of days – write 1d to 7d"),
        Mistake(
            "an indicator that alerts on small numbers", .main,
            "indicators: {ships: {words: [ship], alert: 20}}\n",
            "1:44: \"alert\" must be a whole number from 60 to 1000, not \"20\" – write more"),
        Mistake(
            "an indicator that alerts at what is usual", .main,
            "indicators: {ships: {words: [ship], alert: 100, threshold: 300}}\n",
            "1:44: it alerts at what is told as usual: \"alert\" is 100, \"threshold\" 300 – write an alert of 300 or more, or a lower threshold"
        ),
        Mistake(
            "an indicator of a name that nobody has", .main,
            "indicators: {ships: {entities: [usfj]}}\n",
            "1:33: no entity \"usfj\" in any file of entities.d – add it there, or remove it here"),
        Mistake(
            "an indicator of a source that is not there", .main,
            "indicators: {ships: {words: [ship], sources: [{ids: [herald]}]}}\n",
            "1:54: no source \"herald\" in any file of sources.d – check the id"),
        Mistake(
            "a set of sources of a country that there is not", .main,
            "indicators: {ships: {words: [ship], sources: [{country: [ZZZ]}]}}\n",
            "1:58: an item of \"country\" must be a country (ISO 3166-1, two letters), not \"ZZZ\" – write one such as JP"
        ),
        Mistake(
            "an empty set of sources", .main,
            "indicators: {ships: {words: [ship], sources: [{}]}}\n",
            "1:47: the source set is empty – name ids, country, affiliation, origin or tags"),
        Mistake(
            "a key of nobody", .main,
            "frobnicate: 1\n",
            "1:1: unknown key \"frobnicate\" – keys here are contact, timezone, digest, excerpt, "
                + "polling, keep, packs, metrics, proxies, indicators, mail, webhook"),
        Mistake(
            "a path that depends on where the program was started", .main,
            "metrics: run/feedwatch.prom\n",
            "1:10: \"metrics\" must be the absolute path of a file, not \"run/feedwatch.prom\" – write one such as "
                + "/var/lib/prometheus/node-exporter/feedwatch.prom"),
        Mistake(
            "a folder in place of a file", .main,
            "metrics: /var/lib/node_exporter/\n",
            "1:10: \"metrics\" must be the absolute path of a file, not \"/var/lib/node_exporter/\" – write one such as "
                + "/var/lib/prometheus/node-exporter/feedwatch.prom"),
        Mistake(
            "a path in two lines", .main,
            "metrics: \"/var/lib\\n/feedwatch.prom\"\n",
            "1:10: \"metrics\" has several lines or control characters – write it in one line"),
        Mistake(
            "a path that is too long for a system", .main,
            "metrics: /\(String(repeating: "a", count: 4000))\n",
            "1:10: \"metrics\" must be the absolute path of a file, not \"/\(String(repeating: "a", count: 59))…\" – shorten it"
        ),
        Mistake(
            "a key of another mapping", .main,
            "feed: https://a.example/\n",
            "1:1: unknown key \"feed\" – keys here are contact, timezone, digest, excerpt, polling, keep, packs, metrics, "
                + "proxies, indicators, mail, webhook"
        ),
        Mistake(
            "a per-file default that is no default", .sources,
            """
            defaults:
              feed: https://a.example/

            """,
            "2:3: unknown key \"feed\" – keys here are enabled, packs, because, country, "
                + "language, timezone, interval, tags, affiliation, reliability, origin, topics, full_text, article, ids, fold_copies, time, excerpt, first_read, "
                + "expect, critical, private_hosts, local_file, login, via, user_agent, headers, http, family, timeout, "
                + "body_max, ca, "
                + "certificate, insecure, robots"),
        Mistake(
            "texts that would be dropped before copies are looked for in them", .main,
            "keep: {text: 7d}\n",
            "1:14: \"text\" must be from 31d to 3650d, not \"7d\" – write more"),
        Mistake(
            "a misspelt pack", .main,
            "packs: [starter, starterr]\n",
            "1:18: no source is in a pack \"starterr\" – did you mean \"starter\"?"),
        Mistake(
            "a pack of nobody", .main,
            """
            packs:
              - starter
              - atlantis

            """,
            "3:5: no source is in a pack \"atlantis\" – packs are starter"),
        Mistake(
            "packs that are no list", .main,
            "packs: japan\n",
            "1:8: \"packs\" must be a list, not \"japan\" – write [japan]"),
        Mistake(
            "a pack in capitals", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                packs: [Japan]

            """,
            "4:13: an item of \"packs\" must be made of a-z, 0-9 and -, not \"Japan\" – write "
                + "lower-case letters, digits and hyphens, at most 64"),
        Mistake(
            "a misspelt key for packs", .sources,
            """
            defaults:
              pack: [japan]

            """,
            "2:3: unknown key \"pack\" – did you mean \"packs\"?"),
        Mistake(
            "robots.txt ignored everywhere", .main,
            "polling: {robots: ignore}\n",
            "1:19: \"robots\" must be one of obey, not \"ignore\" – write one such as obey"),
        Mistake(
            "robots.txt ignored without a reason", .sources,
            """
            sources:
              a: {page: https://a.example/, robots: {obey: false}}

            """,
            "2:41: \"robots\" wants obey: true, or ignore: with your reason – keep one of them"),
        Mistake(
            "a reserved key of a source", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                keep_text: 30d

            """,
            "4:5: key \"keep_text\" is reserved for a later version – remove it"),
        Mistake(
            "a proxy that nobody has named", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                via: quiet

            """,
            "4:10: there is no proxy \"quiet\" in feedwatch.yaml – write it below proxies: there"),
        Mistake(
            "a proxy without an address", .main,
            "proxies: {quiet: {names: proxied}}\n",
            "1:11: proxy \"quiet\" has no \"url\" – add one"),
        Mistake(
            "a proxy with a password in its address", .main,
            "proxies: {quiet: {url: \"http://me:secret@proxy.example:3128\"}}\n",
            "1:24: \"url\" has a user name or password in it – remove it, and name a credential with login:"),
        Mistake(
            "a proxy without a port", .main,
            "proxies: {quiet: {url: \"socks5h://127.0.0.1\"}}\n",
            "1:24: \"url\" must be the address of a proxy, not \"socks5h://127.0.0.1\" – write one such as "
                + "socks5h://127.0.0.1:9050 or http://proxy.example.org:3128"),
        Mistake(
            "two logins at once", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                login: {basic: a, bearer: b}

            """,
            "4:12: \"login\" wants one of basic, bearer and cookie – keep one of them"),
        Mistake(
            "no login at all", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                login: {}

            """,
            "4:5: \"login\" wants one of basic, bearer and cookie – keep one of them"),
        Mistake(
            "a password in place of a credential's name", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                login: {basic: "me:secret"}

            """,
            "4:20: \"basic\" must be made of a-z, 0-9 and -, not \"me:secret\" – write "
                + "lower-case letters, digits and hyphens, at most 64"),
        Mistake(
            "a login over plain http", .sources,
            """
            sources:
              a:
                feed: http://a.example/
                login: {basic: a}

            """,
            "4:5: \"a\" is read over plain http, where anyone on the way could read its login – write https:, or "
                + "remove the login"),
        Mistake(
            "a secret among the headers", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                headers: ["Cookie: a=b"]

            """,
            "4:15: an item of \"headers\" sets Cookie, which is not its to set – use login: {cookie: …}"),
        Mistake(
            "a header that says where a request goes", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                headers: ["Host: b.example"]

            """,
            "4:15: an item of \"headers\" sets Host, which is not its to set – remove it"),
        Mistake(
            "a header that is none", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                headers: [no colon]

            """,
            "4:15: an item of \"headers\" must be a line of a request, not \"no colon\" – write one such as "
                + "\"Accept-Language: ja\", in quotes"),
        Mistake(
            "a digest folder that is no place of its own", .main,
            "digest: {folder: srv/digests}\n",
            "1:18: \"folder\" must be the absolute path of a folder, not \"srv/digests\" – write one such as /srv/digests"
        ),
        Mistake(
            "a digest folder on the way up", .main,
            "digest: {folder: /srv/../etc}\n",
            "1:18: \"folder\" must be the absolute path of a folder, not \"/srv/../etc\" – write one such as /srv/digests"
        ),
        Mistake(
            "a source with two documents", .sources,
            """
            sources:
              a:
                feed: https://a.example/rss
                name: A
                page: https://a.example/

            """,
            "5:5: source \"a\" has \"feed\" and \"page\" – keep one of them; a source is one document"),
        Mistake(
            "links of a feed", .sources,
            """
            sources:
              a:
                feed: https://a.example/rss
                links: {select: a}

            """,
            "4:5: \"links\" is for pages, and \"a\" is a feed – remove it"),
        Mistake(
            "a selector with a slip", .sources,
            """
            sources:
              a:
                page: https://a.example/
                links: {select: "ul.press li > a:hover", date: time}

            """,
            "4:21: \"select\" is no CSS selector, at character 16 of \"ul.press li > a:hover\": \":hover\" is not known "
                + "here – known are :not(), :nth-child(), :first-child, :last-child and :only-child"),
        Mistake(
            "a selector that is a list", .sources,
            """
            sources:
              a:
                page: https://a.example/
                links:
                  title: [h3]

            """,
            "5:14: \"title\" must be a CSS selector, not a list – write one such as \"ul.press li > a\", in quotes"),
        Mistake(
            "an unknown key of links", .sources,
            """
            sources:
              a:
                page: https://a.example/
                links: {selector: a}

            """,
            "4:13: unknown key \"selector\" – did you mean \"select\"?"),
        Mistake(
            "a page whose address is none", .sources,
            """
            sources:
              a:
                page: a.example/news

            """,
            "3:11: \"page\" is no http or https URL: \"a.example/news\" – write it whole, such as "
                + "https://example.org/feed.xml"),
        Mistake(
            "a cap without its span", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            alert:
              any_of: [{match: clear}]
              at_most: {count: 4}

            """,
            "5:12: \"at_most\" without \"per\" – add it: that span; at its end the rest comes together"),
        Mistake(
            "a reason to alert again that is none", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            alert:
              any_of: [{match: clear}]
              again: {when: [corrections]}

            """,
            "5:18: an item of \"when\" must be one of correction, new-strong-entity, number-in-headline, new-rule, not "
                + "\"corrections\" – did you mean \"correction\"?"),
        Mistake(
            "quiet hours that never end", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            alert:
              any_of: [{match: clear}]
              quiet: {from: "23:00", to: "23:00"}

            """,
            "5:30: quiet hours that end as they begin – write another time, or remove alert: to have no alerts of the topic"
        ),
        Mistake(
            "a duration without unit", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                interval: 60

            """,
            "4:15: \"interval\" must be a time span, not \"60\" – write a number and s, m, h or d, "
                + "such as 90s, 15m, 6h, 2d"),
        Mistake(
            "a duration with a fraction", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                interval: 1.5h

            """,
            "4:15: \"interval\" must be a time span, not \"1.5h\" – write a number and s, m, h or d, "
                + "such as 90s, 15m, 6h, 2d"),
        Mistake(
            "a duration in another unit", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                interval: 2w

            """,
            "4:15: \"interval\" must be a time span, not \"2w\" – write a number and s, m, h or d, "
                + "such as 90s, 15m, 6h, 2d"),
        Mistake(
            "a duration too short", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                interval: 5s

            """,
            "4:15: \"interval\" must be from 1m to 7d, not \"5s\" – write more"),
        Mistake(
            "a duration beyond counting", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                interval: 999999999999999d

            """,
            "4:15: \"interval\" must be from 1m to 7d, not \"999999999999999d\" – write less"),
        Mistake(
            "a leading zero", .main,
            "excerpt: 0240\n",
            "1:10: \"excerpt\" must be a whole number from 0 to 2000, not \"0240\" – write 240"),
        Mistake(
            "a negative number", .main,
            "excerpt: -1\n",
            "1:10: \"excerpt\" must be a whole number from 0 to 2000, not \"-1\" – write digits only"),
        Mistake(
            "a number too large", .main,
            "excerpt: 99999\n",
            "1:10: \"excerpt\" must be a whole number from 0 to 2000, not \"99999\" – write less"),
        Mistake(
            "a number in words", .main,
            """
            polling:
              transfers: many

            """,
            "2:14: \"transfers\" must be a whole number from 1 to 1000, not \"many\" – write digits "
                + "only"),
        Mistake(
            "a size without unit", .main,
            """
            polling:
              in_flight: 64

            """,
            "2:14: \"in_flight\" must be a size in bytes, not \"64\" – write a number and KB, MB or "
                + "GB, such as 16MB"),
        Mistake(
            "a size too small", .main,
            "polling: {in_flight: 1MB}\n",
            "1:22: \"in_flight\" must be from 16MB to 4GB, not \"1MB\" – write more"),
        Mistake(
            "a time of one digit", .main,
            """
            digest:
              at: 6:30

            """,
            "2:7: \"at\" must be a time of day, not \"6:30\" – write 06:30"),
        Mistake(
            "a time past midnight", .main,
            "digest: {at: \"24:00\"}\n",
            "1:14: \"at\" must be a time of day, not \"24:00\" – write hours and minutes, such as "
                + "06:30"),
        Mistake(
            "a time as minutes", .main,
            """
            digest:
              at: 390

            """,
            "2:7: \"at\" must be a time of day, not \"390\" – write hours and minutes, such as 06:30"),
        Mistake(
            "an unknown time zone", .main,
            "timezone: Europe/Pariss\n",
            "1:11: \"timezone\" must be an IANA time zone, not \"Europe/Pariss\" – did you mean "
                + "\"Europe/Paris\"?"),
        Mistake(
            "a city for a time zone", .main,
            "timezone: tokyo\n",
            "1:11: \"timezone\" must be an IANA time zone, not \"tokyo\" – did you mean "
                + "\"Asia/Tokyo\"?"),
        Mistake(
            "a time zone out of the folder", .main,
            "timezone: ../../etc/passwd\n",
            "1:11: \"timezone\" must be an IANA time zone, not \"../../etc/passwd\" – write one such "
                + "as Europe/Paris"),
        Mistake(
            "a bare mail address", .main,
            "contact: ops@a.example\n",
            "1:10: \"contact\" must be a mailto: or https: address, not \"ops@a.example\" – write "
                + "mailto:ops@a.example"),
        Mistake(
            "a contact that would break the header", .main,
            "contact: \"mailto:a@b.example\\r\\nX-Evil: 1\"\n",
            "1:10: \"contact\" must be a mailto: or https: address, not "
                + "\"mailto:a@b.example\u{FFFD}\u{FFFD}X-Evil: 1\" – write mailto:you@example.org"),
        Mistake(
            "yes for true", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                enabled: yes

            """,
            "4:14: \"enabled\" must be true or false, not \"yes\" – write true"),
        Mistake(
            "no for false", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                private_hosts: No

            """,
            "4:20: \"private_hosts\" must be true or false, not \"No\" – write false"),
        Mistake(
            "a word for a flag", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                enabled: sometimes

            """,
            "4:14: \"enabled\" must be true or false, not \"sometimes\" – write true or false"),
        Mistake(
            "a country in lower case", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: jp

            """,
            "4:14: \"country\" must be a country (ISO 3166-1, two letters), not \"jp\" – write JP"),
        Mistake(
            "a country that does not exist", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: XX

            """,
            "4:14: \"country\" must be a country (ISO 3166-1, two letters), not \"XX\" – write one "
                + "such as JP"),
        Mistake(
            "UK for GB", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                country: UK

            """,
            "4:14: \"country\" must be a country (ISO 3166-1, two letters), not \"UK\" – write GB"),
        Mistake(
            "a country for a language", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                language: jp

            """,
            "4:15: \"language\" must be a language (BCP 47), not \"jp\" – write ja"),
        Mistake(
            "an underscore in a language", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                language: zh_Hans

            """,
            "4:15: \"language\" must be a language (BCP 47), not \"zh_Hans\" – write zh-Hans"),
        Mistake(
            "a language with too many parts", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                language: zh-Hans-CN-x

            """,
            "4:15: \"language\" must be a language (BCP 47), not \"zh-Hans-CN-x\" – write one such "
                + "as ja or zh-Hans"),
        Mistake(
            "a misspelt choice", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                affiliation: goverment

            """,
            "4:18: \"affiliation\" must be one of government, party-state, state-run, "
                + "public-service, private, not \"goverment\" – did you mean \"government\"?"),
        Mistake(
            "a choice in capitals", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                full_text: FETCH

            """,
            "4:16: \"full_text\" must be one of feed, fetch, never, not \"FETCH\" – did you mean "
                + "\"fetch\"?"),
        Mistake(
            "a choice of nobody", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                origin: blog

            """,
            "4:13: \"origin\" must be one of official, newsroom, wire, aggregator, think-tank, not "
                + "\"blog\" – write one such as official"),
        Mistake(
            "a reliability beyond F", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                reliability: G

            """,
            "4:18: \"reliability\" must be one of A, B, C, D, E, F, not \"G\" – write one such as A"),
        Mistake(
            "an id in capitals", .sources,
            """
            sources:
              Kaigan: https://a.example/

            """,
            "2:3: the id must be made of a-z, 0-9 and -, not \"Kaigan\" – write lower-case letters, "
                + "digits and hyphens, at most 64"),
        Mistake(
            "an id of 65 characters", .sources,
            """
            sources:
              \(String(repeating: "a", count: 65)): https://a.example/

            """,
            "2:3: the id must be made of a-z, 0-9 and -, not "
                + "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" – write lower-case "
                + "letters, digits and hyphens, at most 64"),
        Mistake(
            "an empty id", .sources,
            """
            sources:
              "": https://a.example/

            """,
            "2:3: the id must be made of a-z, 0-9 and -, not \"\" – write lower-case letters, digits "
                + "and hyphens, at most 64"),
        Mistake(
            "a feed over ftp", .sources,
            """
            sources:
              a: ftp://a.example/

            """,
            "2:6: \"a\" is no http or https URL: \"ftp://a.example/\" – only http and https are read"),
        Mistake(
            "a feed without scheme", .sources,
            """
            sources:
              a: a.example/rss

            """,
            "2:6: \"a\" is no http or https URL: \"a.example/rss\" – write it whole, such as "
                + "https://example.org/feed.xml"),
        Mistake(
            "a feed without host", .sources,
            """
            sources:
              a: https:///rss

            """,
            "2:6: \"a\" is a URL without a host: \"https:///rss\" – write it whole, such as "
                + "https://example.org/feed.xml"),
        Mistake(
            "a feed with a port of no use", .sources,
            """
            sources:
              a: https://a.example:99999/rss

            """,
            "2:6: \"a\" is a URL with a bad port: \"https://a.example:99999/rss\" – write 1 to "
                + "65535, or leave it out"),
        Mistake(
            "a feed with a password", .sources,
            """
            sources:
              a: https://me:secret@a.example/rss

            """,
            "2:6: \"a\" is a URL with a user name or password – remove it, and name a credential with login:"),
        Mistake(
            "a feed with a space", .sources,
            """
            sources:
              a: "https://a.example/a b"

            """,
            "2:6: \"a\" is a URL with white space in it: \"https://a.example/a b\" – write a space "
                + "as %20"),
        Mistake(
            "an empty name", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                name: "  "

            """,
            "4:11: \"name\" is empty – write something, or remove it"),
        Mistake(
            "a name of two lines", .sources,
            "sources:\n  a:\n    feed: https://a.example/\n    name: \"a\\nb\"\n",
            "4:11: \"name\" has several lines or control characters – write it in one line"),
        Mistake(
            "a name too long", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                name: \(String(repeating: "x", count: 301))

            """,
            "4:11: \"name\" has 301 characters, at most 300 are read – shorten it"),
        Mistake(
            "an empty tag in a list", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                tags: [a, ""]

            """,
            "4:15: an item of \"tags\" is empty – write something, or remove it"),
        Mistake(
            "an item without value", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                tags: [a, ~]

            """,
            "4:15: an item of \"tags\" has no value – write one, or remove the line"),
        Mistake(
            "a list within a list", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                tags: [a, [b]]

            """,
            "4:15: an item of \"tags\" must be one line of text, not a list – put it in quotes"),
        Mistake(
            "an expectation without its span", .sources,
            """
            sources:
              a:
                feed: https://a.example/
                expect: {}

            """,
            "4:5: \"expect\" without \"every\" – add it: silence longer than this is said in coverage"),
        Mistake(
            "a source without a feed", .sources,
            """
            sources:
              a:
                country: JP

            """,
            "2:3: source \"a\" has no \"feed\", \"page\" or \"sitemap\", here or in an earlier file – add "
                + "one with its URL, or check the id"),
        Mistake(
            "a source without anything", .sources,
            """
            sources:
              a:

            """,
            "2:3: source \"a\" has no \"feed\", \"page\" or \"sitemap\", here or in an earlier file – add "
                + "one with its URL, or check the id"),
        Mistake(
            "an entity without a name", .entities,
            """
            entities:
              usfj: {country: US}

            """,
            "2:3: entity \"usfj\" has no \"name\", here or in an earlier file – add name: its name "
                + "in English"),
        Mistake(
            "an entity's alias that is no list", .entities,
            """
            entities:
              usfj:
                name: U.S. Forces Japan
                aliases: {en: USFJ}

            """,
            "4:19: \"en\" must be a list, not \"USFJ\" – write [USFJ]"),
        Mistake(
            "an alias in no language", .entities,
            """
            entities:
              usfj:
                name: U.S. Forces Japan
                aliases: {english: [USFJ]}

            """,
            "4:15: the key must be a language (BCP 47), not \"english\" – write one such as ja or "
                + "zh-Hans"),
        Mistake(
            "one language twice in two cases", .entities,
            """
            entities:
              usfj:
                name: U.S. Forces Japan
                aliases: {zh-hans: [a], zh-Hans: [b]}

            """,
            "4:29: the language zh-Hans stands twice – keep one of them"),
        Mistake(
            "a topic without its id", .topic,
            """
            name: T
            words: {en: {strong: [x]}}

            """,
            "1:1: a topic without \"topic\" – add it: its id; one file, one topic"),
        Mistake(
            "a topic with a bad id", .topic,
            """
            topic: My topic
            words: {en: {strong: [x]}}

            """,
            "1:8: \"topic\" must be made of a-z, 0-9 and -, not \"My topic\" – write lower-case "
                + "letters, digits and hyphens, at most 64"),
        Mistake(
            "a topic without words and entities", .topic,
            """
            topic: t
            name: T

            """,
            "1:8: topic \"t\" has neither words nor entities, so nothing can match it – add words: "
                + "or entities:"),
        Mistake(
            "a topic with empty words", .topic,
            """
            topic: t
            words: {en: {strong: []}}

            """,
            "1:8: topic \"t\" has neither words nor entities, so nothing can match it – add words: "
                + "or entities:"),
        Mistake(
            "an unknown entity", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            entities: {strong: [usfj]}

            """,
            "3:21: no entity \"usfj\" in any file of entities.d – add it there, or remove it here"),
        Mistake(
            "an unknown strength", .topic,
            """
            topic: t
            words:
              en: {stong: [x]}

            """,
            "3:8: unknown key \"stong\" – did you mean \"strong\"?"),
        Mistake(
            "words without a language", .topic,
            """
            topic: t
            words:
              strong: [x]

            """,
            "3:3: the key must be a language (BCP 47), not \"strong\" – write one such as ja or "
                + "zh-Hans"),
        Mistake(
            "words without a strength", .topic,
            """
            topic: t
            words:
              en: [x]

            """,
            "3:7: \"en\" must be a mapping, not a list – write its keys below it, indented"),
        Mistake(
            "a requirement that is empty", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            require:
              - {}

            """,
            "4:5: an item of \"require\" is empty – write any_strong:, strong_ahead:, in_title: or countries:, or remove it"
        ),
        Mistake(
            "two requirements in one item", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            require:
              - {any_strong: 1, countries: 2}

            """,
            "4:21: a second condition in one item of \"require\" – begin it with \"- \" of its own"),
        Mistake(
            "a requirement of nothing", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            require: [{any_strong: 0}]

            """,
            "3:24: \"any_strong\" must be a whole number from 1 to 20, not \"0\" – write more"),
        Mistake(
            "against without words", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            against:
              - unless: {entity: strong}

            """,
            "4:5: an item of \"against\" without \"words\" – add it: one of these holds the article "
                + "back"),
        Mistake(
            "against with no words in it", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            against: [{words: []}]

            """,
            "3:12: \"words\" is empty, so nothing speaks against – write words, or remove the item"),
        Mistake(
            "an exception without anything", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            against:
              - words: [x]
                unless: {}

            """,
            "5:5: \"unless\" is empty – write entity: or near:, or remove it"),
        Mistake(
            "an exception by a normal entity", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            against:
              - words: [x]
                unless: {entity: normal}

            """,
            "5:22: \"entity\" must be one of strong, weak, not \"normal\" – write one such as strong"),
        Mistake(
            "a digest from nothing", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            digest: {from: nothing}

            """,
            "3:16: \"from\" must be one of likely, clear, not \"nothing\" – write one such as likely"),
        Mistake(
            "an empty alert condition", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            alert:
              any_of:
                - {}

            """,
            "5:7: an alert condition is empty, so that everything alerts – write match: clear"),
        Mistake(
            "an alert condition with no words in it", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            alert: {any_of: [{words: []}]}

            """,
            "3:19: \"words\" is empty, so nothing can meet it – write words, or remove it"),
        Mistake(
            "a test without title", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            tests:
              - expect: alert

            """,
            "4:5: a test without \"title\" – add it: the headline"),
        Mistake(
            "a test without expectation", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            tests:
              - title: x

            """,
            "4:5: a test without \"expect\" – add it: what is to become of it"),
        Mistake(
            "a test that expects a wrong word", .topic,
            """
            topic: t
            words: {en: {strong: [x]}}
            tests:
              - {title: x, expect: digset}

            """,
            "4:24: \"expect\" must be one of alert, digest, nothing, not \"digset\" – did you mean "
                + "\"digest\"?"),
        Mistake(
            "Japanese before the mistake", .sources,
            """
            sources:
              a: {feed: https://a.example/, name: 沖縄の新聞, countri: JP}

            """,
            "2:46: unknown key \"countri\" – did you mean \"country\"?"),
        Mistake(
            "emoji and combining marks before the mistake", .sources,
            "sources:\n  a: {feed: https://a.example/, name: \"\u{1F1EF}\u{1F1F5} cafe\u{301}\", country: jp}\n",
            "2:60: \"country\" must be a country (ISO 3166-1, two letters), not \"jp\" – write JP"),
        Mistake(
            "the mistake in a line of its own after Korean comments", .main,
            """
            # 설정
            # 둘
            excerpt: viel

            """,
            "3:10: \"excerpt\" must be a whole number from 0 to 2000, not \"viel\" – write digits "
                + "only"),
        Mistake(
            "a carriage return before each line feed", .main,
            "excerpt: 240\r\ntimezone: UTC\r\ndigest: 5\r\n",
            "3:9: \"digest\" must be a mapping, not \"5\" – write its keys below it, indented"),
        Mistake(
            "a byte order mark before the mistake", .main,
            "\u{FEFF}excerpts: 240\n",
            "1:1: unknown key \"excerpts\" – did you mean \"excerpt\"?"),
        Mistake(
            "a control character", .main,
            "excerpt: 240\ncontact: \"mail\u{7}to:\"\n",
            "2:15: the invisible character U+0007 – remove it"),
        Mistake(
            "a zero-width no-break space inside", .main,
            "excerpt: 240\ntime\u{FEFF}zone: UTC\n",
            "2:5: the invisible character U+FEFF – remove it"),
    ]
}
