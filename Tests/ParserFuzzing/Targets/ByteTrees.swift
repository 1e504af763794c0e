// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import GroupArithmetic

/// Trees by themselves, and the lists that stay in the bytes that they were read from.
func parseByteTrees(_ input: [UInt8]) throws {
    if let tree = try refusing("a byte tree", { try ByteTree(serialized: input) }) {
        try require(tree.serialized == input, "a tree is written in other bytes than it was read from")
    }
    let group = SafePrimeGroup.sequent2048
    let shared = SharedBytes(copying: input)
    let ciphertexts = try refusing("a list of ciphertexts") {
        try readingByteTree(
            shared,
            { reader throws(CiphertextVectorError) in
                try CiphertextVector(reading: &reader, count: nil, in: group)
            }, orElse: { .byteTree($0) })
    }
    if let ciphertexts {
        var written: [UInt8] = []
        ciphertexts.write(to: &written)
        try require(written == input, "ciphertexts are written in other bytes than they were read from")
    }
    let exponents = try refusing("a list of exponents") {
        try readingByteTree(
            shared,
            { reader throws(VectorError) in
                let count: Int
                do throws(ByteTreeError) { count = try reader.upcomingNode() } catch { throw .byteTree(error) }
                return try ExponentVector(reading: &reader, count: count, in: group)
            }, orElse: { .byteTree($0) })
    }
    if let exponents {
        var written: [UInt8] = []
        exponents.write(to: &written)
        try require(written == input, "exponents are written in other bytes than they were read from")
    }
}
