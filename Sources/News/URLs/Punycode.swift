/// The encoding of a host label outside ASCII (RFC 3492).
enum Punycode {
    /// Encodes one label of at most 63 characters, without the `xn--` in front; time grows with the square of its length.
    static func encode(_ label: some Collection<Unicode.Scalar>) -> String {
        let scalars = label.map(\.value)
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basicCount = output.count
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var codePoint: UInt32 = 128
        var delta = 0
        var bias = 72
        var handled = basicCount
        while handled < scalars.count, let next = scalars.filter({ $0 >= codePoint }).min() {
            delta += Int(next - codePoint) * (handled + 1)
            codePoint = next
            for scalar in scalars {
                if scalar < codePoint { delta += 1 }
                guard scalar == codePoint else { continue }
                append(delta, bias: bias, to: &output)
                bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            codePoint += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
        var quotient = delta
        var k = 36
        while true {
            let threshold = min(max(k - bias, 1), 26)
            if quotient < threshold { break }
            output.append(digit(threshold + (quotient - threshold) % (36 - threshold)))
            quotient = (quotient - threshold) / (36 - threshold)
            k += 36
        }
        output.append(digit(quotient))
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26) }

    /// RFC 3492 §6.1.
    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var rest = isFirst ? delta / 700 : delta / 2
        rest += rest / count
        var k = 0
        while rest > 455 {
            rest /= 35
            k += 36
        }
        return k + 36 * rest / (rest + 38)
    }
}
