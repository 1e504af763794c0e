// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole

@main
struct Eotest: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eotest",
        abstract: "Play a whole test election with the installed authorities, and check what comes out.",
        discussion: """
            This authority is the director and eotest its client: it has an election created, encrypts votes, has them tallied, \
            verifies the tally and compares its plaintexts with what was encrypted. `full` does it all; the other commands do one \
            step each, and hand on to each other in EOTEST_DATA_PATH/ID.

            Exit status: 0 all of it held, 1 refused or a check failed, 64 wrong use, 69 an authority cannot be reached, 74 the \
            disk, 78 the configuration.

            EXAMPLES
              eotest full --vmnd --vcount 100
              eotest create --peers auth2.example.org --group ffdhe2048
              eotest encrypt 271828 --vfile votes.json --vcount 1000
              eotest tally 271828
              eotest verify 271828
              eotest sweep --vmnd --vcount 100,1000,10000 --report sweep.html
            """,
        subcommands: [
            FullCommand.self, CreateCommand.self, EncryptCommand.self, TallyCommand.self, VerifyCommand.self,
            SweepCommand.self,
        ])
}
