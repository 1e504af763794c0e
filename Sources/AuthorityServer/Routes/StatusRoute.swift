// SPDX-License-Identifier: Apache-2.0

import Elections
import HTTPTypes
import Hummingbird
import MutualTLS
import NIOCore
import Orchestration
import ServiceLifecycle
import StrictJSON

/// `GET /public_api/status/ELECTION`: one JSON object a second, each on a line, as long as something is under way; one object
/// with `?once`.
extension AuthorityRoutes {
    func addStatusRoute(to router: Router<BasicPeerRequestContext>) {
        router.get("/public_api/status/:election") { [authority] request, context in
            let election = try context.parameters.require("election")
            let client = try context.client
            let status = try await authority.status(of: election, for: client)
            guard request.uri.queryParameters["once"] == nil else { return json(status.json, status: .ok) }
            try await authority.checkStreams()
            return Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: Self.lines(from: status, of: election, for: client, at: authority))
        }
    }

    /// Asked anew for each line: a client that is uninstalled meanwhile gets no more.
    private static func lines(
        from first: ElectionStatus, of election: String, for client: Digest, at authority: Authority
    ) -> ResponseBody {
        ResponseBody { writer in
            var status = first
            await authority.beginStream()
            do {
                try await writer.write(line(status))
                while !status.isAtRest, !Task.isShuttingDownGracefully {
                    try await Task.sleep(for: .seconds(1))
                    guard authority.peers.isTrusted(client) else { break }
                    status = try await authority.status(of: election, for: client)
                    try await writer.write(line(status))
                }
            } catch {
                await authority.endStream()
                throw error
            }
            await authority.endStream()
            try await writer.finish(nil)
        }
    }

    private static func line(_ status: ElectionStatus) -> ByteBuffer {
        ByteBuffer(bytes: status.json.compactBytes + [UInt8(ascii: "\n")])
    }
}

extension Authority {
    private static let streamLimit = 32

    func checkStreams() throws(RequestRefusal) {
        guard openStreams < Authority.streamLimit else { throw .tooManyStreams(Authority.streamLimit) }
    }

    func beginStream() { openStreams += 1 }

    func endStream() { openStreams -= 1 }
}
