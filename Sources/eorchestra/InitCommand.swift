// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import OperatorConsole
import TrustStores

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a whole authority in one folder and print the path of its configuration.",
        discussion: """
            Makes the configuration, a 4096-bit RSA key, a self-signed certificate for the host name and addresses, the trust \
            store with that certificate, and the folders for data and logs. It never overwrites a key or a configuration.

            EXAMPLES
              eorchestra init --home /srv/authority --hostname auth1.example.org --public-ip 192.0.2.10
              eorchestra init --home /tmp/a --hostname a.test --port 5001 --mixnet-port 4181 --eotest-port 8001 --auto-accept
            """)

    @Option(help: "The folder of the authority; made if there is none.")
    var home: String

    @Option(help: "The host name under which peers know this authority.")
    var hostname: String

    @Option(help: "The address at which peers reach it (default: the private one, else 127.0.0.1).")
    var publicIp: String?

    @Option(help: "Its address in a network of its own (default: the public one).")
    var privateIp: String?

    @Option(help: "The port of the HTTP API.")
    var port = 5000

    @Option(help: "The port over which authorities exchange bulk data.")
    var mixnetPort = 4081

    @Option(help: "The port of eotest.")
    var eotestPort = 8000

    @Flag(help: "Accept requests for elections and tallies without asking an operator.")
    var autoAccept = false

    func validate() throws {
        guard !home.isEmpty else { throw ValidationError("--home takes a folder") }
        guard HostName(hostname)?.isLocalhost == false else {
            throw ValidationError("--hostname takes a host name (RFC 1123) other than localhost")
        }
        for (flag, address) in [("--public-ip", publicIp), ("--private-ip", privateIp)] {
            guard let address, IPAddress(address) == nil else { continue }
            throw ValidationError("\(flag) takes an IPv4 or IPv6 address")
        }
        let ports = [("--port", port), ("--mixnet-port", mixnetPort), ("--eotest-port", eotestPort)]
        for (flag, port) in ports where !(1...65535).contains(port) {
            throw ValidationError("\(flag) takes a number from 1 to 65535")
        }
        guard Set(ports.map(\.1)).count == ports.count else { throw ValidationError("the three ports must differ") }
    }

    func run() async throws {
        let publicAddress = (publicIp ?? privateIp).flatMap { IPAddress($0) } ?? IPAddress("127.0.0.1")
        let privateAddress = privateIp.flatMap { IPAddress($0) } ?? publicAddress
        guard let hostName = HostName(hostname), let publicAddress, let privateAddress else {
            throw ValidationError("--hostname takes a host name (RFC 1123)")
        }
        var initializer = HostInitializer(
            home: home, hostName: hostName, publicAddress: publicAddress, privateAddress: privateAddress)
        initializer.port = port
        initializer.mixnetPort = mixnetPort
        initializer.eotestPort = eotestPort
        initializer.acceptsAutomatically = autoAccept
        _ = ProcessSecrecy.begin()
        let path = try initializer.run()
        if publicIp == nil && privateIp == nil {
            TextOutput.standardError.printWarning("no --public-ip: peers on other machines cannot reach 127.0.0.1")
        }
        TextOutput.standardOutput.line(path)
    }
}
