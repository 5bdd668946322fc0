/// Kinds of documents that hold no text, by their first bytes.
enum BinaryDocument {
    /// `a PDF document`; nil for what may be text.
    static func kind(of bytes: [UInt8]) -> String? { kinds.first { bytes.starts(with: $0.code) }?.name }

    private static let kinds: [(code: [UInt8], name: String)] = [
        (Array("%PDF-".utf8), "a PDF document"), ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("GIF8".utf8), "a GIF image"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x1F, 0x8B], "compressed data"),
    ]
}
