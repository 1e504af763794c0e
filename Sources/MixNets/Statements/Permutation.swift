// SPDX-License-Identifier: Apache-2.0

public import GroupArithmetic

/// A permutation π of {0 … count-1}, from 0. Secret while it belongs to a mix.
public struct Permutation: Sendable {
    /// π(0), π(1), …
    package let images: [Int]

    /// - Returns: `nil` if `images` is no permutation.
    package init?(images: [Int]) {
        var seen = [Bool](repeating: false, count: images.count)
        for image in images {
            guard images.indices.contains(image), !seen[image] else { return nil }
            seen[image] = true
        }
        self.images = images
    }

    /// Uniform, by Fisher and Yates with indices drawn without bias.
    public init(count: Int, from source: inout some RandomSource & ~Copyable) {
        var images = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            images.swapAt(last, uniformIndex(upTo: last, from: &source))
        }
        self.images = images
    }

    public var count: Int { images.count }

    /// π^-1(0), π^-1(1), …
    package var inverseImages: [Int] {
        var inverse = [Int](repeating: 0, count: images.count)
        for (index, image) in images.enumerated() { inverse[image] = index }
        return inverse
    }
}

/// Uniform in 0...last: 64 random bits, drawn again above the largest multiple of last + 1.
private func uniformIndex(upTo last: Int, from source: inout some RandomSource & ~Copyable) -> Int {
    let range = UInt64(last) + 1
    let limit = UInt64.max - UInt64.max % range
    while true {
        let number = source.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if number < limit { return Int(number % range) }
    }
}
