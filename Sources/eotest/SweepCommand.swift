// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import OperatorConsole
import OperatorErrors
import Rehearsal
import ReportPages

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run whole elections of several sizes, and say what another size would take.",
        discussion: """
            Each size is an election of its own, from the smallest on. Time, CPU, memory and disk are fitted by straight lines.

            EXAMPLE
              eotest sweep --vmnd --vcount 100,1000,10000 --for 1000000 --report sweep.html
            """)

    @Option(help: ArgumentHelp("How many ballots to encrypt, for each election.", valueName: "n,n,..."))
    var vcount = "100,1000,10000"

    @Option(name: .customLong("for"), help: ArgumentHelp("The number of ballots that is asked about.", valueName: "n"))
    var target = 1_000_000

    @Flag(help: "Encrypt random plaintexts over the whole range of the group.")
    var vmnd = false

    @OptionGroup var election: ElectionOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let sizes else {
            throw ValidationError("--vcount takes 1 to 20 numbers from 1 on, with commas between")
        }
        if let twice = zip(sizes, sizes.dropFirst()).first(where: ==)?.0 {
            throw ValidationError("--vcount takes each number once, \(twice) stands there again")
        }
        guard (1...1_000_000_000).contains(target) else { throw ValidationError("--for takes a number from 1 on") }
    }

    /// From the smallest on: memory that a process has held once, it may go on holding.
    private var sizes: [Int]? {
        let parts = vcount.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in Int(part).flatMap { (1...1_000_000_000).contains($0) ? $0 : nil } }
        guard numbers.count == parts.count, (1...20).contains(numbers.count) else { return nil }
        return numbers.sorted()
    }

    func run() async throws {
        let page = try common.report.map { try ReportFile(path: $0) }
        let configuration = try common.configuration()
        let host = try common.host(configuration)
        let display = ConsoleDisplay(showsSteps: !common.json)
        var runs: [SweepRun] = []
        for size in sizes ?? [] {
            if !common.json { TextOutput.standardOutput.line("\(Figures.count(size)) ballots") }
            let journal = RehearsalJournal(display: display)
            do {
                runs.append(try await run(size, journal, configuration, host))
            } catch {
                display.stop()
                try failed(error, size: size, journal, runs, page)
                throw error
            }
        }
        let report = SweepReport(
            runs: runs, target: target, host: Rehearsal.ownHost(software: HostFacts.softwareVersion))
        try page?.write(SweepPage(report).bytes)
        if common.json { try TextOutput.standardOutput.printJSON(report) } else { show(report) }
    }

    private func run(
        _ size: Int, _ journal: RehearsalJournal, _ configuration: HostConfiguration, _ host: RehearsalHost
    ) async throws -> SweepRun {
        let rehearsal = Rehearsal(
            dataPath: configuration.eotestDataPath, journal: journal, patience: .seconds(common.timeout))
        let source = try vmnd ? .random : rehearsal.standardVotes()
        let wish = try election.wish(voteCount: size, random: vmnd, source, configuration)
        let id = try await rehearsal.create(wish, on: host)
        try await rehearsal.encrypt(id, source: source, count: size)
        try await rehearsal.tally(id, on: host)
        try await rehearsal.verify(id)
        await rehearsal.collectCosts(from: host)
        return SweepRun(report: journal.report(command: "sweep"), diskBytes: rehearsal.diskUse(of: id))
    }

    /// What was run before is not lost.
    private func failed(
        _ error: any Error, size: Int, _ journal: RehearsalJournal, _ runs: [SweepRun], _ page: ReportFile?
    ) throws {
        let message = (error as? any OperatorError)?.message ?? "\(error)"
        let election = journal.facts.election.map { ", election \($0)" } ?? ""
        TextOutput.standardError.printWarning("this was the run of \(Figures.count(size)) ballots\(election)")
        guard !runs.isEmpty else {
            if common.json {
                try TextOutput.standardOutput.printJSON(journal.report(command: "sweep", error: message))
            }
            return
        }
        let report = SweepReport(
            runs: runs, target: target, host: Rehearsal.ownHost(software: HostFacts.softwareVersion),
            error: "\(Figures.count(size)) ballots: \(message)")
        page?.writeOrWarn(SweepPage(report).bytes)
        if common.json { try TextOutput.standardOutput.printJSON(report) }
    }

    private func show(_ report: SweepReport) {
        let output = TextOutput.standardOutput
        for (header, rows) in [report.measuredTable, report.fitTable] {
            output.line()
            var table = TextTable(
                header.map { $0.uppercased() }, alignments: [.left] + header.dropFirst().map { _ in .right })
            for row in rows { table.add(row) }
            output.print(table)
        }
        output.line()
        output.line(report.answer)
        for caveat in report.caveats { output.line(caveat) }
    }
}
