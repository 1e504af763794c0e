// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import Synchronization

/// How many threads an operation on an array may use.
package let processorCount = ProcessInfo.processInfo.activeProcessorCount

/// Calls `body` for consecutive ranges that cover 0..<count, on all cores at once, and returns when all are done.
///
/// Chunks are several times as many as cores, so that a core that another process slows down does not hold up all.
///
/// - Parameter minimum: items below which a chunk is not worth a thread.
package func inParallelChunks(of count: Int, minimum: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let chunks = min(max(1, count / max(1, minimum)), processorCount == 1 ? 1 : processorCount * 8)
    guard chunks > 1 else { return body(0..<count) }
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
        body(count * chunk / chunks..<count * (chunk + 1) / chunks)
    }
}

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
