// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// Encrypts many plaintexts under one key.
public struct Encryption: Sendable {
    public let key: PublicKey
    private let generator: FixedBase
    private let y: FixedBase

    /// - Complexity: two squarings a bit of q, on one core.
    public init(under key: PublicKey) {
        self.key = key
        generator = FixedBase(key.group.generator)
        y = FixedBase(key.y)
    }

    /// (g^r_i, y^r_i · m_i).
    ///
    /// - Parameter randomness: uniform in 0..<q, never used twice; secret.
    /// - Complexity: two fixed-base exponentiations each, on all cores.
    public func encrypt(_ plaintexts: ElementVector, randomness: ExponentVector) -> CiphertextVector {
        CiphertextVector(alphas: generator.powers(randomness), betas: y.powers(randomness) * plaintexts)
    }

    /// The same, and the commitments g^w_i of proofs that whoever made the ciphertexts knows r.
    ///
    /// - Parameters:
    ///   - randomness: r, uniform in 0..<q, never used twice; secret.
    ///   - nonces: w for each kind of proof, likewise.
    /// - Returns: the ciphertexts, and a list of commitments for each of nonces.
    /// - Complexity: two fixed-base exponentiations each, and one for each kind of proof, on all cores.
    package func encrypt(
        _ plaintexts: ElementVector, randomness: ExponentVector, nonces: [ExponentVector]
    ) -> (ciphertexts: CiphertextVector, commitments: [ElementVector]) {
        let powers = generator.powers([randomness] + nonces)
        let ciphertexts = CiphertextVector(alphas: powers[0], betas: y.powers(randomness) * plaintexts)
        return (ciphertexts, Array(powers.dropFirst()))
    }

    /// g^w_i.
    ///
    /// - Parameter nonces: w, uniform in 0..<q, never used twice; secret.
    func commitments(_ nonces: ExponentVector) -> ElementVector { generator.powers(nonces) }

    /// (α_i · g^s_i, β_i · y^s_i): the same plaintexts under new randomness.
    ///
    /// - Parameter randomness: uniform in 0..<q, never used twice; whoever learns it can link the ciphertexts.
    /// - Complexity: two fixed-base exponentiations each, on all cores.
    public func reencrypt(_ ciphertexts: CiphertextVector, randomness: ExponentVector) -> CiphertextVector {
        CiphertextVector(
            alphas: ciphertexts.alphas * generator.powers(randomness),
            betas: ciphertexts.betas * y.powers(randomness))
    }
}
