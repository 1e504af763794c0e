// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import Elections
import OperatorConsole
import OperatorErrors
import Rehearsal
import TrustStores

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Take the packages of the peers from this folder (default: PEER_LIST).", valueName: "dir"))
    var eopeersDir: String?

    @Option(
        help: ArgumentHelp(
            "Take this authority's own package from a file (default: from the configuration).", valueName: "file"))
    var mypeerpkg: String?

    @Flag(help: "Print one JSON object at the end in place of text for people.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write a page with the result, what was run where, and the time, CPU and memory of each phase.",
            valueName: "file.html")
    )
    var report: String?

    @Option(help: ArgumentHelp("How long to wait for each answer of the authorities.", valueName: "seconds"))
    var timeout = 3600

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    func validate() throws {
        guard (1...31_536_000).contains(timeout) else {
            throw ValidationError("--timeout takes a number of seconds from 1 on")
        }
    }

    func configuration() throws -> HostConfiguration {
        _ = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: configurationPath)
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning("the configuration has an unknown key \(quoted(key))")
        }
        return configuration
    }

    func host(_ configuration: HostConfiguration) throws -> RehearsalHost {
        let host = try RehearsalHost(configuration: configuration, peerDirectory: eopeersDir, ownPackage: mypeerpkg)
        for file in host.damagedPackages {
            TextOutput.standardError.printWarning("\(quoted(file)) among the packages holds no usable one")
        }
        return host
    }
}

/// How many ballots, and whether their votes are random.
struct BallotOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many ballots to encrypt (default: as many as there are votes; 100 with --vmnd).", valueName: "n"))
    var vcount: Int?

    @Flag(help: "Encrypt random plaintexts over the whole range of the group.")
    var vmnd = false

    func validate() throws {
        if let vcount, !(1...1_000_000_000).contains(vcount) {
            throw ValidationError("--vcount takes a number from 1 on")
        }
    }
}

/// Which votes are encrypted.
struct VoteFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A JSON list of integers, or questions with ballots as choices; up to --vcount repeated at random, or made by the \
            questions' rules (default: votes.json in EOTEST_DATA_PATH, else [1, 0]).
            """,
            valueName: "file"))
    var vfile: String?

    func source(_ ballots: BallotOptions) throws -> VoteSource? {
        if ballots.vmnd { return .random }
        return try vfile.map { try VoteSource(file: $0) }
    }

    func check(_ ballots: BallotOptions) throws {
        guard vfile == nil || !ballots.vmnd else {
            throw ValidationError("--vmnd takes random plaintexts, --vfile those of a file: give one")
        }
    }
}

/// What election is asked for.
struct ElectionOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The other authorities, by host name (default: all installed peers that are authorities).",
            valueName: "host"))
    var peers: [String] = []

    @Option(help: ArgumentHelp("How many authorities are needed to decrypt (default: all).", valueName: "t"))
    var threshold: Int?

    @Option(
        help: ArgumentHelp(
            "How many questions the election has (default: as many as the votes file has, else 1).", valueName: "k"))
    var questions: Int?

    @Option(
        help: ArgumentHelp(
            "\(HostConfiguration.groupNames.joined(separator: ", ")) (default: GROUP of the authority).",
            valueName: "group"))
    var group: String?

    @Flag(
        help:
            "Have the election require ballots whose proofs are bound to it, and to voter and question, and make such ballots."
    )
    var bound = false

    func validate() throws {
        guard (1...20).contains(questions ?? 1) else {
            throw ValidationError("--questions takes a number from 1 to 20")
        }
        if let threshold, !(1...99).contains(threshold) {
            throw ValidationError("--threshold takes a number from 1 to 99")
        }
        if let group, !HostConfiguration.groupNames.contains(group) {
            throw ValidationError("--group takes one of \(HostConfiguration.groupNames.joined(separator: ", "))")
        }
    }

    /// - Parameter source: whose questions the election has, if it brings any; nil where nothing is encrypted yet.
    /// - Throws: ``RehearsalError`` for votes that the election could not take.
    func wish(
        voteCount: Int?, random: Bool, _ source: VoteSource?, _ configuration: HostConfiguration
    ) throws -> ElectionWish {
        var wish = ElectionWish()
        wish.peers = peers.isEmpty ? nil : peers
        wish.threshold = threshold
        wish.questions = ElectionDraft.plainQuestions(questions ?? 1)
        wish.group = group
        wish.voteCount = voteCount
        wish.takesRandomVotes = random
        wish.requiresBoundProofs = bound
        if let source {
            try wish.take(source, questionCount: questions, defaultGroup: configuration.groupName)
        }
        return wish
    }

    func wish(
        _ ballots: BallotOptions, _ source: VoteSource?, _ configuration: HostConfiguration
    ) throws -> ElectionWish {
        try wish(voteCount: ballots.vcount, random: ballots.vmnd, source, configuration)
    }
}

/// The election that a step goes on with.
struct ElectionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The election, as `eotest create` printed it.", valueName: "id"))
    var id: String

    func validate() throws { _ = try election() }

    func election() throws -> ElectionIdentifier {
        guard let election = ElectionIdentifier(id) else { throw ValidationError("\(quoted(id)) is no election id") }
        return election
    }
}
