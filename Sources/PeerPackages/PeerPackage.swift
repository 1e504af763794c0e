// SPDX-License-Identifier: Apache-2.0

import StrictJSON
public import TrustStores

/// A peer as its operator describes it: host name, address, port and certificate, exchanged as one JSON object.
///
/// Each value was checked when it came in: the name is safe in a path and a hosts line, the certificate is one certificate.
public struct PeerPackage: Sendable, Hashable {
    /// The largest package that is read, in bytes.
    public static let byteLimit = 128 << 10

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
        guard bytes.count <= Self.byteLimit else { throw .tooLarge(bytes: bytes.count, limit: Self.byteLimit) }
        let texts: (name: String, address: String, pem: String)
        do {
            let limits = JSONLimits(byteCount: Self.byteLimit, depth: 8)
            let package = JSONField(try JSONValue(parsing: bytes, limits: limits), name: "the package")
            texts = (
                try package.member("hostname").string(), try package.member("ip_address").string(),
                try package.member("ssl_certificate").string(maximum: Self.byteLimit)
            )
            port = try package.optional("port")?.integer(in: 1...65535) ?? 5000
            version = try package.optional("version")?.integer(in: 1...1_000_000) ?? 1
        } catch let error as JSONSyntaxError {
            throw .malformed(reason: error.message)
        } catch let error as JSONShapeError {
            throw .malformed(reason: error.message)
        } catch {
            throw .malformed(reason: "it cannot be read")
        }
        guard let hostName = HostName(texts.name) else { throw .invalidHostname(texts.name) }
        guard let address = IPAddress(texts.address) else { throw .invalidAddress(texts.address) }
        self.hostName = hostName
        self.address = address
        do { certificate = try Certificate(pem: texts.pem) } catch { throw .certificate(error) }
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
