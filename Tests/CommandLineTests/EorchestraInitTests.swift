// SPDX-License-Identifier: Apache-2.0

import HostTestSupport
import Testing

@Suite("eorchestra init as operators use it")
struct EorchestraInitTests {
    private let eorchestra = BuiltTool("eorchestra")

    @Test("it prints the path of the configuration, with which eopeers works at once; a second time it refuses")
    func makesAnAuthority() async throws {
        let scratch = try ScratchFolder()
        let arguments = [
            "init", "--home", scratch.path("a"), "--hostname", "a.example", "--public-ip", "192.0.2.1", "--port",
            "5009",
        ]
        let path = scratch.path("a/eoconf.json")
        #expect(try await eorchestra.run(arguments) == .init(status: 0, output: path + "\n", errors: ""))
        let mine = try await BuiltTool("eopeers").run(["--show-mine", "--config", path])
        #expect(
            mine.output.hasPrefix(#"{"hostname":"a.example","ip_address":"192.0.2.1","port":5009,"ssl_certificate":"#))
        let again = try await eorchestra.run(arguments)
        #expect(again.status == 1)
        #expect(again.errors.hasPrefix("eorchestra: error: there is an authority already: \"\(path)\"\n"))
    }

    @Test(
        "wrong use ends with 64 before anything is made",
        arguments: [
            [], ["init"], ["init", "--home", "/nowhere/x"], ["init", "--home", "/nowhere/x", "--hostname", "a b"],
            ["init", "--home", "/nowhere/x", "--hostname", "localhost"],
            ["init", "--home", "/nowhere/x", "--hostname", "a.example", "--port", "70000"],
            ["init", "--home", "/nowhere/x", "--hostname", "a.example", "--port", "5000", "--mixnet-port", "5000"],
            ["init", "--home", "/nowhere/x", "--hostname", "a.example", "--public-ip", "1.2.3"],
        ])
    func wrongUse(arguments: [String]) async throws {
        let ended = try await eorchestra.run(arguments)
        #expect(ended.status == 64)
        #expect(ended.output.isEmpty)
    }
}
