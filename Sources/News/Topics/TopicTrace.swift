/// Every place in an article that a topic looked at: what evidence counts, place by place.
public struct TopicTrace: Sendable, Hashable {
    /// One phrase or name where it stands.
    public struct Place: Sendable, Hashable, Codable {
        public var field: Evidence.Field
        /// UTF-8 offsets in `Article.fieldText`.
        public var start: Int
        public var end: Int
        public var strength: Topic.Strength
        public var entity: EntityID?
        /// Why it did not count, as in `Evidence`.
        public var ignored: String?

        public init(
            field: Evidence.Field, start: Int, end: Int, strength: Topic.Strength, entity: EntityID? = nil,
            ignored: String? = nil
        ) {
            self.field = field
            self.start = start
            self.end = end
            self.strength = strength
            self.entity = entity
            self.ignored = ignored
        }

        /// The first place of a piece of evidence, which is all that is stored.
        public init(_ evidence: Evidence) {
            self.init(
                field: evidence.field, start: evidence.start, end: evidence.end, strength: evidence.strength,
                entity: evidence.entity, ignored: evidence.ignored)
        }
    }

    public var match: TopicMatch
    /// By field and start.
    public var places: [Place]
}

extension Article {
    /// Title, lead or text as its paragraphs: joined by blank lines they are `fieldText`.
    ///
    /// - Returns: each with the UTF-8 offset at which it begins in the field.
    public func fieldParagraphs(_ field: Evidence.Field) -> [(start: Int, text: String)] {
        var start = 0
        return fieldParts(field).map { part in
            defer { start += part.utf8.count + 2 }
            return (start, part)
        }
    }
}
