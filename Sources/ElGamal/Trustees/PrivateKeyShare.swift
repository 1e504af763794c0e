// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// What a trustee keeps of a session's key: its own secret key x_l, and the shares f_1(l) … f_k(l) that everybody dealt to it,
/// with which λ trustees recover the key of one that is lost.
///
/// Cannot be copied or printed, and is wiped.
public struct PrivateKeyShare: ~Copyable, Sendable {
    public let secretKey: SecretExponent
    package let received: SecretExponentList

    init(secretKey: consuming SecretExponent, received: consuming SecretExponentList) {
        self.secretKey = secretKey
        self.received = received
    }

    /// Reads what ``bytes`` gave; `nil` for anything else.
    public init?(_ bytes: borrowing SecretBytes, in group: SafePrimeGroup) {
        let width = group.exponentByteCount
        guard bytes.count > width, let secretKey = SecretExponent(bytes, in: group),
            let received = SecretExponentList(bytes, from: width, in: group)
        else { return nil }
        self.init(secretKey: secretKey, received: received)
    }

    /// For a private file: κ_q bytes each of x_l, f_1(l), …, f_k(l).
    public var bytes: SecretBytes { secretKey.bytes.appending(received.bytes) }

    /// f_l(i) of dealer l, for everybody to see: what λ trustees give to stand in for one that is lost.
    ///
    /// It shows nothing of any other dealer's key.
    package func released(of dealer: Int) -> Exponent { received[dealer - 1].opened }

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
