// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import Orchestration
import PeerPackages
import TrustStores

/// Whose certificate is whose, by the packages that are installed here.
struct KnownCertificates {
    let own: Digest?
    private let ownName: String
    private let digests: [String: Digest]

    init(_ configuration: HostConfiguration) throws {
        own = Digest(hex: try configuration.ownCertificate().fingerprint.hex)
        ownName = try configuration.requiredHostName().text
        var digests: [String: Digest] = [:]
        for package in try PeerDirectory(path: configuration.peerListPath).packages() {
            digests[package.hostName.text] = Digest(hex: package.certificate.fingerprint.hex)
        }
        self.digests = digests
    }

    func certificate(of host: String) -> Digest? { host == ownName ? own : digests[host] }

    /// The host name that a certificate is installed for.
    func name(of certificate: Digest) -> String {
        if certificate == own { return ownName }
        return digests.first { $0.value == certificate }?.key ?? "nobody who is installed here"
    }
}

extension HostConfiguration {
    /// This authority's number among the parties of a board; nil if it is none of them.
    func ownNumber(on board: Board) -> Int? {
        ownCertificates().lazy
            .compactMap { Digest(hex: $0.fingerprint.hex).flatMap { board.offer.author(certificate: $0) } }.first
    }
}

/// Now, as all times of the database are written.
func currentTime() -> String { Date.now.ISO8601Format() }
