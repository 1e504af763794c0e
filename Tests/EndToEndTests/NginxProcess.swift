// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// Debian's nginx with one of the configurations of scripts/nginx, in the foreground, below a scratch folder.
final class NginxProcess: Sendable {
    /// Whom nginx's workers run as: Debian's user where the tests may choose, else whoever runs them.
    static let user = getuid() == 0 ? "www-data" : NSUserName()
    static let program = "/usr/sbin/nginx"

    let folder: String
    var configurationPath: String { "\(folder)/nginx.conf" }
    private let running = LockedProcess()

    /// - Parameter changes: what of the shipped file is other here. Each stands in it.
    init(
        _ shipped: String, inside block: (String) -> String, changes: [(String, String)], in scratch: ScratchFolder,
        name: String
    ) throws {
        folder = scratch.path(name)
        // The workers reach no more than sockets and folders of their own here.
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for path in [scratch.path, folder] { chmod(path, 0o711) }
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../scripts/nginx/\(shipped)")
        var text = try String(contentsOf: source, encoding: .utf8)
        for (old, new) in changes {
            try #require(text.contains(old), "\(shipped) has no \(old)")
            text = text.replacing(old, with: new)
        }
        let configuration = """
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            \(getuid() == 0 ? "user \(Self.user);" : "")
            daemon off;
            worker_processes 1;
            pid \(folder)/nginx.pid;
            error_log \(folder)/error.log info;
            events {}
            \(block(text))
            """
        try configuration.write(toFile: configurationPath, atomically: true, encoding: .utf8)
    }

    var arguments: [String] { ["-p", folder, "-c", configurationPath] }

    /// Starts it and waits until it listens.
    func start(port: Int) async throws {
        var nginx = BuiltTool("nginx")
        nginx.path = Self.program
        let checked = try await nginx.run(arguments + ["-t"])
        try #require(checked.status == 0, "\(checked.errors)")
        let runnable = nginx.process(arguments)
        runnable.process.standardError = FileHandle.nullDevice
        try runnable.process.run()
        running.set(runnable)
        for _ in 0..<2400 {
            if isListening(port: port) { return }
            try #require(runnable.process.isRunning, "nginx ended at its start: \(told)")
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("nginx does not listen after two minutes: \(told)")
    }

    func stop() async { _ = await running.end(with: SIGTERM) }

    var told: String { (try? String(contentsOfFile: "\(folder)/error.log", encoding: .utf8)) ?? "" }
}
