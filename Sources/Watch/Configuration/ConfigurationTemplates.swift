import Logging
import News
import Publish

extension Templates {
    /// Those of `templates` in the folders of a configuration, the administrator's before the vendor's. What cannot be read is
    /// among the faults, too.
    init(_ configuration: Configuration) {
        var files: [File] = []
        var unread: [Fault] = []
        for folder in configuration.folders.map({ $0 + "/templates" }) {
            for name in (try? ConfigurationFile.names(in: folder)) ?? [] where !name.hasSuffix("~") {
                let path = "\(folder)/\(name)"
                do {
                    files.append(File(path: path, name: name, bytes: try ConfigurationFile.bytes(of: path)))
                } catch {
                    let (what, hint) = error.words("is no longer there", "look whether it was meant to go")
                    unread.append(Fault(path: path, line: 0, column: 0, message: what, hint: hint))
                }
            }
        }
        self.init(replacing: files, unread: unread)
    }
}

extension ConfigurationFault {
    init(_ fault: Templates.Fault) {
        self.init(
            file: fault.path, line: fault.line, column: fault.column, message: fault.message,
            hint: fault.hint + "; the built-in one is used")
    }
}

extension Publisher {
    /// Writes by the templates of a configuration, and tells of those that cannot be used.
    init(_ configuration: Configuration, root: String, log: Logger) throws {
        let templates = configuration.folders.isEmpty ? .builtIn : Templates(configuration)
        for fault in templates.faults {
            log.error("\(ConfigurationFault(fault))", metadata: ["stage": "configuration"])
        }
        try self.init(root: root, templates: templates)
    }
}
