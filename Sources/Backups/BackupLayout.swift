// SPDX-License-Identifier: Apache-2.0

import AuthorityHost

/// What lies where in a backup, which is also where it lies below the folder that it is restored to.
///
///     backup.json                 which authority, when, of which format
///     eoconf.json                 the configuration as it was
///     certs/                      certificate, its key, those before and after it, the calist
///     peers/                      PEER_LIST
///     data/                       DATA_PATH
enum BackupLayout {
    static let format = 1
    static let manifest = "backup.json"
    static let configuration = "eoconf.json"
    static let database = "data/authority.sqlite"
    static let signingKey = "data/identity/signing.key"
    static let certificate = "certs/cert.pem"
    static let certificateKey = "certs/key-nopass.pem"
    static let trustStore = "certs/calist"
    static let peers = "peers"

    static func privateFolder(_ election: String) -> String { "data/private/\(election)" }
    static func publicFolder(_ election: String) -> String { "data/public/\(election)" }

    /// The files of certificates: where they lie at the authority, and where in the backup.
    static func certificateFiles(of configuration: HostConfiguration) -> [(path: String, name: String)] {
        let certificate = (configuration.certificatePath, BackupLayout.certificate)
        let key = (configuration.certificateKeyPath, BackupLayout.certificateKey)
        let next = [certificate, key].map {
            (CertificateRenewal.nextPath(of: $0.0), CertificateRenewal.nextPath(of: $0.1))
        }
        let former = (
            CertificateRenewal.formerPath(of: certificate.0), CertificateRenewal.formerPath(of: certificate.1)
        )
        return [certificate, key, (configuration.trustStorePath, trustStore)] + next + [former]
    }

    /// Whether a member of that name may be unpacked.
    static func accepts(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard isPlain, (1...16).contains(parts.count), name.utf8.count <= 1000 else { return false }
        switch parts[0] {
        case "backup.json", "eoconf.json": return parts.count == 1
        case "certs", "peers": return parts.count == 2
        case "data": return parts.count > 1
        default: return false
        }
    }

    /// Everything is its owner's alone but what is published.
    static func isPublic(_ name: String) -> Bool { name.hasPrefix("data/public/") }
}
