// SPDX-License-Identifier: Apache-2.0

import StrictJSON
public import TrustStores

/// A peer as its operator describes it: host name, address, port and certificate, exchanged as one JSON object.
///
/// Each value was checked when it came in: the name is safe in a path and a hosts line, the certificate is one certificate.
/// Whether that certificate is good enough to be installed today is another question: ``requireFit(at:)``.
public struct PeerPackage: Sendable, Hashable {
    /// The largest package that is read, in bytes.
    public static let byteLimit = 64 << 10

    public let hostName: HostName
    public let address: IPAddress
    public let port: Int
    public let version: Int
    public let certificate: Certificate

    public init(hostName: HostName, address: IPAddress, port: Int = 5000, version: Int = 1, certificate: Certificate) {
        self.hostName = hostName
        self.address = address
        self.port = port
        self.version = version
        self.certificate = certificate
    }

    /// Reads what somebody sent.
    public init(json bytes: [UInt8]) throws(PeerPackageError) {
        let fields = try PackageFields(json: bytes)
        guard let hostName = HostName(fields.hostName) else { throw .invalidHostname(fields.hostName) }
        guard let address = IPAddress(fields.address) else { throw .invalidAddress(fields.address) }
        self.hostName = hostName
        self.address = address
        port = fields.port
        version = fields.version
        do { certificate = try Certificate(pem: fields.certificate) } catch { throw .certificate(error) }
        // A second one without an end would be one for readers that are less strict.
        let begun = fields.certificate.ranges(of: "-----BEGIN ").count
        guard begun == 1 else { throw .certificate(.besideCertificate(count: begun - 1)) }
    }

    /// Keys of a package that no version knows, in its order: they change nothing, and may be misspelt ones.
    public static func unknownKeys(inJSON bytes: [UInt8]) throws(PeerPackageError) -> [String] {
        try PackageFields(json: bytes).unknownKeys
    }

    /// The package as one line of JSON, without a line end.
    public var json: String { value.compact }

    var value: JSONValue {
        [
            "hostname": .string(hostName.text), "ip_address": .string(address.text), "port": .integer(port),
            "ssl_certificate": .string(certificate.pem), "version": .integer(version),
        ]
    }
}
