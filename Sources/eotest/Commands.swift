// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Rehearsal

struct FullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "full", abstract: "Create, encrypt, tally and verify, one after another.",
        discussion: """
            EXAMPLE
              eotest full --vmnd --vcount 100
            """)

    @OptionGroup var ballots: BallotOptions
    @OptionGroup var votes: VoteFileOptions
    @OptionGroup var election: ElectionOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try votes.check(ballots) }

    func run() async throws {
        try await RehearsalRun(command: "full", common: common).run { rehearsal, configuration in
            // Found out before anything is created: whether the votes can be read, and fit.
            let source = try votes.source(ballots) ?? rehearsal.standardVotes()
            let wish = try election.wish(ballots, source, configuration)
            let host = try common.host(configuration)
            let id = try await rehearsal.create(wish, on: host)
            try await rehearsal.encrypt(id, source: source, count: ballots.vcount)
            try await rehearsal.tally(id, on: host)
            try await rehearsal.verify(id)
        }
    }
}

struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Have an election created, and compare its keys at all authorities.",
        discussion: """
            --vcount and --vmnd are remembered for `eotest encrypt`. Of --vfile it takes the questions, if there are any.

            EXAMPLE
              eotest create --peers auth2.example.org auth3.example.org --threshold 2
            """)

    @OptionGroup var ballots: BallotOptions
    @OptionGroup var votes: VoteFileOptions
    @OptionGroup var election: ElectionOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try votes.check(ballots) }

    func run() async throws {
        try await RehearsalRun(command: "create", common: common).run { rehearsal, configuration in
            let source = try votes.source(ballots)
            let wish = try election.wish(ballots, source, configuration)
            _ = try await rehearsal.create(wish, on: common.host(configuration))
        }
    }
}

struct EncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt votes for an election that was created.",
        discussion: """
            EXAMPLE
              eotest encrypt 271828 --vfile votes.json --vcount 1000
            """)

    @OptionGroup var argument: ElectionArgument
    @OptionGroup var ballots: BallotOptions
    @OptionGroup var votes: VoteFileOptions
    @OptionGroup var common: CommonOptions

    func validate() throws { try votes.check(ballots) }

    func run() async throws {
        try await RehearsalRun(command: "encrypt", common: common).run { rehearsal, _ in
            let source = try votes.source(ballots)
            try await rehearsal.encrypt(argument.election(), source: source, count: ballots.vcount)
        }
    }
}

struct TallyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally", abstract: "Have the encrypted votes mixed and decrypted, and download the tally.",
        discussion: """
            EXAMPLE
              eotest tally 271828
            """)

    @OptionGroup var argument: ElectionArgument
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await RehearsalRun(command: "tally", common: common).run { rehearsal, configuration in
            try await rehearsal.tally(argument.election(), on: common.host(configuration))
        }
    }
}

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify the downloaded tally, and compare its plaintexts with what was encrypted.",
        discussion: """
            EXAMPLE
              eotest verify 271828
            """)

    @OptionGroup var argument: ElectionArgument
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await RehearsalRun(command: "verify", common: common).run { rehearsal, _ in
            try await rehearsal.verify(argument.election())
        }
    }
}
