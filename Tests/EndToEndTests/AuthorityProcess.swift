// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Liars
import Testing

/// An authority made by `eorchestra init` in a scratch folder, with an `eorchestra serve` process while it runs.
final class AuthorityProcess: Sendable {
    let hostName: String
    let home: String
    let port: Int
    let mixnetPort: Int
    let eotestPort: Int
    /// Where it runs; nil: on this host's loopback.
    let host: TestNetwork.Host?
    private let running = LockedProcess()
    private let lie: Lie?

    var configurationPath: String { "\(home)/eoconf.json" }
    var logPath: String { "\(home)/log/eorchestra.log" }
    private var outputPath: String { "\(home)/serve.out" }

    /// - Parameters:
    ///   - accepts: whether it accepts requests without asking its operator.
    ///   - lie: what it does wrong; the server is then the one that is made for tests.
    init(
        _ hostName: String, in scratch: ScratchFolder, accepts: Bool = true, lie: Lie? = nil,
        on host: TestNetwork.Host? = nil
    ) async throws {
        self.hostName = hostName
        self.lie = lie
        self.host = host
        home = scratch.path(hostName)
        let ports = try freePorts(3)
        port = ports[0]
        mixnetPort = ports[1]
        eotestPort = ports[2]
        let arguments = [
            "init", "--home", home, "--hostname", hostName, "--public-ip", host?.address ?? "127.0.0.1", "--port",
            "\(ports[0])",
            "--mixnet-port", "\(ports[1])", "--eotest-port", "\(ports[2])",
        ]
        let made = try await BuiltTool("eorchestra").run(arguments + (accepts ? ["--auto-accept"] : []))
        try #require(made.status == 0, "\(made.errors)")
    }

    /// An authority that is there already.
    init(_ hostName: String, at home: String, port: Int, mixnetPort: Int, eotestPort: Int) {
        self.hostName = hostName
        self.home = home
        host = nil
        lie = nil
        self.port = port
        self.mixnetPort = mixnetPort
        self.eotestPort = eotestPort
    }

    /// A tool that works with this authority's configuration.
    func tool(_ name: String) -> BuiltTool {
        var tool = BuiltTool(name)
        tool.environment = ["EO_CONFIG": configurationPath]
        return host?.placing(tool) ?? tool
    }

    func install(_ others: [AuthorityProcess]) async throws {
        for other in others where other.hostName != hostName {
            let package = try await other.tool("eopeers").run(["--show-mine"]).output
            let installed = try await tool("eopeers").run(["--install", "-"], input: package)
            try #require(installed.status == 0, "\(installed.errors)")
        }
    }

    /// Changes keys of the configuration.
    func configure(_ changes: [String: Any]) throws {
        let url = URL(filePath: configurationPath)
        let old = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
        try JSONSerialization.data(withJSONObject: old.merging(changes) { $1 }).write(to: url)
    }

    /// Starts the server and waits until it listens; where it does so behind a proxy, until it says so.
    ///
    /// - Parameter openFiles: how many it may have.
    func start(_ arguments: [String] = [], behindProxy: Bool = false, openFiles: Int? = nil) async throws {
        let runnable = try launch(arguments, openFiles: openFiles)
        for _ in 0..<2400 {
            let tellsOnly = behindProxy || host != nil
            if tellsOnly ? told.contains("\(hostName) serves ") : isListening(port: port) { return }
            try #require(runnable.process.isRunning, "\(hostName) ended at its start: \(told)")
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(hostName) does not listen after two minutes: \(told)")
    }

    /// Starts the server, and waits for nothing.
    @discardableResult
    func launch(
        _ arguments: [String] = [], environment: [String: String] = [:], openFiles: Int? = nil
    ) throws -> RunnableProcess {
        let liar = lie.map { ["--config", configurationPath, "--lie", $0.rawValue] }
        var server = tool(lie == nil ? "eorchestra" : "lying-authority")
        if let openFiles { server.launcher += ["/usr/bin/prlimit", "--nofile=\(openFiles)"] }
        server.environment.merge(environment) { $1 }
        let runnable = server.process((liar ?? ["serve"]) + arguments)
        _ = FileManager.default.createFile(atPath: outputPath, contents: nil)
        let output = FileHandle(forWritingAtPath: outputPath)
        runnable.process.standardOutput = output
        runnable.process.standardError = output
        try runnable.process.run()
        running.set(runnable)
        return runnable
    }

    /// Waits until the server listens, or has ended, for two minutes.
    func awaitListening(_ runnable: RunnableProcess) async throws {
        for _ in 0..<2400 where runnable.process.isRunning && !isListening(port: port) {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    var state: LockedProcess.State { running.state }

    /// Waits until the server ends by itself, and gives its exit status or its signal as a negative number; nil once somebody else
    /// ends it.
    func ended() async -> Int32? {
        while true {
            switch running.state {
            case .none: return nil
            case .ended(let status): return status
            case .running: try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Ends the server as systemd does, and gives its exit status.
    func stop() async -> Int32? { await running.end(with: SIGTERM) }

    /// Of the server, while it runs.
    var processIdentifier: Int32? { running.identifier }

    /// Stops it without ending it, as a machine that hangs does.
    func freeze() { running.send(SIGSTOP) }

    func thaw() { running.send(SIGCONT) }

    /// Ends it as a power cut does.
    func kill() async { _ = await running.end(with: SIGKILL) }

    /// What its process takes of the machine now.
    var load: ProcessLoad? { running.identifier.flatMap { ProcessLoad($0) } }

    /// The published tallies, by election.
    func tallies() throws -> [String: String] {
        var found: [String: String] = [:]
        let folder = "\(home)/data/public"
        for election in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(election)/tally.tar.gz"
            if FileManager.default.fileExists(atPath: path) { found[election] = path }
        }
        return found
    }

    /// What the authority printed and the end of its log: what one wants to see when a test fails.
    var told: String {
        let texts = [outputPath, logPath].map { (try? String(contentsOfFile: $0, encoding: .utf8)) ?? "" }
        return texts.map { $0.split(separator: "\n").suffix(40).joined(separator: "\n") }.joined(separator: "\n--\n")
    }
}

/// Makes authorities that trust each other, runs them while `body` lasts, and expects each to end cleanly.
///
/// - Parameters:
///   - careful: those that ask their operators.
///   - lies: what others of them do wrong.
///   - network: where each runs on a host of its own; nil: on this host's loopback.
func withAuthorities(
    _ names: [String], careful: Set<String> = [], lies: [String: Lie] = [:], on network: TestNetwork? = nil,
    _ body: ([AuthorityProcess]) async throws -> Void
) async throws {
    let scratch = try ScratchFolder()
    var authorities: [AuthorityProcess] = []
    for (index, name) in names.enumerated() {
        authorities.append(
            try await AuthorityProcess(
                name, in: scratch, accepts: !careful.contains(name), lie: lies[name], on: network?.hosts[index]))
    }
    for authority in authorities { try await authority.install(authorities) }
    do {
        for authority in authorities { try await authority.start() }
        try await body(authorities)
    } catch {
        for authority in authorities {
            await authority.kill()
            Issue.record("\(authority.hostName):\n\(authority.told)")
        }
        throw error
    }
    for authority in authorities {
        let status = await authority.stop()
        #expect(status == 0 || status == nil, "\(authority.hostName) after SIGTERM:\n\(authority.told)")
    }
}
