// SPDX-License-Identifier: Apache-2.0

package import Elections
import StrictJSON
import TrustStores

/// Why an authority does not countersign a protocol. Each case names the check.
package enum ProtocolRefusal: Error, Equatable, Sendable {
    case request(String)
    case parties(String)
    case session(index: Int, String)

    package var failure: Failure {
        switch self {
        case .request(let what): Failure(check: "protocol.request", message: what)
        case .parties(let what): Failure(check: "protocol.parties", message: what)
        case .session(let index, let what): Failure(check: "protocol.session", index: index, message: what)
        }
    }
}

extension ProtocolInfo.Party {
    /// A party with its certificate and signing key in the free text, so that every proof is bound to them.
    package init(of party: Party, http: String, hint: String) {
        self.init(
            name: party.name,
            description: PartyBinding(certificateDigest: party.certificate.bytes, signingKey: party.signingKey.bytes)
                .text,
            publicKey: "Ed25519::" + party.signingKey.bytes.hexadecimal, http: http, hint: hint)
    }
}

extension SessionBinding {
    /// What every session of an election is bound to.
    package init(of request: ElectionRequest) {
        self.init(
            questionsDigest: Digest(of: request.questionsFile).bytes,
            requestDigest: Digest(of: request.canonicalBytes).bytes, requiresBoundProofs: request.requiresBoundProofs)
    }
}

/// Whether an authority can agree to a proposed protocol: nothing in it comes from the director alone.
package struct ProtocolReview: Sendable {
    package let request: ElectionRequest
    /// In the order of the questions.
    package let sessions: [ProtocolInfo]

    /// Checks everything that a director proposes.
    ///
    /// - Parameter known: the parties as this authority knows them by itself.
    package init(_ offer: ProtocolOffer, election: String, known: [Party]) throws(ProtocolRefusal) {
        let request: ElectionRequest
        do { request = try ElectionRequest(JSONValue(parsing: offer.request)) } catch {
            throw .request("the election request is refused: \(error)")
        }
        guard request.canonicalBytes == offer.request else {
            throw .request("the election request is not in its canonical form")
        }
        guard request.id.text == election else { throw .request("the election request is one of another election") }
        try ProtocolReview.checkParties(offer, request: request, known: known)
        guard offer.threshold == request.threshold ?? offer.parties.count else {
            throw .request("the threshold is not the one that was requested")
        }
        self.request = request
        sessions = try ProtocolReview.sessions(of: offer, request: request)
    }

    /// Why this authority cannot agree to the protocol of a board; nil if it can.
    package static func failure(of board: Board, known: [Party]) -> Failure? {
        do throws(ProtocolRefusal) {
            _ = try ProtocolReview(board.offer, election: board.election, known: known)
            return nil
        } catch {
            var failure = error.failure
            failure.accused = board.director
            return failure
        }
    }

    private static func checkParties(_ offer: ProtocolOffer, request: ElectionRequest, known: [Party])
        throws(ProtocolRefusal)
    {
        guard Set(request.authorities.map(\.name)) == Set(offer.parties.map(\.name)) else {
            throw .parties("the parties are not those that were requested")
        }
        for party in offer.parties {
            guard let mine = known.first(where: { $0.name == party.name }) else {
                throw .parties("\(party.name) is not installed here, or does not answer")
            }
            guard mine.certificate == party.certificate else {
                throw .parties("the certificate of \(party.name) is not the one that is installed here")
            }
            guard mine.signingKey == party.signingKey else {
                throw .parties("the signing key of \(party.name) is not the one that it gives us")
            }
            guard let requested = request.authorities.first(where: { $0.name == party.name }),
                let certificate = try? Certificate(pem: requested.certificate),
                Digest(of: certificate.der) == party.certificate
            else { throw .parties("the certificate of \(party.name) is not the one that was requested") }
        }
    }

    /// Every protInfo.xml must be, byte for byte, the one that we would have written.
    private static func sessions(
        of offer: ProtocolOffer, request: ElectionRequest
    ) throws(ProtocolRefusal) -> [ProtocolInfo] {
        guard offer.sessions.count == request.questions.count else {
            throw .request("there is not one session for each question")
        }
        var sessions: [ProtocolInfo] = []
        for (index, session) in offer.sessions.enumerated() {
            let found: ProtocolInfo
            let expected: ProtocolInfo
            do throws(ProtocolInfoError) {
                found = try ProtocolInfo(parsing: session.protocolInfo)
                guard found.parties.count == offer.parties.count else {
                    throw .value(
                        element: "nopart", found: String(found.parties.count), expected: String(offer.parties.count))
                }
                expected = try ProtocolInfo(
                    sessionID: session.id, electionName: request.id.text, description: SessionBinding(of: request).text,
                    threshold: offer.threshold, group: request.group ?? found.group,
                    parties: zip(offer.parties, found.parties).map { .init(of: $0, http: $1.http, hint: $1.hint) })
            } catch { throw .session(index: index, error.message) }
            guard isSessionID(session.id, ofQuestion: index) else {
                throw .session(index: index, "the session id is not INDEX-UUID")
            }
            guard expected.bytes == session.protocolInfo else {
                throw .session(index: index, "protInfo.xml is not as this authority would write it")
            }
            guard sessions.allSatisfy({ $0.group == found.group }) else {
                throw .session(index: index, "sessions of one election differ in their group")
            }
            sessions.append(found)
        }
        return sessions
    }

    /// `<index>-<lower-case UUID version 4>`.
    private static func isSessionID(_ id: String, ofQuestion index: Int) -> Bool {
        guard id.hasPrefix("\(index)-") else { return false }
        let parts = id.dropFirst("\(index)-".count).split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts[2].first == "4"
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) } }
    }
}
