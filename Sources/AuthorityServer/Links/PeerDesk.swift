// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Orchestration

/// What an authority answers when its peers ask.
package protocol PeerDesk: Sendable {
    /// Compares a peer's copy of a board with one's own, and tells it what it lacks.
    func answer(_ message: ExchangeMessage, from certificate: Digest) async throws -> ExchangeMessage

    /// The file of a blob, for a party of that election.
    func blob(_ digest: Digest, of election: String, for certificate: Digest) async throws -> URL
}

extension Authority: PeerDesk {}
