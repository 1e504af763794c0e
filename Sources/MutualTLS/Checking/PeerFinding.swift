// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import TrustStores

/// One thing that stands between two peers, as the one that looked found it of the other.
package enum PeerFinding: Error, Equatable, Sendable {
    /// No route to the address, or no answer from it.
    case unreachable(String)
    /// The host answers that nobody listens on the port.
    case portClosed
    /// The name leads to these addresses, of which none is the package's.
    case otherAddress([IPAddress])
    /// It shows a certificate other than the installed one.
    case otherCertificate(Fingerprint)
    /// The installed certificate has run out, or is not valid yet.
    case expired(Date)
    case notYetValid(Date)
    /// The installed certificate is for another host name.
    case wrongHostName
    /// It does not take the certificate of the one that looked: that is not installed there.
    case notInstalledThere
    /// The certificate of the one that looked has run out.
    case ownExpired(Date)
    /// TLS fails for another reason.
    case tlsFailure(String)
    /// The handshake succeeds, and what comes then does not.
    case noAnswer(String)
    /// Its clock is this many seconds ahead.
    case clock(Int)
    /// It speaks this version of the protocol.
    case version(String)
    /// The certificate of the one that asked is trusted, and there is no package with it that says where to look.
    case noPackage
    /// It looked at an address or port that is none of ours.
    case otherPlace(String)
    /// The next certificate of the one that asked is not installed there yet.
    case nextNotInstalled
    /// What a newer version found. Foreign text.
    case unknown(String)

    /// Whether no connection came about at all.
    package var isUnreachable: Bool {
        switch self {
        case .unreachable, .portClosed: true
        default: false
        }
    }
}
