// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import Foundation
import TrustStores

/// A Java keystore that certificates of peers come into too, as trusted ones, each under its host name.
package struct KeystoreTarget: Sendable {
    let path: String
    private let password: KeystorePassword

    /// The largest keystore that is changed, in bytes: its successor stands in the journal.
    private static let byteLimit = 4 << 20

    /// - Throws: ``ConfigurationError/missing(key:path:)`` where the configuration has no KEYSTORE_PASS.
    package init(path: String, configuration: HostConfiguration) throws {
        let folder = FileManager.default.currentDirectoryPath
        self.path = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        password = try configuration.keystorePassword()
    }

    /// What becomes of the file when peers come and go, and which of them that concerns.
    ///
    /// - Parameter coming: each with the certificates in whose place its own may come.
    /// - Throws: ``KeystoreError`` or ``FileError``.
    func change(
        coming: [(package: PeerPackage, inPlaceOf: [Certificate])] = [], going: [PeerPackage] = []
    ) throws -> (file: FileChange, hosts: Set<HostName>) {
        var hosts: Set<HostName> = []
        let file = try FileChange(path: path, mode: 0o600, limit: Self.byteLimit) { before in
            var keystore = try Keystores.read(before, password: password, path: path)
            for package in going where keystore.holds(package.certificate, of: package) {
                try keystore.remove(package.hostName.text)
                hosts.insert(package.hostName)
            }
            for (package, replaceable) in coming where try isToBeSet(package, replaceable, in: keystore) {
                try keystore.set(package.certificate, alias: package.hostName.text)
                hosts.insert(package.hostName)
            }
            return hosts.isEmpty ? before : try keystore.serialized(password)
        }
        return (file, hosts)
    }

    /// False where the certificate stands there already.
    private func isToBeSet(
        _ package: PeerPackage, _ replaceable: [Certificate], in keystore: any Keystore
    ) throws(KeystoreError) -> Bool {
        let alias = package.hostName.text
        switch keystore.entry(alias) {
        case nil: return true
        case .key: throw .aliasOfKey(alias: alias, path: path)
        case .trustedCertificate(let der):
            guard der != package.certificate.der else { return false }
            guard replaceable.contains(where: { $0.der == der }) else {
                throw .otherCertificate(alias: alias, path: path)
            }
            return true
        }
    }
}

extension Keystore {
    fileprivate func holds(_ certificate: Certificate, of package: PeerPackage) -> Bool {
        entry(package.hostName.text) == .trustedCertificate(certificate.der)
    }
}
