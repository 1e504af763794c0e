// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import Foundation
import Logging
import MutualTLS
import OperatorConsole
import TrustStores

@main
struct EoLog: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eolog",
        abstract: "Follow this authority's log, or a peer's.",
        discussion: """
            Prints the last lines, then what comes, through rotation and restarts of the server, until Ctrl-C. Times are in UTC.

            EXAMPLES
              eolog                                  the last 100 lines, then live
              eolog -n 1000 --no-follow --level warning
              eolog --since 10m --election 17
              eolog --election 17 --json | jq .message
              eolog --peer auth2.example.org         what that authority logs of our common elections, if it shows it
            """)

    @Option(name: .customShort("n"), help: "How many of the last lines come first (default: 100; with --since: all).")
    var lineCount: Int?

    @Flag(name: .customLong("no-follow"), help: "End after the last lines.")
    var endsAtOnce = false

    @Option(help: "Only events of this election.")
    var election: String?

    @Option(help: "Only events at least as grave: trace, debug, info, notice, warning, error or critical.")
    var level: String?

    @Option(help: ArgumentHelp("Only events from then on: \(LogInstant.forms).", valueName: "when"))
    var since: String?

    @Flag(help: "Print one JSON object an event, as they stand in the file.")
    var json = false

    @Option(help: ArgumentHelp("The log of this installed peer.", valueName: "host"))
    var peer: String?

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    func validate() throws {
        guard (0...1_000_000).contains(lineCount ?? 0) else {
            throw ValidationError("-n takes a number up to 1000000")
        }
        guard level == nil || level.flatMap(Logger.Level.init(rawValue:)) != nil else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--level takes one of \(names)")
        }
        guard since == nil || instant != nil else { throw ValidationError("--since takes \(LogInstant.forms)") }
        guard peer == nil || peer.flatMap({ HostName($0) }) != nil else {
            throw ValidationError("--peer takes a host name (RFC 1123)")
        }
    }

    func run() async throws {
        _ = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: configurationPath)
        let filter = LogFilter(
            election: election, level: level.flatMap(Logger.Level.init(rawValue:)), since: instant)
        let rendering = LogRendering(output: .standardOutput, json: json)
        if let host = peer.flatMap({ HostName($0) }) {
            try await PeerFollowing(
                log: PeerLog(of: host, configuration: configuration), filter: filter, lineCount: lineCount,
                endsAtOnce: endsAtOnce, rendering: rendering
            ).run()
        } else {
            try await OwnFollowing(
                path: configuration.logPath, filter: filter, lineCount: lineCount, endsAtOnce: endsAtOnce,
                rendering: rendering
            ).run()
        }
    }

    private var instant: LogInstant? { since.flatMap { LogInstant($0) } }
}
