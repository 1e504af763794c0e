// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ByteTrees
import GroupArithmetic
import Measuring

/// The floor of numbers: what one multiplication, power, term, membership or hash costs inside an operation on a whole list.
@main
struct ArithmeticBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arithmetic-benchmark",
        abstract: "CPU time of the operations on lists of group elements, per element.",
        discussion: "example: arithmetic-benchmark --sizes 1000 10000 100000 --kernel gmp")

    @OptionGroup var options: BenchmarkOptions

    func run() throws {
        let group = try options.chosenGroup()
        var table = CostTable(in: .microseconds)
        for size in options.sizes { try measure(size, in: group, &table) }
        table.print()
    }

    private func measure(_ size: Int, in group: SafePrimeGroup, _ table: inout CostTable) throws {
        func note(_ operation: String, repeats: Int? = nil, _ body: () throws -> Void) rethrows {
            let cost = try Cost.least(of: repeats ?? options.repeats, body)
            table.add(operation, size: size, cost.processor)
        }
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        let exponents = ExponentVector.uniform(count: size, in: group, from: seed, label: "exponents")
        let elements = FixedBase(group.generator).powers(exponents)
        let secret = SecretExponent(in: group, from: &random)

        note("multiplication, one core") { _ = elements.product }
        note("power of any base, secret exponent", repeats: 1) { _ = secret.powers(of: elements) }
        let generator = FixedBase(group.generator)
        note("power of a fixed base") { _ = generator.powers(exponents) }
        note("power of a fixed base, two lists at once") { _ = generator.powers([exponents, exponents]) }
        for bits in [128, 200, 256, 329, 384, 501, 629] where bits < group.q.bitCount {
            let short = DrawnExponents.uniform(count: size, bitCount: bits, in: group, from: seed, label: "short").all
            note("term of a product of powers, \(bits) bits") { _ = elements.productOfPowers(short) }
        }
        let numbers = (0..<size).map { elements[$0].value }
        try note("membership") { _ = try ElementVector(checking: numbers, in: group) }
        note("writing into SHA-256, one core") {
            var hash = IncrementalHash(.sha256)
            elements.write(to: &hash)
            _ = hash.digest()
        }
        note("random exponent from a seed") {
            _ = ExponentVector.uniform(count: size, in: group, from: seed, label: "more")
        }
        note("independent generator") {
            _ = ElementVector.independentGenerators(
                count: size, in: group, oracle: RandomOracle(.sha256, prefix: []), function: .sha256,
                statisticalDistance: 100)
        }
    }
}
