import Foundation

/// How surprising a count is beside those of the windows before it.
///
/// Counts of a window are taken as Poisson with a rate that is not known: a Gamma distribution with Jeffreys' prior and what
/// the baseline has seen (Gelman et al., "Bayesian Data Analysis", 3rd ed., §2.6). The next count is then negative binomial,
/// with a tail that is heavier the less was seen. News comes in bursts, so that the rate itself varies from day to day: the
/// distribution is never narrower than one of size `sizeMax`, nor than what the baseline's own variance asks for.
public struct CountModel: Sendable {
    /// Of the negative binomial: the smaller, the heavier its tails.
    let size: Double
    let mean: Double
    private let windows: Int
    private let windowDays: Int

    /// The most that the size may be, however quiet and even the baseline is.
    static let sizeMax = 3.0
    /// Days: four weeks say nothing of what comes once in years, however few windows they are.
    public static let rarest = 1000
    /// One or two stories are never told as rarer than twice the baseline.
    public static let smallMax = 2

    /// - Parameter baseline: counts of windows of the same length, at least one.
    public init(baseline: [Int], windowDays: Int = 1) {
        self.windowDays = windowDays
        windows = max(1, baseline.count)
        let sum = baseline.reduce(0, +)
        mean = (0.5 + Double(sum)) / Double(windows)
        var size = min(0.5 + Double(sum), Self.sizeMax)
        let average = Double(sum) / Double(windows)
        if windows > 1 {
            let squares = baseline.reduce(0) { $0 + (Double($1) - average) * (Double($1) - average) }
            let variance = squares / Double(windows - 1)
            if variance > average, average > 0 { size = min(size, average * average / (variance - average)) }
        }
        self.size = max(size, 0.1)
    }

    /// In how many days a count as high as this, or as low, is to be expected in a window once; at least a window.
    public func onceIn(_ count: Int) -> (days: Int, isMore: Bool) {
        let isMore = Double(count) >= mean
        let tail = isMore ? 1 - below(count) : below(count + 1)
        let most = count <= Self.smallMax && isMore ? 2 * windows * windowDays : Self.rarest
        let days = Double(windowDays) / max(tail, .leastNormalMagnitude)
        return (days < Double(most) ? max(windowDays, Int(days.rounded())) : most, isMore)
    }

    /// The probability of fewer than `count`.
    private func below(_ count: Int) -> Double {
        let success = size / (size + mean)
        var sum = 0.0
        // Beyond this every further term is nothing, whatever the count.
        for number in 0..<min(max(0, count), Self.termsMax) {
            let k = Double(number)
            let logarithm =
                lgamma(size + k) - lgamma(size) - lgamma(k + 1) + size * log(success) + k * log1p(-success)
            sum += exp(logarithm)
        }
        return min(1, sum)
    }

    private static let termsMax = 100_000
}
