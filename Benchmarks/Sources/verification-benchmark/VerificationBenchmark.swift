// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Measuring
import PublishedTallies

/// The floor of published tallies: unpacking and verifying files that `scripts/bench --keep` or `scripts/demo --keep` left.
@main
struct VerificationBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verification-benchmark",
        abstract: "CPU time of unpacking and verifying published tallies, per ballot.",
        discussion: "example: verification-benchmark --sizes 1000 10000 --tallies 1000.tar.gz 10000.tar.gz")

    @OptionGroup var options: BenchmarkOptions
    @Option(parsing: .upToNextOption, help: "As many, with so many ballots.")
    var tallies: [String]

    func validate() throws {
        guard tallies.count == options.sizes.count else {
            throw ValidationError("\(tallies.count) tallies for \(options.sizes.count) --sizes")
        }
    }

    func run() throws {
        _ = try options.chosenGroup()
        var table = CostTable(in: .milliseconds)
        for (path, size) in zip(tallies, options.sizes) {
            let (archive, unpacking) = try Cost.of { try PublishedArchive(path: path) }
            table.add("unpacking", size: size, unpacking.processor)
            let (report, verifying) = try Cost.of {
                try archive.verify(options: VerificationOptions(skipsRecount: true))
            }
            guard report.isAccepted else { throw ValidationError("\(path) does not verify") }
            table.add("verifying", size: size, verifying.processor)
        }
        table.print()
    }
}
