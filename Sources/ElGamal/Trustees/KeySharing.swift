// SPDX-License-Identifier: Apache-2.0

import ByteTrees
public import GroupArithmetic

/// What all trustees of a session agree on before they make its key.
///
/// Trustee indices are 1-based, in the order of the parties in protInfo.xml.
public struct KeySharing: Sendable {
    public let group: SafePrimeGroup
    /// k.
    public let trusteeCount: Int
    /// λ: as many shares recover a trustee's secret key, 1 <= λ <= k.
    public let threshold: Int
    /// The session's id, hashed into every proof of possession.
    public let session: String
    /// ρ, the digest of the session's protInfo.xml.
    public let prefix: [UInt8]

    public init(group: SafePrimeGroup, trusteeCount: Int, threshold: Int, session: String, prefix: [UInt8]) {
        precondition(threshold >= 1 && threshold <= trusteeCount, "threshold \(threshold) of \(trusteeCount)")
        self.group = group
        self.trusteeCount = trusteeCount
        self.threshold = threshold
        self.session = session
        self.prefix = prefix
    }

    var oracle: RandomOracle { RandomOracle(.sha256, prefix: prefix) }

    /// Challenge of the proof of possession: binds session, dealer, all commitments, the receiving key and the nonce's
    /// commitment; ρ stands in front.
    func possessionChallenge(
        dealer: Int, commitments: ElementVector, receivingKey: GroupElement, commitment: GroupElement
    ) -> Exponent {
        let bytes = oracle.output(bitCount: 256) { hash in
            hash.appendNodeHeader(6)
            hash.append(tree: .string("possession of a key share"))
            hash.append(tree: .string(session))
            hash.append(tree: .integer(UInt32(dealer)))
            commitments.write(to: &hash)
            hash.append(leaf: receivingKey.bytes)
            hash.append(leaf: commitment.bytes)
        }
        return Exponent(reducing: BigInteger(bigEndian: bytes), in: group)
    }

    /// κ_q bytes that hide one share: from the secret that dealer and receiver have in common, in κ_p bytes.
    func pad(
        dealer: Int, receiver: Int, ephemeral: GroupElement, receivingKey: GroupElement, shared: borrowing SecretBytes
    ) -> SecretBytes {
        var seed = SecretBytes(count: HashFunction.sha256.byteCount)
        var hash = IncrementalHash(.sha256)
        hash.append(bytes: prefix)
        hash.appendNodeHeader(6)
        hash.append(tree: .string("share"))
        hash.append(tree: .integer(UInt32(dealer)))
        hash.append(tree: .integer(UInt32(receiver)))
        hash.append(leaf: ephemeral.bytes)
        hash.append(leaf: receivingKey.bytes)
        hash.appendLeafHeader(shared.count)
        shared.withBytes { hash.append($0) }
        seed.withMutableBytes { hash.digest(into: $0) }
        var generator = PseudorandomGenerator(.sha256, seed: seed)
        var pad = SecretBytes(count: group.exponentByteCount)
        pad.withMutableBytes { generator.fill($0) }
        return pad
    }
}
