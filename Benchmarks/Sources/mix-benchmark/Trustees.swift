// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic
import MixNets

/// All holders of one session's key, in one process.
struct Trustees {
    let keys: JointPublicKey
    private let sharing: KeySharing
    private let seeds: [[UInt8]]
    private let openings: [VerifiedKeyOpening]
    private let messages: [Int: ByteTree]

    init(parameters: MixNetParameters) throws {
        let sharing = KeySharing(
            group: parameters.group, trusteeCount: parameters.partyCount, threshold: parameters.threshold,
            session: "benchmark", prefix: parameters.prefix)
        var random = SystemRandomSource()
        let seeds = (1...parameters.partyCount).map { _ in random.bytes(SecretSeed.byteCount) }
        let openings = try seeds.enumerated().map { index, bytes in
            let dealing = KeyDealing(sharing, index: index + 1, seed: seed(bytes))
            return try VerifiedKeyOpening(
                dealing.opening, announced: dealing.openingDigest, dealer: index + 1, sharing: sharing)
        }
        var messages: [Int: ByteTree] = [:]
        for (index, bytes) in seeds.enumerated() {
            messages[index + 1] = KeyDealing(sharing, index: index + 1, seed: seed(bytes))
                .encryptedShares(for: openings)
        }
        guard let keys = JointPublicKey(openings.map(\.publicKey)) else {
            preconditionFailure("keys that were drawn at random have the product 1")
        }
        self.keys = keys
        self.sharing = sharing
        self.seeds = seeds
        self.openings = openings
        self.messages = messages
    }

    func share(of index: Int) throws -> PrivateKeyShare {
        try KeyDealing(sharing, index: index, seed: seed(seeds[index - 1])).receive(messages, openings: openings)
    }
}

private func seed(_ bytes: [UInt8]) -> SecretSeed {
    var secret = SecretBytes(count: bytes.count)
    secret.withMutableBytes { $0.copyBytes(from: bytes) }
    guard let seed = SecretSeed(secret) else { preconditionFailure("a seed of \(bytes.count) bytes") }
    return seed
}
