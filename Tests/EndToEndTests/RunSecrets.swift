// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// The secrets of a run, in all the forms in which bytes are written, to be looked for wherever they do not belong.
struct RunSecrets {
    /// One form of one secret: its middle, so that a part of it is found too.
    private struct Form {
        let secret: String
        let form: String
        let bytes: [UInt8]
    }

    private var forms: [Form] = []

    /// A number or key of at least 24 bytes.
    mutating func add(_ name: String, _ bytes: [UInt8]) {
        let hexadecimal = bytes.map { String(format: "%02x", $0) }.joined()
        add(name, "raw", bytes, length: 16)
        add(name, "raw, limbs in memory", bytes.reversed(), length: 16)
        add(name, "hexadecimal", Array(hexadecimal.utf8), length: 32)
        add(name, "HEXADECIMAL", Array(hexadecimal.uppercased().utf8), length: 32)
        add(name, "decimal", decimal(bytes), length: 40)
        for skipped in 0..<3 {
            let base64 = Data(bytes.dropFirst(skipped)).base64EncodedString()
            add(name, "base64", Array(base64.utf8), length: 22)
            let safe = base64.replacing("+", with: "-").replacing("/", with: "_")
            if safe != base64 { add(name, "base64 for URLs", Array(safe.utf8), length: 22) }
        }
    }

    /// A password: the whole of it.
    mutating func add(_ name: String, text: String) {
        let bytes = Array(text.utf8)
        let all: [(String, [UInt8])] = [
            ("raw", bytes), ("UTF-16", text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
            ("hexadecimal", Array(bytes.map { String(format: "%02x", $0) }.joined().utf8)),
            ("base64", Array(Data(bytes).base64EncodedString().prefix(bytes.count * 4 / 3).utf8)),
        ]
        forms += all.map { Form(secret: name, form: $0, bytes: $1) }
    }

    /// Two places of a form: a line end may stand in one of them.
    private mutating func add(_ name: String, _ form: String, _ bytes: [UInt8], length: Int) {
        for third in 1...2 where bytes.count >= length {
            let start = (bytes.count - length) * third / 3
            forms.append(Form(secret: name, form: form, bytes: Array(bytes[start..<start + length])))
        }
    }

    /// Which secrets stand in `haystack`, and how.
    ///
    /// - Parameter onlyRaw: as they stand in memory.
    func found(in haystack: UnsafeRawBufferPointer, onlyRaw: Bool = false) -> [String] {
        guard let base = haystack.baseAddress else { return [] }
        return forms.filter { form in
            guard !onlyRaw || form.form.hasPrefix("raw") else { return false }
            return memmem(base, haystack.count, form.bytes, form.bytes.count) != nil
        }.map { "\($0.secret) (\($0.form))" }
    }

    func found(in bytes: some Collection<UInt8>) -> [String] { Array(bytes).withUnsafeBytes { found(in: $0) } }

    /// In every file below `folder` but those that end in one of `kept`, with their paths.
    func found(below folder: String, except kept: [String]) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return names.filter { name in !kept.contains { name.hasSuffix($0) } }.flatMap { name -> [String] in
            let bytes = (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))) ?? Data()
            return (found(in: bytes) + found(in: name.utf8)).map { "\(name): \($0)" }
        }
    }
}

/// Where `needle` begins in `haystack`: of the C library, whose headers hide it from Swift.
@_silgen_name("memmem")
private func memmem(
    _ haystack: UnsafeRawPointer, _ haystackCount: Int, _ needle: UnsafeRawPointer, _ needleCount: Int
) -> UnsafeRawPointer?

/// The digits of a big-endian number.
private func decimal(_ number: [UInt8]) -> [UInt8] {
    var (rest, digits) = (number, [UInt8]())
    while rest.contains(where: { $0 != 0 }) {
        var remainder = 0
        for index in rest.indices {
            remainder = remainder << 8 | Int(rest[index])
            rest[index] = UInt8(remainder / 10)
            remainder %= 10
        }
        digits.append(0x30 + UInt8(remainder))
        if rest.first == 0 { rest.removeFirst() }
    }
    return digits.reversed()
}

/// Reads seeds and key shares from the disks of running authorities as soon as they are there, for as long as it lives: they are wiped
/// when they are used. Keeps what every process was started with, too.
final class SecretsWatcher: Sendable {
    private struct Seen {
        var files: [String: [UInt8]] = [:]
        var commands: Set<[UInt8]> = []
        var isEnded = false
    }

    private let seen = Mutex(Seen())

    /// - Parameter folders: the private folder of each authority.
    init(_ folders: [String]) {
        Thread.detachNewThread { [weak self] in
            for round in 0... {
                guard let self, !self.seen.withLock({ $0.isEnded }) else { return }
                for folder in folders { self.look(in: folder) }
                // What a process was started with does not change.
                if round % 32 == 0 { self.lookAtProcesses() }
                Thread.sleep(forTimeInterval: 0.004)
            }
        }
    }

    func end() { seen.withLock { $0.isEnded = true } }

    /// By path.
    var files: [String: [UInt8]] { seen.withLock { $0.files } }
    var commands: Set<[UInt8]> { seen.withLock { $0.commands } }

    private func look(in folder: String) {
        for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        where name.hasSuffix(".seed") || name.hasSuffix(".share") {
            let path = "\(folder)/\(name)"
            // A file that is being wiped holds zeros.
            guard let bytes = FileManager.default.contents(atPath: path), bytes.contains(where: { $0 != 0 }) else {
                continue
            }
            seen.withLock { if $0.files[path] == nil { $0.files[path] = Array(bytes) } }
        }
    }

    private func lookAtProcesses() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
            for file in ["cmdline", "environ"] {
                guard let bytes = FileManager.default.contents(atPath: "/proc/\(name)/\(file)") else { continue }
                seen.withLock { _ = $0.commands.insert(Array(bytes)) }
            }
        }
    }
}
