/// Names of one topic that stand beside each other in a headline and so say what an ambiguous one of them means.
///
/// `31 PLA planes cross the median line`: either could be something else, both together in one line are not. In the text
/// below, names of many things meet by chance. Countries and places settle nothing: AFP reports from Palawan too.
struct HeadlineCompany {
    private let entities: [EntityFacts]
    /// In the headline, by an ambiguous name.
    private var ambiguous: Set<Int> = []
    /// Of those in the headline that have a clear name.
    private var clearCountries: Set<String> = []
    /// Two or more ambiguous ones, and the country of one of them is named.
    private let settlesAll: Bool

    init(_ findings: Findings, _ entities: [EntityFacts], isOfTopic: (Int) -> Bool) {
        self.entities = entities
        for name in findings.names where name.place.field == .title && isOfTopic(name.entity) {
            let entity = entities[name.entity]
            guard !entity.isPlace else { continue }
            if name.ambiguous, !findings.clearEntities.contains(name.entity) {
                ambiguous.insert(name.entity)
            } else if let country = entity.country {
                clearCountries.insert(country)
            }
        }
        settlesAll =
            ambiguous.count > 1
            && ambiguous.contains { entities[$0].country.map(findings.countries.contains) ?? false }
    }

    func settles(_ entity: Int) -> Bool {
        guard ambiguous.contains(entity) else { return false }
        return settlesAll || entities[entity].country.map(clearCountries.contains) ?? false
    }
}
