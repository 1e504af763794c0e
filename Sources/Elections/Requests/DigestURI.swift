// SPDX-License-Identifier: Apache-2.0

private import Foundation

/// SHA-256 digests as `ni:///sha-256;` with URL-safe base64 (specification of the tally, 1.4).
package enum DigestURI {
    package static let prefix = "ni:///sha-256;"

    /// 44 characters of URL-safe base64 with padding: what stands in tally.tar.gz.sha256.
    package static func base64(of digest: [UInt8]) -> String {
        Data(digest).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }

    package static func text(of digest: [UInt8]) -> String { prefix + base64(of: digest) }

    /// The 32 bytes that a URI names; padding may be missing. Nil if it names anything else.
    package static func digest(in uri: String) -> [UInt8]? {
        guard uri.hasPrefix(prefix) else { return nil }
        return digest(base64: String(uri.dropFirst(prefix.count)))
    }

    package static func digest(base64 text: String) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") }),
            [43, 44].contains(text.utf8.count)
        else { return nil }
        let padded =
            text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            + (text.utf8.count == 43 ? "=" : "")
        // The second half refuses spellings with stray bits, of which one digest has several.
        guard let data = Data(base64Encoded: padded), data.count == 32, data.base64EncodedString() == padded else {
            return nil
        }
        return [UInt8](data)
    }
}
