// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import GroupArithmetic
import TestSupport
import Testing

@testable import ElGamal

/// Each part of what a proof of key generation claims is changed in turn, while the proof stays as its maker wrote it.
@Suite("A proof of key generation holds for its own statement alone")
struct KeyProofFieldTests {
    private let session: DealtSession

    init() throws { session = try DealtSession(trustees: 3, threshold: 2) }

    private var group: SafePrimeGroup { DealtSession.group }

    /// What the trustees agreed on, with something else in one place.
    private func sharing(
        group: SafePrimeGroup? = nil, trusteeCount: Int = 3, threshold: Int = 2, session id: String = "0-test",
        prefix: [UInt8]? = nil
    ) -> KeySharing {
        KeySharing(
            group: group ?? self.group, trusteeCount: trusteeCount, threshold: threshold, session: id,
            prefix: prefix ?? session.sharing.prefix)
    }

    private var otherPrefix: [UInt8] {
        var prefix = session.sharing.prefix
        prefix[0] ^= 1
        return prefix
    }

    /// The generator of the same numbers with which nothing here was made.
    private func otherGenerator() throws -> SafePrimeGroup {
        let square = group.generator.value * group.generator.value % group.p
        return try #require(SafePrimeGroup(modulus: group.p, generator: square, allowingSmall: true))
    }

    // MARK: Possession of a key

    /// What is said of an opening whose digest was announced.
    private func objection(
        to opening: ByteTree, dealer: Int = 1, sharing: KeySharing? = nil
    ) -> KeySharingError? {
        do throws(KeySharingError) {
            let digest = HashFunction.sha256.digest(of: opening.serialized)
            _ = try VerifiedKeyOpening(opening, announced: digest, dealer: dealer, sharing: sharing ?? session.sharing)
            return nil
        } catch { return error }
    }

