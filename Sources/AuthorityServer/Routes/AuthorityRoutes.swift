// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import MutualTLS
import NIOCore
import Orchestration
import RequestHeaders
import StrictJSON

/// The requests of the contract and those of other authorities, on PORT.
struct AuthorityRoutes: Sendable {
    let authority: Authority
    let desk: any PeerDesk
    let identity: SignedIdentity
    let publicFolder: URL
    let log: LogRoute
    let probeBack: ProbeBack
    let shares: PrivateShareRoutes

    /// Largest body of an election request, in bytes.
    static let electionByteLimit = 4 << 20
    static let tallyByteLimit = 64 << 10

    func router(
        for trust: TrustStoreContext, from source: ClientCertificateSource = .handshake
    ) -> Router<BasicPeerRequestContext> {
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: RefusalsAsJSON())
        router.add(middleware: InstalledPeersOnly(trust, from: source))
        router.add(middleware: BoundedBodies())
        addClientRoutes(to: router)
        addStatusRoute(to: router)
        addPeerRoutes(to: router)
        CostsRoute(authority: authority).add(to: router)
        log.add(to: router)
        probeBack.addRoute(to: router)
        return router
    }

    private func addClientRoutes(to router: Router<BasicPeerRequestContext>) {
        router.post("/public_api/election") { [authority] request, context in
            let body = try await bytes(of: request, atMost: AuthorityRoutes.electionByteLimit)
            let number = try await authority.createElection(body, from: try context.client)
            return json(["queue_id": .integer(Int(number))], status: .accepted)
        }
        router.post("/public_api/tally") { [authority] request, context in
            let body = try await bytes(of: request, atMost: AuthorityRoutes.tallyByteLimit)
            let number = try await authority.tally(body, from: try context.client)
            return json(["queue_id": .integer(Int(number))], status: .accepted)
        }
        router.get("/public_api/check_state") { _, _ in json(["state": "running"], status: .accepted) }
        shares.add(to: router)
        router.get("/public_data/**") { [publicFolder] request, context in
            let names = context.parameters.getCatchAll().map(String.init)
            guard let file = PublicPath(names).map({ publicFolder.appending(path: $0.text) }) else {
                throw RequestRefusal.unknownFile
            }
            return try await fileAnswer(file, to: request, context)
        }
    }

    private func addPeerRoutes(to router: Router<BasicPeerRequestContext>) {
        router.get("/api/identity") { [identity] _, _ in json(identity.json, status: .ok) }
        router.post("/api/board") { [desk] request, context in
            let body = try await bytes(of: request, atMost: ExchangeMessage.byteLimit)
            let message: ExchangeMessage
            do { message = try ExchangeMessage(serialized: body) } catch {
                throw RequestRefusal.body("the message cannot be read: \(error)")
            }
            let answer = try await desk.answer(message, from: try context.client)
            return Response(
                status: .ok, headers: [.contentType: "application/octet-stream"],
                body: .init(byteBuffer: ByteBuffer(bytes: answer.serialized)))
        }
    }
}

/// Bulk data on MIXNET_PORT: blobs, for the authorities of their election only.
struct MixnetRoutes: Sendable {
    let desk: any PeerDesk

    func router(for trust: TrustStoreContext) -> Router<BasicPeerRequestContext> {
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: RefusalsAsJSON())
        router.add(middleware: InstalledPeersOnly(trust))
        router.get("/blobs/:election/:digest") { [desk] request, context in
            let election = try context.parameters.require("election")
            guard let digest = Digest(hex: try context.parameters.require("digest")) else {
                throw RequestRefusal.unknownFile
            }
            let file = try await desk.blob(digest, of: election, for: try context.client)
            return try await fileAnswer(file, to: request, context)
        }
        return router
    }
}

extension BasicPeerRequestContext {
    /// SHA-256 of the client's certificate, which was found installed when the request came.
    var client: Digest {
        get throws(RequestRefusal) {
            guard let peer else { throw .noCertificate }
            return peer.digest
        }
    }
}

func fileAnswer(_ file: URL, to request: Request, _ context: BasicPeerRequestContext) async throws -> Response {
    guard let response = try await FileAnswer(file: file).response(to: request, context: context) else {
        throw RequestRefusal.unknownFile
    }
    return response
}

func bytes(of request: Request, atMost limit: Int) async throws -> [UInt8] {
    // Refused before it comes.
    if let stated = request.headers[.contentLength].flatMap({ Int($0) }), stated > limit {
        throw RequestRefusal.tooLarge(limit: limit)
    }
    do {
        return Array(buffer: try await request.body.collect(upTo: limit))
    } catch is NIOTooManyBytesError {
        throw RequestRefusal.tooLarge(limit: limit)
    }
}

func json(_ value: JSONValue, status: HTTPResponse.Status) -> Response {
    Response(
        status: status, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(bytes: value.compactBytes)))
}
