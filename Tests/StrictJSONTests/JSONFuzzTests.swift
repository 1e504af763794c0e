// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TestSupport
import Testing

@Suite("JSON at random")
struct JSONFuzzTests {
    func randomValue(_ random: inout SeededRandomSource, depth: Int = 0) -> JSONValue {
        let letters: [Character] = ["a", "é", "\"", "\\", "\n", "\u{1f600}", "\u{0}", "z", "\u{2028}"]
        func text(_ random: inout SeededRandomSource) -> String {
            String(
                (0..<Int.random(in: 0..<8, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int.random(in: Int.min...Int.max, using: &random))
        case 3, 4: return .string(text(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in randomValue(&random, depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<25, using: &random) {
                let key = text(&random)
                object[key] = randomValue(&random, depth: depth + 1)
            }
            return .object(object)
        }
    }

    @Test("both writers' texts read back as what was written")
    func roundTrip() throws {
        var random = SeededRandomSource()
        for _ in 0..<200 {
            let value = randomValue(&random)
            let compact = value.compact
            #expect(try JSONValue(parsing: compact).compact == compact, "seed \(random.seed)")
            #expect(try JSONValue(parsing: value.indentedBytes).compact == compact, "seed \(random.seed)")
        }
    }

    @Test("damaged text is refused or read, and never brings the reader down")
    func damaged() throws {
        var random = SeededRandomSource()
        for _ in 0..<300 {
            var bytes = randomValue(&random).compactBytes
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(throws: Never.self, "seed \(random.seed)") { try JSONValue(parsing: value.compact) }
        }
    }
}
