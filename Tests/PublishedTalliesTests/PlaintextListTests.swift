// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import PublishedTallies
import TestSupport
import Testing

@Suite("plaintexts_json, specification of the tally 1.8")
struct PlaintextListTests {
    private func text(_ votes: [BigInteger], in group: SafePrimeGroup) throws -> [UInt8] {
        let elements = try votes.map { try #require(group.encode(vote: $0)) }
        var file: [UInt8] = []
        PublishedPlaintexts.stream(ElementVector(elements, in: group)) { file += $0 }
        return file
    }

    @Test("sorts lines as text, whatever they begin with and however many there are of each")
    func sorted() throws {
        let group = SafePrimeGroup.ffdhe2048
        var random = SeededRandomSource()
        // Votes with equal beginnings of more than a key's 32 digits, equal votes, and short ones that begin long ones.
        let long = (0..<3).map { _ in random.exponent(of: group).value }
        var votes: [BigInteger] = long.flatMap { [$0, $0 + 1, $0 - 1, $0, $0 + 2] }
        for _ in 0..<5000 { votes.append(BigInteger(UInt.random(in: 0..<2000, using: &random))) }
        votes.shuffle(using: &random)
        let expected = votes.map { "\"\(($0 + 1).decimal)\"\n" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try text(votes, in: group) == expected.flatMap { Array($0.utf8) }, "seed \(random.seed)")
    }

    @Test("is empty without votes")
    func empty() throws {
        #expect(try text([], in: .ffdhe2048).isEmpty)
    }
}
