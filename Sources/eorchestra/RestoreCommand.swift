// SPDX-License-Identifier: Apache-2.0

import AgeFiles
import ArgumentParser
import Backups
import DurableFiles
import Foundation
import OperatorConsole
import OperatorErrors
import TrustStores

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make an authority in a new folder out of a backup, and print the path of its configuration.",
        discussion: """
            Everything is decrypted and checked before the folder gets its name. An election that was under way goes on: the restored \
            authority first asks all others what it has said since the backup was made, and says nothing before they answered.

            Of one authority only one may ever run: two that speak in one name look like a liar. End the old one for good first.

            EXAMPLES
              eorchestra restore /media/stick/auth1.age --home /var/lib/eorchestra/authority
              eorchestra serve --config /var/lib/eorchestra/authority/eoconf.json
            """)

    @Argument(help: "A file of eorchestra backup.", completion: .file())
    var file: String

    @Option(help: "The folder of the authority, which must not be there yet.")
    var home: String

    @Option(help: "Read the passphrase from this file's one line, not from the terminal.", completion: .file())
    var passphraseFile: String?

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    func validate() throws {
        guard !home.isEmpty else { throw ValidationError("--home takes a folder") }
    }

    func run() async throws {
        _ = ProcessSecrecy.begin()
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw FileError(operation: .read, path: file, reason: access(file, R_OK) == 0 ? EISDIR : errno)
        }
        let passphrase = try Passphrase.asked(for: "the backup", file: passphraseFile, twice: false)
        let summary = try Restoration(into: home).run(file, passphrase: passphrase)
        let (output, errors) = (TextOutput.standardOutput, TextOutput.standardError)
        if json {
            return try output.printJSON(
                Restored(
                    configuration: summary.configurationPath, host: summary.hostName, created: summary.created,
                    elections: summary.elections, damaged: summary.damagedCount))
        }
        output.line(summary.configurationPath)
        errors.line(
            """
            \(quoted(summary.hostName)) as it was at \(quoted(summary.created)), with \(count(summary.elections.count, "election"))
            what is to be done:
              1. make sure that the old one never runs again
              2. if the address is another one now: change PUBLIC_IP_ADDRESS in the configuration, and send the
                 package of eopeers --show-mine to the peers, who type: eopeers --replace FILE
              3. eorchestra serve --config \(summary.configurationPath)
            """)
        if summary.damagedCount > 0 {
            errors.printWarning(
                "\(count(summary.damagedCount, "file")) had been damaged before the backup was made; the peers have them"
            )
        }
    }

    private struct Restored: Encodable {
        let configuration: String
        let host: String
        let created: String
        let elections: [String]
        let damaged: Int
    }
}
