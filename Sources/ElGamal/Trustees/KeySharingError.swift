// SPDX-License-Identifier: Apache-2.0

/// Why key generation stops, and by whose fault. Dealers are trustee indices, 1-based.
public enum KeySharingError: Error, Equatable, Sendable {
    case openingDiffersFromDigest(dealer: Int)
    case malformedOpening(dealer: Int)
    /// The proof that the dealer knows its own secret key is wrong: perhaps a key made from the others'.
    case noPossession(dealer: Int)
    case malformedShares(dealer: Int)
    /// The share does not fit the dealer's commitments; the complaint shows it to everybody.
    case wrongShare(ShareComplaint)

    /// The trustee at fault.
    public var dealer: Int {
        switch self {
        case .openingDiffersFromDigest(let dealer), .malformedOpening(let dealer), .noPossession(let dealer),
            .malformedShares(let dealer):
            dealer
        case .wrongShare(let complaint): complaint.dealer
        }
    }
}

extension KeySharingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .openingDiffersFromDigest: "the opened commitments are not those whose digest was announced"
        case .malformedOpening: "the commitments are malformed or not in the group"
        case .noPossession: "the proof of possession of the secret key is wrong"
        case .malformedShares: "the encrypted shares are malformed"
        case .wrongShare(let complaint): "the share for authority \(complaint.accuser) does not fit the commitments"
        }
    }
}
