// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
package import TrustStores

/// One authority's configuration, eoconf.json, with the defaults filled in.
package struct HostConfiguration: Sendable {
    package static let defaultPath = "/etc/eoconf.json"

    /// Where this configuration was read.
    package let path: String
    /// Keys of the file that no tool knows: worth a warning, they may be misspelt.
    package let unknownKeys: [String]

    /// PEER_LIST: the folder of the installed packages.
    package let peerListPath: String
    package let version: Int
    package let publicAddress: IPAddress?
    package let privateAddress: IPAddress?
    package let hostName: HostName?
    package let port: Int
    /// Whether there is a KEYSTORE_PASS, which makes the file secret.
    let holdsKeystorePassword: Bool
    package let certificatePath: String
    package let certificateKeyPath: String
    /// TLS_CALIST_PATH: the trust store.
    package let trustStorePath: String
    /// HOSTS_PATH, or nil: leave name resolution alone.
    package let hostsPath: String?
    package let mixnetPort: Int
    package let dataPath: String
    package let logPath: String
    /// LOG_ROTATE_BYTES and LOG_ROTATE_KEEP.
    package let logRotation: LogRotation
    /// LOG_SHARED_WITH_PEERS: whether a peer may read the events of the elections that it has a part in.
    package let sharesLog: Bool
    package let acceptsAutomatically: Bool
    /// PRIVATE_SHARES_UNENCRYPTED: whether key shares leave as the existing system gave them out, for anybody to read.
    package let sharesLeaveUnencrypted: Bool
    package let eotestDataPath: String
    package let eotestPort: Int
    /// The name of the group for elections that ask for none.
    package let groupName: String
    /// A tally of fewer ballots is refused.
    package let minimumBallots: Int
    /// KEEP_SHARES: whether key shares outlive the publication of a tally, so that further ballots can be tallied.
    package let keepsShares: Bool
    /// What a proxy in front of this authority changes.
    package let front: FrontConfiguration

    package static let groupNames = ["sequent2048", "ffdhe2048", "ffdhe3072", "ffdhe4096"]

    /// The path that counts: that of the flag, else EO_CONFIG, else /etc/eoconf.json.
    package static func path(
        option: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        if let option { return option }
        if let path = environment["EO_CONFIG"], !path.isEmpty { return path }
        return defaultPath
    }

    /// - Throws: ``ConfigurationError``, or a ``FileError`` for a file that cannot be read.
    package init(option: String? = nil) throws { try self.init(file: Self.path(option: option)) }

    package init(file path: String) throws {
        guard let bytes = try DurableFile.read(path, limit: 1 << 20) else {
            throw ConfigurationError.noFile(path: path)
        }
        try self.init(bytes: bytes, path: path)
    }

    package init(bytes: [UInt8], path: String) throws(ConfigurationError) {
        var reader = try ConfigurationReader(bytes: bytes, path: path)
        self.path = path
        let certificates = "/srv/certs/selfsigned"
        peerListPath = try reader.path("PEER_LIST", default: "/etc/eopeers")
        version = try reader.integer("VERSION", default: 1, in: 1...1_000_000)
        publicAddress = try reader.address("PUBLIC_IP_ADDRESS")
        privateAddress = try reader.address("PRIVATE_IP_ADDRESS")
        hostName = try reader.hostName("HOSTNAME")
        port = try reader.port("PORT", default: 5000)
        // Only its type is checked here, whoever needs it reads it where it is needed.
        holdsKeystorePassword = try !reader.text("KEYSTORE_PASS", default: "").isEmpty
        certificatePath = try reader.path("TLS_CERT_PATH", default: "\(certificates)/cert.pem")
        certificateKeyPath = try reader.path("TLS_CERT_KEY_PATH", default: "\(certificates)/key-nopass.pem")
        trustStorePath = try reader.path("TLS_CALIST_PATH", default: "\(certificates)/calist")
        hostsPath = try reader.pathOrNull("HOSTS_PATH", default: "/etc/hosts")
        mixnetPort = try reader.port("MIXNET_PORT", default: 4081)
        dataPath = try reader.path("DATA_PATH", default: "/var/lib/eorchestra")
        logPath = try reader.path("LOG_PATH", default: "/var/log/eorchestra/eorchestra.log")
        logRotation = LogRotation(
            byteLimit: try reader.integerOrNull("LOG_ROTATE_BYTES", default: 10_000_000, in: 4096...1 << 40),
            keptCount: try reader.integer("LOG_ROTATE_KEEP", default: 9, in: 1...LogRotation.largestCount))
        sharesLog = try reader.flag("LOG_SHARED_WITH_PEERS", default: false)
        acceptsAutomatically = try reader.flag("AUTOACCEPT_REQUESTS", default: false)
        sharesLeaveUnencrypted = try reader.flag("PRIVATE_SHARES_UNENCRYPTED", default: false)
        eotestDataPath = try reader.path("EOTEST_DATA_PATH", default: "/srv/eotest/data")
        eotestPort = try reader.port("EOTEST_PORT", default: 8000)
        groupName = try reader.choice("GROUP", default: "ffdhe3072", of: Self.groupNames)
        minimumBallots = try reader.integer("MINIMUM_BALLOTS", default: 1, in: 1...1_000_000_000)
        keepsShares = try reader.flag("KEEP_SHARES", default: false)
        front = try FrontConfiguration(&reader)
        unknownKeys = reader.unknownKeys
    }

    package var layout: HostLayout { HostLayout(dataPath: dataPath) }
}

