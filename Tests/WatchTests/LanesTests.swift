import Fetch
import News
import NewsTesting
import Testing

@testable import Watch

@Suite struct LanesTests {
    @Test("A hundred pieces for one server that hangs hold one place; all others begin in their order")
    func slowLane() {
        var lanes = Lanes<Int>(width: 4)
        for number in 0..<100 { lanes.add(number, lane: "slow.example:443") }
        for number in 100..<110 { lanes.add(number, lane: number.isMultiple(of: 2) ? nil : "\(number)") }
        var begun: [Int] = []
        while let turn = lanes.next() {
            begun.append(turn.item)
            if turn.item != 0 { lanes.finished(lane: turn.lane) }
        }
        #expect(begun == [0] + Array(100..<110))
        lanes.finished(lane: "slow.example:443")
        #expect(lanes.next()?.item == 1)
        #expect(lanes.next()?.item == nil)
    }

    @Test("A hundred servers of one domain that hang hold a quarter of the places; all others begin in their order")
    func slowDomain() {
        var lanes = Lanes<Int>(width: 8)
        for number in 0..<100 { lanes.add(number, lane: "\(number)", domain: "slow.example") }
        for number in 100..<110 {
            lanes.add(number, lane: "\(number)", domain: number == 105 ? nil : "\(number).example")
        }
        var begun: [Int] = []
        while let turn = lanes.next() {
            begun.append(turn.item)
            if turn.item >= 2 { lanes.finished(lane: turn.lane, domain: turn.domain) }
        }
        #expect(begun == [0, 1] + Array(100..<110))
        lanes.finished(lane: "1", domain: "slow.example")
        #expect(lanes.next()?.item == 2)
        #expect(lanes.next()?.item == nil)
    }

    @Test(
        "Whatever ends when, each piece begins once, a lane and a share hold one at a time, and never more than the width"
    )
    func random() {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var lanes = Lanes<Int>(width: 5)
        var running: [Lanes<Int>.Turn] = []
        var begun: [Int] = []
        var added = 0
        while begun.count < 3000 {
            if added < 3000, Bool.random(using: &random) {
                let lane = Int.random(in: 0..<8, using: &random)
                lanes.add(
                    added, lane: lane == 0 ? nil : "\(lane)", domain: lane < 2 ? nil : lane < 5 ? "a" : "b")
                added += 1
            }
            if let turn = lanes.next() {
                begun.append(turn.item)
                #expect(turn.lane == nil || !running.contains { $0.lane == turn.lane })
                #expect(turn.domain == nil || !running.contains { $0.domain == turn.domain })
                running.append(turn)
            }
            #expect(running.count <= 5)
            if !running.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                let turn = running.remove(at: Int.random(in: 0..<running.count, using: &random))
                lanes.finished(lane: turn.lane, domain: turn.domain)
            }
        }
        #expect(begun.sorted() == Array(0..<3000))
    }

    @Test("A domain whose hundred servers hang holds up nobody in one pass either", .timeLimit(.minutes(1)))
    func onePass() async throws {
        let gate = Gate()
        let server = try LoopbackServer { request in
            // Who hangs goes on when the last in order was asked.
            if request.path == "/last" { gate.open() } else { gate.wait() }
            return Playground.rss([("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let sources = (100..<200).map { "  s\($0): http://h\($0).slow.example:\(server.port)/feed\n" }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n" + sources.joined()
                + "  z: http://z.example:\(server.port)/last\n")
        defer { playground.remove() }
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state,
            clock: .standing(at: Timestamp(seconds: 1_700_000_000)), log: Recorder().logger, patience: nil,
            fetching: { $0.lookup = { _ in [IPAddress("127.0.0.1")!] } })
        let summary = try await station.pollDue()
        // Else those that hang would have come to their time limits first.
        #expect(summary.polled == 101 && summary.faults == [])
        await station.close()
    }
}
