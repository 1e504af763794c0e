// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import AuthorityStore
import DurableFiles
import Foundation
import Hummingbird
package import Logging
import MutualTLS
import NIOCore
import OperatorErrors
import Orchestration
import PeerPackages
import ServiceLifecycle
import TallyArchives
import TrustStores
import UnixSignals

/// A whole running authority: the API on PORT, bulk data on MIXNET_PORT, and the desk behind both.
package struct AuthorityService: Sendable {
    package static let softwareVersion = HostFacts.softwareVersion

    private let configuration: HostConfiguration
    private let log: Logger
    private let client: PeerClient
    private let trust: TrustStoreContext
    private let authority: Authority
    private let desk: any PeerDesk
    private let identity: SignedIdentity
    private let proxySocketPath: String?
    private let probeBack: ProbeBack
    private let limits: ConnectionLimits
    private let shares: PrivateShareRoutes

    /// Reads keys, trust and stored state; opens no socket yet.
    ///
    /// - Parameter proxySocketPath: of `--behind-proxy`: the API is served there, to the proxy alone, and not on PORT.
    package init(
        _ configuration: HostConfiguration, behindProxy proxySocketPath: String? = nil,
        assembly: AuthorityAssembly = AuthorityAssembly(), log: Logger
    ) throws {
        // Another zlib would make other bytes than the other authorities': known before anybody waits for a tally.
        try CompressorSelfCheck.run()
        let descriptors = FileDescriptors.raiseLimit()
        limits = ConnectionLimits(fileDescriptors: descriptors)
        log.info(
            "limits", metadata: ["connections": "\(limits.proven)", "open_files": "\(descriptors)"])
        self.configuration = configuration
        self.proxySocketPath = proxySocketPath
        self.log = log
        let name = try configuration.requiredHostName()
        let own = try configuration.ownIdentity()
        let address = try configuration.privateAddress ?? configuration.requiredPublicAddress()
        let tls = try TLSIdentity(certificate: own.certificate, keyPath: configuration.certificateKeyPath)
        trust = try TrustStoreContext(identity: tls, trustStorePath: configuration.trustStorePath, logger: log)
        client = PeerClient(identity: tls, logger: log)
        let peers = InstalledPeers(
            own: PeerEndpoint(hostName: name, address: address, port: configuration.port, certificate: own.certificate),
            ownCertificates: configuration.ownCertificates(),
            directory: PeerDirectory(path: configuration.peerListPath), trust: trust)
        probeBack = ProbeBack(
            peers: peers, probe: PeerProbe(identity: tls, client: client, hostsPath: configuration.hostsPath))
        var settings = Authority.Settings(
            autoAccepts: configuration.acceptsAutomatically, address: "https://\(name):\(configuration.port)",
            mixnetPort: configuration.mixnetPort, version: AuthorityService.softwareVersion,
            group: configuration.groupName)
        settings.keepsShares = configuration.keepsShares
        settings.retryDelays = [.milliseconds(500), .seconds(2)]
        authority = try Authority(
            settings: settings, data: DataFolder(root: URL(filePath: configuration.dataPath)), peers: peers,
            link: assembly.link(HTTPPeerLink(client: client, peers: peers)),
            performer: assembly.performer(
                Performer(minimumBallots: configuration.minimumBallots, keepsShares: configuration.keepsShares)),
            log: log)
        desk = assembly.desk(authority)
        shares = PrivateShareRoutes(
            authority: authority,
            envelope: KeyShareEnvelope(
                certificate: own.certificate, key: own.key, leavesUnencrypted: configuration.sharesLeaveUnencrypted))
        identity = try SignedIdentity(
            hostName: name.text, mixnetPort: configuration.mixnetPort, version: AuthorityService.softwareVersion,
            signingKey: authority.verifyingKey, signedBy: own.key)
    }

    /// Serves until SIGTERM or SIGINT, or until the surrounding task is cancelled.
    ///
    /// - Parameter onListening: called once the API can be asked.
    package func run(onListening: @escaping @Sendable () -> Void = {}) async throws {
        let lock = try Self.lock(configuration.dataPath)
        defer { _ = lock }
        warnOfUntrusted()
        await authority.load()
        let routes = AuthorityRoutes(
            authority: authority, desk: desk, identity: identity,
            publicFolder: URL(filePath: configuration.layout.publicPath),
            log: LogRoute(
                authority: authority, path: configuration.logPath, isShared: configuration.sharesLog,
                privateFolder: configuration.dataPath),
            probeBack: probeBack, shares: shares)
        let mixnet = server(
            MixnetRoutes(desk: desk).router(for: trust), port: configuration.mixnetPort, name: "mixnet")
        var services: [any Service] = [mixnet]
        if let proxySocketPath {
            services += try proxyServices(routes, socketPath: proxySocketPath, onListening: onListening)
        } else {
            let router = routes.router(for: trust)
            services.append(server(router, port: configuration.port, name: "api", onListening: onListening))
        }
        // Last, so that it ends first.
        services.append(Desk(authority: authority))
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        // What requests under way get to end in.
        group.maximumGracefulShutdownDuration = .seconds(5)
        let result: Result<Void, any Error>
        do {
            result = .success(try await ServiceGroup(configuration: group).run())
        } catch let error as IOError {
            result = .failure(
                ListeningError(ports: [configuration.port, configuration.mixnetPort], reason: error.errnoCode))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        log.info("the authority ended")
        try result.get()
    }

    /// Says so when a package is installed whose certificate is not trusted, or that cannot be read: a file has changed.
    private func warnOfUntrusted() {
        let directory = PeerDirectory(path: configuration.peerListPath)
        for file in (try? directory.damagedFiles()) ?? [] {
            log.error("\(file) holds no usable package: eopeers --install with the peer's package")
        }
        for package in (try? directory.packages()) ?? [] where trust.installed(package.certificate.fingerprint) == nil {
            log.error(
                "the certificate of \(package.hostName) is not in TLS_CALIST_PATH: eopeers --install with its package puts it back"
            )
        }
    }

    /// One process works on a DATA_PATH at a time.
    private static func lock(_ dataPath: String) throws -> FileLock {
        do throws(FileError) {
            return try FileLock(path: "\(dataPath)/authority.lock", timeout: .seconds(2))
        } catch {
            guard error.operation == .lock, error.reason == EWOULDBLOCK else { throw error }
            throw AlreadyRunning(dataPath: dataPath)
        }
    }

    private func server(
        _ router: Router<BasicPeerRequestContext>, port: Int, name: String,
        onListening: @escaping @Sendable () -> Void = {}
    ) -> some Service {
        let everywhere = configuration.publicAddress?.isVersion6 == true ? "::" : "0.0.0.0"
        let host = configuration.front.listenAddress?.text ?? everywhere
        return Application(
            router: router, server: .mutualTLS(trust, proxies: configuration.front.proxyAddresses, limits: limits),
            configuration: .init(address: .hostname(host, port: port), serverName: "eorchestra", backlog: 1024),
            onServerRunning: { [log] channel in
                await AcceptShortage.outlast(on: channel, log: log)
                log.info("listening", metadata: ["server": "\(name)", "port": "\(channel.localAddress?.port ?? port)"])
                onListening()
            },
            logger: log)
    }

    /// The API on a unix socket, to a proxy that judges clients' certificates and names them.
    private func proxyServices(
        _ routes: AuthorityRoutes, socketPath: String, onListening: @escaping @Sendable () -> Void
    ) throws -> [any Service] {
        log.warning(
            "a proxy judges who may connect: whoever controls it, or can write to its socket, can speak for every peer",
            metadata: ["socket": "\(socketPath)"])
        let socket = try ProxySocket(path: socketPath, user: configuration.front.proxyUser)
        let gate = ProxyGate(socket: socket, log: log, onListening: onListening)
        let server = Application(
            router: routes.router(for: trust, from: .proxyHeader), server: .http1(),
            configuration: .init(address: .unixDomainSocket(path: socket.boundPath), serverName: "eorchestra"),
            onServerRunning: { [log] channel in
                await AcceptShortage.outlast(on: channel, log: log)
                gate.bound()
            }, logger: log)
        guard let command = configuration.front.reloadCommand else {
            log.warning("no PROXY_RELOAD_COMMAND: the proxy must be told of every change of peers by hand")
            return [gate, server]
        }
        let reload = ProxyReload(
            command: command, watchedPaths: [configuration.trustStorePath, configuration.certificatePath], log: log)
        return [gate, server, reload]
    }

    private struct Desk: Service {
        let authority: Authority

        func run() async throws {
            await cancelWhenGracefulShutdown { await authority.run() }
        }
    }
}
