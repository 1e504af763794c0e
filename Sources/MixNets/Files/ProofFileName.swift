// SPDX-License-Identifier: Apache-2.0

/// The files of a proof directory. Parties are numbered from 1; the input list is CiphertextList00.
///
/// - SeeAlso: specification of the published tally, section 5.1.
public enum ProofFileName {
    public static let fullPublicKey = "FullPublicKey.bt"
    public static let plaintextElements = "PlaintextElements.bt"
    public static func publicKey(_ party: Int) -> String { numbered("PublicKey", party) }
    public static func ciphertextList(_ party: Int) -> String { numbered("CiphertextList", party) }
    public static func permutationCommitment(_ party: Int) -> String { numbered("PermutationCommitment", party) }
    public static func permutationProofCommitment(_ party: Int) -> String { numbered("PoSCommitment", party) }
    public static func permutationProofReply(_ party: Int) -> String { numbered("PoSReply", party) }
    public static func keepList(_ party: Int) -> String { numbered("KeepList", party) }
    public static func shuffleProofCommitment(_ party: Int) -> String { numbered("CCPoSCommitment", party) }
    public static func shuffleProofReply(_ party: Int) -> String { numbered("CCPoSReply", party) }
    public static func decryptionFactors(_ party: Int) -> String { numbered("DecryptionFactors", party) }
    public static func decryptionProofCommitment(_ party: Int) -> String { numbered("DecrFactCommitment", party) }
    public static func decryptionProofReply(_ party: Int) -> String { numbered("DecrFactReply", party) }
    public static func secretKey(_ party: Int) -> String { numbered("SecretKey", party) }

    /// Every file that a tally of `parties` authorities with `threshold` shuffles needs.
    ///
    /// - Parameter recovered: those whose secret key is published in place of a decryption.
    public static func needed(parties: Int, threshold: Int, recovered: [Int] = []) -> [String] {
        [fullPublicKey, plaintextElements, ciphertextList(0)]
            + (1...parties).flatMap { party in
                [publicKey(party)] + (recovered.contains(party) ? [secretKey(party)] : decryption(party))
            }
            + (1...threshold).flatMap { permutation($0) + shuffle($0) }
    }

    /// What a party posts before the ciphertexts are known.
    public static func permutation(_ party: Int) -> [String] {
        [
            permutationCommitment(party), permutationProofCommitment(party), permutationProofReply(party),
            keepList(party),
        ]
    }

    /// What a party posts when it has shuffled.
    public static func shuffle(_ party: Int) -> [String] {
        [ciphertextList(party), shuffleProofCommitment(party), shuffleProofReply(party)]
    }

    /// What a party posts when it has decrypted.
    public static func decryption(_ party: Int) -> [String] {
        [decryptionFactors(party), decryptionProofCommitment(party), decryptionProofReply(party)]
    }

    private static func numbered(_ name: String, _ party: Int) -> String {
        "\(name)\(party < 10 ? "0" : "")\(party).bt"
    }
}
