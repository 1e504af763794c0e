// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import MixNets

/// Permutations and shuffles of one question: making one's own, verifying the others'.
extension Performer {
    func commitPermutation(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let progress = try progress(step, context)
        let said = context.board.entry(.permutation, attempt: step.attempt, session: step.session, by: context.me)
        let seed = try context.seed(Performer.mixingSeed(step), session: step.session, isFirst: said == nil)
        let names = try progress.mixing.commitPermutation(
            as: try context.place(of: context.me, step), seed: seed, progress: counting(progress.mixing, context))
        return .post(
            context.board.draft(
                .permutation, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step)))
    }

    func verifyPermutation(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.permutation, step, by: author, context)
        let place = try context.place(of: author, step)
        try context.place(entry, step)
        try refuseCopies(of: entry, step, context)
        var progress = try progress(step, context)
        let others = Array(progress.permutations.values)
        progress.permutations[place] = try verifying(step, by: author, entry, context) { () throws(MixNetError) in
            try progress.mixing.verifyPermutation(of: place, others: others)
        }
        remember(progress, step, context)
        return .verified(entry.digest)
    }

    /// A permutation commitment that is another party's, byte for byte, is no own one. The one before it is believed.
    private func refuseCopies(of entry: Entry, _ step: Action.Step, _ context: ActionContext) throws {
        let author = entry.content.author
        let place = try context.place(of: author, step)
        for (index, other) in context.board.roster(attempt: step.attempt).mixers.prefix(place - 1).enumerated() {
            guard
                let earlier = context.board.entry(.permutation, attempt: step.attempt, session: step.session, by: other)
            else { continue }
            let name = ProofFileName.permutationCommitment
            guard let mine = entry.content.blobs.first(where: { $0.name == name(place) })?.digest,
                mine == earlier.content.blobs.first(where: { $0.name == name(index + 1) })?.digest
            else { continue }
            throw stop(.failed(.copiedCommitment, party: author, index: nil), step, by: author, entry, context)
        }
    }

    func shuffle(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        var progress = try progress(step, context)
        let place = try context.place(of: context.me, step)
        let input = try list(after: place - 1, &progress, context)
        let seed = try context.seed(Performer.mixingSeed(step), session: step.session, isFirst: false)
        let names = try progress.mixing.shuffle(
            as: place, input: input, seed: seed, progress: counting(progress.mixing, context))
        remember(progress, step, context)
        return .post(
            context.board.draft(
                .shuffle, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step)))
    }

    func verifyShuffle(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.shuffle, step, by: author, context)
        let place = try context.place(of: author, step)
        try context.place(entry, step)
        var progress = try progress(step, context)
        let input = try list(after: place - 1, &progress, context)
        guard let permutation = progress.permutations.removeValue(forKey: place) else {
            throw Stop(
                Failure(
                    check: "shuffle.order", accused: context.me,
                    message: "a shuffle came to be verified before its permutation"))
        }
        let shuffle = try verifying(step, by: author, entry, context) { () throws(MixNetError) in
            try progress.mixing.verifyShuffle(
                of: place, input: input, permutation: permutation, isOutputChecked: takeChecked(entry, at: place))
        }
        progress.list = (place, shuffle.output)
        remember(progress, step, context)
        return .verified(entry.digest)
    }

    /// The barrier before decryption: names all shuffles by their digests.
    func confirmShuffles(_ step: Action.Step, _ context: ActionContext) -> Performed {
        let mixers = context.board.roster(attempt: step.attempt).mixers
        let shuffles =
            context.board.all(.shuffle, attempt: step.attempt, session: step.session, by: mixers) ?? []
        return .post(
            context.board.draft(
                .verified, attempt: step.attempt, session: step.session, by: context.me,
                payload: ByteTree.node(shuffles.map { .leaf($0.digest.bytes) }).serialized))
    }
}

extension Performer {
    static func mixingSeed(_ step: Action.Step) -> String { mixingSeed(attempt: step.attempt) }

    /// The name of the seed from which a mixer derives its permutation and all blinding in one tally.
    package static func mixingSeed(attempt: Int) -> String { "mixing-\(attempt)" }

    func entry(_ kind: EntryKind, _ step: Action.Step, by author: Int, _ context: ActionContext) throws -> Entry {
        guard let entry = context.board.entry(kind, attempt: step.attempt, session: step.session, by: author) else {
            throw Stop(Failure(check: "\(kind.rawValue).missing", message: "there is no such entry"))
        }
        return entry
    }

    func counting(_ mixing: Mixing, _ context: ActionContext) -> (Int) -> Void {
        { context.progress($0, mixing.count) }
    }

    /// Runs a check of another party's files; what does not hold becomes a failure that names the party.
    ///
    /// - Parameter entry: what the party signed about those files, as evidence.
    func verifying<Value>(
        _ step: Action.Step, by author: Int, _ entry: Entry?, _ context: ActionContext,
        _ check: () throws(MixNetError) -> Value
    ) throws -> Value {
        do throws(MixNetError) { return try check() } catch {
            if case .storage = error { throw error }
            if case .missingFile(let name) = error { throw ChangedFile(what: "\(name) is gone") }
            try requireUnchanged(context)
            throw stop(error, step, by: author, entry, context)
        }
    }

    private func stop(
        _ error: MixNetError, _ step: Action.Step, by author: Int, _ entry: Entry?, _ context: ActionContext
    ) -> Stop {
        let roster = context.board.roster(attempt: step.attempt)
        let place = roster.place(of: author).flatMap {
            $0 == author ? nil : ", who mixes in place of \(context.board.name(of: $0))"
        }
        let name = context.board.name(of: author) + (place ?? "")
        let (check, index) =
            switch error {
            case .failed(let check, _, let index): (check.rawValue, index)
            case .malformed(let file, _), .missingFile(let file), .storage(let file, _): (file, nil as Int?)
            }
        return Stop(
            Failure(
                check: check, accused: author, index: index,
                message: "\(name), question \(step.session): \(error.message)",
                evidence: [entry?.tree.serialized].compactMap { $0 }))
    }
}
