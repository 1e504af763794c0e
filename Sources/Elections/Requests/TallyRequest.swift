// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// What a client sends to `POST /public_api/tally`.
package struct TallyRequest: Sendable {
    package let electionID: ElectionIdentifier
    package let callback: ServiceURL
    package let votes: ServiceURL
    /// SHA-256 that the votes file must have: 32 bytes.
    package let votesDigest: [UInt8]

    /// The whole request as it is forwarded and hashed: compact, keys sorted.
    package let canonicalBytes: [UInt8]

    /// - Throws: ``JSONShapeError`` naming the first key that is missing or wrong.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the tally request")
        electionID = try ElectionIdentifier(field.member("election_id"))
        callback = try ServiceURL(field.member("callback_url"))
        votes = try ServiceURL(field.member("votes_url"))
        let hash = try field.member("votes_hash")
        let text = try hash.string(maximum: 128)
        guard let digest = DigestURI.digest(in: text) else {
            throw hash.refused(found: text, expected: "\(DigestURI.prefix) and 32 bytes in URL-safe base64")
        }
        votesDigest = digest
        canonicalBytes = json.compactBytes
    }

    /// A request that a client is to send.
    package static func json(
        electionID: ElectionIdentifier, callback: String, votes: String, votesDigest: [UInt8]
    ) -> JSONValue {
        [
            "election_id": electionID.json, "callback_url": .string(callback), "votes_url": .string(votes),
            "votes_hash": .string(DigestURI.text(of: votesDigest)),
        ]
    }
}
