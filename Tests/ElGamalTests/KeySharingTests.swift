// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic
import TestSupport
import Testing

@Suite("Making a joint key, sections 6.1 and 7.2")
struct KeySharingTests {
    static let group = SmallGroups.fiveLimbs

    @Test(
        "every trustee computes the same key, and its share opens what the key encrypted",
        arguments: [(1, 1), (2, 2), (3, 2), (4, 3)])
    func honestTrustees(trustees: Int, threshold: Int) throws {
        let session = try DealtSession(trustees: trustees, threshold: threshold)
        let joint = try #require(JointPublicKey(session.openings.map(\.publicKey)))
        var random = SeededRandomSource()
        let message = random.element(of: Self.group)
        let r = random.exponent(of: Self.group)
        let alpha = Self.group.generator.powerVariableTime(r)
        var plaintext = joint.key.y.powerVariableTime(r) * message
        for index in 1...trustees {
            let share = try session.dealing(index).receive(session.messages, openings: session.openings)
            #expect(share.secretKey.power(of: Self.group.generator) == session.openings[index - 1].publicKey.y)
            plaintext = plaintext / share.secretKey.power(of: alpha)
        }
        #expect(plaintext == message)
    }

    @Test("a stored share is read back whole, and any λ of them recover a lost trustee's key")
    func recovery() throws {
        let session = try DealtSession(trustees: 4, threshold: 3)
        var shares: [Int: Exponent] = [:]
        for index in [1, 3, 4] {
            let share = try session.dealing(index).receive(session.messages, openings: session.openings)
            let stored = share.bytes.withBytes { Array($0) }
            guard let again = PrivateKeyShare(SecretBytes(stored), in: Self.group) else {
                Issue.record("the stored share of trustee \(index) is not read back")
                continue
            }
            #expect(again.bytes.withBytes { Array($0) } == stored)
            shares[index] = again.received[1].opened
        }
        let recovered = PrivateKeyShare.recover(from: shares, in: Self.group)
        #expect(Self.group.generator.powerVariableTime(recovered) == session.openings[1].publicKey.y)
    }

    @Test("a dealing made again from its seed is the same, byte for byte")
    func repeatable() throws {
        let session = try DealtSession(trustees: 2, threshold: 2)
        #expect(try session.dealing(1).opening == session.dealing(1).opening)
        #expect(try session.dealing(1).encryptedShares(for: session.openings) == session.messages[1])
    }

    @Test("an opening that is not what was announced is refused")
    func changedOpening() throws {
        let session = try DealtSession(trustees: 2, threshold: 2)
        let digest = try session.dealing(1).openingDigest
        let opening = try session.dealing(2).opening
        #expect(throws: KeySharingError.openingDiffersFromDigest(dealer: 1)) {
            try VerifiedKeyOpening(opening, announced: digest, dealer: 1, sharing: session.sharing)
        }
    }

    @Test("a key made from another's, without knowing its secret, has no proof of possession")
    func rogueKey() throws {
        let session = try DealtSession(trustees: 2, threshold: 2)
        // Trustee 2 wants y_2 = g / y_1, so that the joint key is g and its secret key 1.
        guard case .node(var parts) = try session.dealing(2).opening, case .node(var commitments) = parts[1] else {
            Issue.record("not an opening")
            return
        }
        let rogue = Self.group.generator / session.openings[0].publicKey.y
        commitments[0] = .leaf(rogue.bytes)
        parts[1] = .node(commitments)
        let opening = ByteTree.node(parts)
        let digest = HashFunction.sha256.digest(of: opening.serialized)
        #expect(throws: KeySharingError.noPossession(dealer: 2)) {
            try VerifiedKeyOpening(opening, announced: digest, dealer: 2, sharing: session.sharing)
        }
    }

    @Test("another trustee's opening, announced as one's own, has no proof of possession")
    func copiedOpening() throws {
        let session = try DealtSession(trustees: 2, threshold: 2)
        let opening = try session.dealing(1).opening
        let digest = HashFunction.sha256.digest(of: opening.serialized)
        #expect(throws: KeySharingError.noPossession(dealer: 2)) {
            try VerifiedKeyOpening(opening, announced: digest, dealer: 2, sharing: session.sharing)
        }
    }

    @Test("a wrong share is noticed, and the complaint shows everybody that the dealer is guilty")
    func wrongShare() throws {
        let session = try DealtSession(trustees: 3, threshold: 2)
        // Trustee 1 sends trustee 3 something else.
        guard case .node(var parts) = session.messages[1], case .node(var part) = parts[1],
            case .leaf(var hidden) = part[1]
        else {
            Issue.record("not a message of shares")
            return
        }
        hidden[hidden.count - 1] ^= 1
        part[1] = .leaf(hidden)
        parts[1] = .node(part)
        var messages = session.messages
        messages[1] = .node(parts)
        let wrong = try #require(messages[1])
        #expect(try session.objection(of: 2, to: messages) == nil)
        guard case .wrongShare(let complaint) = try session.objection(of: 3, to: messages) else {
            Issue.record("trustee 3 took a wrong share")
            return
        }
        #expect(complaint.dealer == 1 && complaint.accuser == 3)
        #expect(complaint.guilty(message: wrong, openings: session.openings, sharing: session.sharing) == 1)
        let posted = try #require(ShareComplaint(complaint.byteTree, in: Self.group))
        #expect(posted == complaint)
        // Against an honest message the same complaint convicts the accuser.
        let honest = try #require(session.messages[1])
        #expect(posted.guilty(message: honest, openings: session.openings, sharing: session.sharing) == 3)
    }

    @Test("a message of shares of another shape is refused by name")
    func malformedShares() throws {
        let session = try DealtSession(trustees: 3, threshold: 2)
        var messages = session.messages
        messages[2] = .node([])
        #expect(try session.objection(of: 1, to: messages) == .malformedShares(dealer: 2))
    }

    @Test(
        "shares, commitments and recovery agree with the vectors",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func feldman() throws {
        struct Vector: Decodable {
            let coefficients, commitments, shares_1_to_4, recover_from, lagrange_at_0: [UInt]
            let secret: UInt
        }
        let vector = try SharedVectors.sequent("feldman", as: Vector.self)
        let group = SmallGroups.toy
        let exponent = { (value: UInt) in Exponent(reducing: BigInteger(value), in: group) }
        #expect(
            vector.coefficients.map { group.generator.powerVariableTime(exponent($0)).value }
                == vector.commitments.map { BigInteger($0) })
        var shares: [Int: Exponent] = [:]
        for index in vector.recover_from { shares[Int(index)] = exponent(vector.shares_1_to_4[Int(index) - 1]) }
        #expect(PrivateKeyShare.recover(from: shares, in: group) == exponent(vector.secret))
    }
}
