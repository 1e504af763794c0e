// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import HTTPTypes
import Hummingbird
import MutualTLS
import NIOCore
import Orchestration
import StrictJSON
import TrustStores

/// `POST /public_api/{download,check,delete,restore}_private_share`, as ballot boxes manage the key shares of an election that they
/// created: `{"election_id"}`, and but for the first `"private_key"`, which is the first one's answer.
struct PrivateShareRoutes: Sendable {
    let authority: Authority
    let envelope: KeyShareEnvelope

    /// Of a request's body: twenty questions of a hundred authorities and 4096 bits.
    private static let byteLimit = 4 << 20

    func add(to router: Router<BasicPeerRequestContext>) {
        router.post("/public_api/download_private_share") { request, context in
            guard let client = context.peer else { throw RequestRefusal.noCertificate }
            let (election, _) = try await read(request, from: client.digest)
            let shares = try await authority.downloadShares(of: election, for: client.digest)
            return answer(try envelope.sealed(shares.bytes, for: client))
        }
        router.post("/public_api/check_private_share") { request, context in
            let (election, body) = try await read(request, from: try context.client)
            let isRight = try await authority.checkShares(try shares(in: body), of: election, for: try context.client)
            return answer(isRight ? "True" : "False")
        }
        router.post("/public_api/delete_private_share") { request, context in
            let (election, body) = try await read(request, from: try context.client)
            try await authority.deleteShares(try shares(in: body), of: election, for: try context.client)
            return answer("")
        }
        router.post("/public_api/restore_private_share") { request, context in
            let (election, body) = try await read(request, from: try context.client)
            try await authority.restoreShares(try shares(in: body), of: election, for: try context.client)
            return answer("")
        }
    }

    /// Nobody but the election's creator gets to have anything decrypted.
    private func read(_ request: Request, from client: Digest) async throws -> (election: String, body: JSONField) {
        let body = JSONField(
            try JSONValue(parsing: try await bytes(of: request, atMost: Self.byteLimit)), name: "the request")
        let election = try ElectionIdentifier(body.member("election_id")).text
        try await authority.checkCreator(of: election, is: client)
        return (election, body)
    }

    private func shares(in body: JSONField) throws -> HeldSecret {
        let text = try body.member("private_key").string(maximum: Self.byteLimit)
        guard let shares = try envelope.opened(text) else { throw RequestRefusal.unreadableShares }
        return HeldSecret(shares)
    }

    private func answer(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
