import Fetch
import Markup
import News
import Storage

/// The stages of `Pipeline`, by the names under which they fail.
public enum Stage: String, Sendable, CaseIterable {
    // poll
    case fetch, parse, commit
    // file
    case read, score, desk, publish
}

/// Told of every stage that has ended, with the source it was for: progress on a terminal, crash rehearsals.
public typealias StageObserver = @Sendable (_ stage: Stage, _ source: SourceID) -> Void

extension Fault {
    /// The fault of a stage, from whatever it threw.
    init(_ stage: Stage, _ error: any Error) {
        switch error {
        case let error as FetchError: self.init(stage: stage.rawValue, code: error.code.rawValue, detail: error.detail)
        case let error as MarkupError: self.init(stage: stage.rawValue, code: error.code, detail: error.detail)
        case let fault as Fault: self = fault
        default: self.init(stage: stage.rawValue, code: "failed", detail: "\(error)")
        }
    }
}

extension Fault: Error {}
