// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// The short form of scripts/long/70-address and 71-thread, which build everything with a sanitizer: the tool that reads what strangers
/// publish, and computes on all cores, is built so, and meets a real tally and damaged ones.
@Suite("eoverify, built with the sanitizers", .serialized, .timeLimit(.minutes(20)))
struct SanitizedVerifierTests {
    @Test("verifies a tally and refuses damaged ones, without a word from either sanitizer")
    func verifier() async throws {
        let scratch = try ScratchFolder()
        let verifiers = [try await built(with: "address", in: scratch), try await built(with: "thread", in: scratch)]
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let rehearsal = try await authorities[0].tool("eotest").run(
                ["full", "--vmnd", "--vcount", "100", "--group", "ffdhe2048", "--timeout", "240"])
            try #require(rehearsal.status == 0, "\(rehearsal.errors)")
            let tally = try #require(try authorities[0].tallies().values.first)
            let damaged = try await damagedCopies(of: tally, count: 6, in: scratch)
            for verifier in verifiers {
                let valid = try await verifier.run([tally])
                #expect(valid.status == 0, "\(valid)")
                for copy in damaged {
                    let refused = try await verifier.run([copy])
                    #expect(refused.status == 1, "\(copy): \(refused)")
                }
            }
        }
        let reports = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.contains("report") }
        for report in reports { Issue.record("\(try scratch.text(report).prefix(4000))") }
    }

    /// Has a folder of its own below `.build`, and is up to date there unless sources changed.
    private func built(with sanitizer: String, in scratch: ScratchFolder) async throws -> BuiltTool {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized.path
        let folder = "\(root)/.build/\(sanitizer)-eoverify"
        var options = [
            "--package-path", root, "--scratch-path", folder, "--product", "eoverify", "--sanitize", sanitizer,
        ]
        if sanitizer == "thread" {
            // What it does not know of Swift.
            let object = scratch.path("swift.o")
            let compiled = try await command(
                "clang", ["-O1", "-fPIC", "-c", "\(root)/scripts/long/thread/swift.c", "-o", object])
            try #require(compiled.status == 0, "\(compiled.errors)")
            options += ["-Xlinker", object, "-Xlinker", "--wrap=__tsan_external_write"]
        }
        let built = try await command("swift", ["build"] + options)
        try #require(built.status == 0, "\(built.output)\n\(built.errors)")
        var tool = BuiltTool("eoverify")
        tool.path = "\(folder)/debug/eoverify"
        // No status of eoverify's own.
        let settings = "exitcode=99:detect_leaks=0:log_path=\(scratch.path("report-\(sanitizer)"))"
        tool.environment = ["ASAN_OPTIONS": settings, "TSAN_OPTIONS": settings]
        return tool
    }

    /// The tally with one byte changed in its tar, at places that are spread over all of it but its end.
    private func damagedCopies(of tally: String, count: Int, in scratch: ScratchFolder) async throws -> [String] {
        let tar = scratch.path("tally.tar")
        let unpacked = try await command("sh", ["-c", #"gunzip -c "$0" > "$1""#, tally, tar])
        try #require(unpacked.status == 0, "\(unpacked.errors)")
        let whole = try Data(contentsOf: URL(filePath: tar))
        var copies: [String] = []
        for number in 0..<count {
            var bytes = whole
            bytes[whole.count * (2 * number + 1) / (2 * count + 1)] ^= 0x10
            let copy = scratch.path("damaged-\(number).tar")
            try bytes.write(to: URL(filePath: copy))
            let packed = try await command("gzip", [copy])
            try #require(packed.status == 0, "\(packed.errors)")
            copies.append(copy + ".gz")
        }
        return copies
    }

    private func command(_ name: String, _ arguments: [String]) async throws -> BuiltTool.Ended {
        var tool = BuiltTool(name)
        tool.path = "/usr/bin/env"
        return try await tool.run([name] + arguments)
    }
}
