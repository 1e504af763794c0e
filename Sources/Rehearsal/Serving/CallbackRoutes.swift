// SPDX-License-Identifier: Apache-2.0

package import Elections
import Foundation
import HTTPTypes
import Hummingbird
import MutualTLS
import NIOCore
import OperatorErrors
import StrictJSON
import Synchronization
package import TrustStores

/// What a rehearsal answers on EOTEST_PORT: the callbacks of the authority that it asked, and the votes file for the
/// authorities of the election.
package struct CallbackRoutes: Sendable {
    package let election: ElectionIdentifier
    /// Whose callbacks count.
    package let director: Certificate
    /// Who may have the votes file.
    package let authorities: Set<Fingerprint>
    package let votesPath: String
    package let mailbox: Mailbox
    /// Who has fetched the votes file.
    package let readers = VotesReaders()
    /// Told what was refused, and why.
    package let refused: @Sendable (String) -> Void

    package init(
        election: ElectionIdentifier, director: Certificate, authorities: Set<Fingerprint>, votesPath: String,
        mailbox: Mailbox, refused: @escaping @Sendable (String) -> Void
    ) {
        self.election = election
        self.director = director
        self.authorities = authorities
        self.votesPath = votesPath
        self.mailbox = mailbox
        self.refused = refused
    }

    /// Another one each time, so that a late answer to an earlier request is not taken for one to this.
    private let token = String(UInt64.random(in: .min ... .max), radix: 36)

    package func callbackPath(_ subject: Mailbox.Subject) -> String {
        "/callback/\(election.text)/\(subject.rawValue)/\(token)"
    }

    package static func votesPath(_ election: ElectionIdentifier) -> String {
        "/votes/\(election.text)/\(RehearsalFolder.votesFile)"
    }

    /// Twenty keys of 4096 bits need less than a tenth of it.
    private static let byteLimit = 1 << 20

    func router(for trust: TrustStoreContext) -> Router<BasicPeerRequestContext> {
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: InstalledPeersOnly(trust))
        for subject in Mailbox.Subject.allCases {
            router.post(RouterPath(callbackPath(subject))) { request, context in
                try await self.take(request, subject, from: context.peer)
            }
        }
        router.get(RouterPath(Self.votesPath(election))) { request, context in
            try await self.votes(request, context)
        }
        return router
    }

    private func take(
        _ request: Request, _ subject: Mailbox.Subject, from peer: Certificate?
    ) async throws -> Response {
        guard let peer, peer.fingerprint == director.fingerprint else {
            return refuse(.forbidden, "a callback of \(name(peer)), which was not asked")
        }
        guard let body = try? await request.body.collect(upTo: Self.byteLimit) else {
            return refuse(.contentTooLarge, "a callback of more than \(Self.byteLimit) bytes")
        }
        do {
            let reply = try ElectionReply(JSONValue(parsing: Array(buffer: body)))
            guard reply.electionID == election else {
                return refuse(.badRequest, "a callback for election \(quoted(reply.electionID.text))")
            }
            guard reply.subject == subject else {
                return refuse(.badRequest, "a callback to the address of another one")
            }
            mailbox.deliver(reply)
            return Response(status: .ok)
        } catch let error as any OperatorError {
            return refuse(.badRequest, "a malformed callback: \(error.message)")
        }
    }

    private func votes(_ request: Request, _ context: BasicPeerRequestContext) async throws -> Response {
        guard let peer = context.peer, authorities.contains(peer.fingerprint) else {
            return refuse(
                .forbidden,
                "a request of \(name(context.peer)) for the votes file, which is for the election's authorities")
        }
        let file = FileAnswer(file: URL(filePath: votesPath))
        guard let response = try await file.response(to: request, context: context) else { throw HTTPError(.notFound) }
        readers.note(peer.fingerprint)
        return response
    }

    private func name(_ peer: Certificate?) -> String { quoted(peer?.commonName ?? peer?.fingerprint.hex ?? "nobody") }

    private func refuse(_ status: HTTPResponse.Status, _ what: String) -> Response {
        refused("refused \(what)")
        let answer: JSONValue = ["error": .string("refused: \(what)")]
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: answer.compactBytes)))
    }
}

/// Which authorities have asked for the votes file.
package final class VotesReaders: Sendable {
    private let seen = Mutex<Set<Fingerprint>>([])

    func note(_ reader: Fingerprint) { seen.withLock { _ = $0.insert(reader) } }

    package func contains(_ reader: Fingerprint) -> Bool { seen.withLock { $0.contains(reader) } }
}
