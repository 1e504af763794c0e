// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Measuring

/// Counting plaintexts, by kind of question: `eoresults` as it was built, on tallies that are made here. Unpacking and writing
/// results.json are part of it.
@main
struct CountingBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counting-benchmark",
        abstract: "CPU time of counting, per ballot of one question with ten answers.",
        discussion: "example: counting-benchmark --sizes 10000 1000000 --tool .build/release/eoresults")

    @Option(parsing: .upToNextOption, help: "How many ballots: one table column each.")
    var sizes = [10_000, 100_000]

    @Option(help: "The eoresults that is measured.")
    var tool = ".build/release/eoresults"

    @Option(help: "Runs of which the fastest counts.")
    var repeats = 3

    func validate() throws {
        guard sizes.allSatisfy({ $0 >= 1 }), repeats >= 1 else {
            throw ValidationError("--sizes and --repeats take numbers from 1 on")
        }
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            throw ValidationError("there is no \(tool): swift build -c release --product eoresults")
        }
    }

    func run() throws {
        var table = CostTable(in: .microseconds)
        for size in sizes {
            for question in MeasuredQuestion.all {
                let tally = try question.tally(ballots: size)
                defer { try? FileManager.default.removeItem(at: tally.deletingLastPathComponent()) }
                let cost = try Cost.least(of: repeats) {
                    try MeasuredQuestion.run(tool, [tally.path, "--election-id", "1"])
                }
                table.add(question.name, size: size, cost.processor)
            }
        }
        table.print()
    }
}
