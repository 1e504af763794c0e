// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import OperatorConsole
import OperatorErrors
import PeerPackages

@main
struct EoPeers: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eopeers",
        abstract: "Exchange certificates with other authorities: who may connect here, and whom this authority asks.",
        usage: """
            eopeers --show-mine [--private-ip]
            eopeers --install FILE...
            eopeers --uninstall HOST...
            eopeers --list [HOST]
            eopeers --show HOST
            """,
        discussion: """
            A peer package is one line of JSON: a certificate, an address, a host name and a port. Installing one lets its owner \
            connect, and lets this authority ask it; a running eorchestra takes it up within two seconds.

            EXAMPLES
              eopeers --show-mine > auth1.package           what to send to the others
              eopeers --install auth2.package auth3.package
              ssh auth2 eopeers --show-mine | eopeers --install -
              eopeers --list                                compare the fingerprints by telephone
              eopeers --uninstall auth2.example.org
            """)

    @Flag(name: .customLong("show-mine"), help: "Print this authority's own package.")
    var showMine = false

    @Flag(
        name: [.customLong("private-ip"), .customLong("private")],
        help: "With --show-mine: PRIVATE_IP_ADDRESS in place of PUBLIC_IP_ADDRESS.")
    var usesPrivateAddress = false

    @Flag(help: "Install the packages in FILE...; - reads standard input.")
    var install = false

    @Flag(name: [.customLong("uninstall"), .customLong("remove")], help: "Remove the peers HOST...")
    var uninstall = false

    @Flag(help: "List the installed peers, or those named.")
    var list = false

    @Flag(help: "Print the installed package of HOST.")
    var show = false

    @Argument(help: "The files, or the host names.")
    var operands: [String] = []

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    enum Mode { case showMine, install, uninstall, list, show }

    func mode() throws -> Mode {
        let asked: [(Bool, Mode)] = [
            (showMine, .showMine), (install, .install), (uninstall, .uninstall), (list, .list), (show, .show),
        ]
        let modes = asked.filter(\.0).map(\.1)
        guard let mode = modes.first, modes.count == 1 else {
            throw ValidationError("give exactly one of --show-mine, --install, --uninstall, --list and --show")
        }
        return mode
    }

    func validate() throws {
        switch try mode() {
        case .showMine:
            guard operands.isEmpty else { throw ValidationError("--show-mine takes no names") }
        case .install:
            guard !operands.isEmpty else { throw ValidationError("--install takes at least one file") }
            guard operands.filter({ $0 == "-" }).count <= 1 else {
                throw ValidationError("standard input can be read once")
            }
        case .uninstall:
            guard !operands.isEmpty else { throw ValidationError("--uninstall takes at least one host name") }
        case .list: break
        case .show:
            guard operands.count == 1 else { throw ValidationError("--show takes one host name") }
        }
        guard !usesPrivateAddress || showMine else { throw ValidationError("--private-ip goes with --show-mine") }
    }

    func run() async throws {
        let configuration = try HostConfiguration(option: configurationPath)
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning("the configuration has an unknown key \(quoted(key))")
        }
        switch try mode() {
        case .showMine: try showMine(configuration)
        case .install: try install(PeerInstallation(configuration: configuration))
        case .uninstall: try uninstall(PeerInstallation(configuration: configuration))
        case .list: try list(PeerDirectory(path: configuration.peerListPath))
        case .show: try show(PeerDirectory(path: configuration.peerListPath))
        }
    }
}
