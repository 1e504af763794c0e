// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import HostTestSupport
import Hummingbird
import HummingbirdCore
import Logging
import MutualTLS
import NIOCore
import ServiceLifecycle
import TrustStores

/// One host with a certificate and a calist of its own, and, while a body runs, a server on a port of loopback.
struct LoopbackHost {
    let scratch: ScratchFolder
    let identity: TestIdentity
    /// What the server and the client of this host show.
    var tls: TLSIdentity
    var calist: String { scratch.path("calist") }

    init(_ name: String, trusting others: [Certificate] = [], identity: TestIdentity? = nil) throws {
        scratch = try ScratchFolder()
        self.identity = try identity ?? TestIdentity(name)
        try self.identity.write(to: scratch.path)
        tls = try TLSIdentity(certificate: self.identity.certificate, keyPath: scratch.path("key-nopass.pem"))
        try trust([self.identity.certificate] + others)
    }

    func trust(_ certificates: [Certificate]) throws {
        var store = TrustStore()
        for certificate in certificates { store.add(certificate) }
        try store.write(to: calist)
    }

    func endpoint(port: Int, showing certificate: Certificate? = nil) throws -> PeerEndpoint {
        guard let address = IPAddress("127.0.0.1") else { throw CertificateError.malformed }
        return PeerEndpoint(
            hostName: identity.hostName, address: address, port: port, certificate: certificate ?? identity.certificate)
    }

    /// Serves `/whoami`, `/file/NAME` and, as authorities do, `/blob/NAME` from the scratch folder, `/large`, `/slow`, `/moved`, `/api/log` with that status and text,
    /// and `/api/check` with the file `check`; gives `body` the port.
    func serving(
        proxies: Set<IPAddress> = [], limits: ConnectionLimits = ConnectionLimits(),
        log: (status: Int, text: String) = (404, ""),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let trust = try TrustStoreContext(identity: tls, trustStorePath: calist, logger: quiet)
        let router = Router(context: BasicPeerRequestContext.self)
        router.add(middleware: InstalledPeersOnly(trust))
        router.get("whoami") { _, context in context.peer?.fingerprint.hex ?? "nobody" }
        router.get("large") { _, _ in String(repeating: "x", count: 100_000) }
        router.get("slow") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    for _ in 0..<600 {
                        try await writer.write(ByteBuffer(string: "x"))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    try await writer.finish(nil)
                })
        }
        router.get("api/log") { _, _ in
            Response(status: .init(code: log.status), body: .init(byteBuffer: ByteBuffer(string: log.text)))
        }
        router.post("api/check") { [scratch] _, _ in try scratch.text("check") }
        router.get("blob/:name") { [scratch] request, context in
            let file = URL(filePath: scratch.path(try context.parameters.require("name")))
            guard let response = try await FileAnswer(file: file).response(to: request, context: context) else {
                throw HTTPError(.notFound)
            }
            return response
        }
        router.get("moved") { _, _ in Response.redirect(to: "/whoami") }
        let files = FileMiddleware<BasicPeerRequestContext, LocalFileSystem>(
            scratch.path, urlBasePath: "/file", searchForIndexHtml: false, logger: quiet)
        router.group("file").add(middleware: files).get("**") { _, _ -> String in throw HTTPError(.notFound) }
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, server: .mutualTLS(trust, proxies: proxies, limits: limits),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                for await port in ports {
                    do { try await body(port) } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                    break
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    /// A client with this host's certificate, shut down behind `body`.
    func asking<Result>(_ body: (PeerClient) async throws -> Result) async throws -> Result {
        let client = PeerClient(identity: tls, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}
