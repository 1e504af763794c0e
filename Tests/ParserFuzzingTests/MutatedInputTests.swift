// SPDX-License-Identifier: Apache-2.0

import Foundation
import ParserFuzzing
import TestSupport
import Testing

@Suite("Parsers of what others send", .serialized)
struct MutatedInputTests {
    private static let folder = packageFolder.appending(path: "Fuzzing")

    /// The files of a target in one of the folders of Fuzzing/, by name.
    private func inputs(_ kind: String, _ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = Self.folder.appending(path: "\(kind)/\(target.rawValue)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return try names.sorted().map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    @Test("take their seeds, and every input that a fuzzer ever found", arguments: FuzzTarget.allCases)
    func kept(target: FuzzTarget) throws {
        let seeds = try inputs("Seeds", target)
        #expect(seeds.count >= 3)
        for (name, bytes) in try seeds + inputs("Regressions", target) {
            #expect(throws: Never.self, "\(name)") { try target.run(bytes) }
        }
    }

    @Test(
        "hold what they promise for 1,000 changed seeds each, 250 where one takes long, in 256 MB; the same ones in every run",
        arguments: FuzzTarget.allCases)
    func mutated(target: FuzzTarget) throws {
        let words = try String(
            contentsOf: Self.folder.appending(path: "Dictionaries/\(target.rawValue).dict"), encoding: .utf8)
        var mutator = Mutator(
            seeds: try inputs("Seeds", target).map(\.bytes), dictionary: words, random: SeededRandomSource(seed: 20))
        let takesLong = [FuzzTarget.ballots, .archives, .backups, .pkcs12Keystores, .privateShares].contains(target)
        let grown = try growth {
            for number in 0..<(takesLong ? 250 : 1000) {
                let input = mutator.next()
                #expect(throws: Never.self, "input \(number): \(Data(input.prefix(4096)).base64EncodedString())") {
                    try target.run(input)
                }
            }
        }
        #expect(grown < 256 << 20)
    }

    /// How many bytes of memory `body` took at most beyond what this process held before.
    private func growth(during body: () throws -> Void) throws -> Int {
        // Begins the kernel's account of the most memory anew (proc(5)).
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        let before = try kilobytes("VmRSS")
        try body()
        return (try kilobytes("VmHWM") - before) << 10
    }

    private func kilobytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    }
}
