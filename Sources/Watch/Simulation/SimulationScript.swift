import News

/// What happens to the machine in simulated days: all of it a function of the world's time, so that a run that is cut off
/// anywhere goes on with the same days.
public struct SimulationScript: Sendable, Hashable {
    /// Something that happens at a moment of the world's time.
    public struct Event: Sendable, Hashable {
        public enum What: Sendable, Hashable {
            /// The machine's clock is set forward, or back (negative).
            case setClock(by: Duration)
            /// The machine sleeps: nothing is done until it wakes.
            case sleep(Duration)
            /// The configuration is read anew.
            case reload
        }

        public var at: Timestamp
        public var what: What

        public init(at: Timestamp, _ what: What) {
            self.at = at
            self.what = what
        }
    }

    public var start: Timestamp
    /// Nothing is done from here on.
    public var end: Timestamp
    /// In order of time.
    public let events: [Event]

    public init(start: Timestamp, end: Timestamp, events: [Event] = []) {
        self.start = start
        self.end = end
        self.events = events.sorted { $0.at < $1.at }
    }

    /// What the machine's clock shows.
    func shown(at world: Timestamp) -> Timestamp {
        events.prefix { $0.at <= world }.reduce(world) { time, event in
            if case .setClock(let step) = event.what { time + step } else { time }
        }
    }

    /// The moment itself, or when the machine wakes that sleeps then.
    func awake(at world: Timestamp) -> Timestamp {
        events.prefix { $0.at <= world }.reduce(world) { time, event in
            if case .sleep(let length) = event.what { max(time, event.at + length) } else { time }
        }
    }

    /// When the next thing happens.
    func nextEvent(after world: Timestamp) -> Timestamp? { events.first { $0.at > world }?.at }

    /// Whether something of the kind happened after one moment and up to another.
    func reloads(after from: Timestamp, through to: Timestamp) -> Bool {
        events.contains { $0.what == .reload && $0.at > from && $0.at <= to }
    }
}
