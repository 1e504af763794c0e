// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import Elections
import GroupArithmetic
import StrictJSON

extension PublishedKey {
    package init(_ key: PublicKey) {
        self.init(
            g: key.group.generator.value.decimal, p: key.group.p.decimal, q: key.group.q.decimal, y: key.y.value.decimal
        )
    }

    /// publicKey_json of a session: compact, no final newline.
    package var file: [UInt8] { json.compactBytes }

    /// SHA-256 of publicKey_json: what an authority's key of a session is known by.
    package var digest: [UInt8] { HashFunction.sha256.digest(of: file) }
}

/// pubkeys_json: the keys of all questions in order (specification of the tally, 1.5).
package enum PublishedKeys {
    package static func file(of keys: [PublishedKey]) -> [UInt8] { JSONValue.array(keys.map(\.json)).indentedBytes }

    /// SHA-256 of pubkeys_json: what all keys of an election together are known by.
    package static func digest(of keys: [PublishedKey]) -> [UInt8] { HashFunction.sha256.digest(of: file(of: keys)) }
}
