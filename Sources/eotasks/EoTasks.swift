// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityStore
import OperatorConsole
import OperatorErrors

@main
struct EoTasks: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eotasks",
        abstract: "Decide what this authority takes part in, and see how far an election is.",
        usage: """
            eotasks --list
            eotasks --show ID | --show-full ID
            eotasks --accept ID
            eotasks --reject ID [--reason TEXT]
            eotasks --tree ELECTION
            eotasks --go-on-without HOST... --election ELECTION
            eotasks --evidence ELECTION --to FILE
            """,
        discussion: """
            Without AUTOACCEPT_REQUESTS an authority waits for its operator before it takes part in an election, and again \
            before each tally. A task is about one request, down to its last byte: another request is another task. \
            A running eorchestra takes a decision up within a second, one that is not running when it starts.

            An authority that is gone for good holds a tally up. Where an election takes fewer than all, the operators of all \
            others can go on without it: each says so, the same. Its secret key is then opened and published with the tally.

            EXAMPLES
              eotasks --list
              eotasks --show 3
              eotasks --accept 3
              eotasks --reject 4 --reason "the votes hash is not the one in the minutes"
              eotasks --tree 271828
              eotasks --go-on-without c.example --election 271828
              eotasks --evidence 271828 --to evidence.tar.gz
            """)

    @Flag(help: "List what waits for a decision, and the last ten that were decided.")
    var list = false

    @Option(help: ArgumentHelp("Show what a task is about.", valueName: "id"))
    var show: Int64?

    @Option(help: ArgumentHelp("Show it with all answers and the whole request.", valueName: "id"))
    var showFull: Int64?

    @Option(help: ArgumentHelp("Take part.", valueName: "id"))
    var accept: Int64?

    @Option(help: ArgumentHelp("Refuse to take part: the election, or its tally, ends for everybody.", valueName: "id"))
    var reject: Int64?

    @Option(help: ArgumentHelp("With --reject: a line for the others and the client.", valueName: "text"))
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "Show every step of an election at every authority, who is awaited and since when.", valueName: "election"))
    var tree: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Go on with the tally of --election without these authorities, once all others say the same.",
            valueName: "host"))
    var goOnWithout: [String] = []

    @Option(help: ArgumentHelp("With --go-on-without: which election.", valueName: "election"))
    var election: String?

    @Option(
        help: ArgumentHelp(
            "Write down what shows to others who broke an election; they check it with eoverify --evidence.",
            valueName: "election"))
    var evidence: String?

    @Option(help: ArgumentHelp("With --evidence: the new file.", valueName: "file"), completion: .file())
    var to: String?

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    enum Mode: Equatable {
        case list
        case show(Int64, isFull: Bool)
        case accept(Int64)
        case reject(Int64)
        case tree(String)
        case goOn([String])
        case evidence(String)
    }

    func mode() throws -> Mode {
        let asked: [Mode?] = [
            list ? .list : nil, show.map { .show($0, isFull: false) }, showFull.map { .show($0, isFull: true) },
            accept.map { .accept($0) }, reject.map { .reject($0) }, tree.map { .tree($0) },
            goOnWithout.isEmpty ? nil : .goOn(goOnWithout),
            evidence.map { .evidence($0) },
        ]
        let modes = asked.compactMap { $0 }
        guard let mode = modes.first, modes.count == 1 else {
            throw ValidationError(
                "give exactly one of --list, --show, --show-full, --accept, --reject, --tree, --go-on-without and --evidence"
            )
        }
        return mode
    }

    func validate() throws {
        let isGoingOn = if case .goOn = try mode() { true } else { false }
        guard isGoingOn == (election != nil) else {
            throw ValidationError("--go-on-without and --election go together")
        }
        guard (evidence == nil) == (to == nil) else { throw ValidationError("--evidence and --to go together") }
        guard let reason else { return }
        guard reject != nil else { throw ValidationError("--reason goes with --reject") }
        guard reason.count <= 500, reason.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw ValidationError("--reason takes one line of at most 500 characters")
        }
    }

    func run() async throws {
        let configuration = try HostConfiguration(option: configurationPath)
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning("the configuration has an unknown key \(quoted(key))")
        }
        let desk = try OperatorDesk(dataPath: configuration.dataPath)
        switch try mode() {
        case .list: try list(desk, configuration)
        case .show(let number, let isFull): try show(number, isFull: isFull, desk, configuration)
        case .accept(let number): try decide(number, accepts: true, desk, configuration)
        case .reject(let number): try decide(number, accepts: false, desk, configuration)
        case .tree(let election): try tree(of: election, desk, configuration)
        case .goOn(let hosts): try goOn(without: hosts, in: election ?? "", desk, configuration)
        case .evidence(let election): try evidence(of: election, to: to ?? "", desk, configuration)
        }
    }
}
