// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import GroupArithmetic

/// One trustee's part in making a session's key, by Feldman's secret sharing: its secret polynomial, what it broadcasts, and
/// what it sends to each other trustee.
///
/// First every trustee broadcasts ``openingDigest``, and only when all digests are there the ``opening``, so that nobody can
/// choose a key that depends on the others'. Everything derives from one seed: made again after a crash, it is the same.
///
/// All code here is constant-time in the secrets.
///
/// - SeeAlso: specification of the published tally, sections 6.1 and 7.2.
public struct KeyDealing: ~Copyable, Sendable {
    private let seed: SecretSeed
    public let sharing: KeySharing
    /// l, 1-based.
    public let index: Int

    /// - Parameter seed: of this session and trustee alone, kept until the share is stored.
    public init(_ sharing: KeySharing, index: Int, seed: consuming SecretSeed) {
        precondition(index >= 1 && index <= sharing.trusteeCount, "trustee \(index) of \(sharing.trusteeCount)")
        self.sharing = sharing
        self.index = index
        self.seed = seed
    }

    private func secret(_ label: String, context: [UInt8] = []) -> SecretExponent {
        var source = seed.source("\(label) \(index)", context: sharing.prefix + context)
        return SecretExponent(in: sharing.group, from: &source)
    }

    /// a_m: a_0 is the trustee's secret key x_l.
    private func coefficient(_ m: Int) -> SecretExponent { secret("coefficient \(m)") }

    /// d: opens the shares that others encrypt to this trustee.
    private var receivingSecret: SecretExponent { secret("receiving key") }

    /// ⟨[nonce], C, [D], ⟨[g^w], [reply]⟩⟩: the Feldman commitments C_0 … C_{λ-1}, a one-time key for receiving shares, and the
    /// proof of possession of x_l.
    ///
    /// - Complexity: λ + 2 constant-time exponentiations.
    public var opening: ByteTree {
        let group = sharing.group
        var commitments: [GroupElement] = []
        for m in 0..<sharing.threshold { commitments.append(coefficient(m).power(of: group.generator)) }
        let vector = ElementVector(commitments, in: group)
        let receivingKey = receivingSecret.power(of: group.generator)
        let nonce = secret("possession nonce")
        let commitment = nonce.power(of: group.generator)
        let challenge = sharing.possessionChallenge(
            dealer: index, commitments: vector, receivingKey: receivingKey, commitment: commitment)
        let reply = coefficient(0).reply(to: challenge, nonce: nonce)
        var hiding = seed.source("opening nonce \(index)", context: sharing.prefix)
        return .node([
            .leaf(hiding.bytes(32)), .node(commitments.map { .leaf($0.bytes) }), .leaf(receivingKey.bytes),
            .node([.leaf(commitment.bytes), .leaf(reply.bytes)]),
        ])
    }

    /// SHA-256 of the serialised opening.
    public var openingDigest: [UInt8] { HashFunction.sha256.digest(of: opening.serialized) }

    /// f_l(receiver), by Horner's rule.
    private func share(for receiver: Int) -> SecretExponent {
        let point = Exponent(reducing: BigInteger(UInt(receiver)), in: sharing.group)
        var value = coefficient(sharing.threshold - 1)
        for m in (0..<sharing.threshold - 1).reversed() {
            value = value.multiplied(by: point, adding: coefficient(m))
        }
        return value
    }

    /// For each other trustee, in order of index, ⟨[g^t], [share XOR pad]⟩.
    ///
    /// - Parameter openings: of all trustees, in order.
    /// - Complexity: two constant-time exponentiations a receiver.
    public func encryptedShares(for openings: [VerifiedKeyOpening]) -> ByteTree {
        precondition(openings.count == sharing.trusteeCount, "\(openings.count) openings")
        let context = openings.flatMap(\.digest)
        return .node(
            openings.filter { $0.dealer != index }.map { receiver in
                let ephemeral = secret("share key \(receiver.dealer)", context: context)
                let point = ephemeral.power(of: sharing.group.generator)
                let pad = sharing.pad(
                    dealer: index, receiver: receiver.dealer, ephemeral: point, receivingKey: receiver.receivingKey,
                    shared: ephemeral.secretPower(of: receiver.receivingKey))
                let share = share(for: receiver.dealer).bytes
                let hidden = share.withBytes { share in pad.withBytes { zip(share, $0).map { $0 ^ $1 } } }
                return .node([.leaf(point.bytes), .leaf(hidden)])
            })
    }

    /// Opens and checks the shares that all others dealt to this trustee, and gives what this trustee keeps.
    ///
    /// - Parameters:
    ///   - openings: of all trustees, in order.
    ///   - shares: the others' ``encryptedShares(for:)``, by dealer.
    /// - Throws: ``KeySharingError`` naming the dealer; `.wrongShare` comes with a complaint that anybody can check.
    public func receive(
        _ shares: [Int: ByteTree], openings: [VerifiedKeyOpening]
    ) throws(KeySharingError) -> PrivateKeyShare {
        var received = SecretExponentList(in: sharing.group)
        for dealer in openings {
            if dealer.dealer == index {
                received.append(share(for: index))
            } else {
                received.append(
                    try share(from: dealer, in: shares[dealer.dealer], receivingKey: openings[index - 1].receivingKey))
            }
        }
        return PrivateKeyShare(secretKey: coefficient(0), received: received)
    }

    /// The share that another trustee dealt to this one, opened and checked.
    private func share(
        from dealer: VerifiedKeyOpening, in message: ByteTree?, receivingKey: GroupElement
    ) throws(KeySharingError) -> SecretExponent {
        guard let message else { throw .malformedShares(dealer: dealer.dealer) }
        let encrypted = try EncryptedShare(in: message, from: dealer.dealer, to: index, sharing: sharing)
        let secret = receivingSecret
        if let share = encrypted.opened(with: secret.secretPower(of: encrypted.ephemeral), receivingKey: receivingKey) {
            if dealer.accepts(share: share, of: index) { return share }
        }
        throw .wrongShare(
            ShareComplaint(
                dealer: dealer.dealer, accuser: index, shared: secret.power(of: encrypted.ephemeral),
                ephemeral: encrypted.ephemeral, receivingKey: receivingKey, secret: secret,
                nonce: self.secret("complaint nonce", context: encrypted.ephemeral.bytes), sharing: sharing))
    }
}
