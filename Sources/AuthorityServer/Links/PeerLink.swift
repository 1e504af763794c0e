// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Orchestration

/// What an authority says of itself: the port for bulk data and the key that signs its entries, vouched for by its certificate.
package struct PeerIdentity: Equatable, Sendable {
    package let party: Party
    package let mixnetPort: Int
    package let version: String
    /// ``SignedIdentity`` as the peer sent it, for whoever has to be shown whose the signing key is.
    package let statement: [UInt8]

    package init(party: Party, mixnetPort: Int, version: String, statement: [UInt8] = []) {
        self.statement = statement
        self.party = party
        self.mixnetPort = mixnetPort
        self.version = version
    }
}

/// How an authority reaches its peers and its clients. Every call ends: it succeeds, or throws after a bounded time.
package protocol PeerLink: Sendable {
    /// Asks an installed peer who it is, and checks the answer's signature with the installed certificate.
    func identity(of host: String) async throws -> PeerIdentity

    func exchange(_ message: ExchangeMessage, with host: String) async throws -> ExchangeMessage

    /// Fetches what is missing of a blob, from the author's mixnet port, to the end of `file`.
    func fetchBlob(_ blob: BlobReference, of election: String, from host: String, to file: URL) async throws

    /// Fetches a file that stands on the board by its digest alone, its length unknown: a votes file or a tally that another
    /// authority holds. Starts anew each time.
    func fetchFile(_ digest: Digest, of election: String, from host: String, to file: URL) async throws

    /// Fetches a votes file, or what is missing of it, from an installed peer or this authority itself to the end of `file`: no
    /// redirects, the certificate pinned.
    ///
    /// - Parameter accept: called with the length that the server states, if it does, before anything is stored; what it throws
    ///   ends the transfer.
    func fetchVotes(_ url: String, to file: URL, accept: @Sendable (Int) async throws -> Void) async throws

    /// Posts a JSON body to an installed peer or this authority itself.
    func callBack(_ url: String, with body: [UInt8]) async throws
}

/// Who is installed at the moment. Looked at again for every request.
package protocol PeerBook: Sendable {
    /// This authority's own host name and certificate.
    var ownName: String { get }
    var ownCertificate: Digest { get }

    /// The host names of all installed peers.
    var hosts: [String] { get }

    /// The certificate of the peer that is installed under that host name; this authority's own for its own name.
    func certificate(of host: String) -> Digest?

    /// Whether exactly that certificate is installed now, or is this authority's own.
    func isTrusted(_ certificate: Digest) -> Bool

    /// That certificate and those that the same peer, or this authority, had before or has besides: in an election it stays the
    /// one that it was when the election was made.
    func aliases(of certificate: Digest) -> [Digest]

    /// Whether a URL leads, over TLS, to an installed peer or this authority.
    func isReachable(_ url: String) -> Bool
}

extension PeerBook {
    package func aliases(of certificate: Digest) -> [Digest] { [certificate] }

    /// Whether two certificates are those of one peer, as this authority knows it.
    func isSame(_ one: Digest, _ other: Digest) -> Bool { one == other || aliases(of: one).contains(other) }

    /// 1-based number of the party that has, or had, that certificate.
    func author(certificate: Digest, in offer: ProtocolOffer) -> Int? {
        // Aliases are looked up on disk, and nearly always nobody needs them.
        if let author = offer.author(certificate: certificate) { return author }
        return aliases(of: certificate).lazy.compactMap { offer.author(certificate: $0) }.first
    }
}
