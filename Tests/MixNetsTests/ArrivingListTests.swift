// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("A list that is checked while it arrives")
struct ArrivingListTests {
    private let mix: SmallMix
    private let whole: [UInt8]
    private let file: URL

    init() throws {
        mix = try SmallMix(parties: 1, threshold: 1, count: 40)
        _ = try mix.mixing.writeInput(mix.input)
        whole = Array(try Data(contentsOf: mix.scratch.file(ProofFileName.ciphertextList(0))))
        file = mix.scratch.file("arriving")
    }

    /// What is said of the bytes, which arrive in pieces of that length.
    private func checked(_ bytes: [UInt8], pieces: Int) throws -> CheckedList? {
        try Data().write(to: file)
        let list = ArrivingList(file: file, count: 40, in: mix.parameters.group)
        let handle = try FileHandle(forWritingTo: file)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try handle.write(contentsOf: bytes[start..<min(start + pieces, bytes.count)])
            list.advance()
        }
        return list.finish()
    }

    @Test("has the digest of its file, whatever pieces it comes in", arguments: [7, 100, 1 << 20])
    func digest(of pieces: Int) throws {
        #expect(try checked(whole, pieces: pieces)?.digest == HashFunction.sha256.digest(of: whole))
    }

    @Test("is not vouched for before its end")
    func incomplete() throws {
        #expect(try checked(Array(whole.dropLast()), pieces: 100) == nil)
    }

    @Test("is not vouched for with a number outside the group, in either half, or another header")
    func unsound() throws {
        let width = mix.parameters.group.elementByteCount + 5
        let minusOne = (mix.parameters.group.p - 1).bytes(count: width - 5)
        for start in [10, 10 + 39 * width, 15 + 40 * width, whole.count - width] {
            var bytes = whole
            bytes.replaceSubrange(start + 5..<start + width, with: minusOne)
            #expect(try checked(bytes, pieces: 1000) == nil)
        }
        for header in [0, 9, 10, 14, 10 + 40 * width] {
            var bytes = whole
            bytes[header] ^= 1
            #expect(try checked(bytes, pieces: 1000) == nil)
        }
    }

    @Test("is looked at again, number by number, if nobody vouches for it")
    func unchecked() throws {
        _ = try mix.mixed()
        let permutation = try mix.mixing.verifyPermutation(of: 1)
        let name = ProofFileName.ciphertextList(1)
        var bytes = Array(try Data(contentsOf: mix.scratch.file(name)))
        let width = mix.parameters.group.elementByteCount
        let p = mix.parameters.group.p
        // The last beta with another sign.
        let sign = p - BigInteger(bigEndian: bytes.suffix(width))
        bytes.replaceSubrange(bytes.count - width..<bytes.count, with: sign.bytes(count: width))
        try Data(bytes).write(to: mix.scratch.file(name))
        #expect(throws: MixNetError.malformed(file: name, reason: "beta: number 39 is not an element of the group")) {
            try mix.mixing.verifyShuffle(of: 1, input: mix.input, permutation: permutation)
        }
    }

    @Test("lets a shuffle be verified without looking at its numbers again")
    func shuffle() throws {
        _ = try mix.mixed()
        let permutation = try mix.mixing.verifyPermutation(of: 1)
        let verified = try mix.mixing.verifyShuffle(
            of: 1, input: mix.input, permutation: permutation, isOutputChecked: true)
        #expect(verified.output == (try mix.mixing.list(after: 1)))
    }
}
