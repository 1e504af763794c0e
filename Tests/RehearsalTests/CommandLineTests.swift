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
