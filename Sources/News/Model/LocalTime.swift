/// A time of day on the wall, `06:30`.
public struct LocalTime: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 0 to 23.
    public var hour: Int
    /// 0 to 59.
    public var minute: Int

    public init(hour: Int, minute: Int) {
        self.hour = hour
        self.minute = minute
    }

    public var description: String { "\(hour, padded: 2):\(minute, padded: 2)" }
}
