// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// What a trustee keeps of a session's key: its own secret key x_l, and the shares f_1(l) … f_k(l) that everybody dealt to it,
/// with which λ trustees recover the key of one that is lost.
///
/// Cannot be copied or printed, and is wiped.
public struct PrivateKeyShare: ~Copyable, Sendable {
    public let secretKey: SecretExponent
    package let received: ExponentVector

    init(secretKey: consuming SecretExponent, received: ExponentVector) {
        self.secretKey = secretKey
        self.received = received
    }

    /// Reads what ``bytes`` gave; `nil` for anything else.
    public init?(_ bytes: borrowing SecretBytes, in group: SafePrimeGroup) {
        let width = group.exponentByteCount
        guard bytes.count.isMultiple(of: width), bytes.count > width else { return nil }
        guard let secretKey = SecretExponent(bytes: bytes.withBytes { Array($0.prefix(width)) }, in: group) else {
            return nil
        }
        var received: [Exponent] = []
        for start in stride(from: width, to: bytes.count, by: width) {
            let number = bytes.withBytes { BigInteger(bigEndian: $0[start..<start + width]) }
            guard let share = Exponent(canonical: number, in: group) else { return nil }
            received.append(share)
        }
        self.init(secretKey: secretKey, received: ExponentVector(received, in: group))
    }

    /// For a private file: κ_q bytes each of x_l, f_1(l), …, f_k(l).
    public var bytes: SecretBytes {
        let width = received.group.exponentByteCount
        var bytes = SecretBytes(count: (received.count + 1) * width)
        bytes.withMutableBytes { buffer in
            secretKey.withBytes { buffer.copyMemory(from: $0) }
            for index in 0..<received.count {
                let place = UnsafeMutableRawBufferPointer(rebasing: buffer[((index + 1) * width)...])
                SecretExponent(received[index]).withBytes { place.copyMemory(from: $0) }
            }
        }
        return bytes
    }

    /// x_l from λ of its shares f_l(i): Lagrange's interpolation at 0.
    ///
    /// - Parameter shares: by trustee index i, at least λ of them, all different.
    /// - SeeAlso: specification of the published tally, section 6.1.
    package static func recover(from shares: [Int: Exponent], in group: SafePrimeGroup) -> Exponent {
        let number = { (index: Int) in Exponent(reducing: BigInteger(UInt(index)), in: group) }
        return shares.reduce(Exponent(reducing: 0, in: group)) { sum, share in
            let coefficient = shares.keys.filter { $0 != share.key }.reduce(Exponent(reducing: 1, in: group)) {
                $0 * number($1) * (number($1) - number(share.key)).inverse
            }
            return sum + coefficient * share.value
        }
    }
}
