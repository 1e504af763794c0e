// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees

/// RO(H, n, ρ ‖ tree): the random oracle behind every challenge, in front of which stands the prefix ρ.
///
/// - SeeAlso: specification of the published tally, sections 3.6 to 3.8.
public struct RandomOracle: Sendable {
    private let function: HashFunction
    private let prefix: [UInt8]

    /// - Parameter prefix: ρ, the digest of the session's protInfo.xml; put in as it is, without a leaf around it.
    public init(_ function: HashFunction, prefix: [UInt8]) {
        self.function = function
        self.prefix = prefix
    }

    /// ⌈bitCount / 8⌉ bytes whose excess upper bits are zero, from the bytes that `write` appends.
    public func output(bitCount: Int, _ write: (inout IncrementalHash) -> Void) -> [UInt8] {
        var hash = IncrementalHash(function)
        hash.append(bytes: bigEndian(UInt32(bitCount)))
        hash.append(bytes: prefix)
        write(&hash)
        var generator = PseudorandomGenerator(function, seed: hash.digest())
        var output = generator.bytes((bitCount + 7) / 8)
        if bitCount % 8 != 0 { output[0] &= (1 << UInt8(bitCount % 8)) - 1 }
        return output
    }
}
