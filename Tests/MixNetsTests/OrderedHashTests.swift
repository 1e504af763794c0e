// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Foundation
import Glibc
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("The digest of a proof file, taken while it is written")
struct OrderedHashTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test("is that of the whole file, in whatever order its parts are written")
    func order() throws {
        var random = SeededRandomSource()
        for trial in 0..<20 {
            let path = scratch.file("parts-\(trial)").path
            let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
            defer { close(descriptor) }
            // Parts of up to 3 MB, so that reading back takes more than one piece.
            let parts = (0..<8).map { [UInt8](repeating: UInt8($0), count: Int(random.bytes(1)[0]) * 12_000) }
            let offsets = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
            var order = Array(parts.indices)
            order.sort { _, _ in random.bytes(1)[0] < 128 }
            var hash = OrderedHash()
            for index in order {
                parts[index].withUnsafeBytes { bytes in
                    #expect(pwrite(descriptor, bytes.baseAddress, bytes.count, offsets[index]) == bytes.count)
                    #expect(hash.append(bytes, at: offsets[index], of: descriptor) == nil)
                }
            }
            let byteCount = hash.byteCount
            let digest = hash.digest()
            #expect(byteCount == offsets[parts.count])
            var expected = IncrementalHash(.sha256)
            for part in parts { part.withUnsafeBytes { expected.append($0) } }
            let whole = expected.digest()
            #expect(digest == whole, "seed \(random.seed), order \(order)")
        }
    }

    @Test("is told of every file that a mix writes")
    func mix() throws {
        let mix = try SmallMix(parties: 2, threshold: 2, count: 5)
        var files = try mix.keys.write(to: mix.mixing.folder) + [mix.mixing.writeInput(mix.input)]
        let permutation = try mix.mixing.commitPermutation(as: 1, seed: mix.seed(of: 1))
        let shuffle = try mix.mixing.shuffle(as: 1, input: mix.input, seed: mix.seed(of: 1))
        #expect(permutation.map(\.name) == ProofFileName.permutation(1))
        #expect(shuffle.map(\.name) == ProofFileName.shuffle(1))
        files += permutation + shuffle
        for file in files {
            let bytes = try Data(contentsOf: mix.scratch.file(file.name))
            #expect(file.digest == HashFunction.sha256.digest(of: bytes), "\(file.name)")
        }
    }
}
