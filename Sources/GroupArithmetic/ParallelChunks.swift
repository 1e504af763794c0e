// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import Synchronization

/// How many threads an operation on an array may use.
package let processorCount = ProcessInfo.processInfo.activeProcessorCount

/// Calls `body` for consecutive ranges that cover 0..<count, on all cores at once, and returns when all are done.
///
/// Chunks are many times as many as cores, so that little is left to wait for at the end, and small enough that what is made
/// for one of them takes some megabytes.
///
/// - Parameter minimum: items below which a chunk is not worth a thread. From eight on, chunks are whole eights, which vector
///   kernels compute at once.
package func inParallelChunks(of count: Int, minimum: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let some = processorCount == 1 ? 1 : processorCount * 32
    let chunks = min(max(1, count / max(1, minimum)), max(some, count / 4096))
    guard chunks > 1 else { return body(0..<count) }
    let unit = min(8, max(1, minimum))
    let units = (count + unit - 1) / unit
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
        let range = units * chunk / chunks * unit..<min(count, units * (chunk + 1) / chunks * unit)
        if !range.isEmpty { body(range) }
    }
}

/// Consecutive ranges of about one length that cover 0..<count: as many items as a step over a long list holds in memory at a time.
package func chunks(of count: Int) -> [Range<Int>] { chunks(of: 0..<count) }

/// Consecutive ranges of about one length that cover `range`.
package func chunks(of range: Range<Int>) -> [Range<Int>] {
    let parts = (range.count + itemsAtATime - 1) / itemsAtATime
    return (0..<parts).map {
        range.lowerBound + range.count * $0 / parts..<range.lowerBound + range.count * ($0 + 1) / parts
    }
}

/// 4 MB of elements of 2048 bits. Powers of one base cost less the more there are at a time.
private let itemsAtATime = 16384

/// The first index, by chunks in parallel, at which `firstFailure` finds something; `nil` if nowhere.
package func firstIndexInParallel(
    of count: Int, minimum: Int = 1, _ firstFailure: @escaping @Sendable (Range<Int>) -> Int?
) -> Int? {
    let first = SharedMinimum()
    inParallelChunks(of: count, minimum: minimum) { range in
        if let index = firstFailure(range) { first.lower(to: index) }
    }
    return first.value
}

/// The smallest number that several threads have seen.
private final class SharedMinimum: Sendable {
    private let current = Mutex<Int?>(nil)
    func lower(to index: Int) { current.withLock { $0 = min($0 ?? index, index) } }
    var value: Int? { current.withLock { $0 } }
}
