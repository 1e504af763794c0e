// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic
import TestSupport

/// A session of k trustees with threshold λ whose dealings are all honest.
struct DealtSession {
    static let group = SmallGroups.fiveLimbs

    let sharing: KeySharing
    let seeds: [[UInt8]]
    let openings: [VerifiedKeyOpening]
    let messages: [Int: ByteTree]

    init(trustees: Int, threshold: Int) throws {
        var random = SeededRandomSource()
        sharing = KeySharing(
            group: DealtSession.group, trusteeCount: trustees, threshold: threshold, session: "0-test",
            prefix: random.bytes(32))
        seeds = (0..<trustees).map { _ in random.bytes(32) }
        var openings: [VerifiedKeyOpening] = []
        for index in 1...trustees {
            let dealing = try DealtSession.dealing(index, sharing, seeds[index - 1])
            openings.append(
                try VerifiedKeyOpening(
                    dealing.opening, announced: dealing.openingDigest, dealer: index, sharing: sharing))
        }
        self.openings = openings
        var messages: [Int: ByteTree] = [:]
        for index in 1...trustees {
            messages[index] = try DealtSession.dealing(index, sharing, seeds[index - 1]).encryptedShares(for: openings)
        }
        self.messages = messages
    }

    static func dealing(_ index: Int, _ sharing: KeySharing, _ seed: [UInt8]) throws -> KeyDealing {
        guard let seed = SecretSeed(SecretBytes(seed)) else { throw MissingSeed() }
        return KeyDealing(sharing, index: index, seed: seed)
    }

    func dealing(_ index: Int) throws -> KeyDealing { try DealtSession.dealing(index, sharing, seeds[index - 1]) }

    /// What a trustee says of these messages; `nil` if it takes them.
    func objection(of index: Int, to messages: [Int: ByteTree]) throws -> KeySharingError? {
        let dealing = try dealing(index)
        do {
            _ = try dealing.receive(messages, openings: openings)
            return nil
        } catch { return error }
    }
}

private struct MissingSeed: Error {}
