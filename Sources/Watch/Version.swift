/// The program's version, as it stands in the User-Agent, alerts and digests.
public let feedwatchVersion = "0.1.0"