extension HostConfiguration {
    package func requiredHostName() throws(ConfigurationError) -> HostName {
        guard let hostName else { throw .missing(key: "HOSTNAME", path: path) }
        return hostName
    }

    package func requiredPublicAddress() throws(ConfigurationError) -> IPAddress {
        guard let publicAddress else { throw .missing(key: "PUBLIC_IP_ADDRESS", path: path) }
        return publicAddress
    }

    package func requiredPrivateAddress() throws(ConfigurationError) -> IPAddress {
        guard let privateAddress else { throw .missing(key: "PRIVATE_IP_ADDRESS", path: path) }
        return privateAddress
    }

    /// This authority's own certificate.
    package func ownCertificate() throws -> Certificate {
        let unusable = CertificateError.unusable(what: "certificate", path: certificatePath)
        guard let bytes = try DurableFile.read(certificatePath, limit: 1 << 20) else { throw unusable }
        do { return try Certificate(pem: String(decoding: bytes, as: UTF8.self)) } catch { throw unusable }
    }

    /// KEYSTORE_PASS, read where it is needed and kept nowhere.
    package func keystorePassword() throws -> KeystorePassword {
        guard let bytes = try DurableFile.read(path, limit: 1 << 20) else {
            throw ConfigurationError.noFile(path: path)
        }
        var reader = try ConfigurationReader(bytes: bytes, path: path)
        let text = try reader.text("KEYSTORE_PASS", default: "")
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw ConfigurationError.missing(key: "KEYSTORE_PASS", path: path)
        }
        return KeystorePassword(text)
    }

    /// The certificate that is to take the place of this authority's own; nil where none is being renewed.
    package func nextCertificate() throws -> Certificate? {
        let path = CertificateRenewal.nextPath(of: certificatePath)
        guard let bytes = try DurableFile.read(path, limit: 1 << 20) else { return nil }
        return try Certificate(pem: String(decoding: bytes, as: UTF8.self))
    }

    /// Every certificate of this authority that there is: its own, and the one before it and the one after it.
    package func ownCertificates() -> [Certificate] {
        [
            certificatePath, CertificateRenewal.nextPath(of: certificatePath),
            CertificateRenewal.formerPath(of: certificatePath),
        ]
        .compactMap { path in
            let bytes = try? DurableFile.read(path, limit: 1 << 20)
            return bytes.flatMap { try? Certificate(pem: String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// The certificate with its private key, which must belong together.
    package func ownIdentity() throws -> (certificate: Certificate, key: CertificateKey) {
        let certificate = try ownCertificate()
        // No peer would take it, and each would say only that it is not the installed one.
        guard certificate.isAsSigned else {
            throw CertificateError.unusable(what: "certificate", path: certificatePath)
        }
        let key = try CertificateKey(file: certificateKeyPath)
        guard key.belongs(to: certificate) else { throw CertificateError.keyMismatch }
        return (certificate, key)
    }
}
