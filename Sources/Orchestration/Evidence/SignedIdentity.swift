// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
package import StrictJSON
package import TrustStores

/// What `GET /api/identity` answers: host name, mixnet port, software version and board-signing key, signed by the
/// certificate's key.
package struct SignedIdentity: Sendable {
    package let hostName: String
    package let mixnetPort: Int
    package let version: String
    package let signingKey: VerifyingKey
    let signature: [UInt8]

    private static let domain = "election authority identity 1"

    package init(
        hostName: String, mixnetPort: Int, version: String, signingKey: VerifyingKey, signedBy key: CertificateKey
    ) throws {
        self.hostName = hostName
        self.mixnetPort = mixnetPort
        self.version = version
        self.signingKey = signingKey
        signature = try key.sign(
            SignedIdentity.message(hostName, mixnetPort, version, signingKey), domain: SignedIdentity.domain)
    }

    package var json: JSONValue {
        [
            "hostname": .string(hostName), "mixnet_port": .integer(mixnetPort), "version": .string(version),
            "signing_key": .string(signingKey.bytes.hexadecimal), "signature": .string(signature.hexadecimal),
        ]
    }

    /// Reads a peer's answer and checks that it is of that host, vouched for by the installed certificate.
    package init(_ json: JSONValue, of host: String, certificate: Certificate) throws {
        let field = JSONField(json, name: "the identity")
        hostName = try field.member("hostname").string(maximum: 253)
        mixnetPort = try field.member("mixnet_port").integer(in: 1...65535)
        version = try field.member("version").string(maximum: 100)
        let key = try field.member("signing_key").string(maximum: 64)
        let signature = try field.member("signature").string(maximum: 4096)
        guard let key = [UInt8](hexadecimal: key).flatMap({ VerifyingKey($0) }),
            let signature = [UInt8](hexadecimal: signature)
        else {
            throw IdentityError.malformed(host: host)
        }
        guard hostName == host else { throw IdentityError.otherHost(expected: host, found: hostName) }
        let message = SignedIdentity.message(hostName, mixnetPort, version, key)
        guard certificate.verifies(signature, over: message, domain: SignedIdentity.domain) else {
            throw IdentityError.signature(host: host)
        }
        signingKey = key
        self.signature = signature
    }

    private static func message(_ host: String, _ port: Int, _ version: String, _ key: VerifyingKey) -> [UInt8] {
        ByteTree.node([.string(host), .number(port), .string(version), .leaf(key.bytes)]).serialized
    }
}
