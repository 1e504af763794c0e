// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eorchestra serve that cannot start", .serialized)
struct EorchestraServeTests {
    private let scratch: ScratchFolder
    private let eorchestra = BuiltTool("eorchestra")

    /// An authority whose configuration has `more` besides.
    init() throws { scratch = try ScratchFolder() }

    private func serve(
        behind socket: String, more: [String: String] = [:], modes: [String: mode_t] = [:]
    ) async throws -> BuiltTool.Ended {
        let home = scratch.path("a")
        let made = try await eorchestra.run([
            "init", "--home", home, "--hostname", "a.example", "--public-ip", "127.0.0.1", "--port", "47031",
            "--mixnet-port", "47032",
        ])
        try #require(made.status == 0, "\(made.errors)")
        let url = URL(filePath: "\(home)/eoconf.json")
        let old = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
        try JSONSerialization.data(withJSONObject: old.merging(more) { $1 }).write(to: url)
        for (name, mode) in modes { chmod("\(home)/\(name)", mode) }
        return try await eorchestra.run(["serve", "--config", url.path, "--behind-proxy", socket])
    }

    @Test("a socket path that is none ends with 64")
    func wrongPath() async throws {
        let expected = """
            eorchestra: error: --behind-proxy takes the absolute path of a socket, of 80 bytes at most, not "proxy.sock"
            eorchestra: hint: eorchestra serve --help

            """
        #expect(try await serve(behind: "proxy.sock") == .init(status: 64, output: "", errors: expected))
    }

    @Test("a user that the host does not know ends with 78")
    func noUser() async throws {
        let ended = try await serve(behind: scratch.path("p"), more: ["PROXY_USER": "no-such-user"])
        #expect(
            ended
                == .init(
                    status: 78, output: "",
                    errors: "eorchestra: error: PROXY_USER names no user of this host: \"no-such-user\"\n"))
    }

    @Test("a path at which something else lies ends with 1 and leaves it there")
    func occupied() async throws {
        let path = try scratch.write("precious", to: "p")
        let expected = """
            eorchestra: error: "\(path)" is in use, or is no socket
            eorchestra: hint: is another authority running with that socket?

            """
        #expect(try await serve(behind: path) == .init(status: 1, output: "", errors: expected))
        #expect(try scratch.text("p") == "precious")
    }

    @Test("a key that others of the host can read ends with 78 and what to type")
    func exposedKey() async throws {
        let ended = try await serve(behind: scratch.path("p"), modes: ["certs/key-nopass.pem": 0o644])
        let key = "\"\(scratch.path("a"))/certs/key-nopass.pem\""
        let expected = """
            eorchestra: error: \(key) holds secrets and is open to others of this host (mode 0644)
            eorchestra: hint: chmod -R go= \(key)

            """
        #expect(ended == .init(status: 78, output: "", errors: expected))
    }
}
