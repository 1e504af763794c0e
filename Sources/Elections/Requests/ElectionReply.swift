// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// The public key of one session as callbacks, publicKey_json and pubkeys_json carry it: decimal strings.
package struct PublishedKey: Sendable, Equatable {
    package let g: String
    package let p: String
    package let q: String
    package let y: String

    package init(g: String, p: String, q: String, y: String) {
        self.g = g
        self.p = p
        self.q = q
        self.y = y
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        g = try field.member("g").string(maximum: 4096)
        p = try field.member("p").string(maximum: 4096)
        q = try field.member("q").string(maximum: 4096)
        y = try field.member("y").string(maximum: 4096)
        guard try field.object().count == 4 else {
            throw field.refused(found: "an object with further keys", expected: "g, p, q and y only")
        }
    }

    package var json: JSONValue { ["g": .string(g), "p": .string(p), "q": .string(q), "y": .string(y)] }
}

/// What an authority posts to the callback URL in the end: the answer to an election or a tally request.
package enum ElectionReply: Sendable, Equatable {
    package struct Session: Sendable, Equatable {
        package let id: String
        package let key: PublishedKey
        package init(id: String, key: PublishedKey) {
            self.id = id
            self.key = key
        }
    }

    /// The keys of all questions, in their order.
    case created(ElectionIdentifier, [Session])
    case creationFailed(ElectionIdentifier, message: String)
    /// `digest` is the SHA-256 of tally.tar.gz.
    case tallied(ElectionIdentifier, url: String, digest: [UInt8])
    case tallyFailed(ElectionIdentifier, message: String)

    package var electionID: ElectionIdentifier {
        switch self {
        case .created(let id, _), .creationFailed(let id, _), .tallied(let id, _, _), .tallyFailed(let id, _): id
        }
    }
}

// MARK: JSON

extension ElectionReply {
    private static let creation = "POST /election"
    private static let tally = "POST /tally"

    package var json: JSONValue {
        switch self {
        case .created(let id, let sessions):
            let data = sessions.map { session in
                ["session_id": .string(session.id), "pubkey": session.key.json] as JSONValue
            }
            return [
                "status": "finished", "reference": Self.reference(id, Self.creation), "session_data": .array(data),
            ]
        case .tallied(let id, let url, let digest):
            let data: JSONValue = ["tally_url": .string(url), "tally_hash": .string(DigestURI.text(of: digest))]
            return ["status": "finished", "reference": Self.reference(id, Self.tally), "data": data]
        case .creationFailed(let id, let message): return Self.failure(id, Self.creation, message)
        case .tallyFailed(let id, let message): return Self.failure(id, Self.tally, message)
        }
    }

    private static func reference(_ id: ElectionIdentifier, _ action: String) -> JSONValue {
        ["election_id": id.json, "action": .string(action)]
    }

    private static func failure(_ id: ElectionIdentifier, _ action: String, _ message: String) -> JSONValue {
        ["status": "error", "reference": reference(id, action), "data": ["message": .string(message)]]
    }

    /// Reads what an authority posted.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the callback")
        let status = try field.member("status")
        let reference = try field.member("reference")
        let id = try ElectionIdentifier(reference.member("election_id"))
        let action = try reference.member("action")
        switch (try status.string(maximum: 32), try action.string(maximum: 64)) {
        case ("finished", Self.creation):
            var sessions: [Session] = []
            for element in try field.member("session_data").elements(1...20) {
                sessions.append(
                    Session(
                        id: try element.member("session_id").string(maximum: 64),
                        key: try PublishedKey(element.member("pubkey"))))
            }
            self = .created(id, sessions)
        case ("finished", Self.tally):
            let data = try field.member("data")
            let hash = try data.member("tally_hash")
            let text = try hash.string(maximum: 128)
            guard let digest = DigestURI.digest(in: text) else {
                throw hash.refused(found: text, expected: "\(DigestURI.prefix) and 32 bytes in URL-safe base64")
            }
            self = .tallied(id, url: try data.member("tally_url").string(maximum: 2048), digest: digest)
        case ("error", let action) where action == Self.creation || action == Self.tally:
            let message = try field.member("data").member("message").string(maximum: 65_536)
            self = action == Self.creation ? .creationFailed(id, message: message) : .tallyFailed(id, message: message)
        case ("finished", let found), ("error", let found):
            throw action.refused(found: found, expected: "\(Self.creation) or \(Self.tally)")
        case (let found, _): throw status.refused(found: found, expected: "finished or error")
        }
    }
}
