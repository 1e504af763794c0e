// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import TrustStores

extension PeerPackage {
    /// Refuses an address at which nobody in particular is, and a certificate with which no handshake would succeed, or with which
    /// it would mean little.
    public func requireFit(at now: Date) throws(PeerPackageError) {
        guard address.isOfOneHost else { throw .addressOfNoHost(hostName, address) }
        guard now <= certificate.validUntil else { throw .expired(hostName, certificate.validUntil) }
        guard certificate.validFrom <= now else { throw .notYetValid(hostName, certificate.validFrom) }
        // 112 bits are those of RSA with 2048, and of SHA-224; SHA-1 has 63.
        guard certificate.keyStrength >= 112 else { throw .weakKey(hostName, certificate.keyDescription) }
        guard certificate.signatureStrength >= 112 else {
            throw .weakSignature(hostName, certificate.signatureDescription)
        }
    }

    /// Refuses a certificate other than the one that the peer's operator read out.
    public func require(_ fingerprint: Fingerprint) throws(PeerPackageError) {
        guard certificate.fingerprint == fingerprint else {
            throw .otherFingerprint(hostName, expected: fingerprint, found: certificate.fingerprint)
        }
    }
}
