// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import Foundation
package import TrustStores

/// Certificates for tests, of short keys that are made once a process: nothing secret is ever committed.
package struct TestIdentity: Sendable {
    package let hostName: HostName
    package let key: CertificateKey
    package let certificate: Certificate

    package init(_ name: String, addresses: [String] = ["127.0.0.1"], validFrom: Date = Date(), days: Int = 365) throws
    {
        guard let hostName = HostName(name) else { throw CertificateError.malformed }
        self.hostName = hostName
        key = try CertificateKey.generate(bits: 2048)
        certificate = try Certificate.selfSigned(
            by: key, hostName: hostName, addresses: addresses.compactMap { IPAddress($0) }, validFrom: validFrom,
            days: days)
    }

    /// Writes cert.pem and key-nopass.pem into `folder`.
    package func write(to folder: String) throws {
        try key.create(at: "\(folder)/key-nopass.pem")
        try DurableFile.write(Array(certificate.pem.utf8), to: "\(folder)/cert.pem", mode: 0o644)
    }
}
