// SPDX-License-Identifier: Apache-2.0

package import TrustStores

/// What a proxy in front of an authority changes; docs/operators/nginx.md tells when to set what.
package struct FrontConfiguration: Sendable, Equatable {
    /// LISTEN_ADDRESS, or nil: every address of this host.
    package let listenAddress: IPAddress?
    /// PROXY_PROTOCOL_FROM: connections from there must begin with a PROXY header.
    package let proxyAddresses: Set<IPAddress>
    /// PROXY_USER: who alone may write to the socket of `--behind-proxy`; nil for the user that runs the authority.
    package let proxyUser: String?
    /// PROXY_RELOAD_COMMAND: what makes the proxy of `--behind-proxy` read a changed calist.
    package let reloadCommand: [String]?

    init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
        listenAddress = try reader.address("LISTEN_ADDRESS")
        proxyAddresses = try reader.addresses("PROXY_PROTOCOL_FROM")
        proxyUser = try reader.userName("PROXY_USER")
        reloadCommand = try reader.command("PROXY_RELOAD_COMMAND")
    }
}
