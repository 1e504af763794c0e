// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@testable import AgeFiles

@Suite("Files encrypted with a passphrase")
struct AgeFilesTests {
    /// Few rounds: what scrypt is for is not what these tests are about.
    private static let logN = 4

    private func passphrase(_ text: String = "correct horse battery") throws -> Passphrase {
        try Array(text.utf8).withUnsafeBytes { try Passphrase($0) }
    }

    private func encrypted(_ content: [UInt8], logN: Int = logN) throws -> [UInt8] {
        var file: [UInt8] = []
        let writer = try AgeWriter(passphrase(), logN: logN) { file += $0 }
        // In pieces that do not fit the chunks.
        var rest = content[...]
        while !rest.isEmpty {
            try Array(rest.prefix(50_000)).withUnsafeBytes { try writer.write($0) }
            rest = rest.dropFirst(50_000)
        }
        try writer.finish()
        return file
    }

    private func decrypted(_ file: [UInt8], _ passphrase: Passphrase? = nil) throws -> [UInt8] {
        var rest = file[...]
        let reader = try AgeReader(passphrase ?? self.passphrase()) { buffer in
            let piece = rest.prefix(min(buffer.count, 30_000))
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 100_000)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }

    private func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    @Test(
        "come back as they were, also where they end with a chunk",
        arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
    func roundTrip(count: Int) throws {
        #expect(try decrypted(encrypted(content(count))) == content(count))
    }

    @Test("that are cut off anywhere are refused", arguments: [0, 1, 21, 22, 100, 200, 65_752, 131_200])
    func truncated(at count: Int) throws {
        let file = try encrypted(content(131_072))
        try #require(file.count > count)
        #expect(throws: AgeError.self) { try decrypted(Array(file[..<count])) }
    }

    @Test("cut off between two chunks are told as such")
    func cutBetweenChunks() throws {
        let file = try encrypted(content(131_072))
        let chunk = AgeContent.sealedByteCount
        #expect(throws: AgeError.truncated(at: 0)) { try decrypted(Array(file[..<(file.count - chunk)])) }
        #expect(throws: AgeError.changed(at: 65_536)) { try decrypted(file + [0]) }
    }

    @Test("with one bit changed are refused, wherever it is")
    func changed() throws {
        let file = try encrypted(content(70_000))
        for place in Array(stride(from: 0, to: 230, by: 7)) + [1000, 65_800, file.count - 1] {
            var other = file
            other[place] ^= 1
            #expect(throws: AgeError.self, "byte \(place)") { try decrypted(other) }
        }
    }

    @Test("open with their passphrase only, and say so")
    func wrongPassphrase() throws {
        let file = try encrypted([1, 2, 3])
        #expect(throws: AgeError.wrongPassphrase) { try decrypted(file, try passphrase("correct horse batterz")) }
    }

    @Test("that ask for too much memory are refused before any is taken")
    func workFactor() throws {
        let hostile =
            "age-encryption.org/v1\n-> scrypt \(String(repeating: "A", count: 22)) 30\n\(String(repeating: "A", count: 43))\n--- "
            + String(repeating: "A", count: 43) + "\n"
        #expect(throws: AgeError.workFactor(logN: 30, limit: 20)) { try decrypted(Array(hostile.utf8)) }
    }

    @Test("that are none, or encrypted to keys, are told apart")
    func otherFiles() throws {
        #expect(throws: AgeError.notEncrypted) { try decrypted(Array("a text\nof two lines\n".utf8)) }
        #expect(throws: AgeError.notEncrypted) { try decrypted([]) }
        let forKeys = "age-encryption.org/v1\n-> X25519 abc\nAAAA\n--- AAAA\n"
        #expect(throws: AgeError.noPassphrase) { try decrypted(Array(forKeys.utf8)) }
    }

    @Test("whose header is not exactly as it is written are refused before the passphrase is tried")
    func malformedHeaders() throws {
        let file = try encrypted([1, 2, 3])
        let header = String(decoding: file, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let (salt, wrapped, code) = (
            header[1].split(separator: " ")[2], header[2], header[3].split(separator: " ")[1]
        )
        let zeros = String(repeating: "A", count: 43)
        let lines: [String] = [
            "\(salt) 04\n\(wrapped)", "\(salt) +4\n\(wrapped)", "\(salt) 0\n\(wrapped)", "\(salt) -4\n\(wrapped)",
            "\(salt) 4 4\n\(wrapped)", "\(salt)\n\(wrapped)", "\(salt.dropLast(2)) 4\n\(wrapped)",
            // The last character of a salt has four bits more than there are.
            "\(salt)== 4\n\(wrapped)", "\(salt.dropLast())B 4\n\(wrapped)", "\(salt) 4\n\(wrapped.dropLast(3))",
            "\(salt) 4\n\(wrapped)AAA", "\(salt) 4\n\(wrapped)\n\(zeros)", "\(salt) 4\n\(zeros)\n\(wrapped)",
            "\(salt) 4",
        ]
        for line in lines {
            let text = "\(AgeHeader.version)\n-> scrypt \(line)\n--- \(code)\n"
            #expect(throws: AgeError.malformedHeader, "\(text)") { try decrypted(Array(text.utf8)) }
        }
        let endless = "\(AgeHeader.version)\n" + String(repeating: "-> \(zeros)\n", count: 1000)
        var taken = 0
        #expect(throws: AgeError.malformedHeader) {
            _ = try AgeReader(passphrase()) { buffer in
                buffer.copyBytes(from: endless.utf8.dropFirst(taken).prefix(buffer.count))
                taken += buffer.count
                return buffer.count
            }
        }
        #expect(taken <= AgeHeader.byteLimit)
    }

    @Test("take a passphrase of one line only")
    func passphrases() throws {
        let scratch = try ScratchFolder()
        let good = try Passphrase(file: scratch.write("correct horse battery\n", to: "good"))
        #expect(good.equals(try passphrase()))
        for (name, text) in [
            ("empty", "\n"), ("two", "one\ntwo\n"), ("tab", "one\ttwo\n"),
            ("long", String(repeating: "x", count: 1025)),
        ] {
            let path = try scratch.write(text, to: name)
            #expect(throws: AgeError.self, "\(name)") { try Passphrase(file: path) }
        }
        #expect(throws: AgeError.self) { try Passphrase(file: scratch.path("none")) }
    }

    @Test("are read by age, and those of age are read here")
    func age() async throws {
        let scratch = try ScratchFolder()
        let words = "correct horse battery\n"
        let (sealed, opened) = (scratch.path("ours.age"), scratch.path("ours"))
        try Data(encrypted(content(150_000), logN: 12)).write(to: URL(filePath: sealed))
        let read = try await asking(["age", "-d", "-o", opened, sealed], input: words)
        #expect(read.status == 0, "\(read)")
        #expect(FileManager.default.contents(atPath: opened).map { Array($0) } == content(150_000))

        let (plain, theirs) = (scratch.path("plain"), scratch.path("theirs.age"))
        try Data(content(65_536)).write(to: URL(filePath: plain))
        let made = try await asking(["age", "-p", "-o", theirs, plain], input: words + words)
        #expect(made.status == 0, "\(made)")
        #expect(try decrypted(Array(Data(contentsOf: URL(filePath: theirs)))) == content(65_536))
    }

    /// Runs a program that asks on its terminal; script(1) is the terminal.
    private func asking(_ words: [String], input: String) async throws -> BuiltTool.Ended {
        var tool = BuiltTool("script")
        tool.path = "/usr/bin/script"
        return try await tool.run(["-qec", words.joined(separator: " "), "/dev/null"], input: input)
    }
}
