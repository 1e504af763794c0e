// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// How a vote, an integer v with 0 <= v < q, is a group element: v+1 if that is a residue, else p - (v+1).
///
/// - SeeAlso: specification of the published tally, section 2.2.
extension SafePrimeGroup {
    /// The element of a vote; `nil` if the vote is not below q.
    public func encode(vote: BigInteger) -> GroupElement? {
        guard vote < q else { return nil }
        let number = vote + 1
        return element(number) ?? element(p - number)
    }
}

extension GroupElement {
    /// The number that plaintexts_json shows for a decrypted element: the vote plus one.
    public var plaintext: BigInteger { value <= group.q ? value : group.p - value }

    /// The vote that was encoded as this element.
    public var vote: BigInteger { plaintext - 1 }
}
