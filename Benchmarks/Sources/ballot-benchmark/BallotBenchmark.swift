// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ElGamal
import GroupArithmetic
import Measuring

/// The floor of ciphertexts: encrypting with a proof of knowledge, and checking such proofs. What a votes file costs as text is
/// measured by scripts/bench.
@main
struct BallotBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ballot-benchmark",
        abstract: "CPU time of encrypting and of checking proofs of knowledge, per ballot.",
        discussion: "example: ballot-benchmark --sizes 1000 10000 --group ffdhe3072")

    @OptionGroup var options: BenchmarkOptions

    func run() throws {
        let group = try options.chosenGroup()
        var table = CostTable(in: .milliseconds)
        for size in options.sizes { try measure(size, in: group, &table) }
        table.print()
    }

    private func measure(_ size: Int, in group: SafePrimeGroup, _ table: inout CostTable) throws {
        var random = SystemRandomSource()
        let secret = SecretExponent(in: group, from: &random)
        guard let key = PublicKey(secret.power(of: group.generator)) else {
            throw ValidationError("the key that was drawn is 1")
        }
        let seed = SecretSeed(from: &random)
        let votes = ElementVector((0..<size).map { _ in group.generator }, in: group)
        let randomness = ExponentVector.uniform(count: size, in: group, from: seed, label: "r")
        let nonces = ExponentVector.uniform(count: size, in: group, from: seed, label: "w")

        var made: (CiphertextVector, [PlaintextKnowledgeProof])?
        let making = Cost.least(of: options.repeats) {
            let encryption = Encryption(under: key)
            let ciphertexts = encryption.encrypt(votes, randomness: randomness)
            let proofs = PlaintextKnowledgeProof.prove(
                ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption)
            made = (ciphertexts, proofs)
        }
        table.add("encrypting with proof", size: size, making.processor)
        guard let (ciphertexts, proofs) = made else { return }
        let checking = Cost.least(of: options.repeats) {
            var random = SystemRandomSource()
            let failures = PlaintextKnowledgeProof.failures(of: proofs, for: ciphertexts.alphas, random: &random)
            precondition(failures.isEmpty, "\(failures.count) honest proofs were refused")
        }
        table.add("checking proofs of knowledge", size: size, checking.processor)
    }
}
