import News
import Yams

/// Bytes to a YAML tree, with a fault of ours for everything that makes the library stop, crash or swell.
struct ConfigurationYAML {
    let file: String

    /// The root; nil for an empty file, or one of comments only.
    func root(of bytes: [UInt8]) throws(ConfigurationErrors) -> Node? {
        let text = try checkedText(of: bytes)
        do {
            // Aliases make a short file long and deep, so they are weighed as plain words before they are followed.
            if bytes.contains(UInt8(ascii: "*")) { try weigh(text) }
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            let root = try parser.singleRoot()
            return root.flatMap(Self.isEmpty) == true ? nil : root
        } catch let error as YamlError {
            throw ConfigurationErrors([fault(of: error, in: text)])
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw ConfigurationErrors([whole("cannot be parsed: \(error)")])
        }
    }

    /// `key:` with nothing after it, `~` and `null`: a key without a value.
    static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    private func whole(_ message: String, _ hint: String = "") -> ConfigurationFault {
        ConfigurationFault(file: file, message: message, hint: hint)
    }
}

// MARK: - Characters

extension ConfigurationYAML {
    /// UTF-8 without a byte order mark and without characters that YAML forbids (YAML 1.2.2 §5.1).
    private func checkedText(of bytes: [UInt8]) throws(ConfigurationErrors) -> String {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            let (line, column) = Self.endOfValidText(in: body)
            throw ConfigurationErrors([
                ConfigurationFault(
                    file: file, line: line, column: column, message: "not UTF-8", hint: "save the file as UTF-8")
            ])
        }
        var line = 1
        var column = 1
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                line += 1
                column = 1
                continue
            }
            guard Self.isAllowed(scalar) else {
                let code = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
                throw ConfigurationErrors([
                    ConfigurationFault(
                        file: file, line: line, column: column, message: "the invisible character \(name)",
                        hint: "remove it")
                ])
            }
            column += 1
        }
        return text
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }

    /// Line and column of the first byte that is not UTF-8.
    private static func endOfValidText(in bytes: ArraySlice<UInt8>) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            if scalar == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return (line, column)
    }
}

// MARK: - Aliases

extension ConfigurationYAML {
    /// Refuses a document whose aliases, once replaced, make it too large or too deep.
    ///
    /// The library follows aliases while it reads and hashes keys with all that is in them, so a few lines can cost it
    /// hours. Therefore the document is read once with every `*` masked by a letter: an alias is then a plain word, its
    /// place stays the same, and the sizes can be added up.
    private func weigh(_ text: String) throws {
        let mask: Unicode.Scalar = "\u{F8E8}"
        guard !text.unicodeScalars.contains(mask) else {
            throw ConfigurationErrors([whole("holds the private character U+F8E8", "remove it")])
        }
        var masked = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { masked.append(scalar == "*" ? mask : scalar) }
        let parser = try Parser(yaml: String(masked), resolver: .basic, encoding: .utf8)
        guard let root = try parser.nextRoot() else { return }
        var scale = AliasScale(mask: mask)
        guard let culprit = scale.firstTooHeavy(in: root, nodesMax: Limits.yamlNodesMax, depthMax: Limits.yamlDepthMax)
        else { return }
        throw ConfigurationErrors([
            ConfigurationFault(
                file: file, line: culprit.line, column: culprit.column,
                message: "more than \(Limits.yamlNodesMax) values or \(Limits.yamlDepthMax) levels with its aliases",
                hint: "write it with fewer aliases (*name)")
        ])
    }
}

/// Adds up what a document is once its aliases are replaced, without replacing them.
private struct AliasScale {
    let mask: Unicode.Scalar
    private var anchors: [String: (nodes: Int, depth: Int)] = [:]

    init(mask: Unicode.Scalar) { self.mask = mask }

    /// A node whose children are being added up; a stack of these stands for recursion.
    private struct Frame {
        var node: Node
        var children: [Node]
        var next = 0
        var nodes = 1
        var depth = 0
    }

    mutating func firstTooHeavy(in root: Node, nodesMax: Int, depthMax: Int) -> (line: Int, column: Int)? {
        var stack = [frame(root)]
        while var top = stack.popLast() {
            if top.next < top.children.count {
                let child = top.children[top.next]
                top.next += 1
                stack.append(top)
                stack.append(frame(child))
                continue
            }
            if let anchor = top.node.anchor { anchors[anchor.rawValue] = (top.nodes, top.depth) }
            if top.nodes > nodesMax || top.depth > depthMax {
                return (top.node.mark?.line ?? 1, top.node.mark?.column ?? 1)
            }
            guard var parent = stack.popLast() else { return nil }
            parent.nodes += top.nodes
            parent.depth = max(parent.depth, top.depth + 1)
            stack.append(parent)
        }
        return nil
    }

    private func frame(_ node: Node) -> Frame {
        switch node {
        case .mapping(let mapping): Frame(node: node, children: mapping.flatMap { [$0.key, $0.value] })
        case .sequence(let sequence): Frame(node: node, children: Array(sequence))
        case .scalar(let scalar): aliasFrame(scalar, node)
        case .alias: Frame(node: node, children: [])
        }
    }

    private func aliasFrame(_ scalar: Node.Scalar, _ node: Node) -> Frame {
        var frame = Frame(node: node, children: [])
        if scalar.style == .plain, scalar.string.unicodeScalars.first == mask,
            let target = anchors[String(scalar.string.unicodeScalars.dropFirst())]
        {
            frame.nodes = target.nodes
            frame.depth = target.depth
        }
        return frame
    }
}
