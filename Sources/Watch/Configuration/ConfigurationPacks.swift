extension ConfigurationBuilder {
    /// Whether a source is to be read unless it is disabled: it is in no pack, in one that is on, or turned on by name.
    static func isInPlay(_ given: ConfigurationMapping, packs on: Set<String>) -> Bool {
        let packs = given.texts("packs")
        return packs.isEmpty || given.flag("enabled") == true || packs.contains(where: on.contains)
    }

    /// A pack of the main file that no source is in is a fault at its place.
    mutating func reportUnknownPacks() {
        let given = layers.main.items("packs")
        guard !given.isEmpty, !layers.hasUnknownSources else { return }
        // The default names its pack wherever feedwatch runs, whether or not a source of this folder is in it.
        var known: Set = [ConfigurationKeys.defaultPack]
        for source in layers.sources.values { known.formUnion(source.texts("packs")) }
        let names = known.sorted()
        for item in given {
            guard let name = item.text, !known.contains(name) else { continue }
            let near = Spelling.nearest(to: name, among: names)
            record(
                item.place.fault(
                    "no source is in a pack \"\(name)\"",
                    near.map { "did you mean \"\($0)\"?" }
                        ?? "packs are \(ConfigurationReader.clipped(names.joined(separator: ", ")))"))
        }
    }
}
