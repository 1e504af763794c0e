// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import MixNets

/// Runs the arithmetic of one session's tally, as every authority does it, and prints what each step costs.
@main
struct MixBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mix-benchmark",
        abstract: "CPU time of each step of a tally, per ciphertext; no network, no processes.")

    @Option(help: "Ciphertexts.") var count = 5000
    @Option(help: "Group: \(SafePrimeGroup.named.compactMap(\.name).joined(separator: ", ")).") var group =
        "sequent2048"
    @Option(help: "Authorities; all of them mix.") var authorities = 2

    func run() throws {
        guard let group = SafePrimeGroup.named(group) else { throw ValidationError("no group is named \(group)") }
        guard count >= 1, authorities >= 1 else { throw ValidationError("count and authorities are at least 1") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mix-benchmark-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("\(group.name ?? ""), \(authorities) authorities, \(count) ciphertexts; CPU milliseconds per ciphertext")

        var meter = Meter(count: count)
        var random = SystemRandomSource()
        let parameters = MixNetParameters(
            group: group, partyCount: authorities, threshold: authorities, prefix: [UInt8](repeating: 1, count: 32))
        let sharing = KeySharing(
            group: group, trusteeCount: authorities, threshold: authorities, session: "benchmark",
            prefix: parameters.prefix)
        let dealingSeeds = (0..<authorities).map { _ in random.bytes(32) }
        let dealing = { (index: Int) in KeyDealing(sharing, index: index, seed: seed(dealingSeeds[index - 1])) }
        let openings = try (1...authorities).map {
            let dealing = dealing($0)
            return try VerifiedKeyOpening(
                dealing.opening, announced: dealing.openingDigest, dealer: $0, sharing: sharing)
        }
        var messages: [Int: ByteTree] = [:]
        for index in 1...authorities { messages[index] = dealing(index).encryptedShares(for: openings) }
        guard let keys = JointPublicKey(openings.map(\.publicKey)) else { return }

        let votesSeed = SecretSeed(from: &random)
        let (input, proofs) = meter.measure("encrypting with proof (eotest)", perAuthority: false) {
            let encryption = Encryption(under: keys.key, uses: count)
            let randomness = ExponentVector.uniform(count: count, in: group, from: votesSeed, label: "r")
            let nonces = ExponentVector.uniform(count: count, in: group, from: votesSeed, label: "w")
            let votes = ElementVector((0..<count).map { _ in group.generator }, in: group)
            let input = encryption.encrypt(votes, randomness: randomness)
            return (
                input,
                PlaintextKnowledgeProof.prove(input.alphas, randomness: randomness, nonces: nonces, with: encryption)
            )
        }
        let failures = meter.measure("checking ballots' proofs") {
            var random = SystemRandomSource()
            return PlaintextKnowledgeProof.failures(of: proofs, for: input.alphas, random: &random)
        }
        precondition(failures.isEmpty)

        let mixing = try meter.measure("generators, input list") {
            let mixing = Mixing(parameters: parameters, keys: keys, count: count, folder: ProofFolder(folder))
            _ = try keys.write(to: mixing.folder)
            _ = try mixing.writeInput(input)
            return mixing
        }
        let mixSeed = SecretSeed(from: &random)
        var list = input
        for party in 1...authorities {
            try meter.measure("permutation and its proof", times: party == 1 ? 1 : 0) {
                _ = try mixing.commitPermutation(as: party, seed: mixSeed)
            }
            let permutation = try meter.measure(
                "verifying the others' permutations", times: party == 1 ? authorities - 1 : 0
            ) {
                try mixing.verifyPermutation(of: party)
            }
            try meter.measure("shuffle and its proof", times: party == 1 ? 1 : 0) {
                _ = try mixing.shuffle(as: party, input: list, seed: mixSeed)
            }
            list = try meter.measure("verifying the others' shuffles", times: party == 1 ? authorities - 1 : 0) {
                try mixing.verifyShuffle(of: party, input: list, permutation: permutation)
            }.output
        }
        var decryptions: [VerifiedDecryption] = []
        for party in 1...authorities {
            let share = try dealing(party).receive(messages, openings: openings)
            try meter.measure("decryption factors and their proof", times: party == 1 ? 1 : 0) {
                _ = try mixing.decrypt(as: party, list, share: share)
            }
            decryptions.append(
                try meter.measure("verifying the others' decryption", times: party == 1 ? authorities - 1 : 0) {
                    try mixing.verifyDecryption(of: party, list)
                })
        }
        _ = try meter.measure("plaintexts") { try mixing.writePlaintexts(list, decryptions: decryptions) }
        meter.total("an authority's tally")
        let review = meter.measure("universal verification", perAuthority: false) {
            MixReview(parameters: parameters, files: mixing.folder)
        }
        precondition(review.isAccepted)
    }
}

private func seed(_ bytes: [UInt8]) -> SecretSeed {
    var secret = SecretBytes(count: bytes.count)
    secret.withMutableBytes { $0.copyBytes(from: bytes) }
    guard let seed = SecretSeed(secret) else { preconditionFailure("a seed of \(bytes.count) bytes") }
    return seed
}

/// CPU time of steps, in milliseconds per ciphertext.
private struct Meter {
    let count: Int
    private var sum = 0.0

    init(count: Int) { self.count = count }

    /// - Parameter times: how often one authority does this step.
    mutating func measure<Value>(
        _ step: String, times: Int = 1, perAuthority: Bool = true, _ body: () throws -> Value
    ) rethrows -> Value {
        let (cpu, wall) = (Meter.cpuSeconds, Date())
        let value = try body()
        guard times > 0 else { return value }
        let cost = (Meter.cpuSeconds - cpu) * 1000 / Double(count)
        if perAuthority { sum += cost * Double(times) }
        let elapsed = -wall.timeIntervalSinceNow * 1000 / Double(count)
        let factor = times == 1 ? "" : " × \(times)"
        print(String(format: "  %8.3f  %@%@ (elapsed %.3f)", cost, step, factor, elapsed))
        return value
    }

    func total(_ name: String) { print(String(format: "  %8.3f  %@", sum, name)) }

    private static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
