// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import Foundation
import OperatorErrors
package import TrustStores

/// The change from one certificate of an authority to the next, with a new key.
///
/// First the next one is made and waits beside the one in use (`cert.pem.next`), while peers install it beside the old one. When all
/// have it, it takes the old one's place. At every moment each peer knows the certificate that is shown to it.
package struct CertificateRenewal: Sendable {
    private let configuration: HostConfiguration

    package init(configuration: HostConfiguration) { self.configuration = configuration }

    /// Makes the next key and certificate, or finds those that were made before, and trusts the certificate here.
    package func prepare(now: Date = Date()) throws -> Certificate {
        try DurableFile.makeFolder(configuration.peerListPath, mode: 0o755)
        let lock = try FileLock(path: "\(configuration.peerListPath)/.lock")
        defer { _ = lock }
        let hostName = try configuration.requiredHostName()
        _ = try configuration.ownIdentity()
        if try DurableFile.read(nextKeyPath) == nil {
            try CertificateKey.generate().create(at: nextKeyPath)
        }
        let key = try CertificateKey(file: nextKeyPath)
        let next: Certificate
        if let made = try configuration.nextCertificate(), key.belongs(to: made) {
            next = made
        } else {
            var addresses: [IPAddress] = []
            for case let address? in [configuration.publicAddress, configuration.privateAddress]
            where !addresses.contains(address) {
                addresses.append(address)
            }
            // A little in the past, for peers whose clocks are behind.
            next = try Certificate.selfSigned(
                by: key, hostName: hostName, addresses: addresses, validFrom: now - 3600)
            try DurableFile.write(Array(next.pem.utf8), to: nextCertificatePath, mode: 0o644)
        }
        try changeTrust { $0.add(next) }
        return next
    }

    /// Puts the next certificate and its key into the place of the old ones. A run that was killed is finished by another.
    ///
    /// - Throws: ``RenewalError/nothingPrepared`` where there is no next certificate.
    package func finish() throws -> (new: Certificate, former: Certificate) {
        let lock = try FileLock(path: "\(configuration.peerListPath)/.lock")
        defer { _ = lock }
        guard let next = try configuration.nextCertificate() else { throw RenewalError.nothingPrepared }
        let former = try configuration.ownCertificate()
        let isKeyMoved = try DurableFile.read(nextKeyPath) == nil
        let key = try CertificateKey(file: isKeyMoved ? configuration.certificateKeyPath : nextKeyPath)
        guard key.belongs(to: next) else { throw CertificateError.keyMismatch }
        try DurableFile.write(
            Array(former.pem.utf8), to: Self.formerPath(of: configuration.certificatePath), mode: 0o644)
        if !isKeyMoved { try DurableFile.move(nextKeyPath, to: configuration.certificateKeyPath) }
        try changeTrust { store in
            store.add(next)
            store.remove(former.fingerprint)
        }
        // Last: until then another run finds what is left to do.
        try DurableFile.move(nextCertificatePath, to: configuration.certificatePath)
        return (next, former)
    }

    /// Where the next certificate, or its key, waits until all peers have it.
    package static func nextPath(of path: String) -> String { path + ".next" }

    /// Where the one before stays, so that its elections are known again.
    package static func formerPath(of path: String) -> String { path + ".former" }

    private var nextKeyPath: String { Self.nextPath(of: configuration.certificateKeyPath) }
    private var nextCertificatePath: String { Self.nextPath(of: configuration.certificatePath) }

    private func changeTrust(_ change: (inout TrustStore) -> Void) throws {
        var store = try TrustStore(file: configuration.trustStorePath)
        let before = store.bytes
        change(&store)
        if store.bytes != before { try store.write(to: configuration.trustStorePath) }
    }
}

package enum RenewalError: OperatorError, Equatable {
    case nothingPrepared

    package var message: String { "there is no next certificate that could take the place of the one in use" }
    package var hint: String? { "to make one: eorchestra renew-certificate" }
}
