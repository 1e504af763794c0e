// SPDX-License-Identifier: Apache-2.0

import Foundation
package import GroupArithmetic
package import TrustStores

/// How key shares leave an authority and come back: base64 of a CMS message for two keys, the asking certificate's and this
/// authority's own, so that it can take back what its keeper has without anybody's having opened it.
package struct KeyShareEnvelope: Sendable {
    private let certificate: Certificate
    private let key: CertificateKey
    /// PRIVATE_SHARES_UNENCRYPTED: base64 of the plain bytes.
    private let leavesUnencrypted: Bool

    package init(certificate: Certificate, key: CertificateKey, leavesUnencrypted: Bool) {
        self.certificate = certificate
        self.key = key
        self.leavesUnencrypted = leavesUnencrypted
    }

    package func sealed(_ shares: borrowing SecretBytes, for client: Certificate) throws -> String {
        try shares.withBytes { bytes in
            guard !leavesUnencrypted else { return Data(bytes).base64EncodedString() }
            let readers = client == certificate ? [certificate] : [client, certificate]
            return Data(try EnvelopedMessage.seal(bytes, for: readers)).base64EncodedString()
        }
    }

    /// What somebody brings as key shares, not compared with anything yet; nil if it cannot be read.
    package func opened(_ text: String) throws -> SecretBytes? {
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else { return nil }
        let content = Array(data)
        if EnvelopedMessage.isMessage(content) {
            let opened = try EnvelopedMessage.open(content, with: key, of: certificate) { SecretBytes(copying: $0) }
            if let opened { return opened }
        }
        guard leavesUnencrypted else { return nil }
        var plain = SecretBytes(count: content.count)
        plain.withMutableBytes { $0.copyBytes(from: content) }
        return plain
    }
}
