// SPDX-License-Identifier: Apache-2.0

/// What ArgumentParser says of a tool as JSON (`--experimental-dump-help`), as far as a manual page needs it.
struct ToolDescription: Decodable {
    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let subcommands: [Command]?
        let arguments: [Argument]?
        let shouldDisplay: Bool?

        var shownArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }

        /// Without `help`, which every tool with subcommands has.
        var shownSubcommands: [Command] {
            (subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }
        }
    }

    struct Argument: Decodable {
        enum Kind: String, Decodable { case positional, option, flag }

        struct Name: Decodable {
            enum Kind: String, Decodable { case long, short, longWithSingleDash }

            let kind: Kind
            let name: String

            /// Without the first hyphen, which the macro Fl sets.
            var flag: String { kind == .long ? "-\(name)" : name }
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let abstract: String?
        let discussion: String?
    }

    let command: Command
}
