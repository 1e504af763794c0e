// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// How powers of one base are cut: rows of digits, which cores share, and pieces of a long list.
struct RowPlan {
    /// Bits of a digit.
    let window: Int
    let rowCount: Int
    /// Threads, each of which multiplies up its own products.
    let workerCount: Int
    let pieceCount: Int
    /// What all rows cost in Montgomery products.
    let products: Int

    init(bitCount: Int, count: Int, modulus: Modulus) {
        let workers = min(processorCount, (bitCount + RowPlan.largestWindow - 1) / RowPlan.largestWindow)
        pieceCount = max(1, (count * max(8, workers) / 8 + RowPlan.longestPiece - 1) / RowPlan.longestPiece)
        let piece = (count + pieceCount - 1) / pieceCount
        let rows = { (window: Int) in (bitCount + window - 1) / window }
        let cost = { (window: Int) in rows(window) * (piece + 1 << window) }
        let fitting = (Int(EO_ROW_WINDOW_MINIMUM)...RowPlan.largestWindow).filter {
            eo_row_size(modulus.pointer, $0) * MemoryLayout<UInt>.stride <= RowPlan.tableByteCount
        }
        window = fitting.min { cost($0) < cost($1) } ?? Int(EO_ROW_WINDOW_MINIMUM)
        (rowCount, workerCount) = (rows(window), workers)
        products = pieceCount * (cost(window) + piece * workers)
    }

    static let largestWindow = 12
    /// A row's table is read at random places and has to stay in a core's own cache.
    private static let tableByteCount = 768 << 10
    /// Powers whose products eight workers hold at a time: 80 MB at 2048 bits.
    private static let longestPiece = 32768
}
