// SPDX-License-Identifier: Apache-2.0

import AgeFiles
import ArgumentParser
import AuthorityHost
import Backups
import Foundation
import OperatorConsole
import TrustStores

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write all of this authority into one encrypted file, while it runs or not.",
        discussion: """
            The file holds configuration, certificate and keys, peers, boards, secrets, files and the database, and is encrypted with a \
            passphrase as age does it (age-encryption.org/v1): whoever has both has this authority. The passphrase is asked for, or read \
            from a file. Without this software: age -d FILE | tar -x.

            EXAMPLES
              eorchestra backup /media/stick/auth1.age
              eorchestra backup --passphrase-file /run/secrets/backup /backup/auth1.age
            """)

    @Argument(help: "The new file; one that is there is never replaced.", completion: .file())
    var file: String

    @Option(help: "Read the passphrase from this file's one line, not from the terminal.", completion: .file())
    var passphraseFile: String?

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    func run() async throws {
        _ = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: config)
        let backup = try Backup(of: configuration)
        guard !FileManager.default.fileExists(atPath: file) else { throw BackupError.exists(path: file) }
        let passphrase = try Passphrase.asked(for: "the backup", file: passphraseFile, twice: true)
        let summary = try backup.write(to: file, passphrase: passphrase)
        let output = TextOutput.standardOutput
        if json {
            try output.printJSON(
                Written(
                    file: file, bytes: summary.byteCount, elections: summary.elections,
                    unfinished: summary.unfinished))
        } else {
            output.line("\(file): \(summary.byteCount) bytes, \(count(summary.elections.count, "election"))")
        }
        for election in summary.unfinished {
            TextOutput.standardError.printWarning(
                "the key of election \(election) was being made: make another backup when it is there")
        }
    }

    private struct Written: Encodable {
        let file: String
        let bytes: Int
        let elections: [String]
        let unfinished: [String]
    }
}

func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

extension Passphrase {
    /// - Parameter twice: for a new one: who mistypes it would know only when it is needed.
    static func asked(for purpose: String, file: String?, twice: Bool) throws -> Passphrase {
        if let file { return try Passphrase(file: file) }
        let first = try HiddenLine.read("passphrase of \(purpose): ") { try Passphrase($0) }
        guard twice else { return first }
        let second = try HiddenLine.read("the same again: ") { try Passphrase($0) }
        guard first.equals(second) else { throw HiddenLineError.different }
        return first
    }
}
