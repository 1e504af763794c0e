// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// How a product of powers is cut: windows of the exponents, of which some are computed at once, and parts of the list.
struct ProductPlan {
    /// Windows that a vector kernel computes at once.
    let together: Int
    /// Bits of a window.
    let window: Int
    let windowCount: Int
    /// Parts of the list, one a core, unless they were too short for buckets of their own.
    let partCount: Int
    /// What the windows cost in Montgomery products.
    let products: Int
    private let count: Int

    /// Groups of windows that are computed together.
    var groupCount: Int { (windowCount + together - 1) / together }

    init(bitCount: Int, count: Int, modulus: Modulus) {
        self.count = count
        partCount = min(processorCount, max(1, count / ProductPlan.shortestPart))
        let part = (count + partCount - 1) / partCount
        together = eo_windows_at_once(modulus.pointer)
        window = eo_best_window(modulus.pointer, bitCount, part)
        windowCount = (bitCount + window - 1) / window
        products = partCount * eo_buckets_cost(modulus.pointer, window, bitCount, part)
    }

    func range(of part: Int) -> Range<Int> { count * part / partCount..<count * (part + 1) / partCount }

    private static let shortestPart = 1024
}
