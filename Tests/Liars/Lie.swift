// SPDX-License-Identifier: Apache-2.0

/// One way in which an authority of an election misbehaves. The raw value is how a test's server is told.
package enum Lie: String, CaseIterable, Sendable {
    // While the key is made.

    /// g^x divided by the others' keys, once they are known.
    case rogueKey = "rogue-key"
    /// A key whose secret the author does not know, announced as it is opened.
    case unpossessedKey = "unpossessed-key"
    case wrongShare = "wrong-share"
    case differentCommitments = "different-commitments"
    case differentProtocol = "different-protocol"

    // While ballots are mixed.

    case droppedAndDoubled = "dropped-and-doubled"
    case replaced
    /// A ballot replaced, and said so by the liar itself, before anybody can get the files.
    case confessed
    case otherGenerators = "other-generators"
    /// No permutation, but new randomness: nobody can see it, and nothing is wrong with it.
    case identityPermutation = "identity-permutation"
    /// No permutation and no new randomness, with a proof that holds.
    case identityShuffle = "identity-shuffle"
    case copiedCommitment = "copied-commitment"
    /// The proof of one question shown for another.
    case replayedProof = "replayed-proof"
    /// One entry about a permutation for one peer, another for the others, and what follows after each.
    case fork

    // While they are decrypted.

    case perturbedFactor = "perturbed-factor"
    case swappedFactors = "swapped-factors"

    // On boards and with files.

    /// An entry of another election among those of this one.
    case foreignEntry = "foreign-entry"
    /// All that was said before, in every message.
    case oldEntries = "old-entries"
    /// What was said before, signed anew in another place.
    case repeatedEntry = "repeated-entry"
    case twoVersions = "two-versions"
    case wrongFile = "wrong-file"
    case endlessFile = "endless-file"
    /// A list of 64 GB, announced as such.
    case hugeFile = "huge-file"
    /// An honest authority is said to have shuffled wrongly.
    case falseAccusation = "false-accusation"
}

/// What an election comes to in which one authority lies.
package enum LieEnd: Equatable, Sendable {
    /// The tally of what was cast: nothing has become of the lie.
    case tally
    /// The election or its tally ends, with the liar's name.
    ///
    /// - Parameter isProvable: whether third parties can see it from what the liar signed.
    case named(check: String, isProvable: Bool)
    /// The tally ends by the liar's own word, of which nothing is true.
    case slander
}

extension Lie {
    /// Who knows that others were told otherwise is a third party.
    package var authorityCount: Int {
        switch self {
        case .differentCommitments, .differentProtocol, .fork: 3
        default: 2
        }
    }

    package var questionCount: Int { self == .replayedProof ? 2 : 1 }

    /// Number of the authority that lies: not the director, where the lie is not its own.
    package var liar: Int { self == .differentProtocol ? 1 : 2 }

    package var end: LieEnd {
        switch self {
        case .rogueKey: .named(check: "keyCommitments.digest", isProvable: true)
        case .unpossessedKey: .named(check: "keyCommitments.possession", isProvable: true)
        case .wrongShare: .named(check: "keyShares.share", isProvable: true)
        case .differentCommitments, .differentProtocol, .twoVersions, .fork:
            .named(check: "board.equivocation", isProvable: true)
        case .droppedAndDoubled, .replaced, .confessed: .named(check: "CCPoS.W.alpha", isProvable: true)
        case .otherGenerators, .replayedProof: .named(check: "PoS.A", isProvable: true)
        case .identityShuffle: .named(check: "CCPoS.unchanged", isProvable: true)
        case .copiedCommitment: .named(check: "PermutationCommitment.copied", isProvable: true)
        case .perturbedFactor, .swappedFactors: .named(check: "Decryption.factors", isProvable: true)
        case .repeatedEntry: .named(check: "board.rules", isProvable: true)
        case .hugeFile: .named(check: "shuffle.files", isProvable: true)
        // What came over a connection of one's own nobody else has seen.
        case .wrongFile, .endlessFile: .named(check: "blob.content", isProvable: false)
        case .identityPermutation, .foreignEntry, .oldEntries: .tally
        case .falseAccusation: .slander
        }
    }
}
