import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite struct AgendaTests {
    let start = Timestamp(seconds: 1_743_300_000)

    @Test("Jobs come soonest first, and each only when it is due")
    func order() {
        var agenda = Agenda()
        agenda.set(DueJob(kind: .poll, key: "late", at: start + .seconds(20)))
        agenda.set(DueJob(kind: .poll, key: "soon", at: start + .seconds(10)))
        #expect(agenda.takeDue(at: start) == nil)
        #expect(agenda.nextTime() == start + .seconds(10))
        #expect(agenda.takeDue(at: start + .seconds(30))?.key == "soon")
        #expect(agenda.takeDue(at: start + .seconds(30))?.key == "late")
        #expect(agenda.takeDue(at: start + .seconds(30)) == nil)
    }

    @Test("A job that is set again has only its newest time, and a removed one none")
    func replaced() {
        var agenda = Agenda()
        agenda.set(DueJob(kind: .poll, key: "a", at: start))
        agenda.set(DueJob(kind: .poll, key: "a", at: start + .seconds(50)))
        agenda.set(DueJob(kind: .poll, key: "b", at: start))
        agenda.remove(.poll, "b")
        #expect(agenda.takeDue(at: start + .seconds(10)) == nil)
        #expect(agenda.count == 1)
        #expect(agenda.takeDue(at: start + .seconds(50))?.key == "a")
    }

    @Test("Random settings and takings never lose or double a job")
    func random() {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var agenda = Agenda()
        var expected: [String: Timestamp] = [:]
        for _ in 0..<5000 {
            let key = "\(Int.random(in: 0..<200, using: &random))"
            let now = start + .seconds(Int.random(in: 0..<1000, using: &random))
            if Bool.random(using: &random) {
                agenda.set(DueJob(kind: .poll, key: key, at: now))
                expected[key] = now
            } else if let job = agenda.takeDue(at: now) {
                #expect(expected.removeValue(forKey: job.key) == job.at && job.at <= now)
            } else {
                #expect(expected.values.allSatisfy { $0 > now })
            }
            #expect(agenda.count == expected.count)
        }
    }

    @Test("A due time that a clock set back has left too far away counts as due")
    func clockSetBack() {
        let job = DueJob(kind: .poll, key: "a", at: start + .seconds(86_400 * 30))
        #expect(Agenda.repaired(job, now: start, longest: .seconds(86_400 * 8)).at == start)
        let near = DueJob(kind: .poll, key: "a", at: start + .seconds(86_400))
        #expect(Agenda.repaired(near, now: start, longest: .seconds(86_400 * 8)) == near)
    }
}
