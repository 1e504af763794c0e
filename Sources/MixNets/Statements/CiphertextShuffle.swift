// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
package import GroupArithmetic

/// The claim that w' holds the ciphertexts w, re-encrypted and permuted as u permutes h. The letters here and in the proofs are
/// those of the specification of the published tally, sections 6.5 and 6.6.
struct CiphertextShuffleStatement {
    let parameters: MixNetParameters
    /// y.
    let key: PublicKey
    /// h_0 … h_{N-1}.
    let h: ElementVector
    /// The kept commitments, N of them.
    let u: ElementVector
    /// w: input.
    let input: CiphertextVector
    /// w': output.
    let output: CiphertextVector

    var group: SafePrimeGroup { parameters.group }
    var count: Int { h.count }

    /// s = Ch(|P|, ⟨[g], h, u, ⟨[g], [y]⟩, w, w'⟩).
    var batchingSeed: [UInt8] {
        parameters.batchingSeed { hash in
            hash.appendNodeHeader(6)
            hash.append(leaf: group.generator.bytes)
            h.write(to: &hash)
            u.write(to: &hash)
            hash.append(tree: key.byteTree)
            input.write(to: &hash)
            output.write(to: &hash)
        }
    }
}

/// What the prover of a shuffle of ciphertexts knows. Secret.
package struct CiphertextShuffleWitness {
    /// π̂(0) … π̂(N-1): w'_j = w_{π̂(j)} · Enc(1; s_{π̂(j)}).
    let images: [Int]
    /// r_0 … r_{N-1} of the commitments.
    let r: DrawnExponents
    /// s_0 … s_{N-1}.
    let s: DrawnExponents

    package init(images: [Int], r: DrawnExponents, s: DrawnExponents) {
        self.images = images
        self.r = r
        self.s = s
    }
}

/// The numbers that a prover of a shuffle of ciphertexts draws. Secret, and answered for once.
package struct CiphertextShuffleSecrets {
    let alpha: Exponent
    let beta: Exponent
    /// ε: n_e + n_v + n_s bits each.
    let epsilon: DrawnExponents

    package init(alpha: Exponent, beta: Exponent, epsilon: DrawnExponents) {
        self.alpha = alpha
        self.beta = beta
        self.epsilon = epsilon
    }
}

/// The commitment-consistent proof of a shuffle: first message and reply.
struct CiphertextShuffleProof {
    let commitment: Commitment
    let reply: Reply

    /// ⟨A', ⟨B'.1, B'.2⟩⟩ of CCPoSCommitment.
    struct Commitment {
        let aPrime: GroupElement
        let bPrime: Ciphertext

        var byteTree: ByteTree {
            .node([.leaf(aPrime.bytes), .node([.leaf(bPrime.alpha.bytes), .leaf(bPrime.beta.bytes)])])
        }
    }

    /// ⟨k_A, k_B, k_E⟩ of CCPoSReply.
    struct Reply {
        let kA: Exponent
        let kB: Exponent
        let kE: ExponentVector
    }
}

extension CiphertextShuffleProof.Commitment {
    init(reading reader: inout ByteTreeReader, in group: SafePrimeGroup) throws(ProofReadingError) {
        try reader.nodeOf(2)
        aPrime = try reader.element(in: group)
        bPrime = try reader.ciphertext(in: group)
    }
}

extension CiphertextShuffleProof.Reply {
    init(reading reader: inout ByteTreeReader, count: Int, in group: SafePrimeGroup) throws(ProofReadingError) {
        try reader.nodeOf(3)
        kA = try reader.exponent(in: group)
        kB = try reader.exponent(in: group)
        kE = try reader.exponents(count, in: group)
    }
}
