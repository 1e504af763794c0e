// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import Foundation
import Logging
import OperatorConsole
import OperatorErrors
import TrustStores

@main
struct EoLog: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eolog",
        abstract: "Follow this authority's log.",
        discussion: """
            Prints the last lines, then what comes, through rotation and truncation, until Ctrl-C.

            EXAMPLES
              eolog                                  the last 100 lines, then live
              eolog -n 1000 --no-follow --level warning
              eolog --election 17 --json | jq .message
            """)

    @Option(name: .customShort("n"), help: "How many of the last lines come first.")
    var lineCount = 100

    @Flag(name: .customLong("no-follow"), help: "End after the last lines.")
    var endsAtOnce = false

    @Option(help: "Only events of this election.")
    var election: String?

    @Option(help: "Only events at least as grave: trace, debug, info, notice, warning, error or critical.")
    var level: String?

    @Flag(help: "Print the lines as they stand in the file: one JSON object an event.")
    var json = false

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    func validate() throws {
        guard lineCount >= 0, lineCount <= 1_000_000 else { throw ValidationError("-n takes a number up to 1000000") }
        guard level == nil || level.flatMap(Logger.Level.init(rawValue:)) != nil else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--level takes one of \(names)")
        }
    }

    func run() async throws {
        let path = try HostConfiguration(option: configurationPath).logPath
        let filter = LogFilter(election: election, level: level.flatMap(Logger.Level.init(rawValue:)))
        var tail = LogTail(path: path, filter: filter)
        try showLastLines(of: &tail, path: path)
        while !endsAtOnce {
            show(tail.newLines())
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func showLastLines(of tail: inout LogTail, path: String) throws {
        let lines = Result { () throws(FileError) in try tail.lastLines(lineCount) }
        if case .failure(let error) = lines, error.reason == ENOENT {
            guard !endsAtOnce else { throw NoLog(path: path) }
            TextOutput.standardError.printWarning("there is no log at \(quoted(path, limit: 300)) yet, waiting for it")
        } else {
            show(try lines.get())
        }
    }

    private func show(_ lines: [String]) {
        let output = TextOutput.standardOutput
        for line in lines { output.line(json ? line : LogRendering(output: output).text(of: line)) }
    }
}

struct NoLog: OperatorError {
    let path: String
    var message: String { "there is no log at \(quoted(path, limit: 300))" }
    var hint: String? { "has eorchestra been started with this configuration?" }
    var exitCode: ExitStatus { .disk }
}