    @Test("possession: dealer, session, ρ and generator")
    func possessionStatement() throws {
        let opening = try session.dealing(1).opening
        #expect(objection(to: opening) == nil)
        for dealer in [2, 3] { #expect(objection(to: opening, dealer: dealer) == .noPossession(dealer: dealer)) }
        // k, λ, the names and everything else of protInfo.xml are ρ's.
        for other in [
            sharing(session: "1-test"), sharing(session: ""), sharing(prefix: otherPrefix), sharing(prefix: []),
            sharing(group: try otherGenerator()),
        ] {
            #expect(objection(to: opening, sharing: other) == .noPossession(dealer: 1))
        }
        #expect(objection(to: opening, sharing: sharing(threshold: 3)) == .malformedOpening(dealer: 1))
        #expect(objection(to: opening, sharing: sharing(threshold: 1)) == .malformedOpening(dealer: 1))
        #expect(objection(to: opening, sharing: sharing(group: SmallGroups.twoLimbs)) == .malformedOpening(dealer: 1))
    }

    @Test("possession: each number of the opening, and each of another dealer's in its place")
    func possessionNumbers() throws {
        let (opening, other) = try (session.dealing(1).opening, session.dealing(2).opening)
        // C_0, C_1, D, g^w, z.
        for path in [[1, 0], [1, 1], [2], [3, 0], [3, 1]] {
            let old = try #require(opening[path])
            let changed = path == [3, 1] ? try incremented(old) : try multiplied(old)
            #expect(objection(to: opening.replacing(path, with: changed)) == .noPossession(dealer: 1), "\(path)")
            let foreign = try #require(other[path])
            #expect(objection(to: opening.replacing(path, with: foreign)) == .noPossession(dealer: 1), "\(path)")
            #expect(objection(to: opening.replacing(path, with: .leaf([1]))) == .malformedOpening(dealer: 1), "\(path)")
            #expect(objection(to: opening.replacing(path, with: .node([]))) == .malformedOpening(dealer: 1), "\(path)")
        }
        for path in [[1, 0], [1, 1], [2], [3, 0]] {
            let old = try #require(opening[path])
            guard case .leaf(let bytes) = old else { continue }
            let minus = group.p - BigInteger(bigEndian: bytes)
            let changed = opening.replacing(path, with: .leaf(minus.bytes(count: bytes.count)))
            #expect(objection(to: changed) == .malformedOpening(dealer: 1), "\(path)")
        }
        let one = ByteTree.leaf(BigInteger(1).bytes(count: group.elementByteCount))
        for path in [[1, 0], [2]] {
            #expect(objection(to: opening.replacing(path, with: one)) == .malformedOpening(dealer: 1))
        }
    }

    private func multiplied(_ leaf: ByteTree) throws -> ByteTree {
        let element = try #require(group.element(leaf: leaf))
        return .leaf((element * group.generator).bytes)
    }

    private func incremented(_ leaf: ByteTree) throws -> ByteTree {
        let exponent = try #require(group.exponent(leaf: leaf))
        return .leaf((exponent + Exponent(reducing: 1, in: group)).bytes)
    }

    // MARK: A complaint

    /// A message of dealer 1 whose share for trustee 3 is wrong, and 3's complaint about it.
    private func complaint() throws -> (message: ByteTree, complaint: ShareComplaint) {
        let honest = try #require(session.messages[1])
        guard case .leaf(var hidden) = honest[[1, 1]] else { throw NoComplaint() }
        hidden[hidden.count - 1] ^= 1
        let message = honest.replacing([1, 1], with: .leaf(hidden))
        var messages = session.messages
        messages[1] = message
        guard case .wrongShare(let complaint) = try session.objection(of: 3, to: messages) else { throw NoComplaint() }
        return (message, complaint)
    }

    private struct NoComplaint: Error {}

    @Test("complaint: each number of it, and each party that it names")
    func complaintNumbers() throws {
        let (message, complaint) = try complaint()
        let tree = complaint.byteTree
        func guilty(_ tree: ByteTree) throws -> Int {
            let changed = try #require(ShareComplaint(tree, in: group))
            return changed.guilty(message: message, openings: session.openings, sharing: session.sharing)
        }
        #expect(try guilty(tree) == 1)
        // S, g^w, (g^t)^w, z: whoever complains with wrong numbers is at fault.
        for position in 2...5 {
            let old = try #require(tree[[position]])
            let changed = position == 5 ? try incremented(old) : try multiplied(old)
            #expect(try guilty(tree.replacing([position], with: changed)) == 3, "\(position)")
            #expect(ShareComplaint(tree.replacing([position], with: .leaf([1])), in: group) == nil)
        }
        // In another's name, or against another: it is not their receiving key, nor their message.
        #expect(try guilty(tree.replacing([1], with: .integer(2))) == 2)
        for dealer: UInt32 in [0, 2, 3, 4, .max] {
            #expect(try guilty(tree.replacing([0], with: .integer(dealer))) == 3, "\(dealer)")
        }
        for accuser: UInt32 in [0, 1, 4, .max] {
            let found = try guilty(tree.replacing([1], with: .integer(accuser)))
            #expect(found == Int(accuser), "\(accuser)")
        }
    }

    @Test("complaint: ρ, generator, the dealer's message and the receiving keys")
    func complaintStatement() throws {
        let (message, complaint) = try complaint()
        let openings = session.openings
        #expect(complaint.guilty(message: message, openings: openings, sharing: session.sharing) == 1)
        #expect(complaint.guilty(message: message, openings: openings, sharing: sharing(prefix: otherPrefix)) == 3)
        // Another g^t, so another secret in common.
        let ephemeral = try multiplied(#require(message[[1, 0]]))
        let changed = message.replacing([1, 0], with: ephemeral)
        #expect(complaint.guilty(message: changed, openings: openings, sharing: session.sharing) == 3)
        // Trustee 3 with trustee 2's receiving key.
        let exchanged = [openings[0], openings[2], openings[1]]
        #expect(complaint.guilty(message: message, openings: exchanged, sharing: session.sharing) == 3)
        // What proves nothing about the share convicts its dealer only if the message itself is malformed.
        let malformed = message.replacing([1, 1], with: .leaf([1]))
        #expect(complaint.guilty(message: malformed, openings: openings, sharing: session.sharing) == 1)
    }
}

extension ByteTree {
    /// The tree at the end of a path of children.
    fileprivate subscript(path: [Int]) -> ByteTree? {
        guard let first = path.first else { return self }
        guard case .node(let children) = self, children.indices.contains(first) else { return nil }
        return children[first][Array(path.dropFirst())]
    }

    fileprivate func replacing(_ path: [Int], with tree: ByteTree) -> ByteTree {
        guard let first = path.first else { return tree }
        guard case .node(var children) = self, children.indices.contains(first) else { return self }
        children[first] = children[first].replacing(Array(path.dropFirst()), with: tree)
        return .node(children)
    }
}
