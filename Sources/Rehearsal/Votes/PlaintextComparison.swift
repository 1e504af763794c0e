// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How the multiset of decrypted plaintexts of one question differs from what was encrypted.
package struct PlaintextDifference: Equatable, Sendable {
    package let question: Int
    /// How many plaintexts were encrypted and did not come out, each as often as it is missing.
    package let missingCount: Int
    /// How many came out that nobody encrypted.
    package let surplusCount: Int
    /// The first few of each, in decimal, each as often as it is missing or too many.
    package let missing: [String]
    package let surplus: [String]

    package var message: String {
        "question \(question): "
            + [text(missingCount, missing, "missing"), text(surplusCount, surplus, "that nobody encrypted")]
            .compactMap(\.self).joined(separator: ", ")
    }

    private func text(_ count: Int, _ few: [String], _ what: String) -> String? {
        guard count > 0 else { return nil }
        let shown = few.map { $0.utf8.count > 24 ? "\($0.prefix(20))…" : $0 }.joined(separator: ", ")
        return "\(count) \(count == 1 ? "plaintext" : "plaintexts") \(what) (\(shown)\(count > few.count ? ", …" : ""))"
    }
}

/// The lines of a file in the order of their bytes. The file is mapped; besides it there are 16 bytes of memory a line.
private struct SortedLines {
    private struct Line {
        /// The first bytes, most significant first: they tell nearly all lines apart without a look into the file.
        let beginning: UInt64
        let start: Int
    }

    private let data: Data
    private var lines: [Line] = []

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        self.data = data
        lines = data.withUnsafeBytes { bytes in
            var lines: [Line] = []
            var start = 0
            while start < bytes.count {
                let line = Self.line(from: start, in: bytes)
                let beginning = (0..<8).reduce(UInt64(0)) { $0 << 8 | ($1 < line.count ? UInt64(line[$1]) : 0) }
                lines.append(Line(beginning: beginning, start: start))
                start += line.count + 1
            }
            lines.sort { left, right in
                left.beginning == right.beginning
                    ? compare(Self.line(from: left.start, in: bytes), Self.line(from: right.start, in: bytes)) < 0
                    : left.beginning < right.beginning
            }
            return lines
        }
    }

    var count: Int { lines.count }

    /// -1, 0 or 1 as line `index` is in front of, equal to or behind line `other` of other lines.
    func order(of index: Int, against other: Int, of others: SortedLines) -> Int {
        let (mine, theirs) = (lines[index], others.lines[other])
        if mine.beginning != theirs.beginning { return mine.beginning < theirs.beginning ? -1 : 1 }
        return data.withUnsafeBytes { left in
            others.data.withUnsafeBytes { right in
                compare(Self.line(from: mine.start, in: left), Self.line(from: theirs.start, in: right))
            }
        }
    }

    /// Without the quotes.
    func text(_ index: Int) -> String {
        data.withUnsafeBytes { String(decoding: Self.line(from: lines[index].start, in: $0), as: UTF8.self) }
            .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    }

    private static func line(from start: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard let base = rest.baseAddress, let end = memchr(base, 0x0a, rest.count) else { return rest }
        return UnsafeRawBufferPointer(start: base, count: base.distance(to: UnsafeRawPointer(end)))
    }
}

/// -1, 0 or 1 as `left` is in front of, equal to or behind `right`.
private func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0, let a = left.baseAddress, let b = right.baseAddress {
        let order = memcmp(a, b, common)
        if order != 0 { return order < 0 ? -1 : 1 }
    }
    return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
}

extension PlaintextDifference {
    /// Compares two files of lines as in plaintexts_json, each as a multiset of its lines; nil if they are equal.
    ///
    /// - Complexity: N log N comparisons of lines.
    package init?(question: Int, encrypted: String, decrypted: String) throws {
        let (encrypted, decrypted) = (try SortedLines(path: encrypted), try SortedLines(path: decrypted))
        var (missing, surplus): ([String], [String]) = ([], [])
        var (missingCount, surplusCount) = (0, 0)
        var (mine, theirs) = (0, 0)
        while mine < encrypted.count || theirs < decrypted.count {
            let order =
                mine == encrypted.count
                ? 1 : theirs == decrypted.count ? -1 : encrypted.order(of: mine, against: theirs, of: decrypted)
            if order < 0 {
                if missing.count < Self.shownCount { missing.append(encrypted.text(mine)) }
                missingCount += 1
            } else if order > 0 {
                if surplus.count < Self.shownCount { surplus.append(decrypted.text(theirs)) }
                surplusCount += 1
            }
            if order <= 0 { mine += 1 }
            if order >= 0 { theirs += 1 }
        }
        guard missingCount + surplusCount > 0 else { return nil }
        self.question = question
        self.missingCount = missingCount
        self.surplusCount = surplusCount
        self.missing = missing
        self.surplus = surplus
    }

    private static let shownCount = 5
}
