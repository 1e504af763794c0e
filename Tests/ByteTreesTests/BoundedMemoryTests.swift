// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Foundation
import Testing

/// Bytes that promise much more than they hold, or all that a tree can hold.
struct PromisingBytes: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    private init(_ description: String, _ parts: [UInt8]...) {
        testDescription = description
        bytes = Array(parts.joined())
    }

    private static let size = 1 << 20
    private static let filling = [UInt8](repeating: 0, count: size)

    /// A tag and a count that says nothing about what follows.
    private static func header(_ tag: UInt8, _ count: Int) -> [UInt8] { [tag] + bigEndian(UInt32(count)) }

    private static func repeating(_ piece: [UInt8], _ count: Int) -> [UInt8] {
        var bytes = piece
        while bytes.count < piece.count * count { bytes += bytes }
        return Array(bytes.prefix(piece.count * count))
    }

    /// The node of as many empty leaves as there is room for.
    static var full: PromisingBytes {
        PromisingBytes("all leaves that there is room for", header(0, size / 5), repeating(header(1, 0), size / 5))
    }

    static var malformed: [PromisingBytes] {
        let (largest, all) = (Int(Int32.max), Int(UInt32.max))
        var claims: [UInt8] = []
        for level in 1...8 { claims += header(0, (size - 5 * level) / 5) }
        return [
            PromisingBytes("a node that claims 2^31 - 1 children", header(0, largest), filling),
            PromisingBytes("a node that claims 2^31 children", header(0, largest + 1), filling),
            PromisingBytes("a node that claims 2^32 - 1 children", header(0, all), filling),
            PromisingBytes("a leaf that claims 2^31 - 1 bytes", header(1, largest), filling),
            PromisingBytes("a leaf that claims 2^32 - 1 bytes", header(1, all), filling),
            PromisingBytes("a node of one child more than there is room for", header(0, size / 5 + 1), filling),
            PromisingBytes("a million nodes inside each other", repeating(header(0, 1), 1_000_000), header(1, 0)),
            PromisingBytes("eight levels that each claim all that there is room for", claims, filling),
            PromisingBytes(
                "leaves, and a wrong tag at their end", header(0, size / 5), repeating(header(1, 0), size / 5 - 1),
                header(7, 0)),
            PromisingBytes(
                "empty nodes, and a byte behind them", header(0, size / 5), repeating(header(0, 0), size / 5), [0]),
            PromisingBytes("a leaf, and bytes behind it", header(1, 0), filling),
        ]
    }
}

@Suite("Reading byte trees takes memory in proportion to their bytes", .serialized)
struct BoundedMemoryTests {
    /// A tree of small leaves takes several words for each five bytes.
    private static func limit(_ byteCount: Int) -> Int { 16 * byteCount + (8 << 20) }

    @Test("whatever they claim: refused, with a measured peak", arguments: PromisingBytes.malformed)
    func malformed(sample: PromisingBytes) throws {
        let peak = try peakBytes {
            #expect(throws: ByteTreeError.self) { try ByteTree(serialized: sample.bytes) }
        }
        #expect(peak < Self.limit(sample.bytes.count))
    }

    @Test("also where they are taken")
    func full() throws {
        let bytes = PromisingBytes.full.bytes
        let peak = try peakBytes {
            #expect(throws: Never.self) { try ByteTree(serialized: bytes) }
        }
        #expect(peak < Self.limit(bytes.count))
    }

    /// By how much the memory of this process grows at most while something runs.
    private func peakBytes(_ body: () -> Void) throws -> Int {
        // 5 sets VmHWM back to what is resident now: proc_pid_clear_refs(5).
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = try status("VmRSS:")
        body()
        return try status("VmHWM:") - before
    }

    /// A line of /proc/self/status in bytes.
    private func status(_ key: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(key) })
        let number = try #require(Int(line.filter(\.isNumber)))
        return number * 1024
    }
}
