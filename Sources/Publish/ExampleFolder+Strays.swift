import Glibc
import News

extension ExampleFolder {
    /// What lies in the folder and is never read, though whoever put it there expects that it is; at most `Limits.faultsMax`.
    /// - Parameter topics: those that are configured.
    public func strays(topics: Set<TopicID>) -> [Fault] {
        var strays: [Fault] = []
        func tell(_ file: String, _ message: String) {
            if strays.count < Limits.faultsMax { strays.append(Fault(file: file, line: 0, message: message)) }
        }
        if Self.isDangling(path) { tell(path, "a link that leads nowhere – make what it names, or remove it") }
        for topic in Self.names(in: path) {
            let folder = "\(path)/\(topic)"
            guard Files.isFolder(folder) else {
                // Whoever keeps notes or a topic's file here means no example.
                if topic.hasSuffix(".txt") { tell(folder, "no topic's – move it to TOPIC/yes or TOPIC/no") }
                continue
            }
            if !topics.contains(topic) {
                tell(
                    folder,
                    "examples of a topic that is not configured – rename the folder, or add topics.d/\(topic).yaml")
            }
            for verdict in Self.names(in: folder) {
                guard Verdict(rawValue: verdict) != nil, Files.isFolder("\(folder)/\(verdict)") else {
                    tell("\(folder)/\(verdict)", "neither in yes nor in no – move it into one of them")
                    continue
                }
                for name in Self.names(in: "\(folder)/\(verdict)") where !name.hasSuffix(".txt") {
                    tell(
                        "\(folder)/\(verdict)/\(name)",
                        "not read, for its name does not end in .txt – rename or remove it")
                }
            }
        }
        return strays
    }

    private static func isDangling(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK && !Files.isFolder(path)
    }
}
