// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import GroupArithmetic

/// What a session's protInfo.xml fixes for its proofs.
///
/// - SeeAlso: specification of the published tally, section 4.1 and the table of symbols.
public struct MixNetParameters: Sendable {
    /// G.
    public let group: SafePrimeGroup
    /// k: parties that hold a key and decrypt.
    public let partyCount: Int
    /// λ: parties 1 … λ mix.
    public let threshold: Int
    /// M, or 0 for as many as there are ciphertexts.
    public let maximumCiphertexts: Int
    /// n_s: bits by which blinding numbers exceed what they hide.
    public let statisticalDistance: Int
    /// n_v: bits of a challenge.
    public let challengeBits: Int
    /// n_e: bits of a batching number.
    public let batchingBits: Int
    /// H.
    public let hash: HashFunction
    /// P.
    public let prg: HashFunction
    /// ρ = H(protInfo.xml).
    public let prefix: [UInt8]

    /// - Precondition: 1 <= threshold <= partyCount; n_s + n_v + n_e below the bits of q. Minimum values are the business of who
    ///   reads protInfo.xml.
    public init(
        group: SafePrimeGroup, partyCount: Int, threshold: Int, maximumCiphertexts: Int = 0,
        statisticalDistance: Int = 100, challengeBits: Int = 200, batchingBits: Int = 200,
        hash: HashFunction = .sha256, prg: HashFunction = .sha256, prefix: [UInt8]
    ) {
        precondition(threshold >= 1 && threshold <= partyCount, "threshold \(threshold) of \(partyCount)")
        precondition(
            statisticalDistance + challengeBits + batchingBits < group.q.bitCount,
            "bit lengths that do not fit the group")
        self.group = group
        self.partyCount = partyCount
        self.threshold = threshold
        self.maximumCiphertexts = maximumCiphertexts
        self.statisticalDistance = statisticalDistance
        self.challengeBits = challengeBits
        self.batchingBits = batchingBits
        self.hash = hash
        self.prg = prg
        self.prefix = prefix
    }

    /// Bits of the blinding numbers ε.
    var blindingBits: Int { statisticalDistance + challengeBits + batchingBits }

    package var oracle: RandomOracle { RandomOracle(hash, prefix: prefix) }

    /// s = Ch(|P|, tree), the seed of a proof's batching numbers; `write` appends the tree.
    func batchingSeed(_ write: (inout IncrementalHash) -> Void) -> [UInt8] {
        oracle.output(bitCount: prg.byteCount * 8, write)
    }

    /// e_0 … e_{count-1} from their seed.
    func batchingNumbers(seed: [UInt8], count: Int) -> ExponentVector {
        .batchingNumbers(count: count, bitCount: batchingBits, seed: seed, prg: prg, in: group)
    }

    /// v = Ch(n_v, ⟨[seed], commitment⟩); `write` appends the commitment's tree.
    func challenge(seed: [UInt8], commitment write: (inout IncrementalHash) -> Void) -> Exponent {
        let bytes = oracle.output(bitCount: challengeBits) { hash in
            hash.appendNodeHeader(2)
            hash.append(leaf: seed)
            write(&hash)
        }
        return Exponent(reducing: BigInteger(bigEndian: bytes), in: group)
    }

    /// v for a first message that stands in a file of this party.
    func challenge(seed: [UInt8], commitment name: String, _ folder: ProofFolder) throws(MixNetError) -> Exponent {
        guard let file = try folder.bytes(name) else { throw .missingFile(name) }
        return challenge(seed: seed) { $0.append(file.bytes) }
    }

    /// h_0 … h_{count-1} of section 3.9.
    package func generators(_ count: Int) -> ElementVector {
        .independentGenerators(
            count: count, in: group, oracle: oracle, function: hash, statisticalDistance: statisticalDistance)
    }
}
