import News

/// What each field says, once its text is read.
extension FeedBuilder {
    // MARK: Links and enclosures

    mutating func takeLink(_ href: String, relation: String?, type: String?, length: String?) {
        guard let url = resolved(href) else { return }
        var relation = relation?.lowercased() ?? "alternate"
        if let slash = relation.lastIndex(of: "/") { relation = String(relation[relation.index(after: slash)...]) }
        switch relation {
        case "alternate", "":
            let rank = AlternateRank(type: type)
            if entry != nil { entry!.offer(alternate: url, rank) } else { channel.offer(alternate: url, rank) }
        case "enclosure": add(enclosure: url, type, length)
        case "self":
            if entry == nil { feed.selfLink = feed.selfLink ?? url } else { entry!.selfLink = entry!.selfLink ?? url }
        case "hub": if entry == nil { feed.hub = feed.hub ?? url }
        case "prev-archive": if entry == nil { feed.previousArchive = feed.previousArchive ?? url }
        default: break
        }
    }

    mutating func add(enclosure url: String, _ type: String?, _ length: String?) {
        guard entry != nil, entry!.entry.enclosures.count < Limits.enclosuresMax, let absolute = resolved(url) else {
            return
        }
        let bytes = length.flatMap { $0.hasPrefix("-") ? nil : Int($0.filter(\.isNumber)) }
        entry!.entry.enclosures.append(Enclosure(url: absolute, type: type, length: bytes))
    }

    // MARK: Entries

    mutating func setEntry(_ field: Field, _ value: String) {
        guard !value.isEmpty || field.element == .category || field.element == .author || field.element == .origin
        else { return }
        if setOrigin(field, value) { return }
        switch field.element {
        case .title: entry!.set(title: value, field.kind, isCore: field.isCore)
        case .link:
            if let relation = field.relation {
                takeLink(value, relation: relation, type: field.type, length: nil)
            } else {
                entry!.link = entry!.link ?? resolved(value)
            }
        case .id:
            if field.isCore {
                entry!.set(id: value, isPermalink: field.isPermalink, permalink: resolved(value))
            } else {
                entry!.entry.id = entry!.entry.id ?? value
            }
        case .summary:
            if field.isCore || entry!.entry.summary == nil {
                entry!.set(summary: value, field.kind, isCore: field.isCore)
            }
        case .content: entry!.add(content: value, field.kind, isEncoded: !field.isCore, type: field.type)
        case .published, .issued, .updated, .publishedAndUpdated: setDate(field, value)
        case .author, .personText: takePerson(value)
        case .personName, .personEmail, .personURL: setPerson(field, value)
        case .category: add(category: field.attribute ?? value, isCore: field.isCore)
        case .keywords:
            let words = value.split(separator: ",").map { String($0).trimming(\.isWhitespace) }
            if entry!.entry.categories.isEmpty {
                entry!.entry.categories = words.filter { !$0.isEmpty }.prefix(Limits.categoriesMax).map { $0 }
            }
        case .language: entry!.language = Self.tag(value) ?? entry!.language
        case .originalLink: entry!.entry.originalLink = resolved(value)
        case .originalEnclosure:
            // What a feed proxy has put in its place is the last one so far.
            if let url = resolved(value), !entry!.entry.enclosures.isEmpty {
                entry!.entry.enclosures[entry!.entry.enclosures.count - 1].url = url
            }
        case .commentCount: entry!.entry.commentCount = Int(value).flatMap { $0 >= 0 ? $0 : nil }
        case .point, .latitude, .longitude: setPlace(field, value)
        default: break
        }
    }

    mutating func add(category term: String, isCore: Bool) {
        guard entry != nil, entry!.entry.categories.count < Limits.categoriesMax else { return }
        let term = FieldText.trimmed(term)
        guard !term.isEmpty, isCore || !entry!.entry.categories.contains(term) else { return }
        entry!.entry.categories.append(term)
    }

