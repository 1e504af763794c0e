// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import GroupArithmetic

/// A public key y = g^x: one trustee's, or the joint one of an election session.
///
/// - Invariant: y is not 1, whose secret key 0 everybody knows.
public struct PublicKey: Equatable, Sendable {
    public let y: GroupElement

    /// Refuses the identity.
    public init?(_ y: GroupElement) {
        guard !y.isIdentity else { return nil }
        self.y = y
    }

    public var group: SafePrimeGroup { y.group }

    /// ⟨[g], [y]⟩, as it stands in hashes and in FullPublicKey.bt.
    public var byteTree: ByteTree { .node([.leaf(group.generator.bytes), .leaf(y.bytes)]) }

    /// ⟨marshal(G), ⟨[g], [y]⟩⟩, the content of FullPublicKey.bt.
    public var marshalled: ByteTree { .node([group.marshalled, byteTree]) }
}

/// The keys of one election session: y_1 … y_k of the trustees, and their product.
///
/// - SeeAlso: specification of the published tally, section 6.1.
public struct JointPublicKey: Equatable, Sendable {
    /// The trustees' keys, in the order of their indices.
    public let trustees: [PublicKey]
    /// y = Π y_l: the key that ballots are encrypted with.
    public let key: PublicKey

    /// - Returns: `nil` for no keys, keys of two groups, or keys whose product is 1.
    public init?(_ trustees: [PublicKey]) {
        guard let first = trustees.first, trustees.allSatisfy({ $0.group == first.group }),
            let key = PublicKey(trustees.dropFirst().reduce(first.y) { $0 * $1.y })
        else { return nil }
        self.trustees = trustees
        self.key = key
    }

    public var group: SafePrimeGroup { key.group }
}
