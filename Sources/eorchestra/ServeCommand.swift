// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityServer
import Foundation
import Logging
import OperatorConsole

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the authority in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Serves clients and other authorities on PORT, and bulk data for other authorities on MIXNET_PORT, both over TLS with \
            client certificates of installed peers. The log goes to LOG_PATH; eolog shows it.
            """)

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    func run() async throws {
        let configuration = try HostConfiguration(option: config)
        let file = try LogFile(path: configuration.logPath)
        LoggingSystem.bootstrap { _ in FileLogHandler(file: file) }
        let log = Logger(label: "eorchestra")
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning("\(configuration.path): unknown key \(key)")
        }
        let name = try configuration.requiredHostName()
        try await AuthorityService(configuration, log: log).run {
            TextOutput.standardOutput.line(
                "\(name) serves on ports \(configuration.port) and \(configuration.mixnetPort); log: \(configuration.logPath)"
            )
        }
    }
}
