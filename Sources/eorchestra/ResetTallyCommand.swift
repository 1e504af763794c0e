// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityStore
import Foundation
import OperatorConsole
import OperatorErrors
import Orchestration

struct ResetTallyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-tally",
        abstract: "End a tally that hangs, for all authorities, so that its client can ask for it again.",
        discussion: """
            The client and the other authorities are told who ended it, and why. What was secret about the tally is wiped; keys and \
            ballots stay. A running eorchestra does so within a second, one that is not running when it starts.

            EXAMPLES
              eotasks --tree 271828                           who is awaited, and since when
              eorchestra reset-tally 271828 --reason "b.example has lost its disk"
            """)

    @Argument(help: "The election's id.")
    var election: String

    @Option(help: ArgumentHelp("A line for the others and the client.", valueName: "text"))
    var reason: String?

    @Flag(help: "Also where decryption has begun, after which only the same ballots may be tallied again.")
    var force = false

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    func validate() throws {
        guard let reason else { return }
        guard reason.count <= 500, reason.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw ValidationError("--reason takes one line of at most 500 characters") }
    }

    func run() async throws {
        let configuration = try HostConfiguration(option: config)
        let desk = try OperatorDesk(dataPath: configuration.dataPath)
        guard let board = try desk.timeline(of: election)?.board else {
            throw ElectionRefusal.unknown(election)
        }
        guard board.isTallyUnderWay else { throw ElectionRefusal.noTally(election) }
        guard force || !board.hasBegunDecryption(attempt: board.attempt) else {
            throw ElectionRefusal.decrypting(election)
        }
        try desk.database.addReset(
            of: election, attempt: board.attempt, reason: reason.flatMap { $0.isEmpty ? nil : $0 },
            at: Date.now.ISO8601Format())
        TextOutput.standardOutput.line("ended: tally \(board.attempt) of election \(election)")
        if !ServerCheck(configuration).isRunning {
            TextOutput.standardError.printWarning("eorchestra is not running here: it does this when it starts")
        }
    }
}

/// Why an election is not touched.
enum ElectionRefusal: OperatorError, Equatable {
    case unknown(String)
    case noTally(String)
    case decrypting(String)
    case underWay(String)
    case running
    case unconfirmed(String)

    var message: String {
        switch self {
        case .unknown(let id): "there is no election \(quoted(id)) here"
        case .noTally(let id): "no tally of election \(quoted(id)) is under way"
        case .decrypting(let id): "the ballots of election \(quoted(id)) are being decrypted"
        case .underWay(let id): "something is under way in election \(quoted(id))"
        case .running: "eorchestra is running here"
        case .unconfirmed(let id): "election \(quoted(id)) was not deleted: nobody confirmed it"
        }
    }

    var hint: String? {
        switch self {
        case .unknown: "see which there are: eotasks --list"
        case .noTally: "see how far it is: eotasks --tree ELECTION"
        case .decrypting: "wait for those who are awaited (eotasks --tree ELECTION), or give --force"
        case .underWay: "end a tally with eorchestra reset-tally, or give --force"
        case .running: "end it first, such as: systemctl stop eorchestra"
        case .unconfirmed: "type the id when asked, or give --yes"
        }
    }

    var exitCode: ExitStatus {
        switch self {
        case .unconfirmed: .usage
        default: .refused
        }
    }
}
