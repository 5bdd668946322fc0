import News

/// Reads an XML document as it stands and, where it is not well-formed, once more as `XMLRepair` mends it.
enum XMLReading {
    /// - Parameters:
    ///   - bytes: valid UTF-8 without control characters.
    ///   - root: the offset of the root element.
    ///   - make: a new target, called again where the first has seen a part of a broken document.
    /// - Returns: the target that has seen the whole document, and what was mended.
    static func read<Target: SAXTarget>(
        _ bytes: [UInt8], root: Int, _ make: () -> Target
    ) -> (target: Target, faults: [MarkupFault]) {
        bytes.withUnsafeBufferPointer { bytes in
            let target = make()
            if let end = SAXReader.readStrictly(UnsafeBufferPointer(rebasing: bytes[root...]), into: target) {
                var documentEnd = DocumentEnd(bytes)
                switch documentEnd.following(from: root + end) {
                case .nothing: return (target, [])
                case .junk(let start): return (target, [documentEnd.fault(junkAt: start)])
                case .content: break
                }
            }
            return repaired(bytes, root: root, make())
        }
    }

    /// Reads it as `XMLRepair` mends it.
    static func repaired<Target: SAXTarget>(
        _ bytes: UnsafeBufferPointer<UInt8>, root: Int, _ target: Target
    ) -> (target: Target, faults: [MarkupFault]) {
        var repair = XMLRepair(bytes, root: root)
        let repaired = repair.run()
        let whole = repair.wholeBytes
        let complaint = repaired.withUnsafeBufferPointer { SAXReader.read($0, whole: whole, into: target) }
        return (target, repair.faults.faults + (complaint.map { [MarkupFault("xml-error", $0)] } ?? []))
    }
}
