// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorErrors

/// A tool's manual page in mdoc(7), made of what its `--help` is made of, so that neither says what the other does not.
struct ManualPage {
    private let tool: ToolDescription.Command
    private let date: Date
    private var lines: [String] = []

    /// - Parameter json: of `_dumpHelp()`.
    init(json: String, date: Date) throws {
        tool = try JSONDecoder().decode(ToolDescription.self, from: Data(json.utf8)).command
        self.date = date
        write()
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    private static let tools = ["eolog", "eopeers", "eorchestra", "eoresults", "eotasks", "eotest", "eoverify"]

    private mutating func write() {
        let name = tool.commandName
        lines = [
            #".\" SPDX-License-Identifier: Apache-2.0"#,
            #".\" Made by \#(name) --generate-manual; changes would be lost."#,
            ".Dd \(Self.day(date))", ".Dt \(name.uppercased()) 1", ".Os", ".Sh NAME", ".Nm \(name)",
            ".Nd \(Roff.text(sentence(tool.abstract)))", ".Sh SYNOPSIS",
        ]
        let commands = tool.shownSubcommands
        if commands.isEmpty { synopsis(of: tool, as: name) }
        for command in commands { synopsis(of: command, as: "\(name) \(command.commandName)") }
        lines.append(".Sh DESCRIPTION")
        let (text, examples) = Self.split(tool.discussion)
        lines += Roff.paragraphs(text.isEmpty ? tool.abstract ?? "" : text)
        options(of: tool)
        var allExamples = examples
        for command in commands {
            let (text, examples) = Self.split(command.discussion)
            lines.append(".Ss \(Roff.text("\(name) \(command.commandName)"))")
            lines += Roff.paragraphs([command.abstract ?? "", text].filter { !$0.isEmpty }.joined(separator: "\n\n"))
            options(of: command)
            allExamples += examples
        }
        closing(examples: allExamples)
    }

    private mutating func synopsis(of command: ToolDescription.Command, as name: String) {
        lines.append(".Nm \(Roff.text(name))")
        for argument in command.shownArguments where argument.names?.contains(where: { $0.name == "help" }) != true {
            let repeated = argument.isRepeating ? " ..." : ""
            let value = "Ar \(Roff.word(argument.valueName ?? "value"))\(repeated)"
            let flag = argument.names?.first { $0.kind == .long } ?? argument.names?.first
            let words = [flag.map { "Fl \(Roff.word($0.flag))" }, argument.kind == .flag ? nil : value].compactMap {
                $0
            }
            lines.append(".\(argument.isOptional ? "Op " : "")\(words.joined(separator: " "))")
        }
    }

    private mutating func options(of command: ToolDescription.Command) {
        let arguments = command.shownArguments
        guard !arguments.isEmpty else { return }
        lines.append(".Bl -tag -width Ds")
        for argument in arguments {
            let value = argument.kind == .flag ? "" : "Ar \(Roff.word(argument.valueName ?? "value"))"
            let flags = (argument.names ?? []).map { "Fl \(Roff.word($0.flag))" }.joined(separator: " , ")
            lines.append(".It " + [flags, value].filter { !$0.isEmpty }.joined(separator: " "))
            var text = sentence(argument.abstract)
            if let value = argument.defaultValue { text += " (default: \(value))" }
            lines += Roff.paragraphs(
                [text, argument.discussion ?? ""].filter { !$0.isEmpty }.joined(separator: "\n\n"))
        }
        lines.append(".El")
    }

    private mutating func closing(examples: [String]) {
        let offline = ["eoresults", "eoverify"].contains(tool.commandName)
        lines += [".Sh ENVIRONMENT", ".Bl -tag -width Ds"]
        if !offline { lines += [".It Ev EO_CONFIG", "The configuration where no", ".Fl \\-config", "is given."] }
        lines += [".It Ev NO_COLOR", "No colours, whatever its value.", ".El"]
        if !offline {
            lines += [
                ".Sh FILES", ".Bl -tag -width Ds", ".It Pa /etc/eoconf.json",
                "The configuration where nothing names one.", ".El",
            ]
        }
        lines += [".Sh EXIT STATUS", ".Bl -tag -width Ds"]
        for status in ExitStatus.allCases { lines += [".It \(status.rawValue)", Roff.text(status.meaning)] }
        lines.append(".El")
        if !examples.isEmpty { lines += [".Sh EXAMPLES", ".Bd -literal"] + examples.map(Roff.text) + [".Ed"] }
        lines.append(".Sh SEE ALSO")
        let others = Self.tools.filter { $0 != tool.commandName }
        lines += others.enumerated().map { ".Xr \($1) 1\($0 + 1 < others.count ? " ," : "")" }
    }

    private func sentence(_ text: String?) -> String {
        let text = text ?? ""
        return text.hasSuffix(".") && !text.hasSuffix("..") ? String(text.dropLast()) : text
    }

    /// A discussion without its examples, and the examples' lines.
    private static func split(_ discussion: String?) -> (text: String, examples: [String]) {
        let lines = (discussion ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let heading = lines.firstIndex(of: "EXAMPLES") else { return (lines.joined(separator: "\n"), []) }
        let examples = lines[(heading + 1)...].filter { !$0.isEmpty }.map {
            $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0
        }
        return (lines[..<heading].joined(separator: "\n").trimmingCharacters(in: .newlines), examples)
    }

    private static func day(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "MMMM d, yyyy"
        return formatter.string(from: date)
    }
}

extension ExitStatus {
    var meaning: String {
        switch self {
        case .done: "Done."
        case .refused: "Something was refused, or a check failed."
        case .usage: "Wrong use."
        case .unreachable: "A peer cannot be reached."
        case .disk: "The disk did not take or give what it should."
        case .configuration: "The configuration is missing or wrong."
        }
    }
}
