// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GroupArithmetic
import Measuring

/// The floor of mixes: the arithmetic of one session's tally as every authority does it, and what each step costs.
@main
struct MixBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mix-benchmark",
        abstract: "CPU time of each step of a tally, per ciphertext; no network, no processes.",
        discussion: "example: mix-benchmark --sizes 1000 10000 --authorities 3 --kernel gmp")

    @OptionGroup var options: BenchmarkOptions
    @Option(help: "Authorities; all of them mix.") var authorities = 2

    func validate() throws {
        guard (1...99).contains(authorities) else { throw ValidationError("--authorities takes a number from 1 to 99") }
    }

    func run() throws {
        let group = try options.chosenGroup()
        print("\(authorities) authorities; steps that an authority does for each of the others are counted so often")
        var table = CostTable(in: .milliseconds)
        for size in options.sizes {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mix-benchmark-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            var mix = try MeasuredMix(size: size, authorities: authorities, group: group, folder: folder)
            try mix.run()
            for (step, seconds) in mix.steps { table.add(step, size: size, seconds) }
        }
        table.print()
    }
}
