// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// Encrypts many plaintexts under one key, with tables for g and y.
public struct Encryption: Sendable {
    public let key: PublicKey
    package let generatorTable: FixedBase
    package let keyTable: FixedBase

    /// - Parameters:
    ///   - uses: ciphertexts to come, which sizes the tables.
    ///   - memory: where the tables' memory comes from and goes to.
    public init(under key: PublicKey, uses: Int, in memory: TableMemory? = nil) {
        self.key = key
        generatorTable = FixedBase(key.group.generator, uses: uses, in: memory)
        keyTable = FixedBase(key.y, uses: uses, in: memory)
    }

    /// (g^r_i, y^r_i · m_i).
    ///
    /// - Parameter randomness: uniform in 0..<q, never used twice; secret.
    /// - Complexity: two fixed-base exponentiations each, on all cores.
    public func encrypt(_ plaintexts: ElementVector, randomness: ExponentVector) -> CiphertextVector {
        CiphertextVector(
            alphas: generatorTable.powers(randomness), betas: keyTable.powers(randomness) * plaintexts)
    }

    /// (α_i · g^s_i, β_i · y^s_i): the same plaintexts under new randomness.
    ///
    /// - Parameter randomness: uniform in 0..<q, never used twice; whoever learns it can link the ciphertexts.
    /// - Complexity: two fixed-base exponentiations each, on all cores.
    public func reencrypt(_ ciphertexts: CiphertextVector, randomness: ExponentVector) -> CiphertextVector {
        CiphertextVector(
            alphas: ciphertexts.alphas * generatorTable.powers(randomness),
            betas: ciphertexts.betas * keyTable.powers(randomness))
    }
}
