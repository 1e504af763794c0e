// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
internal import GroupArithmetic

/// The claim that f_i = α_i^x for the secret key x of y_l. The letters here are those of the specification of the published tally,
/// section 6.7.
struct DecryptionStatement {
    let parameters: MixNetParameters
    /// y_l.
    let key: PublicKey
    /// w: the output of the last shuffle.
    let ciphertexts: CiphertextVector
    /// f_0 … f_{N-1}.
    let factors: ElementVector

    var group: SafePrimeGroup { parameters.group }

    /// s = Ch(|P|, ⟨⟨[g], w⟩, ⟨[y_l], f⟩⟩).
    var batchingSeed: [UInt8] {
        parameters.batchingSeed { hash in
            hash.appendNodeHeader(2)
            hash.appendNodeHeader(2)
            hash.append(leaf: group.generator.bytes)
            ciphertexts.write(to: &hash)
            hash.appendNodeHeader(2)
            hash.append(leaf: key.y.bytes)
            factors.write(to: &hash)
        }
    }
}

/// The proof: first message ⟨[y'], ⟨[B']⟩⟩ and reply [k_x].
struct DecryptionProof {
    let yPrime: GroupElement
    let bPrime: GroupElement
    let kX: Exponent

    static func commitmentTree(yPrime: GroupElement, bPrime: GroupElement) -> ByteTree {
        .node([.leaf(yPrime.bytes), .node([.leaf(bPrime.bytes)])])
    }
}

extension DecryptionStatement {
    /// Proves the claim.
    ///
    /// - Parameters:
    ///   - secretKey: x_l.
    ///   - nonce: z, uniform in 0..<q, used this once.
    /// - Complexity: two constant-time exponentiations and one term of n_e bits a ciphertext.
    func prove(_ secretKey: borrowing SecretExponent, nonce: consuming SecretExponent) -> DecryptionProof {
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: ciphertexts.count)
        let A = ciphertexts.alphas.productOfPowers(e)
        let yPrime = nonce.power(of: group.generator)
        let bPrime = nonce.power(of: A)
        let v = parameters.challenge(seed: seed) {
            $0.append(tree: DecryptionProof.commitmentTree(yPrime: yPrime, bPrime: bPrime))
        }
        return DecryptionProof(yPrime: yPrime, bPrime: bPrime, kX: secretKey.reply(to: v, nonce: nonce))
    }

    /// Checks both equations.
    ///
    /// - Complexity: two terms of n_e bits in products of powers a ciphertext.
    func verify(_ proof: DecryptionProof) throws(FailedCheck) {
        let seed = batchingSeed
        let e = parameters.batchingNumbers(seed: seed, count: ciphertexts.count)
        let v = parameters.challenge(seed: seed) {
            $0.append(tree: DecryptionProof.commitmentTree(yPrime: proof.yPrime, bPrime: proof.bPrime))
        }
        guard key.y.powerVariableTime(v) * proof.yPrime == group.generator.powerVariableTime(proof.kX) else {
            throw FailedCheck(check: .decryptionOfGenerator)
        }
        let A = ciphertexts.alphas.productOfPowers(e)
        let F = factors.productOfPowers(e)
        guard F.powerVariableTime(v) * proof.bPrime == A.powerVariableTime(proof.kX) else {
            throw FailedCheck(check: .decryptionOfCiphertexts)
        }
    }
}
