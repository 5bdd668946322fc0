/// Something that readers get, whole, as it lies in the outbox: its JSON bytes are fixed when it is decided.
public struct Parcel: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// `Alert`
        case alert
        /// `HeldAlerts`
        case more
        /// `BlindAlert`
        case blind
        /// `IndicatorAlert`
        case indicator
        /// `Digest`
        case digest
    }

    public var kind: Kind
    /// Where it goes, relative to the state folder and without extension: `alerts/2026-11-22/143205Z-k7f2`. Unique.
    public var stem: String
    public var json: [UInt8]
    public var decided: Timestamp

    public init(kind: Kind, stem: String, json: [UInt8], decided: Timestamp) {
        self.kind = kind
        self.stem = stem
        self.json = json
        self.decided = decided
    }
}
