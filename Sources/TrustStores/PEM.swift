// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The blocks of a PEM file (RFC 7468), with the places where they stand, so that the rest of the file can be kept as it is.
package enum PEM {
    /// One `-----BEGIN LABEL-----` … `-----END LABEL-----`.
    package struct Block: Sendable, Equatable {
        package let label: String
        /// What the base64 holds, or nil if it is no base64.
        package let contents: [UInt8]?
        /// The bytes of the block in its file, from its first hyphen to the end of its last line; with a block before it that never
        /// ended: left alone, that one would go on to the next end.
        package let range: Range<Int>
    }

    /// All complete blocks of `bytes` in their order. Text outside of blocks is no error: bundles carry comments.
    package static func blocks(in bytes: [UInt8]) -> [Block] {
        var found: [Block] = []
        var open: (label: String, start: Int, contents: Int)?
        var unended: Int?
        var start = 0
        while start < bytes.count {
            let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let next = newline.map { $0 + 1 } ?? bytes.count
            let line = trimmed(bytes[start..<(newline ?? bytes.count)])
            if let label = label(of: line, after: "-----BEGIN ") {
                if let former = open { unended = unended ?? former.start }
                open = (label, start, next)
            } else if let (opened, from, contents) = open, label(of: line, after: "-----END ") == opened {
                let body = bytes[contents..<start].filter { !isSpace($0) }
                found.append(
                    Block(
                        label: opened, contents: Data(base64Encoded: Data(body)).map { [UInt8]($0) },
                        range: (unended ?? from)..<next))
                open = nil
                unended = nil
            }
            start = next
        }
        return found
    }

    /// `contents` as one block, 64 characters a line, ending with a line end.
    package static func encode(_ contents: [UInt8], label: String) -> String {
        let base64 = Data(contents).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }

    private static func label(of line: ArraySlice<UInt8>, after prefix: String) -> String? {
        let suffix = "-----"
        guard line.count > prefix.utf8.count + suffix.utf8.count, line.count < 100 else { return nil }
        guard line.starts(with: prefix.utf8), line.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
            return nil
        }
        return String(decoding: line.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count), as: UTF8.self)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, isSpace(last) { line.removeLast() }
        return line
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
