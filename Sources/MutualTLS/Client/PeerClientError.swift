// SPDX-License-Identifier: Apache-2.0

import Foundation
package import OperatorErrors

/// Why a peer could not be asked, or did not answer as it should. `peer` is ``PeerEndpoint/name``.
package enum PeerClientError: OperatorError, Equatable {
    /// No connection, or it broke off.
    case unreachable(peer: String, reason: String)
    case timeout(peer: String)
    /// The peer showed a certificate that is not the installed one, or one that has run out.
    case peerCertificateRefused(peer: String)
    /// The installed certificate does not name the host that it was installed for.
    case wrongHostName(peer: String)
    /// The peer does not take our certificate.
    case ownCertificateRefused(peer: String)
    /// Another HTTP status than was asked for; `text` is the start of the answer. Foreign text.
    case status(peer: String, status: Int, text: String)
    case answerTooLarge(peer: String, limit: Int)
    /// An answer with other bytes than those that were asked for.
    case wrongRange(peer: String)

    /// Whether there was no answer at all, as behind a cut cable: it may come back by itself. A host that answers that nobody
    /// listens is there, and a peer that refuses was asked.
    package var isSilence: Bool {
        switch self {
        case .timeout: true
        case .unreachable(_, let reason): reason != Self.connectionRefused
        default: false
        }
    }

    static let connectionRefused = String(cString: strerror(ECONNREFUSED)).lowercased()

    package var message: String {
        switch self {
        case .unreachable(let peer, let reason): "\(peer) cannot be reached: \(reason)"
        case .timeout(let peer): "\(peer) did not answer in time"
        case .peerCertificateRefused(let peer):
            "\(peer) shows another certificate than the installed one, or one that is not valid today"
        case .wrongHostName(let peer): "the installed certificate of \(peer) is for another host name"
        case .ownCertificateRefused(let peer): "\(peer) does not accept this authority's certificate"
        case .status(let peer, let status, let text):
            "\(peer) answered with HTTP status \(status)" + (text.isEmpty ? "" : ": \(quoted(text, limit: 300))")
        case .answerTooLarge(let peer, let limit): "\(peer) answered with more than \(limit) bytes"
        case .wrongRange(let peer): "\(peer) answered with another part of the file than was asked for"
        }
    }

    package var hint: String? {
        switch self {
        case .unreachable, .timeout: "is the authority running there, and do address and port of its package hold?"
        case .wrongHostName: "the peer needs a certificate for its host name, and a new package with it"
        case .peerCertificateRefused: "if the peer has a new certificate, install its new package with eopeers"
        case .ownCertificateRefused: "the peer has to install the output of: eopeers --show-mine"
        case .status, .answerTooLarge, .wrongRange: nil
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .unreachable, .timeout: .unreachable
        default: .refused
        }
    }
}
