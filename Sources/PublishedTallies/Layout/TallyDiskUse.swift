// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
package import Elections
import GroupArithmetic
import MixNets

/// How many bytes of disk a tally takes an authority, from the votes file to the archive; known before it starts.
///
/// A proof file's size follows from its format (specification of the tally, 3.3 and 5.1). With E = 5 + κ_p bytes for an
/// element, X = 5 + κ_q for an exponent, N ciphertexts, k authorities of which λ mix, and 5 bytes for each node, a question
/// takes
///
///     (λ + 1) lists of ciphertexts        5 + 2·(5 + N·E)
///     λ permutation commitments           5 + N·E
///     λ proofs of them                    5 + 2·(5 + N·E) + 3·E, and 5 + 2·(5 + N·X) + 3·X, and 5 + N for the keep list
///     λ proofs of shuffles                5 + E + (5 + 2·E), and 5 + 2·X + (5 + N·X)
///     k decryptions                       5 + E + (5 + N·E), and 5 + E + (5 + E), and X
///     the plaintexts                      5 + N·E
///     the keys                            k·E, and the description of the group, g and y
///
/// which is about (2·(λ + 1) + 3·λ + k + 1)·N·E + 3·λ·N·X: 5.5 GB for a million ballots, two authorities and 2048 bits. The
/// votes file takes 3 GB then, and the archive holds the proofs, which do not compress, and the votes, which do.
/// Blobs, proof folders and public folders are names of the same files and take nothing more.
package struct TallyDiskUse: Sendable, Equatable {
    package let votes: Int
    /// Exact, if the number of ballots is.
    package private(set) var proofs = 0
    /// The largest list of ciphertexts, of which the halves are written beside it, or the text of the plaintexts: one at a time.
    private var temporary = 0
    /// plaintexts_json of all questions, at most.
    private var plaintexts = 0

    /// At most what tally.tar.gz takes: proofs are noise, and a votes file is mostly decimal digits, of which zlib makes less
    /// than half.
    package var archive: Int { proofs + plaintexts / 2 + votes * 6 / 10 + (proofs + votes) / 1000 + (1 << 20) }

    /// All of it.
    package var byteCount: Int { votes + proofs + temporary + archive }

    /// - Parameters:
    ///   - infos: of the questions.
    ///   - votes: bytes of the votes file.
    ///   - ballots: how many ballots will be mixed; nil if only the size of the votes file is known yet.
    package init(of infos: [ProtocolInfo], votes: Int, ballots: Int? = nil) {
        self.votes = votes
        let ballots = ballots ?? votes / max(1, infos.reduce(0) { $0 + Self.choiceByteCount($1) })
        for info in infos {
            proofs += Self.proofs(info, ballots)
            plaintexts += ballots * Self.decimalByteCount(info)
            temporary = max(temporary, 2 * ballots * (5 + info.group.elementByteCount), plaintexts)
        }
    }

    /// The sizes of all proof files of a session that mixes `n` ciphertexts.
    private static func proofs(_ info: ProtocolInfo, _ n: Int) -> Int {
        let (parties, mixers) = (info.parties.count, info.threshold)
        let parameters = MixNetParameters(info)
        let sum = { (sizes: [String: Int]) in sizes.values.reduce(0, +) }
        let element = 5 + info.group.elementByteCount
        let mix = sum(parameters.permutationSizes(of: 1, count: n)) + sum(parameters.shuffleSizes(of: 1, count: n))
        let decryption = sum(parameters.decryptionSizes(of: 1, count: n))
        let keys = parties * element + 10 + info.group.marshalled.serialized.count + 2 * element
        return parameters.ciphertextListSize(n) + mixers * mix + parties * decryption + (5 + n * element) + keys
    }

    /// Digits of an element, quotes and line feed.
    private static func decimalByteCount(_ info: ProtocolInfo) -> Int {
        8 * info.group.elementByteCount * 302 / 1000 + 5
    }

    /// What a question takes in a line of a votes file: alpha, beta, commitment, response and the challenge in decimal, and the
    /// names of their keys.
    private static func choiceByteCount(_ info: ProtocolInfo) -> Int { 4 * decimalByteCount(info) + 77 + 80 }
}
