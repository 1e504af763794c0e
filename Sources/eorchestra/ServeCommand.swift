// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import AuthorityServer
import Foundation
import Logging
import OperatorConsole
import OperatorErrors
import TrustStores

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the authority in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Serves clients and other authorities on PORT, and bulk data for other authorities on MIXNET_PORT, both over TLS with \
            client certificates of installed peers. The log goes to LOG_PATH; eolog shows it.

            With --behind-proxy it serves PORT's requests on a unix socket instead, to a proxy that has checked the client's \
            certificate and names it in X-SSL-Client-Cert. Whoever controls that proxy can speak for every peer.

            EXAMPLES
              eorchestra serve --config /srv/authority/eoconf.json
              eorchestra serve --behind-proxy /run/eorchestra/proxy.sock
            """)

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    @Option(help: "Take requests from a proxy on this unix socket, not over TLS on PORT.", completion: .file())
    var behindProxy: String?

    func run() async throws {
        // Before the first key is read.
        let shortfalls = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: config)
        try HostPrivacy(configuration).check()
        let file = try LogFile(path: configuration.logPath, rotation: configuration.logRotation)
        LoggingSystem.bootstrap { _ in FileLogHandler(file: file) }
        let log = Logger(label: "eorchestra")
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning(
                "\(quoted(configuration.path, limit: 300)) has an unknown key \(quoted(key))")
        }
        for shortfall in shortfalls {
            TextOutput.standardError.printWarning(shortfall.message)
            log.warning("\(shortfall.message)")
        }
        let name = try configuration.requiredHostName()
        let door = behindProxy.map { "behind a proxy at \($0), and on port" } ?? "on ports \(configuration.port) and"
        try await AuthorityService(configuration, behindProxy: behindProxy, log: log).run {
            TextOutput.standardOutput.line(
                "\(name) serves \(door) \(configuration.mixnetPort); log: \(configuration.logPath)")
        }
    }
}
