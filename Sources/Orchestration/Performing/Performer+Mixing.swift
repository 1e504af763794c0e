// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import MixNets

/// Permutations, shuffles and decryptions of one question: making one's own, verifying the others'.
extension Performer {
    func commitPermutation(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let progress = try progress(step, context)
        let seed = try context.seed(Performer.mixingSeed(step), session: step.session)
        let names = try progress.mixing.commitPermutation(
            as: context.me, seed: seed, progress: counting(progress.mixing, context))
        return .post(
            context.board.draft(
                .permutation, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step)))
    }

    func verifyPermutation(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.permutation, step, by: author, context)
        try context.place(ProofFileName.permutation(author), of: entry, step)
        try refuseCopies(of: entry, step, context)
        var progress = try progress(step, context)
        let others = Array(progress.permutations.values)
        progress.permutations[author] = try verifying(step, by: author, context) { () throws(MixNetError) in
            try progress.mixing.verifyPermutation(of: author, others: others)
        }
        remember(progress, step, context)
        return .verified(entry.digest)
    }

    /// A permutation commitment that is another party's, byte for byte, is no own one. The earlier party is believed.
    private func refuseCopies(of entry: Entry, _ step: Action.Step, _ context: ActionContext) throws {
        let author = entry.content.author
        for other in context.board.mixers where other < author {
            guard
                let earlier = context.board.entry(.permutation, attempt: step.attempt, session: step.session, by: other)
            else { continue }
            let name = ProofFileName.permutationCommitment
            guard let mine = entry.content.blobs.first(where: { $0.name == name(author) })?.digest,
                mine == earlier.content.blobs.first(where: { $0.name == name(other) })?.digest
            else { continue }
            throw stop(.failed(.copiedCommitment, party: author, index: nil), step, by: author, context)
        }
    }

    func shuffle(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        var progress = try progress(step, context)
        let input = try list(after: context.me - 1, &progress, context)
        let seed = try context.seed(Performer.mixingSeed(step), session: step.session)
        let names = try progress.mixing.shuffle(
            as: context.me, input: input, seed: seed, progress: counting(progress.mixing, context))
        remember(progress, step, context)
        return .post(
            context.board.draft(
                .shuffle, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step)))
    }

    func verifyShuffle(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.shuffle, step, by: author, context)
        try context.place(ProofFileName.shuffle(author), of: entry, step)
        var progress = try progress(step, context)
        let input = try list(after: author - 1, &progress, context)
        guard let permutation = progress.permutations.removeValue(forKey: author) else {
            throw Stop(
                Failure(
                    check: "shuffle.order", accused: context.me,
                    message: "a shuffle came to be verified before its permutation"))
        }
        let shuffle = try verifying(step, by: author, context) { () throws(MixNetError) in
            try progress.mixing.verifyShuffle(
                of: author, input: input, permutation: permutation, isOutputChecked: takeChecked(entry))
        }
        progress.list = (author, shuffle.output)
        remember(progress, step, context)
        return .verified(entry.digest)
    }

    /// The barrier before decryption: names all shuffles by their digests.
    func confirmShuffles(_ step: Action.Step, _ context: ActionContext) -> Performed {
        let shuffles =
            context.board.all(.shuffle, attempt: step.attempt, session: step.session, by: context.board.mixers) ?? []
        return .post(
            context.board.draft(
                .verified, attempt: step.attempt, session: step.session, by: context.me,
                payload: ByteTree.node(shuffles.map { .leaf($0.digest.bytes) }).serialized))
    }

    func decrypt(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let board = context.board
        guard !board.entries.contains(where: { $0.content.kind == .decryption && $0.content.attempt != step.attempt })
        else {
            throw Stop(
                Failure(check: "decryption.once", message: "another list of this election was decrypted already"))
        }
        var progress = try progress(step, context)
        let list = try list(after: board.threshold, &progress, context)
        let bytes = try context.storage.share(session: context.sessionID(step.session))
        guard let share = PrivateKeyShare(bytes, in: progress.mixing.parameters.group) else {
            throw Stop(
                Failure(
                    check: "share", accused: context.me,
                    message: "the key share of \(board.name(of: context.me)) is damaged"))
        }
        let names = try progress.mixing.decrypt(
            as: context.me, list, share: share, progress: counting(progress.mixing, context))
        remember(progress, step, context)
        return .post(
            board.draft(
                .decryption, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step)))
    }

    func verifyDecryption(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.decryption, step, by: author, context)
        try context.place(ProofFileName.decryption(author), of: entry, step)
        var progress = try progress(step, context)
        let list = try list(after: context.board.threshold, &progress, context)
        progress.decryptions[author] = try verifying(step, by: author, context) { () throws(MixNetError) in
            try progress.mixing.verifyDecryption(of: author, list)
        }
        remember(progress, step, context)
        return .verified(entry.digest)
    }
}

extension Performer {
    static func mixingSeed(_ step: Action.Step) -> String { mixingSeed(attempt: step.attempt) }

    /// The name of the seed from which a mixer derives its permutation and all blinding in one tally.
    package static func mixingSeed(attempt: Int) -> String { "mixing-\(attempt)" }

    private func entry(_ kind: EntryKind, _ step: Action.Step, by author: Int, _ context: ActionContext) throws -> Entry
    {
        guard let entry = context.board.entry(kind, attempt: step.attempt, session: step.session, by: author) else {
            throw Stop(Failure(check: "\(kind.rawValue).missing", message: "there is no such entry"))
        }
        return entry
    }

    private func counting(_ mixing: Mixing, _ context: ActionContext) -> (Int) -> Void {
        { context.progress($0, mixing.count) }
    }

    /// Runs a check of another party's files; what does not hold becomes a failure that names the party.
    private func verifying<Value>(
        _ step: Action.Step, by author: Int, _ context: ActionContext, _ check: () throws(MixNetError) -> Value
    ) throws -> Value {
        do throws(MixNetError) { return try check() } catch {
            if case .storage = error { throw error }
            throw stop(error, step, by: author, context)
        }
    }

    private func stop(_ error: MixNetError, _ step: Action.Step, by author: Int, _ context: ActionContext) -> Stop {
        let name = context.board.name(of: author)
        let question = "question \(step.session)"
        switch error {
        case .failed(let check, _, let index):
            return Stop(
                Failure(
                    check: check.rawValue, accused: author, index: index,
                    message: "\(name), \(question): \(error.message)"))
        case .malformed(let file, _):
            return Stop(Failure(check: file, accused: author, message: "\(name), \(question): \(error.message)"))
        case .missingFile(let file), .storage(let file, _):
            return Stop(Failure(check: file, accused: author, message: "\(name), \(question): \(error.message)"))
        }
    }
}
