// SPDX-License-Identifier: Apache-2.0

/// How a product of powers is cut: windows of the exponents, of which some are computed at once, and chunks of the bases.
struct ProductPlan {
    /// Windows that cost as much as one: the lanes of a vector kernel.
    let together: Int
    /// Bits of a window.
    let window: Int
    let windowCount: Int
    let chunkCount: Int
    private let count: Int

    /// Groups of windows that are computed together.
    var groupCount: Int { (windowCount + together - 1) / together }

    init(bitCount: Int, count: Int, together: Int) {
        self.together = together
        self.count = count
        let cost = { (window: Int, chunks: Int) in
            let windows = (bitCount + window - 1) / window
            return (windows + together - 1) / together * (count + chunks * 2 << window)
        }
        let best = { (chunks: Int) in (1...12).min { cost($0, chunks) < cost($1, chunks) } ?? 1 }
        // Chunks of bases that stay in a core's cache; and tasks, chunks times groups, that keep all cores busy to the end.
        var chunks = (count + ProductPlan.basesAtATime - 1) / ProductPlan.basesAtATime
        let groups = { (chunks: Int) in
            ((bitCount + best(chunks) - 1) / best(chunks) + together - 1) / together
        }
        if count >= 1024 {
            while chunks * groups(chunks) % processorCount != 0, chunks < 16 * processorCount { chunks += 1 }
        }
        chunkCount = chunks
        window = best(chunks)
        windowCount = (bitCount + window - 1) / window
    }

    func range(of chunk: Int) -> Range<Int> { count * chunk / chunkCount..<count * (chunk + 1) / chunkCount }

    /// Montgomery products of all windows: one a base, two a bucket.
    var products: Int { windowCount * (count + chunkCount * 2 << window) }

    private static let basesAtATime = 32768
}
