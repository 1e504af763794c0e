// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic

/// Votes of one question as group elements, and as plaintexts_json shows them: the vote plus one, in decimal.
struct EncodedVotes: Sendable {
    let elements: ElementVector
    let plaintexts: DecimalColumn

    /// - Precondition: every vote is below q.
    init(_ votes: [BigInteger], in group: SafePrimeGroup) {
        let limbCount = group.elements.limbCount
        elements = ElementVector(count: votes.count, in: group, minimumChunk: 16) { out, range in
            for (offset, index) in range.enumerated() {
                guard let element = group.encode(vote: votes[index]) else {
                    preconditionFailure("vote \(index) was not checked against the group")
                }
                for (place, limb) in element.limbs.enumerated() { out[offset * limbCount + place] = limb }
            }
        }
        plaintexts = Self.plaintexts(count: votes.count, in: group) { votes[$0] + 1 }
    }

    /// The votes that these elements encode: uniform elements are uniform votes.
    init(_ elements: ElementVector) {
        self.elements = elements
        plaintexts = Self.plaintexts(count: elements.count, in: elements.group) { elements[$0].plaintext }
    }

    private static func plaintexts(
        count: Int, in group: SafePrimeGroup, _ plaintext: @Sendable (Int) -> BigInteger
    ) -> DecimalColumn {
        let numbers = NumberColumn(count: count, below: group.q + 1, takesZero: false)
        inParallelChunks(of: count, minimum: 64) { range in
            for index in range { numbers.set(plaintext(index), at: index) }
        }
        return DecimalColumn(numbers)
    }
}
