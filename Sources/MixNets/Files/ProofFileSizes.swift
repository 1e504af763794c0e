// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import GroupArithmetic

/// The lengths of proof files in bytes, by name. They follow from the number of ciphertexts alone, so that nobody has to take a
/// file of another length from anybody.
///
/// - SeeAlso: specification of the published tally, sections 3.3 and 5.1.
extension MixNetParameters {
    private var element: Int { ByteTreeTag.headerByteCount + group.elementByteCount }
    private var exponent: Int { ByteTreeTag.headerByteCount + group.exponentByteCount }
    private func node(_ children: Int...) -> Int { ByteTreeTag.headerByteCount + children.reduce(0, +) }
    private func elements(_ count: Int) -> Int { node(count * element) }
    private func exponents(_ count: Int) -> Int { node(count * exponent) }

    package func ciphertextListSize(_ count: Int) -> Int { node(elements(count), elements(count)) }

    /// Of ``ProofFileName/permutation(_:)``.
    package func permutationSizes(of party: Int, count: Int) -> [String: Int] {
        [
            ProofFileName.permutationCommitment(party): elements(count),
            ProofFileName.permutationProofCommitment(party): node(
                elements(count), element, elements(count), element, element),
            ProofFileName.permutationProofReply(party): node(
                exponent, exponents(count), exponent, exponent, exponents(count)),
            ProofFileName.keepList(party): ByteTreeTag.headerByteCount + count,
        ]
    }

    /// Of ``ProofFileName/shuffle(_:)``.
    package func shuffleSizes(of party: Int, count: Int) -> [String: Int] {
        [
            ProofFileName.ciphertextList(party): ciphertextListSize(count),
            ProofFileName.shuffleProofCommitment(party): node(element, node(element, element)),
            ProofFileName.shuffleProofReply(party): node(exponent, exponent, exponents(count)),
        ]
    }

    /// Of ``ProofFileName/decryption(_:)``.
    package func decryptionSizes(of party: Int, count: Int) -> [String: Int] {
        [
            ProofFileName.decryptionFactors(party): node(element, elements(count)),
            ProofFileName.decryptionProofCommitment(party): node(element, node(element)),
            ProofFileName.decryptionProofReply(party): exponent,
        ]
    }
}
