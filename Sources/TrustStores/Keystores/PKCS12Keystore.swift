// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims

/// A PKCS#12 file (RFC 7292) as Java uses it for a keystore.
///
/// The file is a list of safes, of which some are encrypted, each with bags. What Java calls a trusted-certificate entry is a
/// certificate bag with a friendly name, the alias, and the attribute 2.16.840.1.113894.746875.1.1, which says for what it is
/// trusted: for everything. Safes without the entry in question are kept as they are; entries that come get a safe of their own.
final class PKCS12Keystore: Keystore {
    private let p12: PKCS12File
    private var safes: [Safe]
    private let path: String

    /// An empty one.
    init(path: String) throws(KeystoreError) {
        p12 = try PKCS12File()
        safes = []
        self.path = path
    }

    init(bytes: [UInt8], password: KeystorePassword, path: String) throws(KeystoreError) {
        p12 = try PKCS12File(bytes: bytes, path: path)
        try p12.checkMAC(password, path: path)
        safes = try p12.safes(password, path: path)
        self.path = path
    }

    func entry(_ alias: String) -> KeystoreEntry? {
        for safe in safes {
            for bag in safe.bags where bag.alias == alias.lowercased() {
                if bag.isKey { return .key }
                if let der = bag.trustedCertificate { return .trustedCertificate(der) }
            }
        }
        return nil
    }

    func set(_ certificate: Certificate, alias: String) throws(KeystoreError) {
        remove(alias)
        safes.append(Safe(new: try SafeBag(certificate, alias: alias.lowercased())))
    }

    func remove(_ alias: String) {
        for safe in safes where safe.bags.contains(where: { $0.isTrusted(alias) }) {
            safe.bags.removeAll { $0.isTrusted(alias) }
            safe.isChanged = true
        }
        safes.removeAll { $0.isChanged && $0.bags.isEmpty }
    }

    func serialized(_ password: KeystorePassword) throws(KeystoreError) -> [UInt8] {
        try p12.serialized(safes, password)
    }
}

extension SafeBag {
    fileprivate func isTrusted(_ alias: String) -> Bool {
        self.alias == alias.lowercased() && trustedCertificate != nil
    }
}
