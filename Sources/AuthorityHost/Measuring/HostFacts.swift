// SPDX-License-Identifier: Apache-2.0

import Foundation
package import StrictJSON

/// The machine that something ran on, as far as times depend on it.
package struct HostFacts: Sendable, Equatable {
    package let processor: String
    package let coreCount: Int
    package let memoryBytes: Int
    /// Such as `Linux 6.1.0 x86_64`.
    package let kernel: String
    /// Such as `Debian GNU/Linux 12 (bookworm)`.
    package let system: String
    /// What multiplies: `ifma` or `gmp`.
    package let arithmetic: String
    /// The version of this software.
    package let software: String

    package static let softwareVersion = "1.0"

    package init(
        processor: String, coreCount: Int, memoryBytes: Int, kernel: String, system: String, arithmetic: String,
        software: String
    ) {
        self.processor = processor
        self.coreCount = coreCount
        self.memoryBytes = memoryBytes
        self.kernel = kernel
        self.system = system
        self.arithmetic = arithmetic
        self.software = software
    }

    /// This machine.
    package static func own(arithmetic: String, software: String) -> HostFacts {
        var name = utsname()
        uname(&name)
        let machine = text(of: name.machine)
        return HostFacts(
            processor: entry("model name", separator: ":", in: "/proc/cpuinfo") ?? machine,
            coreCount: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory),
            kernel: "\(text(of: name.sysname)) \(text(of: name.release)) \(machine)",
            system: entry("PRETTY_NAME", separator: "=", in: "/etc/os-release") ?? "unknown",
            arithmetic: arithmetic, software: software)
    }

    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func entry(_ key: String, separator: Character, in path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
            return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
        return nil
    }
}

extension HostFacts {
    package var json: JSONValue {
        [
            "processor": .string(processor), "cores": .integer(coreCount), "memory_bytes": .integer(memoryBytes),
            "kernel": .string(kernel), "system": .string(system), "arithmetic": .string(arithmetic),
            "software": .string(software),
        ]
    }

    /// Reads what another machine says of itself.
    package init(_ field: JSONField) throws(JSONShapeError) {
        self.init(
            processor: try field.member("processor").string(maximum: 200),
            coreCount: try field.member("cores").integer(in: 0...1_000_000),
            memoryBytes: try field.member("memory_bytes").integer(in: 0...Int.max),
            kernel: try field.member("kernel").string(maximum: 200),
            system: try field.member("system").string(maximum: 200),
            arithmetic: try field.member("arithmetic").string(maximum: 50),
            software: try field.member("software").string(maximum: 100))
    }
}
