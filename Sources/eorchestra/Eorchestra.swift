// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole

@main
struct Eorchestra: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eorchestra",
        abstract: "Make and run an election authority.",
        subcommands: [
            InitCommand.self, ServeCommand.self, RenewCommand.self, BackupCommand.self, RestoreCommand.self,
            ResetTallyCommand.self, DeleteElectionCommand.self,
        ])
}
