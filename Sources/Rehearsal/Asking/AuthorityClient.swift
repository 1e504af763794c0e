// SPDX-License-Identifier: Apache-2.0

import Elections
package import MutualTLS
import OperatorErrors
package import StrictJSON

/// Asks authorities as an ordinary client does, with this authority's own certificate.
package struct AuthorityClient: Sendable {
    package let client: PeerClient
    package let director: PeerEndpoint
    /// For the hint how to start the director.
    package let configurationPath: String
    /// For each request.
    package let timeout: Duration
    /// Where an authority is by now.
    let whereNow: @Sendable (PeerEndpoint) -> PeerEndpoint

    package init(
        client: PeerClient, director: PeerEndpoint, configurationPath: String, timeout: Duration,
        whereNow: @escaping @Sendable (PeerEndpoint) -> PeerEndpoint = { $0 }
    ) {
        self.client = client
        self.whereNow = whereNow
        self.timeout = timeout
        self.director = director
        self.configurationPath = configurationPath
    }

    /// Posts a request that the director takes into its queue.
    ///
    /// - Throws: ``RehearsalError`` with the authority's own words for any status but 202.
    package func post(_ path: String, _ body: JSONValue) async throws {
        let answer = try await asking(director) {
            try await client.send(.post, path, to: director, json: body.compactBytes, timeout: timeout)
        }
        guard answer.status == 202 else { throw Self.refusal(by: director, answer) }
    }

    /// GET with the whole answer, whatever its status.
    ///
    /// - Parameter limit: of time; as long as ``timeout`` at most.
    package func get(_ path: String, from authority: PeerEndpoint, within limit: Duration = .seconds(3600)) async throws
        -> PeerClient.Answer
    {
        try await asking(authority) {
            try await client.send(.get, path, to: whereNow(authority), timeout: min(timeout, limit))
        }
    }

    /// What an authority answers at once if it is there at all.
    private static let presenceLimit: Duration = .seconds(6)

    /// Asks the director whether it is there.
    package func checkDirector() async throws {
        _ = try await get("/public_api/check_state", from: director, within: Self.presenceLimit)
    }

    /// The status that tells whether a peer is an authority, which is a server that says who it is. A ballot box does not.
    package func status(ofIdentityAt peer: PeerEndpoint) async throws -> Int {
        try await get("/api/identity", from: peer, within: Self.presenceLimit).status
    }

    package func download(
        _ path: String, port: Int, to file: String, limit: Int, progress: @Sendable (Int) -> Void
    ) async throws {
        try await asking(director) {
            try await client.download(
                path, from: director.at(port: port), to: file, length: .atMost(limit), progress: progress)
        }
    }

    static func refusal(by authority: PeerEndpoint, _ answer: PeerClient.Answer) -> RehearsalError {
        let json = try? JSONValue(parsing: answer.body, limits: JSONLimits(byteCount: 1 << 20, depth: 8))
        let words = json?["error"]?.asString ?? String(decoding: answer.body.prefix(400), as: UTF8.self)
        return .refused(by: authority.name, status: answer.status, words: words, hint: json?["hint"]?.asString)
    }

    /// Says whom to start where nobody answers.
    private func asking<Answer>(
        _ authority: PeerEndpoint, _ body: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body()
        } catch let error as PeerClientError {
            let reason: String
            switch error {
            case .unreachable(_, let found): reason = found
            case .timeout: reason = "it did not answer in time"
            default: throw error
            }
            throw authority.hostName == director.hostName
                ? RehearsalError.authorityNotRunning(
                    name: authority.name, reason: reason, configuration: configurationPath)
                : RehearsalError.peerNotReachable(name: authority.name, reason: reason)
        }
    }
}
