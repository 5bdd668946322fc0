import News

/// `status.json` in the runtime folder: `status --json` without the sources that are well, and how the service is.
struct StatusFile: Sendable, Hashable, Codable {
    struct Service: Sendable, Hashable, Codable {
        var pid: Int32
        var started: Timestamp
        /// Whole seconds since the scheduler's last turn when the file was written.
        var beatAge: Int

        enum CodingKeys: String, CodingKey {
            case pid, started
            case beatAge = "beat_age_seconds"
        }
    }

    /// Its `now` is when the file was written.
    var status: Status
    var service: Service

    private enum CodingKeys: String, CodingKey { case service }

    /// - Parameter status: with at most `Limits.statusFilePerKindMax` problems of a kind; of its sources those that they
    ///   name are kept, and its counts stay whole.
    init(_ status: Status, service: Service) {
        let named = Set(status.problems.compactMap(\.source))
        self.status = status
        self.status.sources = status.sources.filter { named.contains($0.id) }
        self.service = service
    }

    init(from decoder: any Decoder) throws {
        status = try Status(from: decoder)
        service = try decoder.container(keyedBy: CodingKeys.self).decode(Service.self, forKey: .service)
    }

    /// One object: the keys of the status, and `service`.
    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(service, forKey: .service)
    }
}
