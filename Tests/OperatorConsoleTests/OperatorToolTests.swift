// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole
import OperatorErrors
import enum OperatorErrors.ExitStatus
import Synchronization
import Testing

@Suite("How a tool ends")
struct OperatorToolTests {
    @Test("a body that returns ends with 0 and prints no error")
    func done() async {
        #expect(await Ended(["done"]) == Ended(status: .done, errors: ""))
    }

    @Test("an operator error ends with its own status, message and hint")
    func operatorError() async {
        let expected = Ended(
            status: .configuration, errors: "\(toolName): error: there is no coat\n\(toolName): hint: take one\n")
        #expect(await Ended(["coat"]) == expected)
    }

    @Test("any other error ends with 1")
    func otherError() async {
        let ended = await Ended(["other"])
        #expect(ended.status == .refused)
        #expect(ended.errors.hasPrefix("\(toolName): error: "))
    }

    @Test("wrong use ends with 64 and names the help")
    func wrongUse() async {
        let ended = await Ended(["done", "--unknown"])
        #expect(ended.status == .usage)
        #expect(ended.errors.contains("--unknown"))
        #expect(ended.errors.hasSuffix("\(toolName): hint: coat-tool --help\n"))
    }

    @Test("help goes to standard output and ends with 0")
    func help() async {
        let ended = await Ended(["--help"])
        #expect(ended.status == .done)
        #expect(ended.errors.isEmpty)
        #expect(ended.output.contains("USAGE: coat-tool"))
    }

    @Test("a tool of subcommands without one shows its help on standard error, and ends with 64")
    func noSubcommand() async {
        let (output, errors) = (Captured(), Captured())
        let status = await WardrobeTool.run(arguments: [], output: output.sink, errors: errors.sink)
        #expect(status == .usage && output.text.isEmpty)
        #expect(errors.text.contains("USAGE: wardrobe-tool <subcommand>"))
        #expect(
            errors.text.hasSuffix(
                "\(toolName): error: no subcommand was given\n\(toolName): hint: wardrobe-tool --help\n"))
        let help = await WardrobeTool.run(arguments: ["--help"], output: output.sink, errors: errors.sink)
        #expect(help == .done && output.text.contains("USAGE: wardrobe-tool <subcommand>"))
        let inner = await WardrobeTool.run(arguments: ["close"], output: output.sink, errors: errors.sink)
        #expect(inner == .done)
    }

    @Test("a body may end with a status of its own in silence")
    func silent() async {
        #expect(await Ended(["silent"]) == Ended(status: .unreachable, errors: ""))
    }
}

private struct Ended: Equatable {
    let status: ExitStatus
    let errors: String
    var output = ""

    init(status: ExitStatus, errors: String) {
        self.status = status
        self.errors = errors
    }

    init(_ arguments: [String]) async {
        let output = Captured()
        let errors = Captured()
        status = await CoatTool.run(arguments: arguments, output: output.sink, errors: errors.sink)
        self.errors = errors.text
        self.output = output.text
    }
}

private struct CoatTool: OperatorTool {
    static let configuration = CommandConfiguration(commandName: "coat-tool")

    @Argument var what: String

    func run() async throws {
        switch what {
        case "coat": throw NoCoat()
        case "other": throw CancellationError()
        case "silent": throw ExitStatusError(.unreachable)
        default: break
        }
    }

    private struct NoCoat: OperatorError {
        let message = "there is no coat"
        let hint: String? = "take one"
        let exitCode = ExitStatus.configuration
    }
}

private struct WardrobeTool: OperatorTool {
    static let configuration = CommandConfiguration(commandName: "wardrobe-tool", subcommands: [Close.self])

    struct Close: AsyncParsableCommand {
        func run() async {}
    }
}

final class Captured: Sendable {
    private let lines = Mutex("")
    var text: String { lines.withLock { $0 } }
    var sink: TextOutput { terminal(false) }

    func terminal(_ isTerminal: Bool) -> TextOutput {
        TextOutput(isTerminal: isTerminal, usesColour: false, width: 60) { text in self.lines.withLock { $0 += text } }
    }
}
