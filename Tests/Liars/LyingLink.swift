// SPDX-License-Identifier: Apache-2.0

package import AuthorityServer
package import Foundation
package import Orchestration

/// What a liar tells others by itself.
package struct LyingLink: PeerLink {
    let liar: Liar
    let honest: any PeerLink

    package init(_ liar: Liar, honest: any PeerLink) {
        self.liar = liar
        self.honest = honest
    }

    package func exchange(_ message: ExchangeMessage, with host: String) async throws -> ExchangeMessage {
        let answer = try await honest.exchange(try liar.tell(message) { $0.name == host }, with: host)
        liar.hear(answer)
        return answer
    }

    package func identity(of host: String) async throws -> PeerIdentity { try await honest.identity(of: host) }

    package func fetchBlob(_ blob: BlobReference, of election: String, from host: String, to file: URL) async throws {
        try await honest.fetchBlob(blob, of: election, from: host, to: file)
    }

    package func fetchFile(_ digest: Digest, of election: String, from host: String, to file: URL) async throws {
        try await honest.fetchFile(digest, of: election, from: host, to: file)
    }

    package func fetchVotes(_ url: String, to file: URL, accept: @Sendable (Int) async throws -> Void) async throws {
        try await honest.fetchVotes(url, to: file, accept: accept)
    }

    package func callBack(_ url: String, with body: [UInt8]) async throws {
        try await honest.callBack(url, with: body)
    }
}
