// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic
import MixNets

/// Compares ballots, a batch at a time as they are reviewed, with the list of ciphertexts that was mixed: neither has to stand
/// in memory.
struct MixedBallots {
    /// The list as it stands in CiphertextList00.bt, nothing but its lengths checked; nil if it cannot be read, which the
    /// check of the list says.
    private let list: CiphertextVector?
    /// Ballots that came so far.
    private(set) var count = 0
    private(set) var firstDifference: Int?

    init(_ files: ProofFolder, in group: SafePrimeGroup) throws(MixNetError) {
        guard let bytes = try files.bytes(ProofFileName.ciphertextList(0)) else {
            list = nil
            return
        }
        list = try? readingByteTree(
            bytes,
            { reader throws(VectorError) in
                var shape = reader
                let count: Int
                do throws(ByteTreeError) {
                    try shape.node(of: 2)
                    count = try shape.upcomingNode()
                } catch { throw .byteTree(error) }
                return try CiphertextVector(ownList: &reader, count: count, in: group)
            }, orElse: { .byteTree($0) })
    }

    mutating func compare(_ batch: CiphertextVector) {
        defer { count += batch.count }
        guard let list, firstDifference == nil else { return }
        let end = min(count + batch.count, list.count)
        guard count < end else { return }
        let length = end - count
        let differences = [
            list.alphas.slice(count..<end).firstDifference(from: batch.alphas.prefix(length)),
            list.betas.slice(count..<end).firstDifference(from: batch.betas.prefix(length)),
        ]
        firstDifference = differences.compactMap(\.self).min().map { count + $0 }
    }
}
