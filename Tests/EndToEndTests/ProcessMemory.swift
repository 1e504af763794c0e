// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The memory of another process, as whoever may trace it reads it.
struct ProcessMemory {
    struct Region {
        /// Pages that are not all zeros, adjacent ones together.
        let pieces: [[UInt8]]
        /// `VmFlags` of the kernel: `lo` is locked, `dd` is in no dump.
        let flags: Set<String>
    }

    /// All that the process can write to: heap, stacks, what libraries keep.
    let regions: [Region]

    /// Whether this process has CAP_SYS_PTRACE, without which nobody reads the memory of a server.
    static var isReadable: Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let capabilities = status.firstMatch(of: /CapEff:\s+([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
        return capabilities.map { $0 >> 19 & 1 == 1 } ?? false
    }

    init(of process: Int32) throws {
        let map = try Self.whole("/proc/\(process)/smaps")
        let memory = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { throw CocoaError(.fileReadNoPermission) }
        defer { close(memory) }
        var regions: [Region] = []
        var range: Range<UInt>?
        for line in map.split(separator: "\n") {
            if let header = line.prefixMatch(of: #/([0-9a-f]+)-([0-9a-f]+) (...). /#) {
                guard header.3.hasPrefix("rw"), let start = UInt(header.1, radix: 16),
                    let end = UInt(header.2, radix: 16)
                else { continue }
                range = start..<end
            } else if line.hasPrefix("VmFlags: "), let known = range {
                range = nil
                let flags = Set(line.dropFirst(9).split(separator: " ").map(String.init))
                regions.append(Region(pieces: Self.pieces(of: known, memory), flags: flags))
            }
        }
        self.regions = regions
    }

    /// A file of the kernel, which hands out a page a read: Foundation takes the first for the whole.
    private static func whole(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileReadNoPermission) }
        defer { close(descriptor) }
        var (bytes, page) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = read(descriptor, &page, page.count), count > 0 { bytes += page[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func pieces(of range: Range<UInt>, _ memory: Int32) -> [[UInt8]] {
        let page = Int(getpagesize())
        let zeros = [UInt8](repeating: 0, count: page)
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(memory, $0.baseAddress! + filled, $0.count - filled, off_t(range.lowerBound) + off_t(filled))
            }
            guard count > 0 else { break }
            filled += count
        }
        var pieces: [[UInt8]] = []
        var start: Int?
        for offset in stride(from: 0, through: filled, by: page) {
            let isTouched =
                offset + page <= filled
                && bytes.withUnsafeBytes { memcmp($0.baseAddress! + offset, zeros, page) != 0 }
            if isTouched {
                start = start ?? offset
            } else if let first = start {
                pieces.append(Array(bytes[first..<offset]))
                start = nil
            }
        }
        return pieces
    }
}
