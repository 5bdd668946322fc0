import Glibc
import News

/// The reader's yes and no on stories: `TOPIC/yes/ID.txt` and `TOPIC/no/ID.txt`, further texts of a story `ID-2.txt` ….
///
/// The same form is read from any folder of labelled examples. A story stands on one side only, at every moment: changing
/// one's mind renames its files before it rewrites them.
public struct ExampleFolder: Sendable {
    public typealias Verdict = ReaderVerdict.Word

    /// What `store` has done.
    public enum Outcome: Sendable, Hashable {
        case stored
        /// It stood on the other side before.
        case moved
        /// It was there already, word for word.
        case unchanged
    }

    /// An example with what it says about its topic.
    public struct Labelled: Sendable, Hashable {
        public var topic: TopicID
        public var verdict: Verdict
        public var file: String
        public var example: TopicExample

        /// The file's name but for the number of a further text.
        public var story: String { ExampleFolder.story(ofFile: file.split(separator: "/").last ?? "") }
    }

    /// A file that cannot be used: `file:line: what is wrong – what to do`.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public var file: String
        /// From 1; 0 when it is the file as a whole.
        public var line: Int
        public var message: String
        public var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
    }

    public let path: String
    private let files = Files(beforeStep: { _ in })

    /// - Parameter path: `STATE/examples`, or another folder of the same form; made when something is stored.
    public init(path: String) { self.path = path }

    /// Stores a story's texts as an example of a topic, whole or not at all for each; without a note an earlier one stays.
    ///
    /// - Parameters:
    ///   - id: the story's shown id, of letters and digits.
    ///   - texts: at least one, at most `Limits.examplesPerStoryMax`; the first is `ID.txt`.
    /// - Returns: what was done, and the files of the story.
    public func store(
        _ texts: [TopicExample], as verdict: Verdict, of topic: TopicID, id: String
    ) throws -> (outcome: Outcome, files: [String]) {
        let folder = "\(path)/\(topic)/\(verdict.rawValue)"
        let otherFolder = "\(path)/\(topic)/\(verdict.other.rawValue)"
        try files.makeFolder(folder)
        try files.removeLeftovers(in: folder)
        let other = names(of: id, in: otherFolder)
        for name in other { try files.move("\(otherFolder)/\(name)", to: "\(folder)/\(name)") }
        var outcome = other.isEmpty ? Outcome.unchanged : .moved
        var written: [String] = []
        for (index, text) in texts.prefix(Limits.examplesPerStoryMax).enumerated() {
            let file = "\(folder)/\(index == 0 ? id : "\(id)-\(index + 1)").txt"
            let standing = try files.read(file)
            let earlier = standing.flatMap { try? TopicExample(parsing: String(decoding: $0, as: UTF8.self)) }
            let bytes = Array((text.note == nil ? text.noted(earlier?.note) : text).text.utf8)
            written.append(file)
            if standing == bytes { continue }
            try files.replace(file, with: bytes)
            if outcome == .unchanged { outcome = .stored }
        }
        return (outcome, written)
    }

    /// Reads every example of every topic, by topic, yes before no, by name. Files that cannot be used are faults and
    /// hide none of the others; names that do not end in `.txt`, and hidden ones, are left alone.
    public func read() -> (examples: [Labelled], faults: [Fault]) {
        var examples: [Labelled] = []
        var faults: [Fault] = []
        for topic in Self.names(in: path) {
            for verdict in Verdict.allCases {
                let folder = "\(path)/\(topic)/\(verdict.rawValue)"
                for name in Self.names(in: folder) where name.hasSuffix(".txt") {
                    let file = "\(folder)/\(name)"
                    guard examples.count < Limits.examplesMax, faults.count < Limits.faultsMax * 5 else {
                        faults.append(
                            Fault(
                                file: path, line: 0,
                                message:
                                    "more than \(Limits.examplesMax) examples, or too many faults – the rest is not read"
                            ))
                        return (examples, faults)
                    }
                    do {
                        let example = try Self.example(in: file)
                        examples.append(Labelled(topic: topic, verdict: verdict, file: file, example: example))
                    } catch { faults.append(error) }
                }
            }
        }
        return (examples, faults)
    }

    private static func example(in file: String) throws(Fault) -> TopicExample {
        let bytes: [UInt8]
        do {
            bytes = try Files.regular(file, bytesMax: Limits.exampleBytesMax)
        } catch { throw Fault(file: file, line: 0, message: "\(error.detail ?? error.description)") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(file: file, line: 0, message: "not UTF-8 – save it as UTF-8")
        }
        do { return try TopicExample(parsing: text) } catch {
            throw Fault(file: file, line: error.line, message: error.message)
        }
    }

    /// Removes the texts of a story from all topics, or only those from one of these addresses.
    /// - Returns: the files that were removed.
    public func remove(of id: String, from addresses: Set<String>? = nil) throws -> [String] {
        var removed: [String] = []
        for topic in Self.names(in: path) {
            for verdict in Verdict.allCases {
                let folder = "\(path)/\(topic)/\(verdict.rawValue)"
                for name in names(of: id, in: folder) {
                    let file = "\(folder)/\(name)"
                    if let addresses {
                        guard let address = try Self.example(in: file).url, addresses.contains(address) else {
                            continue
                        }
                    }
                    try files.remove(file)
                    removed.append(file)
                }
            }
        }
        return removed
    }

    /// `ID.txt`, `ID-2.txt`, … as they stand in a folder.
    private func names(of id: String, in folder: String) -> [String] {
        Self.names(in: folder).filter { $0.hasSuffix(".txt") && Self.story(ofFile: $0[...]) == id }
    }

    /// `abcd` of `abcd.txt` and `abcd-2.txt`.
    private static func story(ofFile name: Substring) -> String {
        let stem = name.hasSuffix(".txt") ? name.dropLast(4) : name
        guard let dash = stem.lastIndex(of: "-"), Int(stem[stem.index(after: dash)...]) != nil else {
            return String(stem)
        }
        return String(stem[..<dash])
    }

    /// Sorted, hidden ones left out; none where there is no folder.
    static func names(in folder: String) -> [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

extension Files {
    /// Renames within one file system; both folders are on the disk when this returns.
    fileprivate func move(_ from: String, to: String) throws {
        guard rename(from, to) == 0 else { throw DeliveryError(doing: "rename to", path: to, code: errno) }
        try syncFolders(of: from, to)
    }

    /// A regular file of at most so many bytes.
    fileprivate static func regular(_ path: String, bytesMax: Int) throws(DeliveryError) -> [UInt8] {
        // Non-blocking: a named pipe would wait for its writer.
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw DeliveryError(doing: "read", path: path, code: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw DeliveryError(doing: "read", path: path, code: 0, detail: "no regular file – move it away")
        }
        guard status.st_size <= bytesMax else {
            throw DeliveryError(
                doing: "read", path: path, code: 0, detail: "larger than \(bytesMax) bytes – shorten it")
        }
        do {
            return try Files(beforeStep: { _ in }).read(file, path, from: 0, count: Int(status.st_size))
        } catch {
            throw error as? DeliveryError ?? DeliveryError(doing: "read", path: path, code: 0, detail: "\(error)")
        }
    }
}
