// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityServer
import AuthorityStore
import Foundation
import Liars
import Logging
import OperatorConsole

/// `eorchestra serve` of an authority that lies, for tests alone: no product, never installed.
@main
struct LyingAuthority: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lying-authority", abstract: "Serves like eorchestra, and tells one lie.")

    @Option(help: "The configuration.")
    var config: String

    @Option(help: "The lie.")
    var lie: Lie

    func run() async throws {
        let configuration = try HostConfiguration(file: config)
        let file = try LogFile(path: configuration.logPath, rotation: configuration.logRotation)
        LoggingSystem.bootstrap { _ in FileLogHandler(file: file) }
        let key = try DataFolder(root: URL(filePath: configuration.dataPath)).signingKey()
        let service = try AuthorityService(
            configuration, assembly: AuthorityAssembly(lie, key: key), log: Logger(label: "lying-authority"))
        try await service.run { TextOutput.standardOutput.line("serves and lies: \(lie.rawValue)") }
    }
}

extension Lie: ExpressibleByArgument {}
