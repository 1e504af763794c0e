// SPDX-License-Identifier: Apache-2.0

package import ByteTrees
internal import GroupArithmetic

/// Which of M committed positions a mix of N ciphertexts uses: exactly N of them.
///
/// - SeeAlso: specification of the published tally, section 6.4.
package struct KeepList: Equatable, Sendable {
    /// The kept positions, ascending.
    package let positions: [Int]
    /// M.
    package let length: Int

    /// Keeps everything.
    package init(all count: Int) {
        positions = Array(0..<count)
        length = count
    }

    /// The positions π(0) … π(N-1).
    package init(_ permutation: Permutation, count: Int) {
        positions = permutation.images.prefix(count).sorted()
        length = permutation.count
    }

    /// Reads a leaf of M bytes 00 or 01, N of them 01.
    init(reading reader: inout ByteTreeReader, length: Int, count: Int) throws(ProofReadingError) {
        let bytes: [UInt8]
        do throws(ByteTreeError) { bytes = try reader.leaf(of: length) } catch { throw ProofReadingError(error) }
        if let other = bytes.firstIndex(where: { $0 > 1 }) {
            throw ProofReadingError(reason: "byte \(other) of the keep list is \(bytes[other]), neither 0 nor 1")
        }
        positions = bytes.indices.filter { bytes[$0] == 1 }
        self.length = length
        guard positions.count == count else {
            throw ProofReadingError(reason: "\(positions.count) positions are kept where \(count) were expected")
        }
    }

    package var byteTree: ByteTree {
        var bytes = [UInt8](repeating: 0, count: length)
        for position in positions { bytes[position] = 1 }
        return .leaf(bytes)
    }

    var keepsAll: Bool { positions.count == length }

    /// The kept commitments, in order.
    func shrinking(_ commitments: ElementVector) -> ElementVector {
        keepsAll ? commitments : commitments.selecting(positions)
    }

    /// π̂(i) = number of kept positions below π(i), for i < N.
    package func shrinking(_ permutation: Permutation) -> [Int] {
        if keepsAll { return permutation.images }
        var rank = [Int](repeating: 0, count: length)
        for (index, position) in positions.enumerated() { rank[position] = index }
        return permutation.images.prefix(positions.count).map { rank[$0] }
    }
}
