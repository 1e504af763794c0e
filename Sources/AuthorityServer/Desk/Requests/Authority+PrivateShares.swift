// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import Logging
import OperatorErrors
import Orchestration

/// The key shares of an election leave this host, and come back: as its creator asks, and its operator accepts.
extension Authority {
    /// Gives the shares out.
    func downloadShares(of election: String, for client: Digest) throws -> HeldSecret {
        let live = try liveElection(election, askedBy: client)
        try refuseDuringTally(live)
        guard live.storage.holdsShares(of: live.sessionIDs) else { throw RequestRefusal.sharesAway(election) }
        try withConsent(to: .downloadShare, of: election, client: client) {
            log(election, step: "share").notice("the key share leaves this authority")
        }
        return HeldSecret(try live.storage.packedShares(try sharePackage(live), sessions: live.sessionIDs))
    }

    /// Whether somebody has exactly the shares that are here, or that left.
    func checkShares(_ shares: HeldSecret, of election: String, for client: Digest) throws -> Bool {
        let live = try liveElection(election, askedBy: client)
        return try areOwn(shares, live)
    }

    /// Wipes the shares, which the client shows that it has.
    func deleteShares(_ shares: HeldSecret, of election: String, for client: Digest) throws {
        let live = try liveElection(election, askedBy: client)
        try refuseDuringTally(live)
        guard try areOwn(shares, live) else { throw RequestRefusal.otherShares(election) }
        try withConsent(to: .deleteShare, of: election, client: client) {
            try live.storage.wipeShares(of: live.sessionIDs, departed: Digest(of: shares.bytes))
            log(election, step: "share").notice("the key share is wiped here: its keeper has the only one")
        }
        settle(election)
    }

    /// Puts the shares back.
    func restoreShares(_ shares: HeldSecret, of election: String, for client: Digest) throws {
        let live = try liveElection(election, askedBy: client)
        let package = try sharePackage(live)
        guard package.isGenuine(shares.bytes), try isDeparted(shares, package, live) else {
            throw RequestRefusal.otherShares(election)
        }
        guard !live.storage.holdsShares(of: live.sessionIDs) else { return }
        try withConsent(to: .restoreShare, of: election, client: client) {
            for (index, session) in live.sessionIDs.enumerated() {
                try live.storage.storeShare(package.share(index, in: shares.bytes), session: session)
            }
            log(election, step: "share").notice("the key share is back")
        }
        settle(election)
    }

    // MARK: - Who may, and when

    /// Throws for anybody but the creator of an election that has a key.
    func checkCreator(of election: String, is client: Digest) throws { _ = try liveElection(election, askedBy: client) }

    private func liveElection(_ election: String, askedBy client: Digest) throws -> LiveElection {
        guard let live = elections[election] else { throw RequestRefusal.unknownElection(election) }
        guard peers.isSame(client, live.board.offer.creator) else { throw RequestRefusal.notTheCreator(election) }
        if let stop = live.board.failure(attempt: 0) {
            throw RequestRefusal.electionFailed(election, reason: stop.failure.message)
        }
        guard live.board.isReady else { throw RequestRefusal.notReady(election) }
        return live
    }

    /// A share that leaves in the middle of a tally would only hold it up.
    private func refuseDuringTally(_ live: LiveElection) throws {
        if let words = catchingUp(live) { throw RequestRefusal.catchingUp(words) }
        let attempt = live.board.attempt
        guard attempt == 0 || live.board.failure(attempt: attempt) != nil || live.board.isPublished(attempt: attempt)
        else { throw RequestRefusal.tallyUnderWay(live.board.election) }
    }

    private func sharePackage(_ live: LiveElection) throws -> KeySharePackage {
        try KeySharePackage(of: live.board, as: live.me)
    }

    private func areOwn(_ shares: HeldSecret, _ live: LiveElection) throws -> Bool {
        guard live.storage.holdsShares(of: live.sessionIDs) else {
            return try live.storage.departedShares() == Digest(of: shares.bytes)
        }
        return try live.storage.packedShares(try sharePackage(live), sessions: live.sessionIDs).equals(shares.bytes)
    }

    /// Whether it is to the last byte what left; where nothing is known of what left, what must have been in it.
    private func isDeparted(_ shares: HeldSecret, _ package: KeySharePackage, _ live: LiveElection) throws -> Bool {
        if let departed = try live.storage.departedShares() { return departed == Digest(of: shares.bytes) }
        return try package.holdsDealtShares(shares.bytes, on: live.board, as: live.me)
    }

    /// Does what the operator has accepted, once; otherwise asks, or says what the answer was.
    private func withConsent(
        to subject: ConsentRecord.Subject, of election: String, client: Digest, _ body: () throws -> Void
    ) throws {
        let record = try database.shareConsent(
            to: subject, of: election, client: client.hex, at: Date.now.ISO8601Format())
        guard let number = record.number else { return }
        switch record.state {
        case .accepted:
            // First the word is used up: done twice is worse than asked twice.
            try database.useConsent(number)
            try body()
        case .rejected:
            try database.useConsent(number)
            throw RequestRefusal.operatorRejected(record.reason)
        case .waiting, .used, .over:
            log(election, step: "consent").info("the operator is asked", metadata: ["task": "\(number)"])
            throw RequestRefusal.operatorAsked(task: number)
        }
    }
}

extension LiveElection {
    var sessionIDs: [String] { board.offer.sessions.map(\.id) }
}
