// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What some work cost this process, in seconds.
public struct Cost: Sendable {
    /// User and system time of all threads, and of programs that were run and have ended.
    public var processor: Double
    public var elapsed: Double

    public static let zero = Cost(processor: 0, elapsed: 0)

    /// Runs `body` and takes its cost. For work that cannot be done twice.
    public static func of<Value>(_ body: () throws -> Value) rethrows -> (value: Value, cost: Cost) {
        let (processor, elapsed) = (processorSeconds(), elapsedSeconds())
        let value = try body()
        return (value, Cost(processor: processorSeconds() - processor, elapsed: elapsedSeconds() - elapsed))
    }

    /// The lowest cost of `repeats` runs, each time taken for itself: what disturbs a run only adds.
    public static func least(of repeats: Int, _ body: () throws -> Void) rethrows -> Cost {
        var least = try of(body).cost
        for _ in 1..<max(1, repeats) {
            let cost = try of(body).cost
            least.processor = min(least.processor, cost.processor)
            least.elapsed = min(least.elapsed, cost.elapsed)
        }
        return least
    }

    private static func elapsedSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    private static func processorSeconds() -> Double {
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(0) { sum, who in
            var usage = rusage()
            getrusage(__rusage_who_t(who), &usage)
            return sum + seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
    }
}
