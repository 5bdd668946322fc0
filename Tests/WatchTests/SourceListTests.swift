import Foundation
import News
import Testing

@testable import Watch

@Suite struct SourceListTests {
    private static func configuration() throws -> Configuration {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "polling: {interval: 90m}\n",
            "sources.d/a.yaml": """
            sources:
              kazami: {feed: "https://kazami.example/rss", name: 風見日報, language: ja, country: JP, tags: [japan], affiliation: private, origin: newsroom}
              donglan: {feed: "https://donglan.example/rss", language: zh-Hans, country: CN, interval: 3h}
              cape: {feed: "https://cape.example/rss", enabled: false, because: asked by our librarian}

            """,
        ])
        return try folder.load()
    }

    @Test("Sources stand in aligned columns, on or off and why")
    func golden() throws {
        let list = SourceList(try Self.configuration(), filter: SourceList.Filter())
        #expect(
            Printing.plain.text(list.lines) == """
                ID       NAME      KIND  LANGUAGE  COUNTRY  AFFILIATION  ORIGIN    EVERY  STATE                        ADDRESS
                cape     cape      feed  –         –        –            –         90m    off: asked by our librarian  https://cape.example/rss
                donglan  donglan   feed  zh-Hans   CN       –            –         3h     on                           https://donglan.example/rss
                kazami   風見日報  feed  ja        JP       private      newsroom  90m    on                           https://kazami.example/rss

                """)
    }

    @Test(
        "Filters take what fits all of them",
        arguments: [
            (SourceList.Filter(language: "zh"), ["donglan"]), (SourceList.Filter(language: "z"), []),
            (SourceList.Filter(language: "JA", country: "jp"), ["kazami"]),
            (SourceList.Filter(tag: "japan"), ["kazami"]),
            (SourceList.Filter(isOn: false), ["cape"]), (SourceList.Filter(isOn: true), ["donglan", "kazami"]),
            (SourceList.Filter(country: "JP", isOn: false), []),
        ])
    func filters(filter: SourceList.Filter, expected: [String]) throws {
        #expect(SourceList(try Self.configuration(), filter: filter).rows.map(\.id) == expected)
    }

    @Test("Sources whose packs are off are listed as such, so that a reader sees what there is to turn on")
    func packs() throws {
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": """
            sources:
              on: {feed: "https://on.example/rss", packs: [starter]}
              offered: {feed: "https://offered.example/rss", packs: [wires, japan]}

            """
        ])
        let list = SourceList(try folder.load(), filter: SourceList.Filter())
        #expect(
            list.rows.map { "\($0.id) \($0.on) \($0.because ?? "")" } == [
                "on true ", "offered false packs: [wires, japan]",
            ])
        #expect(SourceList(try folder.load(), filter: SourceList.Filter(isOn: false)).rows.map(\.id) == ["offered"])
    }
}
