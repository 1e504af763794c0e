// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Changes inputs as fuzzers do: bits, bytes, lengths, pieces that are cut out, doubled, moved or taken from another seed, and words.
struct Mutator {
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededRandomSource

    /// - Parameter dictionary: as libFuzzer takes them: a word in quotes a line, `\xHH` for a byte.
    init(seeds: [[UInt8]], dictionary: String, random: SeededRandomSource) {
        self.seeds = seeds
        self.random = random
        words = dictionary.split(separator: "\n").filter { $0.hasPrefix("\"") }.map {
            Self.word($0.dropFirst().dropLast())
        }
    }

    private static func word(_ text: Substring) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), text[...])
        while let first = rest.popFirst() {
            guard first == "\\", let kind = rest.popFirst() else {
                bytes += String(first).utf8
                continue
            }
            if kind == "x", let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes += String(kind).utf8
            }
        }
        return bytes
    }

    mutating func next() -> [UInt8] {
        var input = seeds[below(seeds.count)]
        for _ in 0..<(1 << below(4)) { change(&input) }
        return input
    }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(limit, 1))) }

    private mutating func change(_ input: inout [UInt8]) {
        guard !input.isEmpty else { return input.append(UInt8(below(256))) }
        let place = below(input.count)
        let range = place..<min(input.count, place + 1 + below(1 << below(10)))
        switch below(9) {
        case 0: input[place] ^= 1 << below(8)
        case 1: input[place] = UInt8(below(256))
        case 2: input[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x22, 0x5C][below(8)]
        case 3: input.removeSubrange(range)
        case 4: input.insert(contentsOf: input[range], at: below(input.count))
        case 5: input.insert(contentsOf: words[below(words.count)], at: place)
        case 6:
            let word = words[below(words.count)]
            input.replaceSubrange(place..<min(input.count, place + word.count), with: word)
        case 7:
            let number = [0, 1, 255, 65_535, 1 << 31 - 1, 1 << 31, 1 << 32 - 1][below(7)]
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            input.replaceSubrange(place..<min(input.count, place + 4), with: bytes)
        default:
            let other = seeds[below(seeds.count)]
            let start = below(other.count)
            input.replaceSubrange(place..., with: other[start...].prefix(1 << 16))
        }
    }
}
