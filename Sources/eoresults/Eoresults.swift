// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Counting
import Foundation
import OperatorConsole
import OperatorErrors
import TallyArchives

@main
struct Eoresults: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eoresults",
        abstract: "Counts the plaintexts of published tallies.",
        discussion: """
            TALLY is tally.tar.gz, or the .tar that a ballot box published; of several, the result is that of the first, which \
            the configuration joins the others to. It counts and does not verify: eoverify does that.

            With --output it writes results.json, results.csv, results.txt, results.html (one page, with a chart a \
            question), and ID.tar with results.json, the configuration and the tallies, which eoverify counts again. What \
            is given as .tar is such an archive itself: then no ID.tar is written.

            Exit status: 0 counted, 1 refused, 64 wrong use, 74 the disk.

            EXAMPLES
              eoresults tally.tar.gz --output results
              eoresults 50/tally.tar.gz 51/tally.tar.gz --pipeline config.json --output results
            """)

    @Argument(help: "The published files: tally.tar.gz, or one .tar.")
    var tallies: [String]

    @Option(help: ArgumentHelp("The counting configuration.", valueName: "config.json"))
    var pipeline: String?

    @Option(help: ArgumentHelp("The folder for the files; made if it is not there.", valueName: "folder"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The election's number; else that of the first tally's folder, or what the tally says.", valueName: "id"))
    var electionId: Int?

    @Option(help: ArgumentHelp("The heading of the page.", valueName: "text"))
    var title: String?

    @Flag(
        help: "Count also questions that contradict themselves so that ballots are lost, as the existing system does.")
    var despiteContradictions = false

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    func validate() throws {
        if tallies.isEmpty { throw ValidationError("no tally is given") }
        if let electionId, electionId < 0 { throw ValidationError("--election-id is a number from 0 on") }
    }

    func run() async throws {
        let scratch = try TemporaryFolder()
        defer { scratch.remove() }
        let input = try TallyInput(paths: tallies, pipeline: pipeline, electionID: electionId, scratch: scratch.path)
        let result = try input.count()
        if !despiteContradictions, let first = result.contradictions.first {
            throw ContradictoryQuestions(first: first, count: result.contradictions.count)
        }
        let console = ResultConsole(output: .standardOutput, errors: .standardError)
        console.warn(about: result)
        var written: [String] = []
        if let output {
            let files = ResultFiles(result: result, input: input, title: title)
            written = try files.write(into: output)
            console.warn(archivesOfOthers: files.archivesOfOthers(in: output, written: written))
        }
        if json {
            try TextOutput.standardOutput.printJSON(ResultJSON(result, files: written))
        } else {
            console.show(result)
            if let output { console.tell(files: written, in: output) }
        }
    }
}
