import News

/// Days and times that people give to commands.
public enum LocalDays {
    /// The begin of a local day, or a time (RFC 3339) as it is.
    /// - Throws: `ZoneError` for the configured zone, `UnknownName` for what is neither.
    public static func start(of text: String, in configuration: Configuration) throws -> Timestamp {
        if let time = Timestamp(rfc3339: text) { return time }
        guard let day = CivilDate(text) else {
            throw UnknownName("day", text, among: [], hint: "write one such as 2025-03-28")
        }
        return try ZoneFile.load(configuration.settings.timezone).timestamp(of: day, hour: 0, minute: 0)
    }
}
