// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityStore
import Foundation
import OperatorConsole
import OperatorErrors
import Orchestration
import TrustStores

struct DeleteElectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-election",
        abstract: "Take an election away from this authority, its secrets first, for good.",
        discussion: """
            What is published stays, unless --published is given; the id stays taken. It is done while eorchestra does not run, and asks \
            for the id once more. The other authorities keep what they have, and without this one's key share the ballots of the election \
            may stay encrypted for ever.

            EXAMPLES
              systemctl stop eorchestra
              eorchestra delete-election 271828
              eorchestra delete-election 271828 --yes --published
            """)

    @Argument(help: "The election's id.")
    var election: String

    @Flag(help: "Do not ask for the id once more.")
    var yes = false

    @Flag(help: "Also while its key is made or its ballots are tallied.")
    var force = false

    @Flag(help: "Take away what is published here, too.")
    var published = false

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    func run() async throws {
        let configuration = try HostConfiguration(option: config)
        let desk = try OperatorDesk(dataPath: configuration.dataPath)
        guard let board = try desk.timeline(of: election)?.board else { throw ElectionRefusal.unknown(election) }
        guard !ServerCheck(configuration).isRunning else { throw ElectionRefusal.running }
        guard force || !board.isUnderWay else { throw ElectionRefusal.underWay(election) }
        guard yes || isConfirmed() else { throw ElectionRefusal.unconfirmed(election) }
        let lock = try FileLock(path: ServerCheck.lockPath(of: configuration), timeout: .seconds(2))
        defer { _ = lock }
        try desk.delete(election, withPublished: published, at: Date.now.ISO8601Format())
        TextOutput.standardOutput.line(
            "deleted: election \(election)" + (published ? " and what it published" : ""))
    }

    private func isConfirmed() -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        TextOutput.standardError.write("the key share of election \(election) will be gone; type its id to delete it: ")
        return readLine() == election
    }
}
