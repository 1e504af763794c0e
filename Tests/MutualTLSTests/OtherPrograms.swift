// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing
import TrustStores

/// A certificate that another one's key has signed, made by OpenSSL's own tool.
struct ChildCertificate {
    let scratch: ScratchFolder
    let certificate: Certificate
    var keyPath: String { scratch.path("child.key") }

    init(of parent: TestIdentity, name: String) async throws {
        scratch = try ScratchFolder()
        try parent.write(to: scratch.path)
        let extensions = try scratch.write("subjectAltName=DNS:\(name)\n", to: "extensions")
        let request = [
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", scratch.path("child.key"), "-subj", "/CN=\(name)",
        ]
        _ = try await run("/usr/bin/openssl", request + ["-out", scratch.path("child.csr")])
        let signing = ["x509", "-req", "-in", scratch.path("child.csr"), "-CA", scratch.path("cert.pem")]
        let output = [
            "-CAkey", scratch.path("key-nopass.pem"), "-extfile", extensions, "-out", scratch.path("child.pem"),
        ]
        _ = try await run("/usr/bin/openssl", signing + output)
        certificate = try Certificate(pem: scratch.text("child.pem"))
    }

    /// The HTTP status that curl gets, "000" for none; it sends the parent's certificate too.
    func curl(_ url: String, trusting server: LoopbackHost, port: Int) async throws -> String {
        _ = try scratch.write(scratch.text("child.pem") + scratch.text("cert.pem"), to: "chain.pem")
        let own = ["--cert", scratch.path("chain.pem"), "--key", scratch.path("child.key")]
        return try await run("/usr/bin/curl", own + curlArguments(url, trusting: server, port: port))
    }
}

extension LoopbackHost {
    func curl(
        _ url: String, trusting server: LoopbackHost, port: Int, more: [String] = []
    ) async throws -> String {
        let own = ["--cert", scratch.path("cert.pem"), "--key", scratch.path("key-nopass.pem")]
        return try await run("/usr/bin/curl", own + more + curlArguments(url, trusting: server, port: port))
    }

    /// The body that curl gets.
    func answer(of url: String, trusting server: LoopbackHost, port: Int, more: [String] = []) async throws -> String {
        let own = ["--cert", scratch.path("cert.pem"), "--key", scratch.path("key-nopass.pem"), "--silent"]
        let other = [
            "--cacert", server.scratch.path("cert.pem"), "--resolve", "\(server.identity.hostName):\(port):127.0.0.1",
        ]
        return try await run("/usr/bin/curl", own + more + other + [url])
    }
}

func curlArguments(_ url: String, trusting server: LoopbackHost, port: Int) -> [String] {
    [
        "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "60", "--cacert",
        server.scratch.path("cert.pem"), "--resolve", "\(server.identity.hostName):\(port):127.0.0.1", url,
    ]
}

/// Runs a program on a thread of its own, because the server that it asks needs those of the tests.
func run(_ tool: String, _ arguments: [String]) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Result { try output(of: tool, arguments) })
        }
    }
}

private func output(of tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
}
