// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic
import TestSupport
import Testing

@testable import ElGamal

/// What key generation hashes, put together here anew from docs/protocol/key-generation.md: a part that both sides left out alike would be
/// seen by nothing else.
@Suite("What key generation hashes, docs/protocol/key-generation.md")
struct KeyProtocolTests {
    private let session: DealtSession
    private var group: SafePrimeGroup { DealtSession.group }
    private var g: GroupElement { group.generator }

    init() throws { session = try DealtSession(trustees: 3, threshold: 2) }

    /// RO(⟨…⟩) as an exponent.
    private func oracle(_ parts: [ByteTree]) -> Exponent {
        let output = RandomOracle(.sha256, prefix: session.sharing.prefix).output(bitCount: 256) {
            $0.append(tree: .node(parts))
        }
        return Exponent(reducing: BigInteger(bigEndian: output), in: group)
    }

    private func element(_ tree: ByteTree) throws -> GroupElement { try #require(group.element(leaf: tree)) }

    /// d of a trustee.
    private func receivingSecret(_ index: Int) throws -> SecretExponent {
        guard let seed = SecretSeed(SecretBytes(session.seeds[index - 1])) else { throw Malformed() }
        var source = seed.source("receiving key \(index)", context: session.sharing.prefix)
        return SecretExponent(in: group, from: &source)
    }

    private struct Malformed: Error {}

    /// ⟨[g^t], [share XOR pad]⟩ of dealer 1 for trustee 3.
    private func part() throws -> (ephemeral: GroupElement, hidden: [UInt8]) {
        guard case .node(let parts) = session.messages[1], case .node(let part) = parts[1],
            case .leaf(let hidden) = part[1]
        else { throw Malformed() }
        return (try element(part[0]), hidden)
    }

    /// 3's complaint about dealer 1, whether it is right or not.
    private func complaint(shared: GroupElement, secret: borrowing SecretExponent) throws -> ShareComplaint {
        ShareComplaint(
            dealer: 1, accuser: 3, shared: shared, ephemeral: try part().ephemeral,
            receivingKey: session.openings[2].receivingKey, secret: secret,
            nonce: SecretExponent(Exponent(reducing: 77, in: group)), sharing: session.sharing)
    }

    @Test("the challenge of a proof of possession: domain, session, dealer, C, D and the nonce's commitment, behind ρ")
    func possession() throws {
        guard case .node(let parts) = try session.dealing(2).opening, case .node(let commitments) = parts[1],
            case .node(let proof) = parts[3]
        else { throw Malformed() }
        let c = oracle([
            .string("possession of a key share"), .string("0-test"), .integer(2), parts[1], parts[2], proof[0],
        ])
        let reply = try #require(group.exponent(leaf: proof[1]))
        #expect(g.powerVariableTime(reply) == (try element(proof[0]) * element(commitments[0]).powerVariableTime(c)))
    }

    @Test("the pad of a share: ρ, domain, dealer, receiver, g^t, D and D^t")
    func pad() throws {
        let (ephemeral, hidden) = try part()
        let key = session.openings[2].receivingKey
        let shared = try receivingSecret(3).power(of: ephemeral)
        let tree = ByteTree.node([
            .string("share"), .integer(1), .integer(3), .leaf(ephemeral.bytes), .leaf(key.bytes), .leaf(shared.bytes),
        ])
        let seed = HashFunction.sha256.digest(of: session.sharing.prefix + tree.serialized)
        var stream = PseudorandomGenerator(.sha256, seed: seed)
        let share = zip(hidden, stream.bytes(hidden.count)).map { $0 ^ $1 }
        let opened = try #require(group.exponent(leaf: .leaf(share)))
        #expect(session.openings[0].accepts(released: opened, of: 3))
        #expect(!session.openings[0].accepts(released: opened + Exponent(reducing: 1, in: group), of: 3))
    }

    @Test("the challenge of a complaint: domain, dealer, accuser, g^t, D, S and both commitments, behind ρ")
    func complaint() throws {
        let ephemeral = try part().ephemeral
        let key = session.openings[2].receivingKey
        let secret = try receivingSecret(3)
        let shared = secret.power(of: ephemeral)
        guard case .node(let parts) = try complaint(shared: shared, secret: secret).byteTree else { throw Malformed() }
        let c = oracle([
            .string("complaint"), .integer(1), .integer(3), .leaf(ephemeral.bytes), .leaf(key.bytes),
            .leaf(shared.bytes), parts[3], parts[4],
        ])
        let reply = try #require(group.exponent(leaf: parts[5]))
        #expect(g.powerVariableTime(reply) == (try element(parts[3]) * key.powerVariableTime(c)))
        #expect(ephemeral.powerVariableTime(reply) == (try element(parts[4]) * shared.powerVariableTime(c)))
    }

    @Test("a complaint with another secret than that of its receiving key, or another S, convicts its author")
    func forgedComplaint() throws {
        let message = try #require(session.messages[1])
        let ephemeral = try part().ephemeral
        func guilty(_ complaint: ShareComplaint) -> Int {
            complaint.guilty(message: message, openings: session.openings, sharing: session.sharing)
        }
        // Right in itself, but D was not made with that secret.
        let other = SecretExponent(Exponent(reducing: 5, in: group))
        #expect(guilty(try complaint(shared: other.power(of: ephemeral), secret: other)) == 3)
        // The secret of D, but another S than its power.
        let secret = try receivingSecret(3)
        #expect(secret.power(of: g) == session.openings[2].receivingKey)
        #expect(guilty(try complaint(shared: secret.power(of: ephemeral) * g, secret: secret)) == 3)
        // Nothing wrong with it but that the share is right.
        #expect(guilty(try complaint(shared: secret.power(of: ephemeral), secret: secret)) == 3)
    }

    @Test("no part of an opening, of a message of shares, of a complaint or of a stored share may have another shape")
    func shapes() throws {
        guard case .node(let parts) = try session.dealing(1).opening, case .node(let proof) = parts[3] else {
            throw Malformed()
        }
        let nonces = [31, 33].map { ByteTree.leaf([UInt8](repeating: 1, count: $0)) }
        let openings =
            [parts + [.leaf([])], Array(parts.prefix(3)) + [.node(proof + [.leaf([])])]]
            + nonces.map { [$0] + parts.dropFirst() }
        for opening in openings.map({ ByteTree.node($0) }) {
            let digest = HashFunction.sha256.digest(of: opening.serialized)
            #expect(throws: KeySharingError.malformedOpening(dealer: 1)) {
                try VerifiedKeyOpening(opening, announced: digest, dealer: 1, sharing: session.sharing)
            }
        }
        guard case .node(var shares) = session.messages[1], case .node(let share) = shares[1] else { throw Malformed() }
        #expect(!session.sharing.holdsShare(.node(shares + [shares[0]]), from: 1, to: 3))
        shares[1] = .node(share + [.leaf([])])
        #expect(!session.sharing.holdsShare(.node(shares), from: 1, to: 3))

        let secret = try receivingSecret(3)
        guard case .node(let complaint) = try complaint(shared: g, secret: secret).byteTree else { throw Malformed() }
        #expect(ShareComplaint(.node(complaint), in: group) != nil)
        #expect(ShareComplaint(.node(complaint + [.leaf([])]), in: group) == nil)
        for position in [0, 1] {
            for number in [[3], [0, 0, 0, 0, 3]] as [[UInt8]] {
                var changed = complaint
                changed[position] = .leaf(number)
                #expect(ShareComplaint(.node(changed), in: group) == nil)
            }
        }
        let stored = try session.dealing(1).receive(session.messages, openings: session.openings).bytes
            .withBytes { Array($0) }
        for count in [0, group.exponentByteCount, stored.count - 1] {
            let isRead = PrivateKeyShare(SecretBytes(Array(stored.prefix(count))), in: group) != nil
            #expect(!isRead, "\(count) bytes")
        }
        let isRead = PrivateKeyShare(SecretBytes(stored + [0]), in: group) != nil
        #expect(!isRead)
    }
}
