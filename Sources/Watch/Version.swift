import News

/// The program's version, as it stands in the User-Agent, alerts and digests.
public let feedwatchVersion = "0.1.0"

/// When it was made: no clock that shows less is right.
public let feedwatchMade = Timestamp(rfc3339: "2026-11-25T00:00:00Z")!
