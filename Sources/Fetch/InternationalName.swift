import CLibpsl

/// Host names beyond ASCII (RFC 5890). libcurl's own conversion depends on the process's locale.
enum InternationalName {
    /// `bücher.example` is `xn--bcher-kva.example`: each label folded to lower case and NFKC, then Punycode.
    /// Nil when it cannot be converted. ASCII is only made lower-case.
    static func ascii(_ host: String) -> String? {
        if host.utf8.allSatisfy({ $0 < 0x80 }) {
            return host.utf8.contains { (0x41...0x5A).contains($0) } ? host.lowercased() : host
        }
        var folded: UnsafeMutablePointer<CChar>?
        guard psl_str_to_utf8lower(host, "utf-8", "C", &folded) == PSL_SUCCESS, let folded else { return nil }
        defer { psl_free_string(folded) }
        // The full stops of East Asian input methods separate labels too (RFC 3490 §3.1).
        let labels = String(cString: folded).unicodeScalars.split(omittingEmptySubsequences: false) {
            $0 == "." || $0 == "\u{3002}"
        }
        var result: [String] = []
        for label in labels {
            guard label.count <= 63, let encoded = encode(label) else { return nil }
            result.append(encoded)
        }
        return result.joined(separator: ".")
    }

    /// Punycode (RFC 3492 §6.3) with its prefix; ASCII labels stay. A label has at most 63 scalars, so nothing overflows.
    private static func encode(_ label: Substring.UnicodeScalarView) -> String? {
        let scalars = label.map(\.value)
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        guard output.count < scalars.count else { return String(label) }
        let basic = UInt32(output.count)
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var next: UInt32 = 128
        var delta: UInt32 = 0
        var bias: UInt32 = 72
        var handled = basic
        while handled < UInt32(scalars.count) {
            guard let smallest = scalars.filter({ $0 >= next }).min() else { return nil }
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for scalar in scalars {
                if scalar < next { delta += 1 }
                guard scalar == next else { continue }
                append(delta, bias: bias, to: &output)
                bias = adapt(delta, points: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return "xn--" + String(decoding: output, as: UTF8.self)
    }

    /// One generalised variable-length integer (RFC 3492 §3.3).
    private static func append(_ delta: UInt32, bias: UInt32, to output: inout [UInt8]) {
        func digit(_ value: UInt32) -> UInt8 { UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30) }
        var rest = delta
        var step: UInt32 = 36
        while true {
            let threshold = step <= bias ? 1 : min(step - bias, 26)
            guard rest >= threshold else { break }
            output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            step += 36
        }
        output.append(digit(rest))
    }

    private static func adapt(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var steps: UInt32 = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }
}
