// SPDX-License-Identifier: Apache-2.0

import Elections
import ElGamal
import GroupArithmetic
import MixNets
package import OperatorErrors
import PublishedTallies
import StrictJSON
import Synchronization

/// Performs the actions of a plan with the real mathematics.
///
/// It remembers verified lists between the actions of a mix, so that nothing is verified twice; whoever starts anew verifies
/// anew.
package final class Performer: ActionPerformer {
    /// A tally of fewer ballots is refused.
    let minimumBallots: Int
    /// Whether key shares outlive the publication of a tally.
    let keepsShares: Bool
    let mixes = Mutex<[MixPlace: MixProgress]>([:])
    /// Digests of shuffled lists whose numbers were checked while they arrived, and whose proofs are yet to be verified.
    let checkedLists = Mutex<Set<Digest>>([])

    package init(minimumBallots: Int = 1, keepsShares: Bool = false) {
        self.minimumBallots = minimumBallots
        self.keepsShares = keepsShares
    }

    package func perform(_ action: Action, in context: ActionContext) throws -> Performed {
        let board = context.board
        do {
            switch action {
            case .countersign: return try countersign(context)
            case .hashKeys: return try hashKeys(context)
            case .openKeys: return try openKeys(context)
            case .dealShares: return try dealShares(context)
            case .computeKeys: return try computeKeys(context)
            case .publishKeys: return try publishKeys(context)
            case .reviewBallots(let attempt): return try reviewBallots(attempt, context)
            case .commitPermutation(let step): return try commitPermutation(step, context)
            case .verifyPermutation(let step, let author): return try verifyPermutation(step, of: author, context)
            case .shuffle(let step): return try shuffle(step, context)
            case .verifyShuffle(let step, let author): return try verifyShuffle(step, of: author, context)
            case .confirmShuffles(let step): return confirmShuffles(step, context)
            case .decrypt(let step): return try decrypt(step, context)
            case .verifyDecryption(let step, let author): return try verifyDecryption(step, of: author, context)
            case .buildTally(let attempt): return try buildTally(attempt, context)
            case .publishTally(let attempt): return try publishTally(attempt, context)
            case .goOn(let attempt): return try goOn(attempt, context)
            case .reportFailure(let attempt, let failure):
                return .post(board.draft(.failure, attempt: attempt, by: context.me, payload: failure.payload))
            }
        } catch let stop as Stop {
            return .post(board.draft(.failure, attempt: action.attempt, by: context.me, payload: stop.failure.payload))
        } catch let error as MixNetError {
            // What others sent was checked before; this is about a file that lies here.
            if case .storage = error { throw error }
            throw ChangedFile(what: error.message)
        } catch let error as AssemblyError {
            throw ChangedFile(what: error.message)
        }
    }

    package func forget(_ election: String) {
        mixes.withLock { mixes in mixes = mixes.filter { $0.key.election != election } }
    }
}

/// A file of this authority is no longer what it was. That is nobody's doing but its disk's: it ends no tally and accuses nobody. After
/// ``ActionPerformer/inspect(_:)`` the step can be done again.
package struct ChangedFile: OperatorError {
    let what: String

    package var message: String { "a file has changed on this authority's disk: \(what)" }
    package var exitCode: ExitStatus { .disk }
}

/// Ends a key generation or a tally: something that others can be told failed.
struct Stop: Error {
    let failure: Failure

    init(_ failure: Failure) { self.failure = failure }
}

extension ActionContext {
    /// The parameters of a question's session. The protocol was reviewed when it was countersigned; a director trusts its own.
    func info(_ session: Int) throws -> ProtocolInfo {
        try ProtocolInfo(parsing: board.offer.sessions[session].protocolInfo)
    }

    func request() throws -> ElectionRequest { try ElectionRequest(JSONValue(parsing: board.offer.request)) }

    func sessionID(_ session: Int) -> String { board.offer.sessions[session].id }

    /// - Parameter isFirst: whether this authority has said nothing yet that the seed stands behind. Later it must be there: with
    ///   another one in its place this authority would contradict itself.
    func seed(_ name: String, session: Int, isFirst: Bool) throws -> SecretSeed {
        if isFirst { return try seed(storage.seed(name, session: sessionID(session))) }
        guard let bytes = try storage.storedSeed(name, session: sessionID(session)) else {
            throw Stop(.missingSeed(of: me, on: board))
        }
        return try seed(bytes)
    }

    private func seed(_ bytes: consuming SecretBytes) throws -> SecretSeed {
        guard let seed = SecretSeed(bytes) else { throw Stop(Failure(check: "seed", message: "a seed is damaged")) }
        return seed
    }
}
