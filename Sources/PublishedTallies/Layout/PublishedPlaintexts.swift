// SPDX-License-Identifier: Apache-2.0

import ElGamal
package import GroupArithmetic
import Synchronization

/// plaintexts_json: the decrypted votes of one question, each plus one, sorted as byte strings (specification of the
/// tally, 1.8).
package enum PublishedPlaintexts {
    /// The whole file: `"DECIMAL"` and LF for each element.
    package static func file(of elements: ElementVector) -> [UInt8] {
        let parts = Mutex<[[[UInt8]]]>([])
        inParallelChunks(of: elements.count, minimum: 256) { range in
            let lines = range.map { line(of: elements[$0]) }.sorted { $0.lexicographicallyPrecedes($1) }
            parts.withLock { $0.append(lines) }
        }
        var lines = parts.withLock { $0.flatMap(\.self) }
        lines.sort { $0.lexicographicallyPrecedes($1) }
        var file: [UInt8] = []
        file.reserveCapacity(lines.reduce(0) { $0 + $1.count })
        for line in lines { file += line }
        return file
    }

    /// A line sorts as its text with the quotes and the line feed: `"10"` before `"3"`.
    private static func line(of element: GroupElement) -> [UInt8] {
        Array("\"\(element.plaintext.decimal)\"\n".utf8)
    }
}
