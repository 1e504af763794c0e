// SPDX-License-Identifier: Apache-2.0

package import Elections
package import StrictJSON
package import TrustStores

/// A JSON file of a rehearsal's folder.
package protocol RehearsalRecord: Sendable, Equatable {
    static var fileName: String { get }
    init(_ field: JSONField) throws(JSONShapeError)
    var json: JSONValue { get }
}

/// An election that was created, with the keys on which all its authorities agree.
package struct ElectionRecord: RehearsalRecord {
    package static let fileName = "election.json"

    package struct Authority: Sendable, Equatable {
        package let hostName: String
        package let fingerprint: Fingerprint

        package init(hostName: String, fingerprint: Fingerprint) {
            self.hostName = hostName
            self.fingerprint = fingerprint
        }
    }

    /// The director first.
    package let authorities: [Authority]
    package let threshold: Int
    /// One a question, in order.
    package let sessions: [ElectionReply.Session]
    /// What `create` was told about the votes, for `encrypt`: nil if nothing.
    package let voteCount: Int?
    package let takesRandomVotes: Bool
    /// Whether the election takes ballots with bound proofs only.
    package let requiresBoundProofs: Bool
    /// As they were asked for, each as compact JSON; empty in records of earlier versions.
    package let questions: [String]

    package init(
        authorities: [Authority], threshold: Int, sessions: [ElectionReply.Session], voteCount: Int?,
        takesRandomVotes: Bool, requiresBoundProofs: Bool = false, questions: [JSONValue] = []
    ) {
        self.authorities = authorities
        self.threshold = threshold
        self.sessions = sessions
        self.voteCount = voteCount
        self.takesRandomVotes = takesRandomVotes
        self.requiresBoundProofs = requiresBoundProofs
        self.questions = questions.map(\.compact)
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        var authorities: [Authority] = []
        for element in try field.member("authorities").elements(1...99) {
            let digest = try element.member("fingerprint")
            let text = try digest.string(maximum: 95)
            guard let fingerprint = Fingerprint(hex: text) else {
                throw digest.refused(found: text, expected: "64 hexadecimal digits")
            }
            authorities.append(
                Authority(hostName: try element.member("hostname").string(maximum: 253), fingerprint: fingerprint))
        }
        self.authorities = authorities
        threshold = try field.member("threshold").integer(in: 1...99)
        var sessions: [ElectionReply.Session] = []
        for element in try field.member("session_data").elements(1...20) {
            sessions.append(
                ElectionReply.Session(
                    id: try element.member("session_id").string(maximum: 64),
                    key: try PublishedKey(element.member("pubkey"))))
        }
        self.sessions = sessions
        voteCount = try field.optional("vcount")?.integer(in: 1...1_000_000_000)
        takesRandomVotes = try field.member("vmnd").bool()
        requiresBoundProofs = try field.optional("bound")?.bool() ?? false
        let questions = try field.optional("questions")?.elements(0...20) ?? []
        guard questions.isEmpty || questions.count == sessions.count else {
            throw try field.member("questions").refused(
                found: "\(questions.count) questions", expected: "\(sessions.count), as many as sessions")
        }
        self.questions = questions.map(\.value.compact)
    }

    package var json: JSONValue {
        let authorities = authorities.map { authority in
            ["hostname": .string(authority.hostName), "fingerprint": .string(authority.fingerprint.hex)] as JSONValue
        }
        let sessions = sessions.map { session in
            ["session_id": .string(session.id), "pubkey": session.key.json] as JSONValue
        }
        return [
            "authorities": .array(authorities), "threshold": .integer(threshold), "session_data": .array(sessions),
            "vcount": voteCount.map { .integer($0) } ?? .null, "vmnd": .bool(takesRandomVotes),
            "bound": .bool(requiresBoundProofs), "questions": .array(questions.compactMap { try? JSONValue(parsing: $0) }),
        ]
    }
}

/// A votes file that was made.
package struct VotesRecord: RehearsalRecord {
    package static let fileName = "votes.json"

    package let count: Int
    /// SHA-256 of the votes file.
    package let digest: [UInt8]

    package init(count: Int, digest: [UInt8]) {
        self.count = count
        self.digest = digest
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        count = try field.member("count").integer(in: 1...1_000_000_000)
        digest = try field.member("votes_hash").digest()
    }

    package var json: JSONValue { ["count": .integer(count), "votes_hash": .string(DigestURI.text(of: digest))] }
}

/// A tally that was downloaded.
package struct TallyRecord: RehearsalRecord {
    package static let fileName = "tally.json"

    package let url: String
    /// SHA-256 of tally.tar.gz, as the authority said it.
    package let digest: [UInt8]

    package init(url: String, digest: [UInt8]) {
        self.url = url
        self.digest = digest
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        url = try field.member("tally_url").string(maximum: 2048)
        digest = try field.member("tally_hash").digest()
    }

    package var json: JSONValue { ["tally_url": .string(url), "tally_hash": .string(DigestURI.text(of: digest))] }
}

extension JSONField {
    fileprivate func digest() throws(JSONShapeError) -> [UInt8] {
        let text = try string(maximum: 128)
        guard let digest = DigestURI.digest(in: text) else {
            throw refused(found: text, expected: "\(DigestURI.prefix) and 32 bytes in URL-safe base64")
        }
        return digest
    }
}
