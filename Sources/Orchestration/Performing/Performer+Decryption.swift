// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic
import MixNets

/// Decryption factors of one question: making one's own, verifying the others'; and the keys of those who are absent.
///
/// A decryption entry also carries, in the order of the roster, its author's shares of the absent authorities' keys, in the
/// clear: they open what the published tally holds anyway, and only after everybody has verified all shuffles (decision 7).
extension Performer {
    func decrypt(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let board = context.board
        try refuseOtherBallots(step, context)
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
        let released = board.roster(attempt: step.attempt).absent.map { share.released(of: $0) }
        return .post(
            board.draft(
                .decryption, attempt: step.attempt, session: step.session, by: context.me,
                blobs: try context.adopt(names, step), payload: Performer.payload(of: released)))
    }

    /// Two lists that differ in a few ballots show those votes. Another mix of the very same ballots shows what the first
    /// one did: which votes were cast, in an order that nobody knows.
    private func refuseOtherBallots(_ step: Action.Step, _ context: ActionContext) throws {
        let board = context.board
        let mine = board.entry(.ballots, attempt: step.attempt, by: context.me)
        let votes = board.tallyRequest(attempt: step.attempt)?.votesDigest
        for attempt in 1..<max(step.attempt, 1) where board.wasDecrypted(attempt: attempt) {
            // That others have no ballot in common was looked at when they were reviewed.
            guard board.tallyRequest(attempt: attempt)?.votesDigest == votes else { continue }
            // All who took part had found the same before they mixed.
            let earlier = board.entry(.ballots, attempt: attempt, by: board.roster(attempt: attempt).present[0])
            guard let mine, let earlier, mine.content.payload == earlier.content.payload else {
                throw Stop(
                    Failure(check: "decryption.once", message: "another list of this election was decrypted already"))
            }
        }
    }

    func verifyDecryption(_ step: Action.Step, of author: Int, _ context: ActionContext) throws -> Performed {
        let entry = try entry(.decryption, step, by: author, context)
        try context.place(entry, step)
        var progress = try progress(step, context)
        try checkReleased(entry, step, progress.mixing, context)
        let list = try list(after: context.board.threshold, &progress, context)
        progress.decryptions[author] = try verifying(step, by: author, entry, context) { () throws(MixNetError) in
            try progress.mixing.verifyDecryption(of: author, list)
        }
        remember(progress, step, context)
        return .verified(entry.digest)
    }
}

// MARK: - Keys of those who are absent

extension Performer {
    private static func payload(of released: [Exponent]) -> [UInt8] {
        released.isEmpty ? [] : ByteTree.node(released.map { .leaf($0.bytes) }).serialized
    }

    /// The shares in a decryption entry, by absent authority.
    private func released(_ entry: Entry, _ group: SafePrimeGroup, _ context: ActionContext) throws -> [Int: Exponent] {
        let (board, author) = (context.board, entry.content.author)
        let absent = board.roster(attempt: entry.content.attempt).absent
        if absent.isEmpty, entry.content.payload.isEmpty { return [:] }
        guard case .node(let leaves)? = try? ByteTree(serialized: entry.content.payload), leaves.count == absent.count,
            !absent.isEmpty, case let shares = leaves.compactMap({ group.exponent(leaf: $0) }),
            shares.count == absent.count
        else {
            throw Stop(
                Failure(
                    check: "decryption.shares", accused: author, index: entry.content.session,
                    message: "\(board.name(of: author)) posted something else than its shares of the absent keys",
                    evidence: [entry.tree.serialized]))
        }
        return Dictionary(uniqueKeysWithValues: zip(absent, shares))
    }

    /// A wrong share would make a wrong key; it is seen at once, against the commitments of the making of the key.
    func checkReleased(_ entry: Entry, _ step: Action.Step, _ mixing: Mixing, _ context: ActionContext) throws {
        let (board, author) = (context.board, entry.content.author)
        for (dealer, share) in try released(entry, mixing.parameters.group, context) {
            let opening = try Performer.opening(of: dealer, step.session, on: board)
            guard opening.accepts(released: share, of: author) else {
                throw Stop(
                    Failure(
                        check: "decryption.share", accused: author, index: step.session,
                        message: "\(board.name(of: author)) gave a wrong share of the key of \(board.name(of: dealer))",
                        evidence: [entry.tree.serialized])
                )
            }
        }
    }

    /// The factors of those who are absent, with the files that show their keys.
    func openAbsentKeys(
        _ list: CiphertextVector, _ step: Action.Step, _ mixing: Mixing, _ context: ActionContext
    ) throws -> [(decryption: VerifiedDecryption, file: WrittenProofFile)] {
        let roster = context.board.roster(attempt: step.attempt)
        let group = mixing.parameters.group
        var shares: [Int: [Int: Exponent]] = [:]
        for author in roster.present.prefix(roster.absent.isEmpty ? 0 : context.board.threshold) {
            let entry = try entry(.decryption, step, by: author, context)
            for (dealer, share) in try released(entry, group, context) { shares[dealer, default: [:]][author] = share }
        }
        return try roster.absent.map { dealer in
            let secret = PrivateKeyShare.recover(from: shares[dealer] ?? [:], in: group)
            return try verifying(step, by: dealer, nil, context) { () throws(MixNetError) in
                try mixing.open(secret, of: dealer, list)
            }
        }
    }
}
