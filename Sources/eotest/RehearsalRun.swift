// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import OperatorConsole
import OperatorErrors
import Rehearsal

/// One run of the tool: shows the steps as they come, and the whole at the end.
struct RehearsalRun {
    let command: String
    let common: CommonOptions

    func run(_ body: (Rehearsal, HostConfiguration) async throws -> Void) async throws {
        let page = try common.report.map { try ReportFile(path: $0) }
        let display = ConsoleDisplay(showsSteps: !common.json)
        let journal = RehearsalJournal(display: display)
        do {
            let configuration = try common.configuration()
            let rehearsal = Rehearsal(
                dataPath: configuration.eotestDataPath, journal: journal, patience: .seconds(common.timeout))
            try await measuring(rehearsal, configuration) { try await body(rehearsal, configuration) }
        } catch {
            display.stop()
            let message = (error as? any OperatorError)?.message ?? "\(error)"
            if let page {
                page.writeOrWarn(RehearsalPage(journal.report(command: command, error: message), host: host).bytes)
            }
            if common.json {
                try TextOutput.standardOutput.printJSON(journal.report(command: command, error: message))
            } else {
                // What came out is looked at most where it is not what was expected.
                for outcome in journal.facts.results ?? [] { show(outcome) }
                if let election = journal.facts.election {
                    TextOutput.standardError.printWarning("this was election \(election)")
                }
            }
            throw error
        }
        let report = journal.report(command: command)
        try page?.write(RehearsalPage(report, host: host).bytes)
        if common.json {
            try TextOutput.standardOutput.printJSON(report)
        } else {
            show(report)
        }
    }

    private var host: HostFacts { Rehearsal.ownHost(software: HostFacts.softwareVersion) }

    /// Asks the authorities what it took there, also after a failure, where somebody wants to see that.
    private func measuring(
        _ rehearsal: Rehearsal, _ configuration: HostConfiguration, _ body: () async throws -> Void
    ) async throws {
        func measure() async {
            guard common.json || common.report != nil,
                let host = try? RehearsalHost(
                    configuration: configuration, peerDirectory: common.eopeersDir, ownPackage: common.mypeerpkg)
            else { return }
            await rehearsal.collectCosts(from: host)
        }
        do {
            try await body()
        } catch {
            if common.report != nil { await measure() }
            throw error
        }
        await measure()
    }

    private func show(_ report: RehearsalReport) {
        let output = TextOutput.standardOutput
        output.line()
        var table = TextTable(["STEP", "SECONDS", "MS PER VOTE"], alignments: [.left, .right, .right])
        for step in report.steps {
            table.add([step.step, decimals(step.seconds), step.msPerVote.map(decimals) ?? ""])
        }
        table.add([
            "total", decimals(report.totalSeconds),
            report.facts.votes.map { decimals(report.totalSeconds * 1000 / Double($0)) } ?? "",
        ])
        output.print(table)
        output.line()
        for (name, value) in facts(report.facts) { output.line("\(name): \(value)") }
        for outcome in report.facts.results ?? [] { show(outcome) }
        output.line(output.painted(verdict, .green))
    }

    /// What counting gave, and what it had to give.
    private func show(_ outcome: QuestionOutcome) {
        let output = TextOutput.standardOutput
        output.line()
        output.line("\(quoted(outcome.title)), \(outcome.tallyType)")
        var table = TextTable(
            ["RESULT", outcome.unit.uppercased(), "EXPECTED", ""], alignments: [.left, .right, .right])
        func add(_ name: String, _ row: QuestionOutcome.Row) {
            table.add([name, row.found, row.expected, row.differs ? "differs" : ""])
        }
        // How many ballots were valid, blank and null stands below the answers, also where those are too many to show: then those
        // that differ come first.
        let answers = outcome.rows.filter(\.isAnswer)
        let differing = answers.count > Self.shownAnswers ? answers.filter(\.differs) : []
        let shown = differing + (differing.isEmpty ? answers : answers.filter { !$0.differs })
        for row in shown.prefix(Self.shownAnswers) { add(quoted(row.name), row) }
        for row in outcome.rows where !row.isAnswer { add(row.name, row) }
        output.print(table)
        let left = answers.count - Self.shownAnswers
        if left > 0 { output.line("and \(left) more answers, which --json shows") }
    }

    private static let shownAnswers = 60

    private func facts(_ facts: RehearsalReport.Facts) -> [(String, String)] {
        let all: [(String, String?)] = [
            ("election", facts.election),
            ("authorities", facts.authorities?.joined(separator: ", ")),
            ("threshold", facts.threshold.map { "\($0) of \(facts.authorities?.count ?? $0)" }),
            ("questions", facts.questions.map(String.init)),
            ("group", facts.group),
            ("votes", facts.votes.map(String.init)),
            ("tally", facts.tally),
            ("tally hash", facts.tallyHash),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private var verdict: String {
        switch command {
        case "create": "the election is created: eotest encrypt goes on"
        case "encrypt": "the votes are encrypted: eotest tally goes on"
        case "tally": "the tally is here: eotest verify goes on"
        default: "the tally is valid, and holds exactly the votes that were encrypted"
        }
    }
}

/// Three decimals, as milliseconds want.
private func decimals(_ number: Double) -> String {
    let thousandths = Int((number * 1000).rounded())
    let fraction = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
}
