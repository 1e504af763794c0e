// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import MixNets
import PublishedTallies
import Synchronization

/// One question of one tally of one election.
struct MixPlace: Hashable {
    let election: String
    let step: Action.Step
}

/// What a performer remembers of a mix: the last verified list, not all of them.
struct MixProgress {
    let mixing: Mixing
    /// By place, of those whose shuffle is yet to be verified.
    var permutations: [Int: VerifiedPermutation] = [:]
    /// The output of the shuffle at that place, 0 for the input list.
    var list: (place: Int, ciphertexts: CiphertextVector)?
    var decryptions: [Int: VerifiedDecryption] = [:]
}

extension Performer {
    /// The mix of a question, taken up from the folder if it is not in memory.
    func progress(_ step: Action.Step, _ context: ActionContext) throws -> MixProgress {
        let place = MixPlace(election: context.board.election, step: step)
        if let progress = mixes.withLock({ $0[place] }) { return progress }
        try showBlobs(of: step, context)
        guard let summary = try ballots(step.attempt, context) else {
            throw Stop(Failure(check: "ballots.missing", message: "the ballots are not reviewed yet"))
        }
        return MixProgress(mixing: try mixing(step, count: summary.accepted, context))
    }

    func remember(_ progress: MixProgress, _ step: Action.Step, _ context: ActionContext) {
        mixes.withLock { $0[MixPlace(election: context.board.election, step: step)] = progress }
    }

    func forget(_ attempt: Int, _ context: ActionContext) {
        mixes.withLock { mixes in
            mixes = mixes.filter { $0.key.election != context.board.election || $0.key.step.attempt != attempt }
        }
    }

    func mixing(_ step: Action.Step, count: Int, _ context: ActionContext) throws -> Mixing {
        let info = try context.info(step.session)
        return Mixing(
            parameters: MixNetParameters(info), keys: try keys(context).sessions[step.session], count: count,
            folder: ProofFolder(try context.proofs(step)))
    }

    /// The list that the shuffle at `place` put out, or the input list for 0.
    ///
    /// Every proof before it was verified when this is asked, by the plan; what is read back is what was verified, because
    /// the blobs' digests were checked.
    func list(after place: Int, _ progress: inout MixProgress, _ context: ActionContext) throws -> CiphertextVector {
        if let list = progress.list, list.place == place { return list.ciphertexts }
        let ciphertexts = try progress.mixing.list(after: place)
        progress.list = (place, ciphertexts)
        return ciphertexts
    }
}

extension ActionContext {
    /// The proof folder of a question in a tally.
    func proofs(_ step: Action.Step) throws -> URL {
        try storage.proofFolder(session: sessionID(step.session), attempt: step.attempt)
    }

    /// The number of the shuffle that this authority makes, in the names of its files.
    func place(of author: Int, _ step: Action.Step) throws -> Int {
        guard let place = board.roster(attempt: step.attempt).place(of: author) else {
            throw Stop(
                Failure(check: "mix.place", accused: author, message: "\(board.name(of: author)) does not mix"))
        }
        return place
    }

    /// Makes files of the proof folder blobs.
    func adopt(_ files: [WrittenProofFile], _ step: Action.Step) throws -> [BlobReference] {
        let folder = try proofs(step)
        return try files.map { try storage.adoptBlob(folder.appending(path: $0.name), digest: $0.contentDigest) }
    }

    /// Shows the files of another party's entry in the proof folder, if they are those that the format has.
    func place(_ entry: Entry, _ step: Action.Step) throws {
        let count = board.ballotCount(attempt: step.attempt, by: me) ?? 0
        if let failure = board.failure(ofFilesIn: entry, count: count) { throw Stop(failure) }
        let folder = try proofs(step)
        for blob in entry.content.blobs { try storage.place(blob, in: folder) }
    }
}

extension WrittenProofFile {
    var contentDigest: Digest {
        guard let digest = Digest(bytes: digest) else { preconditionFailure("a SHA-256 of \(digest.count) bytes") }
        return digest
    }
}
