/// One thing that is wrong in the configuration, where it stands, and what to do about it.
///
/// Prints as `sources.d/20-japan.yaml:12:5: unknown key "intervall" – did you mean "interval"?`.
public struct ConfigurationFault: Sendable, Hashable, CustomStringConvertible {
    /// The path as it was opened.
    public var file: String
    /// From 1; 0 when the fault is the file's or folder's as a whole, which then prints without line and column.
    public var line: Int
    /// From 1, in characters (Unicode scalars), as YAML counts them; a byte order mark is not counted.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to do; empty when the message says it.
    public var hint: String

    public init(file: String, line: Int = 0, column: Int = 0, message: String, hint: String = "") {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return hint.isEmpty ? "\(place): \(message)" : "\(place): \(message) – \(hint)"
    }
}

extension ConfigurationFault: Comparable {
    /// By file, line and column: the order in which a person mends them.
    public static func < (a: ConfigurationFault, b: ConfigurationFault) -> Bool {
        (a.file, a.line, a.column, a.message) < (b.file, b.line, b.column, b.message)
    }
}

/// Everything that is wrong in a configuration; it never comes with half a configuration beside it.
///
/// All errors of meaning of all files, and the first syntax or duplicate-key error of each file, where the YAML library
/// stops. Sorted by file, line and column. The commands print them and exit 78.
public struct ConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// Never empty.
    public var faults: [ConfigurationFault]

    public init(_ faults: [ConfigurationFault]) {
        self.faults = faults.sorted()
    }

    /// One line per fault.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
