// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import Logging
import OperatorErrors
import Orchestration

/// The operator's word: asked for in the database, where eotasks, another process, finds the question and leaves the answer.
extension Authority {
    /// What the operator agreed to before this process began.
    func consent(of election: String) throws -> Consent {
        let accepted = try database.consents(of: election).filter { $0.state == .accepted }
        return Consent(
            isAutomatic: settings.autoAccepts, accepted: Set(accepted.compactMap { Digest(hex: $0.proposal) }))
    }

    /// With AUTOACCEPT_REQUESTS most questions need no answer any more.
    func closeNeedlessQuestions() throws {
        for record in try database.consents() where record.state == .waiting {
            guard elections[record.election]?.awaitedConsent != record.attempt else { continue }
            try database.closeConsents(
                of: record.election, attempt: record.attempt, at: Date.now.ISO8601Format())
        }
    }

    /// Puts what this authority waits for the operator's word about on the operator's list.
    func askOperator(about election: String) {
        guard let live = elections[election], let attempt = live.awaitedConsent, live.undecided != attempt else {
            return
        }
        // What does not pass the checks is refused without anybody's time.
        if attempt == 0, live.me != live.board.director,
            let failure = ProtocolReview.failure(of: live.board, known: live.knownParties ?? [])
        {
            return fail(election, attempt: 0, failure)
        }
        elections[election]?.undecided = attempt
        spawn { await $0.ask(attempt, of: election) }
    }

    private func ask(_ attempt: Int, of election: String) async {
        guard let live = elections[election], let proposal = live.board.proposal(attempt: attempt) else { return }
        do {
            var ballots: Int?
            if let order = live.board.tallyRequest(attempt: attempt) {
                ballots = try await digesting.run { [storage = live.storage] in
                    guard let file = storage.blob(order.votesDigest) else {
                        throw StoreError.missingBlob(name: "votes")
                    }
                    return try VotesFile(path: file.path).lineCount
                }
            }
            let record = try database.askConsent(
                election: election, attempt: attempt, proposal: proposal.digest.hex, ballots: ballots,
                at: Date.now.ISO8601Format())
            log(election, step: "consent").info(
                "the operator is asked", metadata: ["task": "\(record.number ?? 0)"])
        } catch is CancellationError {
            return
        } catch {
            log(election, step: "consent").error("cannot ask the operator: \(error)")
            elections[election]?.undecided = nil
        }
    }

    /// Takes up what operators decided.
    func takeDecisions() async {
        while !Task.isCancelled {
            takeAbsences()
            takeResets()
            for (id, live) in elections {
                if let attempt = live.undecided { takeDecision(about: attempt, of: id, live) }
                // A question that could not be put is put again.
                if live.undecided == nil { askOperator(about: id) }
            }
            try? await Task.sleep(for: settings.decisionInterval)
        }
    }

    private func takeDecision(about attempt: Int, of election: String, _ live: LiveElection) {
        guard live.awaitedConsent == attempt, let proposal = live.board.proposal(attempt: attempt) else {
            elections[election]?.undecided = nil
            return
        }
        let log = log(election, step: "consent")
        do {
            guard let record = try database.consent(to: proposal.digest.hex, attempt: attempt, of: election) else {
                return
            }
            switch record.state {
            case .waiting, .used: return
            case .accepted:
                log.notice("the operator accepted", metadata: ["task": "\(record.number ?? 0)"])
                elections[election]?.facts.consent.accepted.insert(proposal.digest)
                elections[election]?.lastProgress = clock.now
            case .rejected, .over:
                log.notice("the operator rejected", metadata: ["task": "\(record.number ?? 0)"])
                fail(election, attempt: attempt, .rejection(of: attempt, at: peers.ownName, reason: record.reason))
            }
            elections[election]?.undecided = nil
            settle(election)
        } catch {
            log.error("cannot read the operator's decision: \(error)")
        }
    }
}

extension LiveElection {
    /// The attempt that waits for the operator's word; 0 is the election itself.
    var awaitedConsent: Int? {
        guard isUnderWay else { return nil }
        for case .consent(let attempt) in plan.awaited { return attempt }
        return nil
    }
}
