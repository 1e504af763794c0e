// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import Elections
import GroupArithmetic
import MutualTLS
import StrictJSON

/// The keys of an election as the director's callback named them, before anybody else was asked.
package struct KeyComparison: Sendable {
    package let election: ElectionIdentifier
    package let sessions: [ElectionReply.Session]

    package init(election: ElectionIdentifier, sessions: [ElectionReply.Session]) {
        self.election = election
        self.sessions = sessions
    }

    /// Checks form: one session a question, in order, with a key that ballots can be encrypted under.
    ///
    /// - Parameter asked: the name of the group that was asked for, if one was.
    /// - Returns: the keys, one a question.
    package func publicKeys(questionCount: Int, asked: String? = nil) throws(RehearsalError) -> [PublicKey] {
        guard sessions.count == questionCount else {
            throw .sessions(found: sessions.count, expected: questionCount)
        }
        var keys: [PublicKey] = []
        for (question, session) in sessions.enumerated() {
            guard ProtocolInfo.isSessionID(session.id), ProtocolInfo.questionIndex(of: session.id) == question else {
                throw .sessionID(session.id, question: question)
            }
            keys.append(try Self.publicKey(session, asked: asked))
        }
        return keys
    }

    private static func publicKey(_ session: ElectionReply.Session, asked: String?) throws(RehearsalError) -> PublicKey
    {
        let key = session.key
        let group = SafePrimeGroup.named.first { group in
            group.p.decimal == key.p && group.q.decimal == key.q && group.generator.value.decimal == key.g
        }
        guard let group else { throw .keyNotInNamedGroup(session: session.id) }
        if let asked, group.name != asked {
            throw .otherGroup(session: session.id, found: group.name ?? "", expected: asked)
        }
        guard let y = BigInteger(canonicalDecimal: key.y), let element = group.element(y), let key = PublicKey(element)
        else {
            throw .keyOutsideGroup(session: session.id)
        }
        return key
    }

    /// Fetches every key from every authority and compares it with that of the callback.
    ///
    /// An authority may be a moment behind the director, or away for a while: it is asked again within `limit`.
    ///
    /// - Throws: ``RehearsalError/keysDiffer(session:one:other:)`` naming the first authority with another key.
    package func compare(
        at participants: Participants, through client: AuthorityClient, within limit: Duration,
        progress: (Int, Int) -> Void = { _, _ in }
    ) async throws {
        let deadline = ContinuousClock.now + limit
        var done = 0
        for authority in participants.all {
            for session in sessions {
                let path = "/public_data/\(election.text)/\(session.id)/publicKey_json"
                let answer = try await Self.published(path, at: authority, through: client, until: deadline)
                guard answer.status == 200 else { throw AuthorityClient.refusal(by: authority, answer) }
                guard try Self.key(answer.body, of: authority) == session.key else {
                    throw RehearsalError.keysDiffer(
                        session: session.id, one: participants.director.name, other: authority.name)
                }
                done += 1
                progress(done, participants.all.count * sessions.count)
            }
        }
    }

    private static func published(
        _ path: String, at authority: PeerEndpoint, through client: AuthorityClient,
        until deadline: ContinuousClock.Instant
    ) async throws -> PeerClient.Answer {
        while true {
            do {
                let answer = try await client.get(path, from: authority, within: .seconds(10))
                guard answer.status == 404, ContinuousClock.now < deadline else { return answer }
            } catch let error as RehearsalError {
                guard case .peerNotReachable = error, ContinuousClock.now < deadline else { throw error }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private static func key(_ body: [UInt8], of authority: PeerEndpoint) throws -> PublishedKey {
        do {
            return try PublishedKey(JSONField(JSONValue(parsing: body), name: "publicKey_json"))
        } catch let error as JSONSyntaxError {
            throw RehearsalError.malformedAnswer(from: authority.name, reason: error.message)
        } catch let error as JSONShapeError {
            throw RehearsalError.malformedAnswer(from: authority.name, reason: error.message)
        }
    }
}
