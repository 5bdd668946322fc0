import News

/// The sample day in the hands of somebody who writes `evil` wherever a feed, a page or a name can be written.
enum HostileDay {
    /// - Parameter url: Of the first article; the others have `evil` itself.
    static func story(_ evil: String, url: String) -> Story {
        var story = SampleDay.harbour
        for index in story.members.indices {
            story.members[index].article.title = evil
            story.members[index].article.paragraphs = [evil + " and so on and on."]
            story.members[index].article.credit = evil
            story.members[index].article.dateline = evil
            story.members[index].article.language = evil
            story.members[index].url = index == 0 ? url : evil
            story.members[index].topics[0].evidence[0].phrase = evil
            story.members[index].topics[0].evidence[0].ignored = evil
            story.members[index].changes = [
                ArticleChange(version: 2, at: at("2025-03-30T02:00:00Z"), titleBefore: evil, removed: [evil], added: [])
            ]
        }
        return story
    }

    static func digest(_ evil: String, url: String = "javascript:alert(1)") -> Digest {
        let story = story(evil, url: url)
        var sources = SampleDay.sources
        sources["quayside"]?.name = evil
        var input = SampleDay.input(
            stories: [story], nearMisses: [story] + nearMisses(story, evil), blind: ["quayside"])
        input.sources = sources
        input.indicators = SampleDay.indicators.map { indicator in
            var indicator = indicator
            indicator.name = evil
            return indicator
        }
        input.indicatorRecords = SampleDay.records(input.window.upperBound)
        input.gazetteer = Gazetteer(
            SampleDay.gazetteer().entities.values.map { Entity(id: $0.id, name: evil) },
            knownSince: SampleDay.knownSince)
        input.health[0].markupFaults = [MarkupFault(evil, evil)]
        input.health = input.health.map { health in
            var health = health
            if health.blindSince != nil { health.fault = Fault(stage: "fetch", code: evil, detail: evil) }
            return health
        }
        return Digest.compose(input)
    }

    /// Of what is not enough, and of what is held back.
    private static func nearMisses(_ story: Story, _ evil: String) -> [Story] {
        [[nil, nil], [nil, "against"], ["against", "against"], [evil, evil]].enumerated().map { index, ignored in
            var near = story
            near.id = "near\(index)"
            let found = zip(["", " again"], ignored).map { more, ignored in
                SampleDay.found(evil + more, .text, .weak, ignored: ignored)
            }
            for member in near.members.indices {
                near.members[member].topics = [SampleDay.match("deterrence", .nothing, 0.2, found)]
            }
            return near
        }
    }

    static func alert(_ evil: String, url: String) -> Alert {
        let story = story(evil, url: url)
        return Alert.compose(
            story: story, topics: [(topic: SampleDay.topics[0], match: story.members[0].topics[0], rule: evil)],
            sources: SampleDay.sources, excerptMax: 240, zone: paris, decided: at("2025-03-30T01:53:10Z"),
            version: "0.1.0")
    }
}
