// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
import MixNets
import PublishedTallies

extension Board {
    /// What is wrong with the files that an entry announces, seen from their names and lengths before any of them is fetched.
    ///
    /// The format fixes both. Without this an author could announce a list that fills the disks of all others.
    ///
    /// - Parameter count: how many ballots are mixed.
    /// - Returns: nil if they are as they must be.
    package func failure(ofFilesIn entry: Entry, count: Int) -> Failure? {
        let content = entry.content
        let sizes = sizesOfFiles(in: content, count: count)
        let isFit =
            content.blobs.count == sizes.count && content.blobs.allSatisfy { sizes[$0.name] == $0.byteCount }
        guard !isFit else { return nil }
        let wrong = content.blobs.first { sizes[$0.name] != $0.byteCount }
        let what = wrong.map { "\($0.name) of \($0.byteCount) bytes" } ?? "\(content.blobs.count) files"
        let expected = wrong.flatMap { sizes[$0.name] }.map { "\($0)" } ?? "\(sizes.count) other files"
        return Failure(
            check: "\(content.kind.rawValue).files", accused: content.author,
            message: "\(name(of: content.author)) announces \(what) instead of \(expected)",
            evidence: [entry.tree.serialized])
    }

    private func sizesOfFiles(in content: EntryContent, count: Int) -> [String: Int] {
        guard let session = content.session, offer.sessions.indices.contains(session),
            let info = try? ProtocolInfo(parsing: offer.sessions[session].protocolInfo)
        else { return [:] }
        let parameters = MixNetParameters(info)
        let place = roster(attempt: content.attempt).place(of: content.author)
        return switch content.kind {
        case .permutation: place.map { parameters.permutationSizes(of: $0, count: count) } ?? [:]
        case .shuffle: place.map { parameters.shuffleSizes(of: $0, count: count) } ?? [:]
        case .decryption: parameters.decryptionSizes(of: content.author, count: count)
        default: [:]
        }
    }

    /// How many ballots that party found in a tally; nil as long as it has not said so.
    package func ballotCount(attempt: Int, by author: Int) -> Int? {
        entry(.ballots, attempt: attempt, by: author)
            .flatMap { try? BallotsSummary(payload: $0.content.payload) }?.accepted
    }
}
