// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("The systemd unit, judged by systemd-analyze")
struct SystemdUnitTests {
    private let scratch: ScratchFolder
    private let unit: String

    init() throws {
        scratch = try ScratchFolder()
        let shipped = repository.appending(path: "scripts/systemd/eorchestra.service")
        // verify looks for the program, which lies elsewhere here.
        let program = BuiltTool("eorchestra").path
        let text = try String(contentsOf: shipped, encoding: .utf8)
        unit = try scratch.write(
            text.replacing("/usr/local/bin/eorchestra", with: program).replacing(
                "man:eorchestra(1)", with: "man:man(1)"),
            to: "eorchestra.service")
    }

    @Test("it holds no error")
    func verify() async throws {
        let ended = try await analyze(["verify", "--man=no", unit])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(!ended.errors.contains("eorchestra.service"), "\(ended.errors)")
    }

    @Test("it exposes little: at most 1.5 of 10")
    func security() async throws {
        let ended = try await analyze(["security", "--offline=true", "--no-pager", "--threshold=15", unit])
        #expect(ended.status == 0, "\(ended.output)\n\(ended.errors)")
        #expect(ended.output.contains("Overall exposure level"))
    }

    @Test("behind a proxy it may give its socket away, and little more: at most 2 of 10")
    func behindProxy() async throws {
        let dropIn = repository.appending(path: "scripts/systemd/behind-proxy.conf")
        let text = try String(contentsOf: dropIn, encoding: .utf8)
        try FileManager.default.createDirectory(
            atPath: scratch.path("eorchestra.service.d"), withIntermediateDirectories: false)
        _ = try scratch.write(
            text.replacing("/usr/local/bin/eorchestra", with: BuiltTool("eorchestra").path),
            to: "eorchestra.service.d/behind-proxy.conf")
        let verified = try await analyze(["verify", "--man=no", unit])
        #expect(verified.status == 0 && !verified.errors.contains("eorchestra.service"), "\(verified.errors)")
        let judged = try await analyze(["security", "--offline=true", "--no-pager", "--threshold=20", unit])
        #expect(judged.status == 0, "\(judged.output)")
        // That it was read at all: without it there is no capability to blame.
        #expect(judged.output.contains("✗ CapabilityBoundingSet=~CAP_(CHOWN|FSETID|SETFCAP)"), "\(judged.output)")
    }

    private func analyze(_ arguments: [String]) async throws -> BuiltTool.Ended {
        var tool = BuiltTool("systemd-analyze")
        tool.path = "/usr/bin/systemd-analyze"
        // Drop-ins are looked for below these folders; the trailing colon adds the usual ones.
        tool.environment = ["SYSTEMD_UNIT_PATH": "\(scratch.path):"]
        return try await tool.run(arguments)
    }
}
