// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import HostTestSupport
import StrictJSON
import Testing

@Suite("What work takes of the process, the machine and the disk")
struct MeasuringTests {
    @Test("a meter sees CPU time and the memory that was held in between, also if it is given back before the end")
    func meter() async throws {
        let before = ProcessUse.anonymousBytes
        let meter = UseMeter()
        await Task.detached {
            // Twice as much as is looked for: others give memory back meanwhile.
            let byteCount = 128 << 20
            let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
            memset(memory, 1, byteCount)
            // Long enough to be looked at, and until it has worked: on a busy machine it may get little time to.
            let (end, cpuBefore) = (ContinuousClock.now + .milliseconds(300), ProcessUse.cpuSeconds)
            var round: UInt8 = 2
            while ContinuousClock.now < end || ProcessUse.cpuSeconds < cpuBefore + 0.1 {
                memset(memory, Int32(round), byteCount)
                round &+= 1
            }
            memory.deallocate()
        }.value
        let use = meter.end()
        #expect(use.peakBytes >= before + 60 << 20, "\(before), \(use)")
        #expect(use.seconds >= 0.3 && use.cpuSeconds > 0.05, "\(use)")
    }

    @Test("files count with the blocks that they take, once however many names they have")
    func disk() throws {
        let scratch = try ScratchFolder()
        for folder in ["one/deep", "two"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        let empty = DiskUse.byteCount(of: [scratch.path("one"), scratch.path("two")])
        _ = try scratch.write(String(repeating: "x", count: 100_000), to: "one/deep/a")
        try FileManager.default.linkItem(atPath: scratch.path("one/deep/a"), toPath: scratch.path("two/b"))
        let count = DiskUse.byteCount(of: [scratch.path("one"), scratch.path("two"), scratch.path("none")])
        #expect((100_000...140_000).contains(count - empty), "\(count)")
    }

    @Test("the machine is known by name, and what it says of itself is read back")
    func host() throws {
        let host = HostFacts.own(arithmetic: "gmp", software: "1")
        #expect(host.kernel.hasPrefix("Linux ") && host.coreCount > 0 && host.memoryBytes > 1 << 28)
        #expect(!host.processor.isEmpty && host.system != "unknown")
        #expect(try HostFacts(JSONField(host.json, name: "host")) == host)
    }

    @Test("costs are read back as they were written, to the millisecond; others are refused")
    func costs() throws {
        let phase = PhaseRecord(
            phase: "verify-shuffle", attempt: 1, question: 0, peer: "b.example", endedAt: "2026-01-02T03:04:05.678Z",
            use: MeasuredUse(seconds: 1.25, cpuSeconds: 2.5, peakBytes: 1 << 20))
        let keys = PhaseRecord(
            phase: PhaseRecord.waiting, attempt: 0, question: nil, peer: nil, endedAt: "",
            use: MeasuredUse(
                seconds: 0, cpuSeconds: 0, peakBytes: 0))
        let costs = ElectionCosts(
            host: HostFacts.own(arithmetic: "gmp", software: "1"), phases: [keys, phase], diskBytes: 4096)
        let text = costs.json.compact
        #expect(try ElectionCosts(JSONValue(parsing: text)) == costs)
        for (old, new) in [
            ("\"milliseconds\":1250", "\"milliseconds\":-1"), ("\"peak_bytes\":1048576", "\"peak_bytes\":1.5"),
            ("\"cores\":", "\"core\":"), ("\"disk_bytes\":4096", "\"disk_bytes\":null"),
        ] {
            let json = try JSONValue(parsing: text.replacing(old, with: new))
            #expect(throws: JSONShapeError.self, "\(new)") { try ElectionCosts(json) }
        }
    }
}
