// SPDX-License-Identifier: Apache-2.0

public import OperatorErrors

/// An equation or comparison that a mix has to pass. The raw value names it in reports and logs.
public enum MixNetCheck: String, Sendable, CaseIterable {
    case fullKeyGroup = "FullPublicKey.group"
    case fullKeyGenerator = "FullPublicKey.generator"
    case jointKey = "FullPublicKey.product"
    case keyIsOne = "PublicKey.identity"
    case copiedCommitment = "PermutationCommitment.copied"
    case permutationA = "PoS.A"
    case permutationB = "PoS.B"
    case permutationC = "PoS.C"
    case permutationD = "PoS.D"
    case shuffleA = "CCPoS.A"
    case shuffleAlpha = "CCPoS.W.alpha"
    case shuffleBeta = "CCPoS.W.beta"
    case unchangedCiphertext = "CCPoS.unchanged"
    case decryptionKey = "Decryption.key"
    case decryptionOfGenerator = "Decryption.generator"
    case decryptionOfCiphertexts = "Decryption.factors"
    case secretKey = "SecretKey"
    case plaintext = "PlaintextElements"

    /// What does not hold if the check fails.
    var statement: String {
        switch self {
        case .fullKeyGroup: "the group of FullPublicKey.bt is not that of protInfo.xml"
        case .fullKeyGenerator: "the generator of FullPublicKey.bt is not that of the group"
        case .jointKey: "the joint key is not the product of the authorities' keys"
        case .keyIsOne: "a public key is 1, whose secret key everybody knows"
        case .copiedCommitment: "the permutation commitment is a copy of an earlier one"
        case .permutationA: "proof of permutation: A^v A' is not g^kA times the product of h_i^kE_i"
        case .permutationB: "proof of permutation: B_i^v B'_i is not g^kB_i B_{i-1}^kE_i"
        case .permutationC: "proof of permutation: C^v C' is not g^kC"
        case .permutationD: "proof of permutation: D^v D' is not g^kD"
        case .shuffleA: "proof of shuffle: A^v A' is not g^kA times the product of h_i^kE_i"
        case .shuffleAlpha: "proof of shuffle: the alphas of the output are not those of the input, re-encrypted"
        case .shuffleBeta: "proof of shuffle: the betas of the output are not those of the input, re-encrypted"
        case .unchangedCiphertext: "a ciphertext left the shuffle as it came: everybody sees where it went"
        case .decryptionKey: "the decryption was made with another key than the authority's"
        case .decryptionOfGenerator: "proof of decryption: y^v y' is not g^kx"
        case .decryptionOfCiphertexts: "proof of decryption: F^v B' is not A^kx"
        case .secretKey: "the published secret key does not belong to the public key"
        case .plaintext: "the plaintext is not the ciphertext divided by the decryption factors"
        }
    }
}

/// Why a part of a mix is not accepted: the file or check, whose, and where in the list.
public enum MixNetError: Error, Equatable, Sendable {
    case missingFile(String)
    case malformed(file: String, reason: String)
    /// - Parameters:
    ///   - party: 1-based; 0 where no single party is at fault.
    ///   - index: position in the list, from 0, where one is known.
    case failed(MixNetCheck, party: Int, index: Int?)
    /// The system did not read or write a file.
    case storage(file: String, code: Int32)
}

extension MixNetError: OperatorError {
    public var message: String {
        switch self {
        case .missingFile(let name): "\(name) is missing"
        case .malformed(let file, let reason): "\(file): \(reason)"
        case .failed(let check, let party, let index):
            (party == 0 ? "" : "authority \(party): ") + "\(check.rawValue): " + check.statement
                + (index.map { " (index \($0))" } ?? "")
        case .storage(let file, let code): "\(file): \(systemMessage(code))"
        }
    }

    public var exitCode: ExitStatus {
        if case .storage = self { return .disk }
        return .refused
    }
}
