// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Logging
import MutualTLS
import OperatorErrors
import Orchestration
import TrustStores

/// An id that is new here may be taken elsewhere: this authority may have come out of a backup that was made before the election, or
/// another director has used it. Two protocols of one election would make a liar of this one.
extension Authority {
    /// Asks an authority whether it knows an election of that id.
    ///
    /// - Throws: ``TakenID`` if it does; or why it could not be asked, where that matters.
    func requireFree(_ election: String, at host: String) async throws {
        let answer: ExchangeMessage
        do {
            answer = try await link.exchange(ExchangeMessage(election: election, counts: [], entries: []), with: host)
        } catch {
            switch Self.refusalStatus(of: error) {
            case RequestRefusal.unknownElection(election).status: return
            case RequestRefusal.notAParty(election).status, Self.conflict:
                throw TakenID(election: election, host: host, ownBoard: nil)
            default:
                // It hears the proposal when it is back. Who came out of a backup must know before.
                guard data.isRestored else { return }
                throw error
            }
        }
        throw TakenID(election: election, host: host, ownBoard: answer)
    }

    /// Takes an election back that this authority directs and has forgotten: it says nothing on it before it heard the others.
    func recall(_ taken: TakenID) throws {
        guard let message = taken.ownBoard, let certificate = peers.certificate(of: taken.host),
            let first = message.entries.first
        else { return }
        let board = try Board(first: first)
        guard board.election == taken.election,
            let me = peers.author(certificate: peers.ownCertificate, in: board.offer),
            board.offer.parties[me - 1].signingKey == key.verifying
        else { return }
        try data.election(taken.election).markRestored(ownEntries: 0)
        lostBoards.insert(taken.election)
        try begin(message, from: certificate)
    }

    /// The HTTP status with which a peer refused a request; nil if it did not answer.
    static func refusalStatus(of error: any Error) -> Int? {
        switch error {
        case PeerClientError.status(_, let status, _): status
        case let refusal as RequestRefusal: refusal.status
        case StoreError.electionExists: conflict
        default: nil
        }
    }

    /// An id stays taken when its election is deleted.
    private static var conflict: Int { 409 }
}

/// An authority does not say whether it knows an election.
struct UnansweredQuestion: Error, CustomStringConvertible {
    let election: String
    let host: String
    let error: any Error

    var description: String { "\(host) did not answer whether it knows an election \(quoted(election)): \(error)" }
}

/// An authority knows another election of an id.
struct TakenID: Error {
    let election: String
    let host: String
    /// What that authority holds of it, if this one takes part.
    let ownBoard: ExchangeMessage?
}

extension TakenID: CustomStringConvertible {
    var description: String {
        "\(host) knows an election \(quoted(election)) already"
            + (ownBoard == nil
                ? ": choose another id" : ", and this one takes part in it: it is brought back here; choose another id")
    }
}
