// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import OperatorErrors
import StrictJSON
package import TrustStores

/// Makes a whole authority in one folder: configuration, key, certificate, trust store, data and log folders.
package struct HostInitializer: Sendable {
    package var home: String
    package var hostName: HostName
    package var publicAddress: IPAddress
    package var privateAddress: IPAddress
    package var port = 5000
    package var mixnetPort = 4081
    package var eotestPort = 8000
    package var acceptsAutomatically = false
    /// Shorter in tests only.
    var keyBitCount = 4096

    package init(home: String, hostName: HostName, publicAddress: IPAddress, privateAddress: IPAddress) {
        self.home = (home.hasPrefix("/") ? home : "\(FileManager.default.currentDirectoryPath)/\(home)")
        self.hostName = hostName
        self.publicAddress = publicAddress
        self.privateAddress = privateAddress
    }

    package var configurationPath: String { "\(home)/eoconf.json" }

    /// Returns the path of the new configuration. It is written last: until it is there, this may be called again, and goes on
    /// with the key and certificate that it finds.
    ///
    /// - Throws: ``HostInitializerError/exists(path:)`` if there is an authority already; nothing has changed then.
    package func run() throws -> String {
        guard try DurableFile.read(configurationPath) == nil else {
            throw HostInitializerError.exists(path: configurationPath)
        }
        for folder in ["", "/certs", "/peers", "/log", "/eotest", "/eotest/data"] {
            try DurableFile.makeFolder(home + folder, mode: 0o700)
        }
        try HostLayout(dataPath: "\(home)/data").makeFolders()
        _ = try SigningKey.stored(at: HostLayout(dataPath: "\(home)/data").signingKeyPath)
        let certificate = try makeCertificate()
        var trust = try TrustStore(file: calistPath)
        if trust.add(certificate) { try trust.write(to: calistPath) }
        try DurableFile.create(configuration.indentedBytes + [0x0A], at: configurationPath, mode: 0o600)
        return configurationPath
    }

    private var keyPath: String { "\(home)/certs/key-nopass.pem" }
    private var certificatePath: String { "\(home)/certs/cert.pem" }
    private var calistPath: String { "\(home)/certs/calist" }

    private func makeCertificate() throws -> Certificate {
        if try DurableFile.read(keyPath) == nil { try CertificateKey.generate(bits: keyBitCount).create(at: keyPath) }
        let key = try CertificateKey(file: keyPath)
        if let old = try DurableFile.read(certificatePath) {
            let certificate = try Certificate(pem: String(decoding: old, as: UTF8.self))
            guard key.belongs(to: certificate) else { throw CertificateError.keyMismatch }
            return certificate
        }
        let addresses = publicAddress == privateAddress ? [publicAddress] : [publicAddress, privateAddress]
        // A little in the past, for peers whose clocks are behind.
        let certificate = try Certificate.selfSigned(
            by: key, hostName: hostName, addresses: addresses, validFrom: Date() - 3600)
        try DurableFile.create(Array(certificate.pem.utf8), at: certificatePath, mode: 0o644)
        return certificate
    }

    private var configuration: JSONValue {
        [
            "PEER_LIST": .string("\(home)/peers"),
            "VERSION": 1,
            "PUBLIC_IP_ADDRESS": .string(publicAddress.text),
            "PRIVATE_IP_ADDRESS": .string(privateAddress.text),
            "HOSTNAME": .string(hostName.text),
            "PORT": .integer(port),
            "TLS_CERT_PATH": .string(certificatePath),
            "TLS_CERT_KEY_PATH": .string(keyPath),
            "TLS_CALIST_PATH": .string(calistPath),
            // An authority in a folder of its own leaves the machine's name resolution alone.
            "HOSTS_PATH": nil,
            "MIXNET_PORT": .integer(mixnetPort),
            "DATA_PATH": .string("\(home)/data"),
            "LOG_PATH": .string("\(home)/log/eorchestra.log"),
            "AUTOACCEPT_REQUESTS": .bool(acceptsAutomatically),
            "EOTEST_DATA_PATH": .string("\(home)/eotest/data"),
            "EOTEST_PORT": .integer(eotestPort),
        ]
    }
}

package enum HostInitializerError: OperatorError, Equatable {
    case exists(path: String)

    package var message: String {
        switch self {
        case .exists(let path): "there is an authority already: \(quoted(path, limit: 300))"
        }
    }

    package var hint: String? { "choose another --home, or change that file" }
}