    /// `45.256 -71.92`, latitude first (georss.org, GML's `pos`).
    private mutating func setPlace(_ field: Field, _ value: String) {
        let numbers = value.split { $0 == " " || $0 == "," || $0.isNewline }.map { Double($0) }
        switch field.element {
        case .latitude: entry!.latitude = numbers.first ?? nil
        case .longitude: entry!.longitude = numbers.first ?? nil
        default:
            guard numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1] else { return }
            entry!.entry.point = entry!.entry.point ?? GeoPoint(latitude: latitude, longitude: longitude)
        }
    }

    // MARK: Dates

    private mutating func setDate(_ field: Field, _ value: String) {
        guard let time = faults.date(value, zone: zone) else { return }
        if entry != nil {
            entry!.set(time, field.element)
        } else {
            switch field.element {
            case .published, .issued: channel.published = channel.published ?? time
            case .updated: feed.updated = feed.updated ?? time
            default: channel.plainDate = channel.plainDate ?? time
            }
        }
    }

    // MARK: The feed

    mutating func setFeed(_ field: Field, _ value: String) {
        guard !value.isEmpty || field.element == .author else { return }
        switch field.element {
        case .title:
            feed.title = field.isCore ? (channel.hasCoreTitle ? feed.title : value) : feed.title ?? value
            if field.isCore { channel.hasCoreTitle = true }
        case .link:
            if let relation = field.relation {
                takeLink(value, relation: relation, type: field.type, length: nil)
            } else {
                channel.link = channel.link ?? resolvedByDocument(value)
            }
        case .id: if field.isCore { feed.id = feed.id ?? value }
        case .summary:
            if feed.description == nil || field.isCore && !channel.hasCoreDescription { feed.description = value }
            if field.isCore { channel.hasCoreDescription = true }
        case .published, .issued, .updated, .publishedAndUpdated: setDate(field, value)
        case .author, .personText: takePerson(value)
        case .personName, .personEmail, .personURL: setPerson(field, value)
        case .language:
            feed.language = Self.tag(value) ?? feed.language
            if languages.count == 1 || languages.last == nil { languages[languages.count - 1] = Self.tag(value) }
        case .timeToLive: feed.ttlMinutes = Int(value).flatMap { $0 > 0 ? $0 : nil }
        case .updatePeriod: channel.updatePeriod = value
        case .updateFrequency: channel.updateFrequency = Int(value)
        case .skipHour:
            // 24 is midnight in RSS 0.91.
            if let hour = Int(value), (0...24).contains(hour) { channel.skipHours.insert(hour % 24) }
        case .skipDay: if let day = Self.weekdays.firstIndex(of: value.lowercased()) { channel.skipDays.insert(day) }
        default: break
        }
    }

    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    // MARK: People and origins

    mutating func finishPerson() {
        if let person { add(person) }
        person = nil
    }

    private mutating func add(_ person: Person) {
        guard person.name != nil || person.email != nil || person.url != nil else { return }
        guard (entry?.entry.authors ?? feed.authors).count < Limits.peopleMax else { return }
        if entry != nil { entry!.entry.authors.append(person) } else { feed.authors.append(person) }
    }

    /// People in one line of text; Atom's elements come through `setPerson`.
    private mutating func takePerson(_ value: String) {
        // The same person writes most entries of a feed.
        if lastPerson.text != value { lastPerson = (value, PersonText.person(value)) }
        guard let found = lastPerson.person else { return }
        let known = entry?.entry.authors ?? feed.authors
        if !known.contains(where: { $0.name == found.name && ($0.email == found.email || found.email == nil) }) {
            add(found)
        }
    }

    private mutating func setPerson(_ field: Field, _ value: String) {
        guard var known = person else { return }
        switch field.element {
        case .personName: known.name = known.name ?? PlainText.line(value)
        case .personEmail: known.email = known.email ?? value
        default: known.url = known.url ?? resolved(value)
        }
        person = known
    }

    /// - Returns: whether the field was a part of an origin.
    @discardableResult
    mutating func setOrigin(_ field: Field, _ value: String) -> Bool {
        guard var known = origin else { return false }
        switch field.element {
        case .title: known.title = known.title ?? PlainText.line(value, kind: field.kind)
        case .id: known.id = known.id ?? value
        case .link: known.url = known.url ?? resolved(value)
        case .origin:
            // Dublin Core's source is an address or a title.
            let address = field.attribute ?? (value.hasPrefix("http://") || value.hasPrefix("https://") ? value : nil)
            known.url = known.url ?? address.flatMap { resolved($0) }
            if address != value, !value.isEmpty { known.title = PlainText.line(value) }
        default: return false
        }
        origin = known
        return true
    }

    mutating func finishOrigin() {
        if let origin, origin != EntryOrigin(), entry?.entry.origin == nil { entry?.entry.origin = origin }
        origin = nil
    }
}
