// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
package import GroupArithmetic

/// The claim that u holds the generators h, permuted and blinded: u_{π(i)} = g^r_i h_i. The letters here and in the proofs
/// are those of the specification of the published tally, sections 6.2 and 6.3.
struct CommitmentShuffleStatement {
    let parameters: MixNetParameters
    /// h_0 … h_{M-1}.
    let h: ElementVector
    /// u_0 … u_{M-1}.
    let u: ElementVector

    var group: SafePrimeGroup { parameters.group }
    var count: Int { h.count }

    /// s = Ch(|P|, ⟨[g], h, u⟩).
    var batchingSeed: [UInt8] {
        parameters.batchingSeed { hash in
            hash.appendNodeHeader(3)
            hash.append(leaf: group.generator.bytes)
            h.write(to: &hash)
            u.write(to: &hash)
        }
    }
}

/// What the prover of a shuffle of commitments knows. Secret.
package struct CommitmentShuffleWitness {
    package let permutation: Permutation
    /// r_0 … r_{M-1}.
    package let r: DrawnExponents

    package init(permutation: Permutation, r: DrawnExponents) {
        self.permutation = permutation
        self.r = r
    }
}

/// The numbers that a prover of a shuffle of commitments draws. Secret, and answered for once.
package struct CommitmentShuffleSecrets {
    let b: DrawnExponents
    let beta: DrawnExponents
    let alpha: Exponent
    let gamma: Exponent
    let delta: Exponent
    /// ε: n_e + n_v + n_s bits each.
    let epsilon: DrawnExponents

    package init(
        b: DrawnExponents, beta: DrawnExponents, alpha: Exponent, gamma: Exponent, delta: Exponent,
        epsilon: DrawnExponents
    ) {
        self.b = b
        self.beta = beta
        self.alpha = alpha
        self.gamma = gamma
        self.delta = delta
        self.epsilon = epsilon
    }
}

/// The proof: first message and reply.
struct CommitmentShuffleProof {
    let commitment: Commitment
    let reply: Reply

    /// ⟨B, A', B', C', D'⟩ of PoSCommitment.
    struct Commitment {
        let B: ElementVector
        let aPrime: GroupElement
        let bPrime: ElementVector
        let cPrime: GroupElement
        let dPrime: GroupElement

        func write(to sink: inout some ByteTreeSink & ~Copyable) {
            sink.appendNodeHeader(5)
            B.write(to: &sink)
            sink.append(leaf: aPrime.bytes)
            bPrime.write(to: &sink)
            sink.append(leaf: cPrime.bytes)
            sink.append(leaf: dPrime.bytes)
        }
    }

    /// ⟨k_A, k_B, k_C, k_D, k_E⟩ of PoSReply.
    struct Reply {
        let kA: Exponent
        let kB: ExponentVector
        let kC: Exponent
        let kD: Exponent
        let kE: ExponentVector
    }
}

extension CommitmentShuffleProof.Commitment {
    init(reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup) throws(ProofReadingError) {
        try reader.nodeOf(5)
        B = try reader.elements(count, in: group)
        aPrime = try reader.element(in: group)
        bPrime = try reader.elements(count, in: group)
        cPrime = try reader.element(in: group)
        dPrime = try reader.element(in: group)
    }
}

extension CommitmentShuffleProof.Reply {
    init(reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup) throws(ProofReadingError) {
        try reader.nodeOf(5)
        kA = try reader.exponent(in: group)
        kB = try reader.exponents(count, in: group)
        kC = try reader.exponent(in: group)
        kD = try reader.exponent(in: group)
        kE = try reader.exponents(count, in: group)
    }
}
