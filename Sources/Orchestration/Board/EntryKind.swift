// SPDX-License-Identifier: Apache-2.0

/// What an entry says, in the order in which the kinds occur. The raw value is signed.
package enum EntryKind: String, Sendable, CaseIterable {
    /// The director's proposal of an election: parties, keys, parameters. Always the first entry of a board.
    case `protocol`
    /// An authority agrees to the protocol: it matches its own peer packages.
    case countersignature
    /// Per question: the digest of the author's Feldman commitments and a nonce.
    case keyHash
    /// Per question: the opening of that digest, with a proof of possession.
    case keyCommitments
    /// Per question and recipient: an encrypted share.
    case keyShares
    /// Per question: the joint key and all authorities' keys as the author computed them.
    case publicKey
    /// The author published the keys on which all agree.
    case keyPublished
    /// The director passes on a tally request: where the votes file is and its digest.
    case tallyRequest
    /// The digest of the votes file and of each question's list of ciphertexts, with counts.
    case ballots
    /// A permutation commitment and its proof, of one question.
    case permutation
    /// A shuffled list and its commitment-consistent proof, of one question.
    case shuffle
    /// The author verified all shuffles of a question.
    case verified
    /// Decryption factors and their proof, of one question.
    case decryption
    /// The digest of the archive that the author built and verified.
    case tally
    /// The author published the archive on which all agree.
    case tallyPublished
    /// The author's operator goes on without some of the others, in another tally of the same votes.
    case absence
    /// Something failed: who, which check, which index.
    case failure
}
