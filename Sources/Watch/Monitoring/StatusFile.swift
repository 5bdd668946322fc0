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

    init(_ status: Status, service: Service) {
        self.status = status.inTrouble(mostOfAKind: Limits.statusFilePerKindMax)
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

extension Status {
    /// Only so many problems of each kind, the first, and only the sources that these name. The counts stay whole.
    func inTrouble(mostOfAKind max: Int) -> Status {
        var told: [Problem.Kind: Int] = [:]
        var status = self
        status.problems = problems.filter { problem in
            told[problem.kind, default: 0] += 1
            return told[problem.kind]! <= max
        }
        let named = Set(status.problems.compactMap(\.source))
        status.sources = sources.filter { named.contains($0.id) }
        return status
    }
}
