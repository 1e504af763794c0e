// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import GroupArithmetic

/// A trustee's claim that a dealer sent it a wrong share, with all that anybody needs to see who is right.
///
/// It opens the secret that dealer and accuser have in common, S = (g^t)^d, with a Chaum-Pedersen proof that S was made with the
/// accuser's own receiving key D = g^d. The share is lost by this, but key generation is at its end anyway.
public struct ShareComplaint: Equatable, Sendable {
    public let dealer: Int
    public let accuser: Int
    let shared: GroupElement
    let commitment: GroupElement
    let sharedCommitment: GroupElement
    let reply: Exponent

    init(
        dealer: Int, accuser: Int, shared: GroupElement, ephemeral: GroupElement, receivingKey: GroupElement,
        secret: borrowing SecretExponent, nonce: consuming SecretExponent, sharing: KeySharing
    ) {
        self.dealer = dealer
        self.accuser = accuser
        self.shared = shared
        commitment = nonce.power(of: sharing.group.generator)
        sharedCommitment = nonce.power(of: ephemeral)
        let challenge = ShareComplaint.challenge(
            dealer: dealer, accuser: accuser, ephemeral: ephemeral, receivingKey: receivingKey, shared: shared,
            commitment: commitment, sharedCommitment: sharedCommitment, sharing: sharing)
        reply = secret.reply(to: challenge, nonce: nonce)
    }

    /// Who is at fault, seen from the board alone.
    ///
    /// - Parameters:
    ///   - message: the dealer's encrypted shares.
    ///   - openings: of all trustees, in order.
    /// - Returns: the dealer if the share is wrong; the accuser if it is right or the complaint proves nothing.
    public func guilty(message: ByteTree, openings: [VerifiedKeyOpening], sharing: KeySharing) -> Int {
        guard dealer >= 1, dealer <= openings.count, accuser >= 1, accuser <= openings.count, dealer != accuser else {
            return accuser
        }
        let receivingKey = openings[accuser - 1].receivingKey
        guard let encrypted = try? EncryptedShare(in: message, from: dealer, to: accuser, sharing: sharing) else {
            return dealer
        }
        let challenge = ShareComplaint.challenge(
            dealer: dealer, accuser: accuser, ephemeral: encrypted.ephemeral, receivingKey: receivingKey,
            shared: shared, commitment: commitment, sharedCommitment: sharedCommitment, sharing: sharing)
        let g = sharing.group.generator
        guard g.powerVariableTime(reply) == commitment * receivingKey.powerVariableTime(challenge),
            encrypted.ephemeral.powerVariableTime(reply) == sharedCommitment * shared.powerVariableTime(challenge)
        else { return accuser }
        guard let share = encrypted.opened(with: SecretBytes(shared.bytes), receivingKey: receivingKey) else {
            return dealer
        }
        return openings[dealer - 1].accepts(share: share, of: accuser) ? accuser : dealer
    }

    public var byteTree: ByteTree {
        .node([
            .integer(UInt32(dealer)), .integer(UInt32(accuser)), .leaf(shared.bytes), .leaf(commitment.bytes),
            .leaf(sharedCommitment.bytes), .leaf(reply.bytes),
        ])
    }

    /// Reads a complaint that somebody posted; `nil` if it is malformed.
    public init?(_ tree: ByteTree, in group: SafePrimeGroup) {
        guard case .node(let parts) = tree, parts.count == 6, case .leaf(let dealer) = parts[0], dealer.count == 4,
            case .leaf(let accuser) = parts[1], accuser.count == 4, let shared = group.element(leaf: parts[2]),
            let commitment = group.element(leaf: parts[3]), let sharedCommitment = group.element(leaf: parts[4]),
            let reply = group.exponent(leaf: parts[5])
        else { return nil }
        self.dealer = dealer.reduce(0) { $0 << 8 | Int($1) }
        self.accuser = accuser.reduce(0) { $0 << 8 | Int($1) }
        self.shared = shared
        self.commitment = commitment
        self.sharedCommitment = sharedCommitment
        self.reply = reply
    }

    private static func challenge(
        dealer: Int, accuser: Int, ephemeral: GroupElement, receivingKey: GroupElement, shared: GroupElement,
        commitment: GroupElement, sharedCommitment: GroupElement, sharing: KeySharing
    ) -> Exponent {
        let bytes = sharing.oracle.output(bitCount: 256) { hash in
            hash.append(
                tree: .node([
                    .string("complaint"), .integer(UInt32(dealer)), .integer(UInt32(accuser)), .leaf(ephemeral.bytes),
                    .leaf(receivingKey.bytes), .leaf(shared.bytes), .leaf(commitment.bytes),
                    .leaf(sharedCommitment.bytes),
                ]))
        }
        return Exponent(reducing: BigInteger(bigEndian: bytes), in: sharing.group)
    }
}
