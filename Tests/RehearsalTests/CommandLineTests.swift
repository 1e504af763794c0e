// SPDX-License-Identifier: Apache-2.0

import HostTestSupport
import OperatorConsole
import enum OperatorErrors.ExitStatus
import Synchronization
import Testing
@testable import eotest

@Suite("The command line of eotest")
struct CommandLineTests {
    private final class Text: Sendable {
        private let all = Mutex("")
        func add(_ text: String) { all.withLock { $0 += text } }
        var value: String { all.withLock { $0 } }
    }

    private func run(_ arguments: [String]) async -> (status: ExitStatus, output: String, errors: String) {
        let (output, errors) = (Text(), Text())
        let status = await Eotest.run(
            arguments: arguments, output: TextOutput(isTerminal: false) { output.add($0) },
            errors: TextOutput(isTerminal: false) { errors.add($0) })
        return (status, output.value, errors.value)
    }

    @Test(
        "wrong use ends with 64, says what is wrong, and names the help",
        arguments: [
            (["full", "--vcount", "0"], "--vcount takes a number from 1 on"),
            (["full", "--questions", "21"], "--questions takes a number from 1 to 20"),
            (["create", "--threshold", "0"], "--threshold takes a number from 1 to 99"),
            (["create", "--group", "modp1"], "--group takes one of sequent2048, ffdhe2048, ffdhe3072, ffdhe4096"),
            (
                ["encrypt", "12", "--vmnd", "--vfile", "x"],
                "--vmnd takes random plaintexts, --vfile those of a file: give one"
            ),
            (["tally"], "Missing expected argument '<id>'"),
            (["verify", "../12"], "\"../12\" is no election id"),
            (["verify", "12", "--timeout", "0"], "--timeout takes a number of seconds from 1 on"),
            (
                ["create", "--vmnd", "--vfile", "x"],
                "--vmnd takes random plaintexts, --vfile those of a file: give one"
            ),
            (["tally", "12", "--vfile", "x"], "Unknown option '--vfile'"),
            (["tallly", "12"], "unexpected arguments"),
            (["sweep", "--vcount", "100,,1000"], "--vcount takes 1 to 20 numbers from 1 on, with commas between"),
            (["sweep", "--vcount", "0"], "--vcount takes 1 to 20 numbers from 1 on, with commas between"),
            (["sweep", "--vcount", "10,100,10"], "--vcount takes each number once, 10 stands there again"),
            (["sweep", "--for", "0"], "--for takes a number from 1 on"),
        ])
    func wrongUse(arguments: [String], message: String) async {
        let ended = await run(arguments)
        #expect(ended.status == .usage)
        #expect(ended.errors.contains(message))
        #expect(ended.errors.contains("hint: eotest"))
        #expect(ended.output.isEmpty)
    }

    @Test(
        "the help of every command has an example",
        arguments: ["full", "create", "encrypt", "tally", "verify", "sweep"])
    func help(command: String) async {
        let ended = await run([command, "--help"])
        #expect(ended.status == .done)
        #expect(ended.output.contains("EXAMPLE\n"))
        #expect(ended.output.contains("  eotest \(command) "))
        #expect(ended.errors.isEmpty)
    }

    @Test("without a subcommand it ends with 64")
    func noSubcommand() async {
        let ended = await run([])
        #expect(ended.status == .usage && ended.output.isEmpty)
        #expect(ended.errors.contains("SUBCOMMANDS:") && ended.errors.contains("error: no subcommand was given\n"))
    }

    @Test("a votes file that is not there, or is a folder, ends with 74")
    func noVotes() async throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write("{\"EOTEST_DATA_PATH\": \"\(scratch.path)\"}", to: "eoconf.json")
        for path in [scratch.path("none.json"), scratch.path] {
            let ended = await run(["encrypt", "12", "--config", file, "--vfile", path])
            #expect(ended.status == .disk)
            #expect(ended.errors.contains("error: cannot read \"\(path)\": "))
        }
    }

    @Test(
        "choices that cannot be, and votes that no ballot holds, end with 1 and their place before any authority is asked",
        arguments: ["full", "create"])
    func refusedVotes(command: String) async throws {
        let scratch = try ScratchFolder()
        // No authority, no certificate, nothing that could be asked.
        let file = try scratch.write("{\"EOTEST_DATA_PATH\": \"\(scratch.path)\"}", to: "eoconf.json")
        let question = #"""
            {"questions": [{"title": "Q", "tally_type": "cumulative", "min": 0, "max": 1, "num_winners": 3,
              "answers": [{"id": 0, "text": "A"}, {"id": 1, "text": "B"}]}]}
            """#
        for (votes, words, status) in [
            (
                question,
                "contradict themselves: \"questions[0].extra_options.cumulative_number_of_checkboxes\" is missing, "
                    + "expected the points that one answer may get, at least 1; \"questions[0].num_winners\" is 3, "
                    + "expected 1 to 2, the number of answers\n", ExitStatus.refused
            ),
            ("[1, 2", "the votes in ", .refused),
            (#"{"questions": [], "ballots": []}"#, "\"questions\" is 0 elements, expected 1 to 20\n", .refused),
            ("[" + String(repeating: "9", count: 2000) + "]", "is too large: the group takes integers of", .refused),
        ] {
            let path = try scratch.write(votes, to: "choices.json")
            let ended = await run([command, "--config", file, "--vfile", path])
            #expect(ended.status == status, "\(ended.errors)")
            #expect(ended.errors.contains(words) && ended.errors.contains(path), "\(ended.errors)")
        }
        let path = try scratch.write(
            question.replacing(#""num_winners": 3"#, with: #""num_winners": 1"#).replacing("cumulative", with: "borda"),
            to: "choices.json")
        let ended = await run([command, "--config", file, "--vfile", path, "--questions", "2"])
        #expect(ended.status == .usage && ended.errors.contains("--questions 2, but \"\(path)\" has 1\n"))
    }

    @Test("a configuration that is not there ends with 78")
    func noConfiguration() async throws {
        let scratch = try ScratchFolder()
        let ended = await run(["verify", "12", "--config", scratch.path("none.json")])
        #expect(ended.status == .configuration)
    }

    @Test("an election that was never created here ends with 1 and says how to begin")
    func noElection() async throws {
        let scratch = try ScratchFolder()
        let file = try scratch.write("{\"EOTEST_DATA_PATH\": \"\(scratch.path)\"}", to: "eoconf.json")
        for command in ["encrypt", "verify"] {
            let ended = await run([command, "12", "--config", file])
            #expect(ended.status == .refused)
            #expect(ended.errors.contains("error: there is no rehearsal of election \"12\" here\n"))
            #expect(ended.errors.contains("hint: begin with: eotest create\n"))
        }
    }
}
