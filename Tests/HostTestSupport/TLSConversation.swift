// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A TLS connection to a port of loopback that stays open, over which anything can be said: OpenSSL's own client.
package final class TLSConversation: Sendable {
    private let client: RunnableProcess
    private let input: FileHandle
    private let path: String
    private let scratch: ScratchFolder

    /// - Parameters:
    ///   - name: the server's.
    ///   - certificate: a path; the client's, like `key`.
    package init(port: Int, name: String, certificate: String, key: String) throws {
        scratch = try ScratchFolder()
        path = try scratch.write("", to: "heard")
        var openssl = BuiltTool("openssl")
        openssl.path = "/usr/bin/openssl"
        client = openssl.process([
            "s_client", "-connect", "127.0.0.1:\(port)", "-servername", name, "-quiet", "-cert", certificate, "-key",
            key,
        ])
        let pipe = Pipe()
        input = pipe.fileHandleForWriting
        // Whoever says something to one that has ended hears of it by an error.
        signal(SIGPIPE, SIG_IGN)
        client.process.standardInput = pipe
        client.process.standardOutput = FileHandle(forWritingAtPath: path)
        client.process.standardError = FileHandle.nullDevice
        try client.process.run()
    }

    deinit { if client.process.isRunning { kill(client.process.processIdentifier, SIGKILL) } }

    package func say(_ text: String) throws { try input.write(contentsOf: Data(text.utf8)) }

    package var heard: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    package var isOpen: Bool { client.process.isRunning }

    /// Whether that is heard within two minutes.
    package func hears(_ text: String) async throws -> Bool {
        for _ in 0..<1200 {
            if heard.contains(text) { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    /// Whether the server hangs up within two minutes.
    package func ends() async throws -> Bool {
        for _ in 0..<1200 {
            if !isOpen { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }
}
