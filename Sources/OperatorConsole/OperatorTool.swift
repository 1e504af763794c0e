// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import Foundation
package import OperatorErrors

/// The root command of a tool: parses, runs, and ends the process as the contract says.
///
/// Wrong use ends with 64, an ``OperatorErrors/OperatorError`` with its own status, any other error with 1; each is printed to
/// standard error as `TOOL: error: MESSAGE`, with `TOOL: hint: …` where there is one. A command's body just throws.
package protocol OperatorTool: AsyncParsableCommand {}

extension OperatorTool {
    package static func main() async {
        let status = await run(arguments: Array(CommandLine.arguments.dropFirst()))
        Foundation.exit(status.rawValue)
    }

    /// Parses and runs `arguments` without ending the process.
    package static func run(
        arguments: [String], output: TextOutput = .standardOutput, errors: TextOutput = .standardError
    ) async -> ExitStatus {
        do {
            if arguments == ["--generate-manual"] {
                output.write(try manualPage())
                return .done
            }
            var command = try parseAsRoot(arguments)
            // A tool of subcommands alone would show its help and end as if it had done something.
            if type(of: command) == Self.self, !configuration.subcommands.isEmpty {
                errors.line(helpMessage(columns: nil))
                throw ValidationError("no subcommand was given")
            }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch {
            return report(error, output: output, errors: errors)
        }
    }

    /// The tool's manual page, dated by SOURCE_DATE_EPOCH or today.
    package static func manualPage() throws -> String {
        let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Int.init)
        let date = epoch.map { Date(timeIntervalSince1970: TimeInterval($0)) } ?? Date()
        return try ManualPage(json: _dumpHelp(), date: date).text
    }

    private static func report(_ error: any Error, output: TextOutput, errors: TextOutput) -> ExitStatus {
        if let ended = error as? ExitStatusError { return ended.status }
        if let known = error as? any OperatorError {
            errors.printError(known)
            return known.exitCode
        }
        let code = exitCode(for: error)
        if code.isSuccess {  // --help, --version
            output.line(fullMessage(for: error))
            return .done
        }
        guard code == .validationFailure else {
            errors.printError(message: message(for: error), hint: nil)
            return .refused
        }
        errors.printError(message: message(for: error), hint: "\(_commandName) --help")
        return .usage
    }
}

/// Ends a tool with `status` after its body has printed all there is to say.
package struct ExitStatusError: Error {
    package let status: ExitStatus

    package init(_ status: ExitStatus) { self.status = status }
}

extension TextOutput {
    package func printError(_ error: any OperatorError) {
        printError(message: error.message, hint: error.hint)
    }

    package func printError(message: String, hint: String?) {
        line("\(toolName): \(painted("error:", .red)) \(message)")
        if let hint { line("\(toolName): \(painted("hint:", .cyan)) \(hint)") }
    }

    /// Something that does not stop the work, but that the operator should know.
    package func printWarning(_ message: String) {
        line("\(toolName): \(painted("warning:", .yellow)) \(message)")
    }
}
