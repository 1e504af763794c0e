// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import Foundation
import GroupArithmetic
package import Orchestration

/// Does what an honest performer does, but for one lie, which is made with real mathematics.
package struct LyingPerformer: ActionPerformer {
    let lie: Lie
    let honest: any ActionPerformer

    package init(_ lie: Lie, honest: any ActionPerformer) {
        self.lie = lie
        self.honest = honest
    }

    package func arrival(of blob: BlobReference, in entry: Entry, at file: URL, on board: Board, as me: Int)
        -> ArrivalCheck?
    {
        honest.arrival(of: blob, in: entry, at: file, on: board, as: me)
    }

    package func inspect(_ context: ActionContext) throws -> Inspection { try honest.inspect(context) }

    package func takeTally(_ file: URL, attempt: Int, in context: ActionContext) throws {
        try honest.takeTally(file, attempt: attempt, in: context)
    }

    package func forget(_ election: String) { honest.forget(election) }

    package func perform(_ action: Action, in context: ActionContext) throws -> Performed {
        do {
            let performed = try lied(action, in: context) ?? honest.perform(action, in: context)
            // The honest part of it may find the lie before anybody else does: no liar says so.
            guard lie == .confessed || !accuses(context.me, performed) else { throw NotYet() }
            return performed
        } catch is NotYet {
            // Nothing is done by this; the action is planned again.
            Thread.sleep(forTimeInterval: 0.05)
            return .verified(Digest(of: []))
        }
    }

    private func accuses(_ party: Int, _ performed: Performed) -> Bool {
        guard case .post(let content) = performed, content.kind == .failure else { return false }
        return (try? Failure(payload: content.payload))?.accused == party
    }

    /// What the lie needs of others is not here yet.
    struct NotYet: Error {}

    private func lied(_ action: Action, in context: ActionContext) throws -> Performed? {
        switch (lie, action) {
        case (.rogueKey, .openKeys): try rogueKeys(context)
        case (.unpossessedKey, .hashKeys): try digestsOfUnpossessed(context)
        case (.unpossessedKey, .openKeys): try unpossessedKeys(context)
        case (.wrongShare, .dealShares): try wrongShares(context)
        case (.otherGenerators, .commitPermutation(let step)): try commitToOtherGenerators(step, context)
        case (.identityPermutation, .commitPermutation(let step)), (.identityShuffle, .commitPermutation(let step)):
            try commitToIdentity(step, context)
        case (.copiedCommitment, .commitPermutation(let step)): try copyCommitment(step, context)
        case (.replayedProof, .commitPermutation(let step)) where step.session > 0:
            try replayCommitment(step, context)
        case (.droppedAndDoubled, .shuffle(let step)), (.replaced, .shuffle(let step)),
            (.confessed, .shuffle(let step)):
            try shuffleOther(step, context)
        case (.confessed, .confirmShuffles(let step)): accuse(context.me, step, context)
        case (.identityPermutation, .shuffle(let step)), (.identityShuffle, .shuffle(let step)):
            try shuffleNothing(step, context)
        case (.hugeFile, .shuffle): try announcingMuch(honest.perform(action, in: context))
        case (.perturbedFactor, .decrypt(let step)), (.swappedFactors, .decrypt(let step)):
            try decryptOther(step, context)
        case (.falseAccusation, .verifyShuffle(let step, let author)): accuse(author, step, context)
        default: nil
        }
    }

    private func announcingMuch(_ performed: Performed) throws -> Performed {
        guard case .post(var content) = performed else { return performed }
        let list = content.blobs[0]
        content.blobs[0] = BlobReference(
            name: list.name, digest: list.digest, byteCount: BlobReference.maximumByteCount)
        return .post(content)
    }

    private func accuse(_ author: Int, _ step: Action.Step, _ context: ActionContext) -> Performed {
        let board = context.board
        let entry = board.entry(.shuffle, attempt: step.attempt, session: step.session, by: author)
        let failure = Failure(
            check: "CCPoS.W.alpha", accused: author, message: "\(board.name(of: author)), question 0: it is so",
            evidence: [entry?.tree.serialized].compactMap { $0 })
        return .post(board.draft(.failure, attempt: step.attempt, by: context.me, payload: failure.payload))
    }
}
