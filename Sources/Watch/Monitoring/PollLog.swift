import Logging
import News
import Publish

extension Polled {
    /// The one line of a poll that changes how its source fares; nil for a quiet poll and for a fault that goes on.
    ///
    /// A fault is another one when its stage or code differs: the words hold times and addresses that differ each time.
    var change: LogLine? {
        let before = known.fault
        switch result.outcome {
        case .postponed: return nil
        case .resting(let rest):
            guard known.rest == nil else { return nil }
            return LogLine(
                stage: Stage.fetch.rawValue, code: "resting",
                words: "put off: \(rest.words) until \(rest.until.rfc3339)")
        case .failed(let fault):
            guard before?.stage != fault.stage || before?.code != fault.code else { return nil }
            return LogLine(stage: fault.stage, code: fault.code, words: fault.detail)
        case .unchanged, .read:
            guard let before else { return nil }
            let since = known.blindSince ?? result.at
            return LogLine(
                stage: before.stage, code: nil,
                words: "reads again after \(Words.duration(seconds: result.at.seconds - since.seconds)), "
                    + "\(Words.count(known.failures, "failure")), the last of them \(before.code)")
        }
    }

    struct LogLine: Sendable, Hashable {
        var stage: String
        var code: String?
        var words: String
    }

    /// - Returns: whether there was something to tell.
    func tellChange(to log: Logger) -> Bool {
        guard let change else { return false }
        var metadata: Logger.Metadata = ["source": "\(result.source.id)", "stage": "\(change.stage)"]
        if let code = change.code { metadata["code"] = "\(code)" }
        log.info("\(change.words)", metadata: metadata)
        return true
    }
}
