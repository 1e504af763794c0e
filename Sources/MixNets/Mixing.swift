// SPDX-License-Identifier: Apache-2.0

public import ElGamal
package import GroupArithmetic

/// One session's mix: what its parties compute, write, read and check, in files of one folder under the names that the published
/// tally has.
///
/// Everything runs on all cores and returns when it is done: call it from a thread that may be held up. Values are safe to
/// share; two calls must not write the same file at once.
///
/// - SeeAlso: specification of the published tally, sections 6.2 to 6.9.
public struct Mixing: Sendable {
    public let parameters: MixNetParameters
    public let keys: JointPublicKey
    public let folder: ProofFolder
    /// N: ciphertexts that are mixed, at least 1.
    public let count: Int
    /// h_0 … h_{N-1}.
    let generators: ElementVector

    /// - Precondition: keys of the parameters' group, as many as parties; 1 <= count.
    /// - Complexity: one squaring a generator.
    public init(parameters: MixNetParameters, keys: JointPublicKey, count: Int, folder: ProofFolder) {
        self.init(
            parameters: parameters, keys: keys, count: count, folder: folder, generators: parameters.generators(count))
    }

    /// The door for tests: takes the generators that ``init(parameters:keys:count:folder:)`` derives.
    package init(
        parameters: MixNetParameters, keys: JointPublicKey, count: Int, folder: ProofFolder, generators: ElementVector
    ) {
        precondition(
            keys.group == parameters.group && keys.trustees.count == parameters.partyCount, "keys of another session")
        precondition(count >= 1, "nothing to mix")
        self.parameters = parameters
        self.keys = keys
        self.count = count
        self.folder = folder
        self.generators = generators
    }

    /// Writes the input list as CiphertextList00.bt.
    ///
    /// - Returns: the file.
    public func writeInput(_ ciphertexts: CiphertextVector) throws(MixNetError) -> WrittenProofFile {
        precondition(ciphertexts.count == count, "\(ciphertexts.count) ciphertexts instead of \(count)")
        return try folder.write(ProofFileName.ciphertextList(0)) { ciphertexts.write(to: &$0) }
    }

    /// The list that party number `party` put out, or the input list for 0.
    ///
    /// - Complexity: membership of two numbers a ciphertext.
    public func list(after party: Int) throws(MixNetError) -> CiphertextVector {
        try folder.read(ProofFileName.ciphertextList(party)) { reader throws(ProofReadingError) in
            try reader.ciphertexts(count, in: parameters.group)
        }
    }

    /// The same list, whose numbers are known to be in the group.
    func ownList(after party: Int) throws(MixNetError) -> CiphertextVector {
        try folder.readOwn(ProofFileName.ciphertextList(party)) { reader throws(VectorError) in
            try CiphertextVector(ownList: &reader, count: count, in: parameters.group)
        }
    }

    /// What the numbers of a party's proof are bound to besides the seed: session, party and N.
    func context(_ party: Int) -> [UInt8] {
        parameters.prefix + [UInt8(party)] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}

/// A permutation commitment whose proof holds.
public struct VerifiedPermutation: Sendable {
    public let party: Int
    package let commitments: ElementVector
}

/// A shuffled list whose proof holds, and with it that of the permutation commitment before it.
public struct VerifiedShuffle: Sendable {
    public let party: Int
    /// The re-encrypted and permuted ciphertexts.
    public let output: CiphertextVector
}

/// Decryption factors whose proof holds.
public struct VerifiedDecryption: Sendable {
    public let party: Int
    let factors: ElementVector
}
