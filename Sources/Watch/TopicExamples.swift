import News
import Publish

extension Configuration {
    /// What topics learn from: `examples/TOPIC/yes` and `…/no` in each layer's folder, and the reader's own in the state folder.
    ///
    /// - Parameter state: the state folder; nil where nobody has judged anything.
    /// - Returns: by topic, in the order of the folders; files that cannot be used are faults and hide no other.
    public func examples(state: String?) -> (labels: [TopicID: [TopicLabel]], faults: [ExampleFolder.Fault]) {
        var labels: [TopicID: [TopicLabel]] = [:]
        var faults: [ExampleFolder.Fault] = []
        for folder in folders + [state].compactMap(\.self) {
            let read = ExampleFolder(path: folder + "/examples").read()
            faults += read.faults
            for labelled in read.examples {
                labels[labelled.topic, default: []].append(
                    TopicLabel(labelled.example, belongs: labelled.verdict == .yes, story: labelled.story))
            }
        }
        return (labels, faults)
    }
}

extension Configuration {
    /// What is wrong with the examples beside the configuration, and what lies there unread: nothing that stops the service.
    var faultsOfExamples: [ConfigurationFault] {
        let known = Set(topics.map(\.id))
        let strays = folders.flatMap { ExampleFolder(path: $0 + "/examples").strays(topics: known) }
        return (examples(state: nil).faults + strays).map { fault in
            ConfigurationFault(
                file: fault.file, line: fault.line, column: fault.line > 0 ? 1 : 0, message: fault.message)
        }
    }
}

extension TopicEngine {
    /// With models where there are examples enough.
    ///
    /// Blocks on file reads, and computes for some milliseconds a topic.
    /// - Parameter fault: told of each file of examples that cannot be used.
    public init(
        _ configuration: Configuration, state: String?, fault: (ExampleFolder.Fault) -> Void = { _ in }
    ) {
        let read = configuration.examples(state: state)
        read.faults.forEach(fault)
        self.init(topics: configuration.topics, entities: configuration.entities, examples: read.labels)
    }
}
