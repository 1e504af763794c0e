// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import GroupArithmetic
import Logging
package import Orchestration
import OperatorErrors
import StrictJSON
package import TrustStores

extension Authority {
    /// Takes an election request into the queue and gives its number there.
    ///
    /// - Throws: ``RequestRefusal``, `JSONShapeError`, `JSONSyntaxError` or ``StoreError``; then nothing has changed.
    package func createElection(_ body: [UInt8], from client: Digest) throws -> Int64 {
        let json = try JSONValue(parsing: body)
        let request = try ElectionRequest(json)
        let id = request.id.text
        guard peers.isReachable(request.callback.text) else {
            throw RequestRefusal.unreachableURL(key: "callback_url", request.callback.text)
        }
        guard elections[id] == nil, !preparing.contains(id) else { throw StoreError.electionExists(id) }
        try checkAuthorities(of: request)
        let group = request.group ?? SafePrimeGroup.named(settings.group)
        let questions = try JSONField(json, name: "the election request").member("questions").elements()
        let review = QuestionReview(questions, in: group)
        if let large = review.tooLarge, let group {
            throw RequestRefusal.questionTooLarge(
                large.question, bits: large.bitCount, group: group.name ?? "asked for", room: group.q.bitCount - 1)
        }
        for warning in request.warnings + review.warnings { log(id, step: "protocol").warning("\(warning)") }
        let task = TaskRecord(
            action: .createElection, election: id, attempt: 0, callbackUrl: request.callback.text,
            request: request.canonicalBytes,
            certificate: client.hex, createdAt: Date.now.ISO8601Format())
        try database.addElection(id, at: task.createdAt)
        let number = try database.addTask(task)
        prepare(request, task: number, creator: client)
        return number
    }

    private func checkAuthorities(of request: ElectionRequest) throws {
        for authority in request.authorities {
            guard let installed = peers.certificate(of: authority.name) else {
                throw RequestRefusal.unknownAuthority(authority.name)
            }
            guard let certificate = try? Certificate(pem: authority.certificate),
                peers.isSame(certificate.digest, installed)
            else {
                throw RequestRefusal.otherCertificate(authority: authority.name)
            }
        }
        guard request.authorities.contains(where: { $0.name == peers.ownName }) else {
            throw RequestRefusal.missingDirector(peers.ownName)
        }
    }

    /// Takes a tally request into the queue and gives its number there.
    package func tally(_ body: [UInt8], from client: Digest) throws -> Int64 {
        let request = try TallyRequest(JSONValue(parsing: body))
        let id = request.electionID.text
        guard let live = elections[id], let votesDigest = Digest(bytes: request.votesDigest) else {
            throw RequestRefusal.unknownElection(id)
        }
        let board = live.board
        guard board.takesRequests.contains(live.me) else {
            throw RequestRefusal.notTheDirector(id, director: board.takesRequests.map { board.name(of: $0) })
        }
        guard peers.isSame(client, board.offer.creator) else { throw RequestRefusal.notTheCreator(id) }
        if let words = catchingUp(live) { throw RequestRefusal.catchingUp(words) }
        for (key, url) in [("callback_url", request.callback.text), ("votes_url", request.votes.text)]
        where !peers.isReachable(url) {
            throw RequestRefusal.unreachableURL(key: key, url)
        }
        if let stop = board.failure(attempt: 0) {
            throw RequestRefusal.electionFailed(id, reason: stop.failure.message)
        }
        guard board.isReady else { throw RequestRefusal.notReady(id) }
        let attempt: Int
        if let published = board.publishedAttempt(of: votesDigest) {
            // The very same request again is answered from what is published.
            attempt = published
        } else if live.isUnderWay {
            // Or when the tally of the same votes ends.
            guard board.latestOrder?.votesDigest == votesDigest || board.attempt == 0 else {
                throw RequestRefusal.tallyUnderWay(id)
            }
            attempt = max(board.attempt, 1)
        } else {
            attempt = board.attempt + 1
        }
        if attempt > board.attempt {
            guard live.me == board.nextLeader else {
                throw RequestRefusal.notTheDirector(id, director: [board.name(of: board.nextLeader)])
            }
            guard board.decryptedOthers(than: votesDigest).isEmpty || hasShares(live) else {
                throw RequestRefusal.tallyDone(id)
            }
        }
        let task = TaskRecord(
            action: .tally, election: id, attempt: attempt, callbackUrl: request.callback.text,
            request: request.canonicalBytes,
            certificate: client.hex, createdAt: Date.now.ISO8601Format())
        let number = try database.addTask(task)
        order(request, attempt: attempt)
        return number
    }

    /// Whether this authority could decrypt further ballots.
    private func hasShares(_ live: LiveElection) -> Bool {
        live.board.offer.sessions.allSatisfy { session in
            do {
                _ = try live.storage.share(session: session.id)
                return true
            } catch {
                return false
            }
        }
    }

    /// Posts the tally request for all authorities, unless it is there already.
    private func order(_ request: TallyRequest, attempt: Int) {
        guard let live = elections[request.electionID.text], let digest = Digest(bytes: request.votesDigest) else {
            return
        }
        guard live.board.attempt < attempt else {
            settle(request.electionID.text)
            return
        }
        let order = TallyOrder(
            votesURL: request.votes.text, votesDigest: digest,
            absent: live.board.agreedAbsence(after: attempt - 1) ?? [])
        post(live.board.draft(.tallyRequest, attempt: attempt, by: live.me, payload: order.payload))
    }

    /// Goes on with a request that a restart interrupted before anything of it was on a board.
    func resume(_ task: TaskRecord) {
        guard let number = task.queueId, let creator = Digest(hex: task.certificate) else { return }
        do {
            switch task.action {
            case .createElection:
                prepare(try ElectionRequest(JSONValue(parsing: Array(task.request))), task: number, creator: creator)
            case .tally: order(try TallyRequest(JSONValue(parsing: Array(task.request))), attempt: task.attempt)
            }
        } catch {
            log(task.election).error("cannot go on with request \(number): \(error)")
        }
    }
}

extension Certificate {
    /// SHA-256 of the certificate in DER.
    package var digest: Digest { Digest(of: der) }
}
