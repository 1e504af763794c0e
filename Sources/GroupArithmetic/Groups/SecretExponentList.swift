// SPDX-License-Identifier: Apache-2.0

/// Several secret exponents in κ_q big-endian bytes each, as they lie in a private file.
package struct SecretExponentList: ~Copyable, Sendable {
    package let group: SafePrimeGroup
    package private(set) var bytes = SecretBytes(count: 0)

    package init(in group: SafePrimeGroup) { self.group = group }

    /// Reads all from `offset` on; `nil` if one of them is not below q or not whole.
    package init?(_ bytes: borrowing SecretBytes, from offset: Int, in group: SafePrimeGroup) {
        self.init(in: group)
        for start in stride(from: offset, to: bytes.count, by: group.exponentByteCount) {
            guard let exponent = SecretExponent(bytes, at: start, in: group) else { return nil }
            append(exponent)
        }
    }

    package mutating func append(_ exponent: borrowing SecretExponent) {
        bytes = bytes.appending(exponent.bytes)
    }

    package var count: Int { bytes.count / group.exponentByteCount }

    package subscript(index: Int) -> SecretExponent {
        guard let exponent = SecretExponent(bytes, at: index * group.exponentByteCount, in: group) else {
            preconditionFailure("secret exponent \(index) of \(count)")
        }
        return exponent
    }
}
