// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import Orchestration
import StrictJSON
import Testing
import TrustStores

/// One thing at a time is not what was asked for, or not what this authority knows by itself.
@Suite("A protocol that an authority does not countersign")
struct ProtocolReviewTests {
    private let members: [TestIdentity]
    private let known: [Party]

    init() throws {
        members = try (1...3).map { try #require(identities[$0]) }
        let scratch = try ScratchFolder()
        known = try members.enumerated().map { index, member in
            Party(
                name: member.hostName.text, certificate: Digest(of: member.certificate.der),
                signingKey: try SigningKey.stored(at: scratch.path("key\(index)")).verifying)
        }
    }

    private func request(group: String? = "ffdhe2048", certificates: [Certificate]? = nil) -> JSONValue {
        let question: JSONValue = [
            "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
            "answers": [["id": 0, "text": "Yes"], ["id": 1, "text": "No"]],
        ]
        let shown = certificates ?? members.map(\.certificate)
        let authorities = zip(members, shown).map { member, certificate -> JSONValue in
            [
                "name": .string(member.hostName.text),
                "orchestra_url": .string("https://\(member.hostName.text):5000/"),
                "ssl_cert": .string(certificate.pem),
            ]
        }
        var request = JSONObject()
        request["id"] = "e1"
        request["title"] = "T"
        request["description"] = ""
        request["callback_url"] = "https://box.example/done"
        request["threshold"] = 2
        request["questions"] = [question, question]
        request["authorities"] = .array(authorities)
        if let group { request["group"] = .string(group) }
        return .object(request)
    }

    private static let uuid = "00000000-0000-4000-8000-000000000000"

    private struct Session {
        var id: String
        var election = "e1"
        var description: String
        var threshold = 2
        var group = SafePrimeGroup.ffdhe2048
        var parties: [Party]
    }

    /// What an honest director offers, with a change.
    private func offer(
        _ json: JSONValue? = nil, _ change: (inout [Session]) -> Void = { _ in }
    ) throws -> ProtocolOffer {
        let json = json ?? request()
        let binding = SessionBinding(of: try ElectionRequest(json)).text
        var sessions = (0..<2).map { Session(id: "\($0)-\(Self.uuid)", description: binding, parties: known) }
        change(&sessions)
        return ProtocolOffer(
            request: json.compactBytes, creator: Digest(of: [1]), parties: known, threshold: 2,
            sessions: try sessions.map { session in
                let info = try ProtocolInfo(
                    sessionID: session.id, electionName: session.election, description: session.description,
                    threshold: session.threshold, group: session.group,
                    parties: session.parties.map { .init(of: $0, http: "", hint: "") })
                return .init(id: session.id, protocolInfo: info.bytes)
            })
    }

    private func refusal(
        of offer: ProtocolOffer, election: String = "e1", known: [Party]? = nil
    ) -> ProtocolRefusal? {
        do throws(ProtocolRefusal) {
            _ = try ProtocolReview(offer, election: election, known: known ?? self.known)
            return nil
        } catch { return error }
    }

    @Test("has another request than the client's, or is not what that asks for")
    func requests() throws {
        let honest = try offer()
        #expect(refusal(of: honest) == nil)
        var changed = honest
        changed.request.insert(0x20, at: 1)
        #expect(refusal(of: changed) == .request("the election request is not in its canonical form"))
        #expect(
            refusal(of: honest, election: "e2") == .request("the election request is one of another election"))
        for threshold in [1, 3] {
            changed = honest
            changed.threshold = threshold
            #expect(refusal(of: changed) == .request("the threshold is not the one that was requested"))
        }
        changed = honest
        changed.sessions.removeLast()
        #expect(refusal(of: changed) == .request("there is not one session for each question"))
    }

    @Test("names other parties, certificates or keys than were asked for, or than are known here")
    func parties() throws {
        let honest = try offer()
        var changed = honest
        changed.parties.removeLast()
        #expect(refusal(of: changed) == .parties("the parties are not those that were requested"))
        let name = known[1].name
        #expect(
            refusal(of: honest, known: [known[0], known[2]])
                == .parties("\(name) is not installed here, or does not answer"))
        let other = Party(name: name, certificate: known[2].certificate, signingKey: known[1].signingKey)
        #expect(
            refusal(of: honest, known: [known[0], other, known[2]])
                == .parties("the certificate of \(name) is not the one that is installed here"))
        let otherKey = Party(name: name, certificate: known[1].certificate, signingKey: known[2].signingKey)
        #expect(
            refusal(of: honest, known: [known[0], otherKey, known[2]])
                == .parties("the signing key of \(name) is not the one that it gives us"))
        var certificates = members.map(\.certificate)
        certificates[1] = try #require(identities[4]).certificate
        #expect(
            refusal(of: try offer(request(certificates: certificates)))
                == .parties("the certificate of \(name) is not the one that was requested"))
    }

    @Test("has a protInfo.xml that this authority would not write, byte for byte")
    func sessions() throws {
        let written = ProtocolRefusal.session(index: 1, "protInfo.xml is not as this authority would write it")
        let changes: [(inout [Session]) -> Void] = [
            { $0[1].election = "e2" }, { $0[1].description = "" }, { $0[1].description += " ballot_proofs=bound" },
            { $0[1].threshold = 3 }, { $0[1].group = .ffdhe3072 },
            { sessions in
                let parties = sessions[1].parties
                sessions[1].parties[2] = Party(
                    name: parties[2].name, certificate: parties[2].certificate, signingKey: parties[1].signingKey)
            },
        ]
        for (number, change) in changes.enumerated() {
            #expect(refusal(of: try offer(nil, change)) == written, "change \(number)")
        }
        let fewer = refusal(of: try offer { $0[1].parties.removeLast() })
        guard case .session(index: 1, let what) = fewer, what.contains("nopart") else {
            Issue.record("\(String(describing: fewer))")
            return
        }
        for id in [
            "0-\(Self.uuid)", "1\(Self.uuid)", "1-00000000-0000-1000-8000-000000000000", "1-x",
            "1-00000000-0000-4000-8000-00000000000A", "1-00000000-0000-4000-8000-0000000000000",
        ] {
            #expect(
                refusal(of: try offer { $0[1].id = id }) == .session(index: 1, "the session id is not INDEX-UUID"),
                "\(id)")
        }
        let groups = try offer(request(group: nil)) { $0[1].group = .ffdhe3072 }
        #expect(
            refusal(of: groups) == .session(index: 1, "sessions of one election differ in their group"))
        #expect(refusal(of: try offer(request(group: nil))) == nil)
    }
}
